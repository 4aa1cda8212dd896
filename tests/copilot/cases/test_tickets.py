"""Tickets: states, updates to the customer, tests and consent before a visit, and what came of it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from copilot.cases.desk import CaseDesk
from copilot.cases.ticket_desk import TicketDesk
from copilot.cases.visits import DIAGNOSTICS
from copilot.errors import BadInput, Conflict, NotFound
from copilot.guard.dispatch import DispatchConsent
from copilot.store import Case
from tests.copilot.cases.conftest import NOW

TESTS = dict.fromkeys(DIAGNOSTICS, "ok")
CONSENT = DispatchConsent(
    ticket_id="T-1",
    carrier="Tri-Valley Access",
    reason="no dial tone",
    window_start=NOW + timedelta(days=1),
    window_end=NOW + timedelta(days=1, hours=4),
    site_contact="Rosa",
    access_notes="ring twice",
    possible_charge=Decimal("85.00"),
    charge_disclosed=True,
    given_by="Tamika Broussard",
    relationship="holder",
    auth_level="authenticated",
    given_at=NOW,
    method="voice",
    evidence_ref="call c-1",
    expires_at=NOW + timedelta(days=3),
)


@pytest.fixture
def tickets(desk: CaseDesk) -> TicketDesk:
    return TicketDesk(desk.cases, desk.pack)


def ticket(desk: CaseDesk, **more: Any) -> str:
    given = {"case_id": "T-1", "name": "No dial tone", "externalId": "TVA-1", "severity": "significant", **more}
    return desk.open("ticket", given, by="a", now=NOW).case_id


def booked(desk: CaseDesk, tickets: TicketDesk) -> Case:
    ticket(desk)
    tickets.move("T-1", "inProgress", "", by="a", now=NOW)
    tickets.add_tests("T-1", TESTS, by="a", now=NOW)
    return tickets.book_visit("T-1", CONSENT, by="a", now=NOW)


def step(tickets: TicketDesk, name: str, given: Mapping[str, Any] | None = None, order: str = "T-1/visit-1") -> Case:
    return tickets.visit("T-1", order, name, given or {}, by="a", now=NOW)


def test_a_ticket_moves_as_tmf621_has_it_and_each_state_is_to_be_told(desk: CaseDesk, tickets: TicketDesk) -> None:
    case_id = ticket(desk, expectedResolutionDate="2026-11-26T12:00:00+00:00")
    with pytest.raises(Conflict, match="allowed are: cancelled, inProgress, rejected"):
        tickets.move(case_id, "closed", "", by="a", now=NOW)
    with pytest.raises(BadInput, match="acknowledged"):
        tickets.move(case_id, "broken", "", by="a", now=NOW)
    for state in ("inProgress", "pending", "inProgress", "resolved", "reopened", "inProgress", "resolved", "closed"):
        case = tickets.move(case_id, state, "so it is", by="a", now=NOW)
    assert [change["status"] for change in case.body["statusChange"]][-2:] == ["resolved", "closed"]
    assert (case.body["externalId"], case.body["status"]) == ("TVA-1", "closed")
    told = [each.what for each in case.obligations]
    assert "Tell the customer that the ticket is resolved, and ask whether it works" in told
    assert "Tell the customer how the ticket stands before its expected end" in told
    with pytest.raises(Conflict, match="nothing may follow"):
        tickets.move(case_id, "inProgress", "", by="a", now=NOW)


def test_an_expected_end_that_moves_or_comes_early_leaves_no_update_owed(desk: CaseDesk, tickets: TicketDesk) -> None:
    ticket(desk, expectedResolutionDate="2026-11-26T12:00:00+00:00")
    case = tickets.amend("T-1", {"expectedResolutionDate": "2026-11-27T12:00:00+00:00"}, by="a", now=NOW)
    due = [each.due_at for each in case.open_obligations if "/expected-" in each.obligation_id]
    assert due == [NOW + timedelta(days=2) - timedelta(hours=4)]
    tickets.move("T-1", "inProgress", "", by="a", now=NOW)
    case = tickets.move("T-1", "resolved", "line repaired", by="a", now=NOW)
    assert not [each for each in case.open_obligations if "/expected-" in each.obligation_id]
    withdrawn = [each.evidence for each in case.obligations if each.status == "withdrawn"]
    assert len(withdrawn) == 2
    assert "resolved" in withdrawn[1]


def test_a_ticket_closes_its_case_only_at_its_end_and_when_the_customer_was_told(
    desk: CaseDesk, tickets: TicketDesk
) -> None:
    ticket(desk)
    with pytest.raises(Conflict, match="acknowledged"):
        desk.close("T-1", by="a", now=NOW)
    case = tickets.move("T-1", "cancelled", "opened twice", by="a", now=NOW)
    with pytest.raises(Conflict, match="still owed"):
        desk.close("T-1", by="a", now=NOW)
    for each in case.open_obligations:
        desk.settle("T-1", each.obligation_id, "done", by="a", now=NOW, why="called")
    assert desk.close("T-1", by="a", now=NOW).status == "closed"


def test_notes_and_the_carriers_reference_are_added_and_secrets_are_masked(desk: CaseDesk, tickets: TicketDesk) -> None:
    ticket(desk)
    text = "they read me 4111 1111 1111 1111"
    case = tickets.amend("T-1", {"externalId": "TVA-2", "note": [{"text": text}]}, by="bea", now=NOW)
    assert case.body["externalId"] == "TVA-2"
    assert (case.body["note"][0]["author"], case.body["note"][0]["date"]) == ("bea", NOW.isoformat())
    assert "4111" not in str(case.body)
    refused: list[dict[str, Any]] = [{"status": "x"}, {"note": "x"}, {"externalId": 7}, {"workOrder": []}, {"id": "x"}]
    for wrong in refused:
        with pytest.raises(BadInput):
            tickets.amend("T-1", wrong, by="a", now=NOW)
    tickets.move("T-1", "rejected", "", by="a", now=NOW)
    with pytest.raises(Conflict, match="rejected"):
        tickets.amend("T-1", {"externalId": "x"}, by="a", now=NOW)


@pytest.mark.parametrize(
    "wrong",
    [
        {"observedImpact": "loud"},
        {"sellerSeverity": "bad"},
        {"sellerPriority": "now"},
        {"expectedResolutionDate": "soon"},
        {"expectedResolutionDate": "2026-11-26T12:00:00"},
        {"issueStartDate": 7},
        {"relatedParty": "Rosa"},
        {"diagnostics": ["power"]},
        {"status": "closed"},
        {"name": None},
    ],
)
def test_a_ticket_of_another_shape_is_refused(desk: CaseDesk, wrong: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        ticket(desk, **wrong)


def test_no_visit_without_tests_and_a_whole_consent(desk: CaseDesk, tickets: TicketDesk) -> None:
    ticket(desk)
    tickets.move("T-1", "inProgress", "", by="a", now=NOW)
    with pytest.raises(Conflict, match="power"):
        tickets.book_visit("T-1", CONSENT, by="a", now=NOW)
    tickets.add_tests("T-1", TESTS, by="a", now=NOW)
    for consent, why in (
        (None, "No consent"),
        (DispatchConsent(ticket_id="T-1"), "lacks"),
        (replace(CONSENT, charge_disclosed=False), "charge_disclosed"),
        (replace(CONSENT, ticket_id="T-2"), "T-2"),
        (replace(CONSENT, expires_at=NOW), "expired"),
        (replace(CONSENT, given_at=NOW + timedelta(days=1)), "future"),
        (replace(CONSENT, window_start=NOW - timedelta(hours=4), window_end=NOW), "over"),
    ):
        with pytest.raises(Conflict, match=why):
            tickets.book_visit("T-1", consent, by="a", now=NOW)
    case = tickets.book_visit("T-1", CONSENT, by="a", now=NOW)
    assert (case.body["status"], case.body["workOrder"][0]["carrier"]) == ("pending", "Tri-Valley Access")
    with pytest.raises(Conflict, match="booked already"):
        tickets.book_visit("T-1", CONSENT, by="a", now=NOW)


@pytest.mark.parametrize(
    "confirmed",
    [
        {"windowStart": "2026-11-26T13:00:00+00:00"},
        {"windowEnd": "2026-11-26T18:00:00+00:00"},
        {"possibleCharge": "95.00"},
    ],
)
def test_a_carrier_that_confirms_another_window_or_charge_needs_a_new_consent(
    desk: CaseDesk, tickets: TicketDesk, confirmed: dict[str, Any]
) -> None:
    booked(desk, tickets)
    with pytest.raises(Conflict, match="new consent"):
        step(tickets, "confirmed", confirmed)
    step(tickets, "cancelled")
    again = replace(CONSENT, window_end=NOW + timedelta(days=1, hours=6))
    case = tickets.book_visit("T-1", again, by="a", now=NOW)
    assert [order["state"] for order in case.body["workOrder"]] == ["cancelled", "open"]
    case = step(tickets, "confirmed", {"windowEnd": "2026-11-26T18:00:00+00:00"}, "T-1/visit-2")
    assert case.body["workOrder"][1]["state"] == "planned"


@pytest.mark.parametrize(("name", "owed"), [("missed", "Apologise"), ("failed", "Confirm access and address")])
def test_a_visit_that_did_not_take_place_leaves_something_owed(
    desk: CaseDesk, tickets: TicketDesk, name: str, owed: str
) -> None:
    booked(desk, tickets)
    with pytest.raises(Conflict, match="cannot become"):
        step(tickets, name)
    step(tickets, "confirmed")
    case = step(tickets, name)
    assert (case.body["status"], case.body["workOrder"][0]["state"]) == ("inProgress", "unableToComplete")
    assert [each.what for each in case.open_obligations if each.what.startswith(owed)]
    with pytest.raises(Conflict, match="cannot become"):
        step(tickets, "completed")
    assert tickets.book_visit("T-1", CONSENT, by="a", now=NOW).body["status"] == "pending"


def test_a_visit_that_took_place_lets_the_ticket_go_on(desk: CaseDesk, tickets: TicketDesk) -> None:
    booked(desk, tickets)
    for name in ("confirmed", "inProgress", "completed"):
        case = step(tickets, name)
    assert (case.body["status"], case.body["workOrder"][0]["state"]) == ("inProgress", "completed")
    with pytest.raises(BadInput, match="missed"):
        step(tickets, "vanished")
    with pytest.raises(NotFound):
        step(tickets, "missed", order="T-1/visit-7")


def test_what_is_no_ticket_is_not_worked_on_as_one(desk: CaseDesk, tickets: TicketDesk) -> None:
    desk.open("complaint", {"case_id": "k-1", "title": "x"}, by="a", now=NOW)
    with pytest.raises(Conflict, match="complaint"):
        tickets.move("k-1", "inProgress", "", by="a", now=NOW)
