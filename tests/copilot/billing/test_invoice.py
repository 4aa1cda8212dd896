from decimal import Decimal
from itertools import pairwise

from copilot.billing import explain_invoice
from copilot.billing.invoice import charge_name
from knowledge.pack import Pack
from tests.copilot.billing.records import record_of
from tests.copilot.billing.test_from_record import tariff_of

D = Decimal


def test_the_reasons_of_a_higher_bill_come_largest_first(demo_pack: Pack) -> None:
    before, now = record_of(demo_pack, "C-1006").invoices[-2:]
    explained = explain_invoice(now, before, tariff_of(demo_pack)).as_json()
    assert explained["difference"] == "25.74"  # 68.64 - 42.90
    assert explained["why"] == {
        "en": [
            "International day pass is new on this bill: $24.00.",
            "Taxes went from $2.90 to $4.64, $1.74 more.",
        ],
        "es": [
            "International day pass es nuevo en esta factura: $24.00.",
            "Taxes pasó de $2.90 a $4.64, $1.74 más.",
        ],
    }


def test_lines_of_one_plan_are_taken_together_and_what_is_gone_is_told(demo_pack: Pack) -> None:
    before, now = record_of(demo_pack, "C-1012").invoices[-2:]
    lines = {line.name: line for line in explain_invoice(now, before, tariff_of(demo_pack)).lines}
    assert (lines["Desk Pro"].before, lines["Desk Pro"].amount) == (D("560.00"), D("336.00"))
    assert lines["Desk Pro"].kind == "plan"
    assert lines["Early termination"].change == "new"
    reversed_view = explain_invoice(before, now, tariff_of(demo_pack))
    assert {line.name: line.change for line in reversed_view.lines}["Early termination"] == "gone"


def test_the_differences_of_the_lines_make_the_difference_of_the_bill(demo_pack: Pack) -> None:
    compared = 0
    for customer_id in demo_pack.customers:
        invoices = record_of(demo_pack, customer_id).invoices
        for before, now in pairwise(invoices):
            explained = explain_invoice(now, before, tariff_of(demo_pack))
            assert explained.is_sum_right
            assert sum(line.difference for line in explained.lines) == explained.difference
            compared += 1
    assert compared > 50


def test_a_first_bill_has_nothing_to_be_compared_with(demo_pack: Pack) -> None:
    explained = explain_invoice(record_of(demo_pack, "C-1006").invoices[0], None, tariff_of(demo_pack))
    assert explained.difference is None
    assert {line.change for line in explained.lines} == {"same"}


def test_a_charge_is_named_without_count_days_and_notes() -> None:
    assert charge_name("Desk Pro x 8, second office") == "Desk Pro"
    assert charge_name("International day pass, 3 days (24-26 Oct)") == "International day pass"
    assert charge_name("Taxes (TX 8.25 % of 10.00)") == "Taxes"
    assert charge_name("Everyday 20") == "Everyday 20"
