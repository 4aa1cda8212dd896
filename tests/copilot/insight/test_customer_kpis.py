"""The figures of customers equal what one computes by hand; what cannot be told is left out and said so."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from copilot.insight.contacts import Card, Contact, contact_of
from copilot.insight.customer_kpis import (
    LeavingContact,
    OfferMade,
    acceptance,
    customer_kpis,
    deflect_rate,
    first_contact_resolution,
    promises_kept,
    save_rate,
)
from copilot.insight.facts import Arrangement, Base, Paying, Survey
from copilot.insight.kpi import Excluded
from copilot.insight.quality_kpis import ScoreRow, card_use, quality_kpis
from copilot.insight.saves import NO_OFFER, SEVERAL, UNKNOWN, by_offer, by_reason, leaving_contacts

ASKED = frozenset({"cancel_intent"})
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def _ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def _contact(
    call_id: str, days: float, customer: str | None = "C-1", reason: str = "BILL", outcome: str = "RESOLVED"
) -> Contact:
    note = {"reason_code": reason, "outcome_code": outcome}
    return Contact(call_id, _ago(days), customer_id=customer, has_ended=True, note=note)


def test_revenue_is_kept_as_in_the_handbook() -> None:
    # 100,000 - 3,000 - 2,000 + 6,500: NRR 101.5 %, GRR 95.0 %
    base = Base("2026-10", _ago(25), 1_000, 12, 8, Decimal(100_000), Decimal(6_500), Decimal(2_000), Decimal(3_000))
    older = Base("2026-09", _ago(55), 1, 1, 1, Decimal(1))
    found: dict[str, Any] = {each.kpi_id: each for each in customer_kpis([], [], [], [older, base], now=NOW)}
    assert found["nrr"].value == Decimal("101.5")
    assert found["grr"].value == Decimal("95.0")
    assert (found["churn_voluntary"].value, found["churn_involuntary"].value) == (Decimal("1.2"), Decimal("0.8"))
    assert found["nrr"].excluded == (Excluded("earlier_periods", 1),)


def test_a_repeat_on_the_same_issue_within_seven_days_is_no_first_contact_resolution() -> None:
    contacts = [
        _contact("first", 20),
        _contact("again", 14),  # six days later, the same issue
        _contact("other-issue", 13, reason="TECH"),
        _contact("other-customer", 13, "C-2"),
        _contact("unknown", 13, None),
        _contact("open", 12, outcome="CALLBACK_SET"),
        _contact("young", 3, "C-3"),
    ]
    fcr: Any = first_contact_resolution(contacts, now=NOW)
    # settled, known and old enough: first, again, other-issue, other-customer; only the first came back.
    # "open" comes 2 days after "again" on the same issue, so "again" came back, too.
    assert (fcr.numerator, fcr.denominator) == (2, 4)
    assert fcr.evidence == ("first", "again")
    assert fcr.excluded == (
        Excluded("not_settled", 1),
        Excluded("no_customer_or_reason", 1),
        Excluded("too_young", 1),
    )


def test_a_repeat_after_the_window_counts_and_one_at_the_same_moment_does_not() -> None:
    first = _contact("first", 10)
    assert first_contact_resolution([first], now=NOW, later=[_contact("later", 4)]).numerator == 0
    assert first_contact_resolution([first], now=NOW, later=[_contact("later", 2)]).numerator == 1
    assert first_contact_resolution([first, _contact("twin", 10)], now=NOW).numerator == 2


def test_surveys_are_counted_as_each_question_is() -> None:
    scores = {"csat": [5, 4, 3, 1], "nps": [10, 9, 8, 7, 6, 0], "ces": [1, 2, 6]}
    surveys = [
        Survey(f"{question}-{n}", NOW, question, score, call_id=f"{question}{n}")  # type: ignore[arg-type]
        for question, given in scores.items()
        for n, score in enumerate(given)
    ]
    found: dict[str, Any] = {each.kpi_id: each for each in customer_kpis([], surveys, [], [], now=NOW)}
    assert found["csat"].value == 50  # 5 and 4 of four answers
    assert found["nps"].value == 0  # two promoters less two detractors
    assert found["ces"].value == 3
    assert found["csat"].evidence == ("csat2", "csat3")


def test_nps_may_be_below_zero() -> None:
    surveys = [Survey("n1", NOW, "nps", 0), Survey("n2", NOW, "nps", 3), Survey("n3", NOW, "nps", 9)]
    (nps,) = customer_kpis([], surveys, [], [], now=NOW)
    assert nps.as_json()["value"] == "-33.3"


def test_deflection_counts_sessions_without_a_cancellation() -> None:
    leaving = {"reason_code": "RET_CANCEL"}
    contacts = [
        Contact("saved", NOW, has_ended=True, note={**leaving, "outcome_code": "SAVED"}),
        Contact("gone", NOW, has_ended=True, note={**leaving, "outcome_code": "CANCELLED"}),
        Contact(
            "by-cue", NOW, has_ended=True, cues=frozenset({"cancel_intent"}), note={"outcome_code": "CALLBACK_SET"}
        ),
        Contact("running", NOW, cues=frozenset({"port_out"})),
        Contact("silent", NOW, has_ended=True, note=leaving),
        _contact("billing", 1),
    ]
    rate: Any = deflect_rate(contacts)
    assert (rate.numerator, rate.denominator, rate.evidence) == (2, 3, ("gone",))
    assert rate.excluded == (Excluded("still_running", 1), Excluded("no_outcome", 1))


def test_acceptance_is_not_a_save() -> None:
    leaving = [
        LeavingContact("stays", _ago(100), "price", {30: True, 60: True, 90: True}),
        LeavingContact("accepted-and-left", _ago(100), "price", {30: True, 60: False, 90: False}),
        LeavingContact("young", _ago(29), "price", {}),
        LeavingContact("unknown", _ago(40), "price", {}),
        LeavingContact("exactly", _ago(30), "price", {30: False}),
    ]
    offers = [
        OfferMade("o1", "LOCK", "price", "accepted", "stays"),
        OfferMade("o2", "LOCK", "price", "accepted", "accepted-and-left"),
        OfferMade("o3", "LOCK", "price", "refused", "unknown"),
        OfferMade("o4", "LOCK", "price", "shown", "young"),
        OfferMade("o5", "LOCK", "price", "withheld", "exactly"),
    ]
    assert acceptance(offers).value == 50  # two of four presented; the withheld one was not
    assert acceptance(offers).excluded == (Excluded("withheld", 1),)
    thirty: Any = save_rate(leaving, 30, now=NOW)
    assert (thirty.numerator, thirty.denominator) == (2, 3)
    assert thirty.excluded == (Excluded("too_young", 1), Excluded("nobody_told", 1))
    ninety: Any = save_rate(leaving, 90, now=NOW)
    assert (ninety.numerator, ninety.denominator, ninety.evidence) == (1, 2, ("accepted-and-left",))


def test_who_wanted_to_leave_is_counted_once_whatever_was_offered() -> None:
    contacts = [
        Contact("c1", _ago(40), cues=frozenset({"cancel_intent"}), churn_reason="price"),
        Contact("c2", _ago(40), cues=frozenset({"cancel_intent"})),
        Contact("c3", _ago(40)),
    ]
    told = [
        ("c1", _ago(40), "price", {30: True}),
        ("c1", _ago(40), "price", {30: False}),  # the second offer's row knows better
        ("crm-9", _ago(50), "competitor", {30: True}),
    ]
    paying = [Paying("f1", NOW, "c2", 30, True), Paying("f2", NOW, "c3", 30, True)]
    leaving = leaving_contacts(contacts, paying, told)
    assert {each.contact_id: (each.reason, dict(each.paying)) for each in leaving} == {
        "c1": ("price", {30: False}),
        "c2": (UNKNOWN, {30: True}),
        "crm-9": ("competitor", {30: True}),
    }
    assert save_rate(leaving, 30, now=NOW).numerator == 2


def test_saves_stand_beside_acceptance_by_reason_and_by_offer() -> None:
    leaving = [
        LeavingContact("a", _ago(40), "price", {30: True}),
        LeavingContact("b", _ago(40), "price", {30: False}),
        LeavingContact("c", _ago(40), "moving_no_service", {30: False}),
        LeavingContact("d", _ago(40), "price", {30: True}),
    ]
    offers = [
        OfferMade("1", "LOCK", "price", "accepted", "a"),
        OfferMade("2", "PRICE", "price", "refused", "b"),
        OfferMade("3", "LOCK", "price", "refused", "d"),
        OfferMade("4", "PRICE", "price", "accepted", "d"),
    ]
    rows: dict[str, Any] = {row.name: row for row in by_reason(leaving, offers, now=NOW)}
    assert list(rows) == ["price", "moving_no_service"]
    assert (rows["price"].acceptance.numerator, rows["price"].acceptance.denominator) == (2, 4)
    assert (rows["price"].saves[30].numerator, rows["price"].saves[30].denominator) == (2, 3)
    offered: dict[str, Any] = {row.name: row for row in by_offer(leaving, offers, now=NOW)}
    assert {name: row.contacts for name, row in offered.items()} == {"LOCK": 1, "PRICE": 1, NO_OFFER: 1, SEVERAL: 1}
    assert offered["LOCK"].acceptance.denominator == 2  # both times it was presented


def test_promises_are_kept_of_those_that_are_due_and_told() -> None:
    arrangements = [
        Arrangement("a1", _ago(3), True),
        Arrangement("a2", _ago(2), False, "call-2"),
        Arrangement("a3", _ago(1)),
        Arrangement("a4", NOW + timedelta(days=1)),
    ]
    kept: Any = promises_kept(arrangements, now=NOW)
    assert (kept.numerator, kept.denominator, kept.evidence) == (1, 2, ("call-2",))
    assert kept.excluded == (Excluded("not_due", 1), Excluded("nobody_told", 1))


def test_quality_leaves_out_what_is_contested() -> None:
    scores = [
        ScoreRow("e1", "call-1", "ana", "scored", Decimal("90.0")),
        ScoreRow("e2", "call-2", "ana", "upheld", Decimal(0)),
        ScoreRow("e3", "call-3", "ana", "contested", Decimal(10)),
        ScoreRow("e4", "call-4", "ana", "scored", None),
    ]
    found: dict[str, Any] = {each.kpi_id: each for each in quality_kpis(scores)}
    assert found["qa_score"].value == 45
    assert found["critical_failures"].value == 50
    assert found["critical_failures"].evidence == ("call-2",)
    assert found["qa_score"].excluded == (Excluded("contested", 1), Excluded("nothing_applied", 1))


def test_a_card_nobody_judged_is_neither_useful_nor_useless() -> None:
    cards = (Card("1", "script", "x", "useful"), Card("2", "script", "x", "dismissed"), Card("3", "script", "x"))
    (use,) = card_use([Contact("c1", NOW, cards=cards)])
    assert (use.shown, use.useful, use.dismissed, use.silent, use.useful_share) == (3, 1, 1, 1, Decimal("50.0"))
    assert use.evidence == ("c1",)
    (silent,) = card_use([Contact("c2", NOW, cards=(Card("1", "offer", "x"),))])
    assert silent.useful_share is None


def test_a_reason_that_was_heard_stands_where_no_offer_tells_one() -> None:
    heard = [{"type": "cue.raised", "body": {"cue_id": each, "kind": "reason"}} for each in ("competitor", "price")]
    assert contact_of("call-1", NOW, heard).churn_reason == "competitor"
    offered = [*heard, {"type": "offer.shown", "body": {"churn_reason": "price"}}]
    assert contact_of("call-1", NOW, offered).churn_reason == "price"
    assert contact_of("call-1", NOW, []).churn_reason is None


def test_a_contact_is_read_out_of_its_events() -> None:
    events = [
        {"type": "cue.raised", "body": {"cue_id": "cancel_intent"}},
        {"type": "card.shown", "body": {"card_id": "c1", "kind": "offer", "title": "Lock"}},
        {"type": "offer.shown", "body": {"churn_reason": "price", "offer": {"price_now": "85.00"}}},
        {"type": "offer.shown", "body": {"attempt": 1}},
        {"type": "card.dismissed", "body": {"card_id": "c1", "verdict": "not_useful"}},
        {"type": "card.dismissed", "body": {"card_id": "c1", "verdict": "useful"}},  # a change of mind
        {"type": "card.dismissed", "body": {"card_id": "c9", "verdict": "useful"}},
        {"type": "note.updated", "body": {"reason_code": "BILL_EXPLAIN", "outcome_code": "SAVED", "signed_by": "Ana"}},
        {"type": "call.ended", "body": {}},
    ]
    contact = contact_of("call-1", NOW, events, language="es-US")
    assert contact.wants_to_leave
    assert (contact.has_ended, contact.outcome, contact.agent, contact.language) == (True, "SAVED", "Ana", "es")
    assert (contact.churn_reason, contact.at_risk) == ("price", Decimal("85.00"))
    assert [card.verdict for card in contact.cards] == ["useful"]
