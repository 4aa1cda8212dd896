from copy import deepcopy
from datetime import date
from typing import Any

from copilot.billing import discrepancies
from copilot.customer import customer_record
from knowledge.pack import Pack
from tests.copilot.billing.test_from_record import tariff_of

TODAY = date(2026, 11, 20)


def found_in(pack: Pack, raw: dict[str, Any]) -> list[str]:
    return [each.kind for each in discrepancies(customer_record(raw), tariff_of(pack), TODAY)]


def record(pack: Pack, customer_id: str = "C-1001") -> dict[str, Any]:
    return deepcopy(dict(pack.customers[customer_id]))


def test_the_records_of_the_demo_pack_agree(demo_pack: Pack) -> None:
    kinds = {customer_id: found_in(demo_pack, record(demo_pack, customer_id)) for customer_id in demo_pack.customers}
    assert {customer_id: found for customer_id, found in kinds.items() if found} == {}


def test_a_bill_that_does_not_add_up_is_found(demo_pack: Pack) -> None:
    raw = record(demo_pack)
    raw["invoices"][-1]["lines"][0]["amount"] = "74.00"
    assert "invoice_sum" in found_in(demo_pack, raw)


def test_a_wrong_tax_is_found(demo_pack: Pack) -> None:
    raw = record(demo_pack)
    raw["invoices"][-1]["lines"][3]["amount"] = "0.93"
    raw["invoices"][-1]["total"] = "80.93"
    assert "invoice_tax" in found_in(demo_pack, raw)


def test_a_plan_billed_and_not_on_the_account_is_found(demo_pack: Pack) -> None:
    raw = record(demo_pack)
    raw["invoices"][-1]["lines"].append({"description": "Home Phone", "amount": "22.00"})
    assert "plan_billed" in found_in(demo_pack, raw)


def test_a_price_on_the_account_that_the_tariff_does_not_know_is_found(demo_pack: Pack) -> None:
    raw = record(demo_pack)
    raw["accounts"][0]["services"][0]["monthly"] = "79.00"
    assert "account_price" in found_in(demo_pack, raw)


def test_an_order_at_another_price_and_one_never_entered_are_found(demo_pack: Pack) -> None:
    raw = record(demo_pack)
    raw["orders"] = [
        {"order_id": "OR-100001", "ordered_on": "2023-03-10", "plan": "Fiber 600", "monthly": "70.00"},
        {"order_id": "OR-100002", "ordered_on": "2026-10-01", "plan": "Pocket 5", "monthly": "25.00"},
    ]
    found = discrepancies(customer_record(raw), tariff_of(demo_pack), TODAY)
    assert [(each.kind, each.evidence) for each in found] == [
        ("order_price", ("OR-100001", "SV-1001-1")),
        ("order_not_on_account", ("OR-100002",)),
    ]


def test_a_payment_made_twice_and_a_paid_bill_still_open_are_found(demo_pack: Pack) -> None:
    raw = record(demo_pack)
    raw["payments"] += [{"paid_on": "2026-11-08", "amount": "80.83", "result": "approved"}] * 2
    assert {"paid_twice", "paid_but_open"} <= set(found_in(demo_pack, raw))


def test_a_balance_that_is_not_the_open_bills_is_found(demo_pack: Pack) -> None:
    raw = record(demo_pack)
    raw["balance"]["current_due"] = "90.83"
    assert found_in(demo_pack, raw) == ["balance"]
