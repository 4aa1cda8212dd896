"""The sections of a report, from rows made by hand."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from copilot.insight.contacts import Contact
from copilot.insight.facts import KINDS, Phone, Survey
from copilot.insight.window import Window
from copilot.insight_desk.board import board
from copilot.insight_desk.reading import Read
from copilot.store import CallRow, DraftRow, Gap, Obligation

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
WINDOW = Window(NOW - timedelta(days=14), NOW)


def _read(contacts: list[Contact], **facts: list[Any]) -> Read:
    rows = {each.call_id: CallRow(each.call_id, each.at, "voice", "en", each.customer_id, ()) for each in contacts}
    return Read(contacts, [], rows, [], [], {kind: facts.get(kind, []) for kind in KINDS})


def _rows(read: Read, name: str, **more: Any) -> Any:
    given = {"flags": None, "drafts": [], "owed": [], "gaps": [], "monthly": {}, **more}
    return board(read, WINDOW, now=NOW, **given).sections[name].rows


def _call(number: int, customer: str, days: float, **more: Any) -> Contact:
    told = {"cues": frozenset({"cancel_intent"}), "churn_reason": "price", **more}
    return Contact(f"c{number}", NOW - timedelta(days=days), customer_id=customer, has_ended=True, **told)


def test_the_bill_of_a_customer_who_came_twice_is_at_risk_once() -> None:
    calls = [_call(1, "A", 3), _call(2, "A", 2), _call(3, "B", 1, churn_reason="competitor")]
    monthly = {"A": Decimal(80), "B": Decimal(100)}
    by_contacts = _rows(_read(calls), "churn_reasons", monthly=monthly)
    assert [(row["cause_code"], row["contacts"]) for row in by_contacts] == [("price", 2), ("competitor", 1)]
    by_revenue = _rows(_read(calls), "churn_revenue", monthly=monthly)
    told = [(row["cause_code"], row["revenue_at_risk"], row["cumulative_revenue"]) for row in by_revenue]
    assert told == [("competitor", "100", "55.6"), ("price", "80", "100.0")]  # 100 of 180


def test_five_contacts_of_one_cause_in_a_week_are_a_problem_to_open() -> None:
    calls = [_call(n, f"C{n}", n / 2, note={"reason_code": "TECH_OUTAGE"}) for n in range(1, 6)]
    (problem,) = _rows(_read(calls), "problems")
    assert (problem["cause_code"], problem["because"]) == ("TECH_OUTAGE", "5 contacts within 7 days")
    assert sorted(problem["evidence"]) == ["c1", "c2", "c3", "c4", "c5"]


def test_deadlines_come_by_date_whoever_owes_them() -> None:
    draft = DraftRow("D-1", "bbb_complaint", "waiting", NOW + timedelta(hours=2), None, 40)
    owed = [
        ("case-1", Obligation("o1", "Call back", "Ana", NOW - timedelta(hours=1), source="call:c1/t3")),
        ("case-2", Obligation("o2", "Pay", "customer", NOW - timedelta(hours=2), source="call:c2/t3")),
        ("case-3", Obligation("o3", "Some day", "Ana")),
    ]
    rows = _rows(_read([]), "deadlines", drafts=[draft], owed=owed)
    assert [(row["id"], row["overdue"]) for row in rows] == [("case-2", True), ("case-1", True), ("D-1", False)]
    missed = _rows(_read([]), "missed", drafts=[draft], owed=owed)
    assert [row["reports_to"] for row in missed] == ["Ana"]  # what a customer does not do is no chance of the desk


def test_weeks_hold_their_own_contacts_and_facts() -> None:
    calls = [_call(1, "A", 10), _call(2, "B", 3), _call(3, "C", 2)]
    phone = [Phone("c1", NOW - timedelta(days=10), talk_s=100, hold_s=0, acw_s=0)]
    surveys = [Survey("s1", NOW - timedelta(days=1), "csat", 5)]
    rows = _rows(_read(calls, phone=phone, survey=surveys), "trends")
    told = {(row["week"], row["kpi_id"]): row["value"] for row in rows}
    assert told["2026-11-11", "contacts"] == "1.0"
    assert told["2026-11-18", "contacts"] == "2.0"
    assert told["2026-11-11", "aht"] == "100"
    assert ("2026-11-18", "aht") not in told  # nothing measured: no zero
    assert told["2026-11-18", "csat"] == "100.0"


def test_gaps_and_an_empty_desk() -> None:
    (gap,) = _rows(_read([]), "gaps", gaps=[Gap("Can I pause?", 4, NOW)])
    assert (gap["question"], gap["asked"]) == ("Can I pause?", 4)
    assert [row["value"] for row in _rows(_read([]), "kpis")] == []
