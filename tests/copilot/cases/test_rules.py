"""The rules beside cases: calendar, clusters and Pareto, missed opportunities, the clock of a ticket."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.cases.calendar import calendar
from copilot.cases.call_facts import facts_of
from copilot.cases.missed import missed_callbacks, missed_in
from copilot.cases.problems import Incident, candidates, pareto
from copilot.cases.records import collectable
from copilot.cases.tickets import changed, new_ticket, time_worked
from copilot.store import Obligation
from knowledge.pack import Pack
from knowledge.rules.flags import FlagsFile
from tests.copilot.cases.conftest import NOW, note


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


PRINTABLE = st.text(
    st.characters(exclude_categories=("Cc", "Cs")) | st.sampled_from("\n\r\t"), min_size=1, max_size=300
)


def test_what_no_calendar_may_hold_does_not_spoil_it() -> None:
    text = calendar([("c", Obligation("o", "Call\x00 the\x1b \ud800shop", "Bea\x07", NOW))], stamp=NOW)
    assert "SUMMARY:Bea: Call the shop\r\n" in text
    text.encode()


@given(PRINTABLE, PRINTABLE)
def test_the_calendar_is_one_whatever_stands_in_it(what: str, owner: str) -> None:
    owed = Obligation("o-1", what, owner, NOW)
    text = calendar([("c-1", owed)], stamp=NOW)
    lines = text.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    names = [re.split(r"[:;]", line)[0] for line in unfolded(text)]
    assert names.count("BEGIN") == names.count("END") == 3
    assert [name for name in names if name == "UID"] == ["UID"]
    summary = next(line for line in unfolded(text) if line.startswith("SUMMARY:")).removeprefix("SUMMARY:")
    plain = re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], summary)
    assert plain == f"{owner}: {what}".replace("\r\n", "\n").replace("\r", "\n")


def test_the_calendar_holds_what_is_open_and_has_a_time() -> None:
    owed = [
        ("c", Obligation("a", "Call", "Bea", NOW)),
        ("c", Obligation("b", "Call", "Bea", None)),
        ("c", Obligation("d", "Call", "Bea", NOW, status="done")),
    ]
    text = calendar(owed, stamp=NOW)
    assert text.count("BEGIN:VEVENT") == 1
    assert "DTEND:20261125T120000Z" in text
    assert "TRIGGER:-PT1H" in text


def incident(number: int, cause: str = "card-7", days: float = 0, **more: Any) -> Incident:
    return Incident(f"k-{number}", cause, NOW + timedelta(days=days), **more)


def test_five_contacts_of_one_cause_in_a_week_are_a_problem() -> None:
    assert candidates([incident(n, days=n) for n in range(4)]) == []
    (found,) = candidates([incident(n, days=n) for n in range(5)])
    assert (found.cause_code, len(found.contact_ids)) == ("card-7", 5)
    assert candidates([incident(n, days=3 * n) for n in range(5)]) == []  # not within a week
    (grave,) = candidates([incident(1, flags=frozenset({"regulator"}))])
    assert grave.because == "flag regulator"


def test_the_pareto_table_adds_up() -> None:
    incidents = [
        *(incident(n, "a") for n in range(6)),
        *(incident(n, "b", revenue_at_risk=Decimal(50)) for n in range(3)),
        incident(9, "c", revenue_at_risk=Decimal(50)),
    ]
    table = pareto(incidents)
    assert [(row.cause_code, row.contacts, row.cumulative_contacts) for row in table] == [
        ("a", 6, Decimal("60.0")),
        ("b", 3, Decimal("90.0")),
        ("c", 1, Decimal("100.0")),
    ]
    assert [(row.cause_code, row.cumulative_revenue) for row in pareto(incidents, by_revenue=True)] == [
        ("b", Decimal("75.0")),
        ("c", Decimal("100.0")),
        ("a", Decimal("100.0")),
    ]
    assert pareto([]) == []


BEST = {"offer_id": "OF-1", "dEV": "41.20"}


@pytest.mark.parametrize(
    ("call", "types"),
    [
        ({"best_offer": BEST, "presented": []}, ["offer_not_presented"]),
        ({"best_offer": BEST, "presented": ["OF-1"]}, []),
        ({"best_offer": BEST, "presented": ["OF-2"]}, ["wrong_offer"]),
        ({"best_offer": BEST, "presented": ["OF-1"], "presented_after_no": True}, ["offer_late"]),
        ({"best_offer": {**BEST, "dEV": "-3"}, "presented": []}, []),
        ({"best_offer": BEST}, []),  # nobody says what was presented
        ({"best_offer": {**BEST, "blocked_by_policy": "cooldown"}, "presented": []}, ["policy_block"]),
        ({"arrangement_allowed": True, "arrangement_offered": False}, ["arrangement_not_offered"]),
        ({"upsell_need": "second line", "upsell_presented": False}, ["upsell_need_ignored"]),
        ({"flags": ["safety"], "escalated": False}, ["escalation_late"]),
        ({"contacts_on_issue": 3}, ["repeat_not_owned"]),
    ],
)
def test_what_a_call_missed(call: dict[str, Any], types: list[str]) -> None:
    found = missed_in({"call_id": "c-1", "agent": "bea", **call})
    assert [each.type for each in found] == types
    assert all(each.reports_to != "bea" for each in found if each.type in ("policy_block", "repeat_not_owned"))
    assert all(each.value == Decimal("41.20") for each in found if each.type.startswith("offer"))


def test_a_promise_to_a_customer_that_was_not_kept_is_missed() -> None:
    kept, late = (Obligation(name, "Call", "Bea", NOW, source="call:c-1/t1") for name in ("a", "b"))
    (found,) = missed_callbacks([late], now=NOW + timedelta(hours=1))
    assert (found.type, found.call_id, found.reports_to) == ("callback_missed", "c-1", "Bea")
    assert missed_callbacks([kept], now=NOW - timedelta(hours=1)) == []


def shown(offer_id: str, worth: str) -> dict[str, Any]:
    return {"type": "offer.shown", "body": {"offer_id": offer_id, "offer": {"offer_id": offer_id, "dEV": worth}}}


def flagged(flag_id: str) -> dict[str, Any]:
    return {"type": "cue.raised", "body": {"cue_id": flag_id, "kind": "flag", "turn_id": "t1"}}


OFFERS = [shown("OF-1", "41.20"), shown("OF-2", "12.00")]


@pytest.mark.parametrize(
    ("more", "events", "types"),
    [
        ({"offers": []}, OFFERS, ["offer_not_presented"]),
        ({"offers": [{"offer_id": "OF-1", "outcome": "refused"}]}, OFFERS, []),
        ({"offers": [{"offer_id": "OF-2", "outcome": "accepted"}]}, OFFERS, ["wrong_offer"]),
        ({"offers": [{"offer_id": None, "outcome": "open"}]}, OFFERS, []),  # which one it was, nobody knows
        ({"offers": []}, [], []),
        ({"offers": []}, [flagged("safety")], ["escalation_late"]),
        ({"offers": [], "outcome_code": "ESCALATED"}, [flagged("safety")], []),
        ({"offers": [], "follow_ups": []}, [flagged("repeat")], ["repeat_not_owned"]),
        ({"offers": []}, [flagged("repeat")], []),
    ],
)
def test_what_a_call_missed_is_read_from_its_events(
    more: dict[str, Any], events: list[dict[str, Any]], types: list[str], demo_pack: Pack
) -> None:
    found = missed_in(facts_of(note(**more), events, demo_pack.rule_file(FlagsFile)))
    assert [each.type for each in found] == types
    worth = {"offer_not_presented": Decimal("41.20"), "wrong_offer": Decimal("41.20") - Decimal("12.00")}
    assert [each.value for each in found] == [worth.get(each.type, Decimal(0)) for each in found]


def test_the_clock_of_a_ticket_stops_while_it_waits() -> None:
    ticket = new_ticket({"name": "x"}, now=NOW)
    for hours, state in ((1, "inProgress"), (3, "pending"), (10, "inProgress"), (12, "resolved")):
        ticket = changed(ticket, state, "", now=NOW + timedelta(hours=hours))
    assert time_worked(ticket, NOW + timedelta(hours=50)) == timedelta(hours=5)


def test_what_is_disputed_is_not_collected() -> None:
    open_one = {"status": "open", "hold_collection": "12.50"}
    assert collectable(Decimal("84.37"), [open_one, {"status": "closed", "hold_collection": "9.00"}]) == Decimal(
        "71.87"
    )
    assert collectable(Decimal("5.00"), [open_one]) == Decimal("0.00")


def test_dates_of_a_note_keep_their_zone() -> None:
    owed = Obligation("a", "Call", "Bea", datetime.fromisoformat("2026-11-23T12:00:00-06:00"))
    assert "DTEND:20261123T180000Z" in calendar([("c", owed)], stamp=NOW)
