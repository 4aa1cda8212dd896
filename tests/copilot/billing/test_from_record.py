from datetime import date
from decimal import Decimal

import pytest

from copilot.billing import Adjustments, open_arrangements, restore_due_of
from copilot.errors import Conflict
from knowledge.pack import Pack
from knowledge.rules.tariff import TariffFile
from tests.copilot.billing.records import record_of

D = Decimal
TODAY = date(2026, 11, 20)


def tariff_of(pack: Pack) -> TariffFile:
    rules = pack.rules["tariff"]
    assert isinstance(rules, TariffFile)
    return rules


def test_the_suspended_lines_of_a_record_give_what_is_due(demo_pack: Pack) -> None:
    due = restore_due_of(record_of(demo_pack, "C-1004"), tariff_of(demo_pack), TODAY, Adjustments())
    assert due.total == D("119.56")  # 86.26 + 2 x 20.00 + 8.25 % of 40.00 (3.30) - 10.00


def test_a_broken_arrangement_brings_in_the_current_charges(demo_pack: Pack) -> None:
    due = restore_due_of(record_of(demo_pack, "C-1030"), tariff_of(demo_pack), TODAY, Adjustments())
    assert due.total == D("343.36")  # 222.25 + 83.00 + 35.00 + 8.875 % of 35.00 (3.11)


def test_the_agent_may_leave_the_current_charges_out(demo_pack: Pack) -> None:
    adjust = Adjustments(include_current=False)
    assert restore_due_of(record_of(demo_pack, "C-1030"), tariff_of(demo_pack), TODAY, adjust).total == D("260.36")


def test_deposit_and_returned_payment_are_added(demo_pack: Pack) -> None:
    adjust = Adjustments(deposit_required=D("50.00"), has_returned_payment=True)
    due = restore_due_of(record_of(demo_pack, "C-1004"), tariff_of(demo_pack), TODAY, adjust)
    assert due.total == D("194.56")  # 119.56 + 50.00 + 25.00


def test_a_disconnected_line_needs_a_new_order(demo_pack: Pack) -> None:
    with pytest.raises(Conflict, match="new order"):
        restore_due_of(record_of(demo_pack, "C-1032"), tariff_of(demo_pack), TODAY, Adjustments())


def test_nothing_suspended_is_said_so(demo_pack: Pack) -> None:
    with pytest.raises(Conflict, match="Nothing needs to be restored"):
        restore_due_of(record_of(demo_pack, "C-1001"), tariff_of(demo_pack), TODAY, Adjustments())


def test_a_broken_arrangement_is_not_open(demo_pack: Pack) -> None:
    assert open_arrangements(record_of(demo_pack, "C-1030")) == 0
