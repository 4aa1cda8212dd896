"""Who is due by a customer's record, and why some need no contact."""

from datetime import UTC, datetime
from typing import Any

from copilot.customer import CustomerRecord, customer_record
from copilot.insight.due_lists import due_of, settled_since
from copilot.insight_desk.from_records import lists_from
from knowledge.pack import load_pack

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def _payment(day: str, result: str, code: str | None = None) -> dict[str, Any]:
    return {"paid_on": day, "amount": "60.00", "method": "card", "result": result, "decline_code": code}


def _record(**more: Any) -> dict[str, Any]:
    return {"customer_id": "C-9", "name": "Nora Pell", "state": "TX", **more}


def _customer(**more: Any) -> CustomerRecord:
    return customer_record(_record(**more))


def test_every_failed_payment_of_the_last_sixty_days_is_due() -> None:
    payments = [
        _payment("2026-09-25", "declined"),  # 61 days ago
        _payment("2026-09-26", "declined", "insufficient_funds"),
        _payment("2026-10-26", "approved"),
        _payment("2026-11-20", "declined"),
        _payment("2026-11-20", "error"),
    ]
    found = list(due_of(_customer(payments=payments), now=NOW))
    assert [each.fact_id for each in found] == [
        "C-9/failed/2026-09-26/1",
        "C-9/failed/2026-11-20/2",
        "C-9/failed/2026-11-20/3",
    ]
    assert [each.why for each in found] == ["insufficient_funds", "declined", "error"]


def test_who_has_paid_since_needs_no_contact() -> None:
    payments = [_payment("2026-11-01", "declined"), _payment("2026-11-05", "approved")]
    paid = _customer(payments=payments)
    (due,) = due_of(paid, now=NOW)
    reason = settled_since(due, paid, now=NOW)
    assert reason is not None
    assert reason.reason == "paid on 2026-11-05"
    owing = _customer(payments=payments, balance={"past_due": "10.00"})
    assert settled_since(due, owing, now=NOW) is None
    earlier = _customer(payments=[_payment("2026-10-05", "approved"), _payment("2026-11-01", "declined")])
    assert settled_since(due, earlier, now=NOW) is None


def test_a_renewal_without_consent_to_marketing_has_its_reason_at_once() -> None:
    pack = load_pack("demo")
    found = list(lists_from(pack.customers.values(), pack, now=NOW))
    failed = [
        payment
        for record in pack.customers.values()
        for payment in record.get("payments", [])
        if payment["result"] != "approved" and payment["paid_on"] >= "2026-09-26"
    ]
    assert sum(due.list == "declined_card" for due, _ in found) == len(failed) > 0
    renewals = {due.customer_id: touch for due, touch in found if due.list == "renewal"}
    assert set(renewals) == {"C-1014"}  # its agreement ends on December 31
    flags = pack.customers["C-1014"]["flags"]
    assert (renewals["C-1014"] is None) == (flags["marketing_consent"] and not flags["vulnerable"])
    silent = {**pack.customers["C-1014"], "flags": {**flags, "marketing_consent": False}}
    ((_, touch),) = lists_from([silent], pack, now=NOW)
    assert touch is not None
    assert "no consent to marketing" in touch.reason
