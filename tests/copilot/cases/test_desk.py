"""Cases: promises become obligations, nothing closes while something is owed, every step is kept."""

import multiprocessing
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from copilot.cases.as_json import case_json
from copilot.cases.desk import CaseDesk
from copilot.errors import BadInput, Conflict, NotFound
from copilot.store import Cases, open_database
from knowledge.pack import load_pack
from tests.copilot.cases.conftest import NOW, note

PROBLEM = {
    "symptom": "No dial tone in Dayton",
    "cause_code": "card-7",
    "corrective": "Replace the card",
    "preventive": "Watch its errors",
    "owner": "carrier",
    "due_at": "2026-12-01T12:00:00+00:00",
    "five_whys": [{"why": "The card failed", "evidence": "alarm 17"}, {"why": "It ran hot"}],
    "fishbone": {"product_network": ["card"]},
}


def test_promises_of_a_call_become_one_case_and_the_same_note_again_changes_nothing(desk: CaseDesk) -> None:
    case = desk.from_note(note(), now=NOW)
    assert case is not None
    assert [(each.obligation_id, each.owner, each.channel) for each in case.obligations] == [
        ("c-1/t19", "Bea", "call"),
        ("c-1/t21", "support", ""),
    ]
    assert case.obligations[0].due_at == datetime.fromisoformat("2026-11-23T18:00:00+00:00")
    assert (case.title, case.customer_id) == ("restoring service: Tamika Broussard", "C-1004")
    again = desk.from_note(note(), now=NOW + timedelta(hours=1))
    assert again == case
    assert desk.from_note(note(follow_ups=[]), now=NOW) is None


def test_a_promise_that_comes_later_is_added(desk: CaseDesk) -> None:
    desk.from_note(note(), now=NOW)
    more = [*note()["follow_ups"], {"promise": {"text": "Will mail it", "turn_ids": ["t30"]}, "owner": "Bea"}]
    case = desk.from_note(note(follow_ups=more), now=NOW)
    assert case is not None
    assert [each.obligation_id for each in case.open_obligations] == ["c-1/t19", "c-1/t21", "c-1/t30"]


def test_nothing_closes_with_an_open_promise(desk: CaseDesk) -> None:
    desk.from_note(note(), now=NOW)
    with pytest.raises(Conflict, match="c-1/t19"):
        desk.close("call-c-1", by="bea", now=NOW)
    desk.settle("call-c-1", "c-1/t19", "done", by="bea", now=NOW, why="called at noon")
    with pytest.raises(BadInput, match="why"):
        desk.settle("call-c-1", "c-1/t21", "withdrawn", by="bea", now=NOW)
    desk.settle("call-c-1", "c-1/t21", "withdrawn", by="bea", now=NOW, why="they found it")
    case = desk.close("call-c-1", by="bea", now=NOW)
    assert (case.status, [entry.action for entry in case.history]) == (
        "closed",
        ["opened", "done", "withdrawn", "closed"],
    )


def test_a_moved_date_keeps_the_old_one_and_the_reason(desk: CaseDesk) -> None:
    desk.from_note(note(), now=NOW)
    case = desk.settle(
        "call-c-1", "c-1/t19", "moved", by="bea", now=NOW, why="no answer", to="2026-11-27T12:00:00-06:00"
    )
    moved = next(each for each in case.obligations if each.obligation_id == "c-1/t19")
    assert (moved.status, list(moved.moved_from)) == ("open", ["2026-11-23T18:00:00+00:00"])
    assert case.history[-1].body["why"] == "no answer"
    for wrong in ("", "tomorrow", "2026-11-27T12:00:00"):
        with pytest.raises(BadInput):
            desk.settle("call-c-1", "c-1/t19", "moved", by="bea", now=NOW, why="x", to=wrong)


def test_one_list_over_all_teams_the_soonest_first(desk: CaseDesk) -> None:
    desk.from_note(note(), now=NOW)
    desk.open(
        "dispute", {"case_id": "d-1", "invoice_id": "IN-7", "amount": "12.50", "reason": "twice"}, by="a", now=NOW
    )
    owed = desk.cases.due()
    assert [each.obligation_id for _, each in owed] == ["c-1/t19", "d-1/answer", "c-1/t21"]
    assert owed[0][1].is_overdue(NOW)
    assert [each.owner for _, each in desk.cases.due(owner="finance")] == ["finance"]


def test_a_dispute_holds_its_part_of_the_balance_and_is_answered_in_ten_business_days(desk: CaseDesk) -> None:
    given = {"case_id": "d-1", "invoice_id": "IN-7", "amount": "12.50", "reason": "charged twice"}
    case = desk.open("dispute", given, by="a", now=NOW)
    assert (case.body["hold_collection"], case.body["answer_due_at"][:10]) == ("12.50", "2026-12-09")
    for wrong in ({**given, "amount": "0"}, {**given, "amount": "x"}, {**given, "reason": ""}):
        with pytest.raises(BadInput):
            desk.open("dispute", {**wrong, "case_id": "d-2"}, by="a", now=NOW)


def test_an_order_is_checked_against_the_record(desk: CaseDesk) -> None:
    given = {
        "field": "plan",
        "from": "Fiber 600",
        "to": "Fiber 300",
        "effective": "2026-11-01",
        "current": {"plan": "Fiber 1000"},
    }
    case = desk.open("order_change", {**given, "case_id": "o-1"}, by="a", now=NOW)
    assert case.body["problems"] == [
        "confirmed_by is missing",
        "the record says Fiber 1000, the order says it was Fiber 600",
        "2026-11-01 is over",
    ]
    with pytest.raises(Conflict, match="o-1/clear-up"):
        desk.close("o-1", by="a", now=NOW)
    with pytest.raises(BadInput, match="colour"):
        desk.records.correct("o-1", {"colour": "red"}, by="a", now=NOW)
    half = desk.records.correct("o-1", {"effective": "2026-12-01", "from": "Fiber 1000"}, by="a", now=NOW)
    assert [each.what for each in half.open_obligations] == [
        "Clear up before the order is entered: confirmed_by is missing"
    ]
    whole = desk.records.correct("o-1", {"confirmed_by": "Tamika Broussard"}, by="bea", now=NOW)
    assert (whole.body["problems"], [each.done_by for each in whole.obligations]) == ([], ["bea"])
    assert (whole.body["from"], whole.body["to"]) == ("Fiber 1000", "Fiber 300")
    again = desk.records.correct("o-1", {"to": "Fiber 1000"}, by="a", now=NOW)
    assert [each.what for each in again.open_obligations] == [
        "Clear up before the order is entered: it changes nothing"
    ]
    desk.records.correct("o-1", {"to": "Fiber 300"}, by="a", now=NOW)
    assert desk.close("o-1", by="a", now=NOW).status == "closed"


def test_an_obligation_of_another_case_can_be_neither_taken_nor_settled(desk: CaseDesk) -> None:
    desk.from_note(note(), now=NOW)
    desk.open("complaint", {"case_id": "k-1", "title": "x"}, by="a", now=NOW)
    with pytest.raises(Conflict, match="call-c-1"):
        desk.owe("k-1", {"what": "Steal it", "owner": "eve", "obligation_id": "c-1/t19"}, by="eve", now=NOW)
    with pytest.raises(NotFound):
        desk.settle("k-1", "c-1/t19", "done", by="eve", now=NOW)
    owed = {each.obligation_id: each for each in desk.cases.get("call-c-1").obligations}
    assert (owed["c-1/t19"].what, owed["c-1/t19"].status) == ("Will call about the fee", "open")


def test_the_same_request_again_changes_nothing(desk: CaseDesk) -> None:
    desk.from_note(note(), now=NOW)
    once = desk.settle("call-c-1", "c-1/t19", "done", by="bea", now=NOW, request_id="r-1")
    assert desk.settle("call-c-1", "c-1/t19", "done", by="bea", now=NOW, request_id="r-1") == once
    with pytest.raises(Conflict, match="done already"):
        desk.settle("call-c-1", "c-1/t19", "done", by="bea", now=NOW, request_id="r-2")


def test_a_kept_promise_stays_kept_when_the_note_comes_again(desk: CaseDesk) -> None:
    before = desk.from_note(note(), now=NOW)
    assert before is not None
    desk.settle("call-c-1", "c-1/t19", "done", by="bea", now=NOW)
    desk.cases.change("call-c-1", "owed", by="notes", at=NOW, new=before.obligations)  # it had read before that
    again = desk.from_note(note(), now=NOW)
    assert again is not None
    assert [each.status for each in again.obligations] == ["done", "open"]


def test_a_promise_that_comes_after_the_case_was_closed_opens_it_again(desk: CaseDesk) -> None:
    desk.from_note(note(), now=NOW)
    for name in ("c-1/t19", "c-1/t21"):
        desk.settle("call-c-1", name, "done", by="bea", now=NOW)
    desk.close("call-c-1", by="bea", now=NOW)
    more = [*note()["follow_ups"], {"promise": {"text": "Will mail it", "turn_ids": ["t30"]}, "owner": "Bea"}]
    case = desk.from_note(note(follow_ups=more), now=NOW)
    assert case is not None
    assert (case.status, [each.obligation_id for each in case.open_obligations]) == ("open", ["c-1/t30"])


def test_a_dispute_closes_when_it_is_decided_and_then_holds_nothing_back(desk: CaseDesk) -> None:
    given = {"case_id": "d-1", "invoice_id": "IN-7", "amount": "12.50", "reason": "charged twice"}
    desk.open("dispute", given, by="a", now=NOW)
    desk.settle("d-1", "d-1/answer", "done", by="a", now=NOW, why="letter of 25 November")
    with pytest.raises(Conflict, match="not decided"):
        desk.close("d-1", by="a", now=NOW)
    for outcome, why in (("maybe", "x"), ("upheld", " ")):
        with pytest.raises(BadInput):
            desk.records.decide("d-1", outcome, why, by="a", now=NOW)
    case = desk.records.decide("d-1", "upheld", "it was billed twice", by="a", now=NOW)
    assert (case.body["status"], case.body["hold_collection"]) == ("upheld", "0.00")
    with pytest.raises(Conflict, match="upheld already"):
        desk.records.decide("d-1", "rejected", "no", by="a", now=NOW)
    assert desk.close("d-1", by="a", now=NOW).status == "closed"


def test_a_case_of_any_kind_may_begin_with_what_is_owed(desk: CaseDesk) -> None:
    owed = {"what": "Answer the notice", "owner": "complaints", "due_at": "2026-12-01T12:00:00-05:00"}
    case = desk.open("complaint", {"title": "BBB notice", "obligations": [owed]}, by="a", now=NOW)
    assert [(each.what, each.owner) for each in case.open_obligations] == [("Answer the notice", "complaints")]


HOSTILE: list[tuple[str, dict[str, Any]]] = [
    ("complaint", {"title": "x", "obligations": "all of them"}),
    ("complaint", {"title": "x", "obligations": [7]}),
    ("complaint", {"title": "x", "obligations": [{"what": "x", "owner": "y", "due_at": 7}]}),
    ("complaint", {"title": "x", "case_id": "a/b"}),
    ("complaint", {"title": "x", "case_id": "a" * 101}),
    ("complaint", {"title": "x", "body": [1]}),
    ("order_change", {"current": "plan"}),
    ("problem", {**PROBLEM, "five_whys": ["why?"]}),
    ("problem", {**PROBLEM, "five_whys": 5}),
    ("problem", {**PROBLEM, "fishbone": ["people"]}),
    ("problem", {**PROBLEM, "fishbone": {"people": "Bea"}}),
    ("problem", {**PROBLEM, "due_at": "soon"}),
]


@pytest.mark.parametrize(("kind", "given"), HOSTILE)
def test_what_has_another_shape_is_refused_and_leaves_nothing(desk: CaseDesk, kind: str, given: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        desk.open(kind, given, by="a", now=NOW)
    assert desk.cases.find() == []


def test_calls_with_long_ids_have_cases_of_their_own(desk: CaseDesk) -> None:
    made = [desk.from_note(note(call_id=f"{'c' * 150}-{number}"), now=NOW) for number in (1, 2)]
    assert len({case.case_id for case in made if case}) == 2


# --- problems --------------------------------------------------------------------------------------------------------


def test_a_cause_is_verified_when_nothing_is_owed_and_a_why_has_evidence(desk: CaseDesk) -> None:
    case = desk.open("problem", {"case_id": "P-1", **PROBLEM}, by="a", now=NOW)
    assert [each["hypothesis"] for each in case.body["five_whys"]] == [False, True]
    with pytest.raises(Conflict, match="corrective"):
        desk.records.verify("P-1", by="a", now=NOW)
    for name in ("corrective", "preventive"):
        desk.settle("P-1", f"P-1/{name}", "done", by="a", now=NOW, why="done")
    assert desk.records.verify("P-1", by="a", now=NOW).body["verified_at"] == NOW.isoformat()
    desk.open("problem", {"case_id": "P-3", **PROBLEM}, by="a", now=NOW)
    for name in ("corrective", "preventive"):
        desk.settle("P-3", f"P-3/{name}", "withdrawn", by="a", now=NOW, why="too dear")
    with pytest.raises(Conflict, match="withdrawn"):
        desk.records.verify("P-3", by="a", now=NOW)
    guess = {**PROBLEM, "five_whys": [{"why": "It ran hot"}]}
    desk.open("problem", {"case_id": "P-2", **guess}, by="a", now=NOW)
    for name in ("corrective", "preventive"):
        desk.settle("P-2", f"P-2/{name}", "done", by="a", now=NOW, why="done")
    with pytest.raises(Conflict, match="hypothesis"):
        desk.records.verify("P-2", by="a", now=NOW)


@pytest.mark.parametrize("wrong", [{"symptom": ""}, {"owner": None}, {"fishbone": {"weather": ["rain"]}}])
def test_a_root_cause_record_is_whole(desk: CaseDesk, wrong: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        desk.open("problem", {**PROBLEM, **wrong}, by="a", now=NOW)


# --- the store -------------------------------------------------------------------------------------------------------


def test_history_cannot_be_changed(desk: CaseDesk, engine: Engine) -> None:
    desk.from_note(note(), now=NOW)
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text("DELETE FROM case_history"))


def test_secrets_are_masked_and_json_is_json(desk: CaseDesk) -> None:
    case = desk.open("complaint", {"title": "card 4111 1111 1111 1111", "customer_id": "C-1"}, by="a", now=NOW)
    desk.owe(case.case_id, {"what": "Call", "owner": "b", "obligation_id": "o"}, by="a", now=NOW)
    desk.settle(case.case_id, "o", "done", by="a", now=NOW, why="they read out 4111 1111 1111 1111")
    case = desk.hand_over(case.case_id, "b", "card 4111 1111 1111 1111", by="a", now=NOW)
    assert "4111" not in str(case_json(case))


def test_what_is_unknown_is_refused(desk: CaseDesk) -> None:
    with pytest.raises(BadInput, match="complaint, follow_up"):
        desk.open("poem", {}, by="a", now=NOW)
    with pytest.raises(NotFound):
        desk.close("none", by="a", now=NOW)
    desk.from_note(note(), now=NOW)
    with pytest.raises(NotFound):
        desk.settle("call-c-1", "none", "done", by="a", now=NOW)


def _close(url: str, start: Any, result: Any) -> None:
    cases = Cases(open_database(url))
    version = cases.get("k-1").version
    start.wait()
    try:
        cases.change("k-1", "closed", by="x", at=NOW, version=version, fields={"status": "closed"})
        result.put(True)
    except Conflict:
        result.put(False)


def test_two_processes_cannot_both_close_a_case(desk: CaseDesk, tmp_path: Path) -> None:
    desk.open("complaint", {"case_id": "k-1", "title": "x"}, by="a", now=NOW)
    context = multiprocessing.get_context("spawn")
    start, result = context.Event(), context.Queue()
    people = [context.Process(target=_close, args=(f"sqlite:///{tmp_path}/cases.db", start, result)) for _ in range(2)]
    for person in people:
        person.start()
    start.set()
    assert sorted(result.get(timeout=60) for _ in people) == [False, True]


def _settle(url: str, start: Any, result: Any) -> None:
    desk = CaseDesk(Cases(open_database(url)), load_pack("demo"))
    start.wait()
    try:
        desk.settle("call-c-1", "c-1/t19", "done", by="x", now=NOW)
        result.put(True)
    except Conflict:
        result.put(False)


def test_two_processes_cannot_both_keep_the_same_promise(desk: CaseDesk, tmp_path: Path) -> None:
    desk.from_note(note(), now=NOW)
    context = multiprocessing.get_context("spawn")
    start, result = context.Event(), context.Queue()
    people = [context.Process(target=_settle, args=(f"sqlite:///{tmp_path}/cases.db", start, result)) for _ in range(2)]
    for person in people:
        person.start()
    start.set()
    assert sorted(result.get(timeout=60) for _ in people) == [False, True]
    assert [entry.action for entry in desk.cases.get("call-c-1").history] == ["opened", "done"]


def test_each_promise_of_one_turn_is_owed(desk: CaseDesk) -> None:
    promise = {"text": "Will call about the fee", "turn_ids": ["t19"]}
    other = {"text": "Will mail the return box", "turn_ids": ["t19"]}
    given = note(follow_ups=[{"promise": promise}, {"promise": other}])
    for _ in range(2):
        case = desk.from_note(given, now=NOW)
    assert case is not None
    assert {each.obligation_id: each.what for each in case.obligations} == {
        "c-1/t19": "Will call about the fee",
        "c-1/t19.2": "Will mail the return box",
    }
    assert {each.source for each in case.obligations} == {"call:c-1/t19"}


def test_only_the_first_of_two_people_takes_a_case_over(desk: CaseDesk) -> None:
    case = desk.open("complaint", {"case_id": "k-1", "title": "x"}, by="a", now=NOW)
    desk.hand_over("k-1", "bea", "", by="bea", now=NOW, version=case.version, request_id="r1")
    with pytest.raises(Conflict, match="version"):
        desk.hand_over("k-1", "omar", "", by="omar", now=NOW, version=case.version)
    again = desk.hand_over("k-1", "bea", "", by="bea", now=NOW, version=case.version, request_id="r1")
    assert (again.owner, again.version) == ("bea", case.version + 1)


def test_a_repeated_request_changes_nothing(desk: CaseDesk) -> None:
    desk.open("dispute", {"case_id": "d-1", "invoice_id": "I", "amount": "9", "reason": "x"}, by="a", now=NOW)
    once = desk.records.decide("d-1", "upheld", "billed twice", by="a", now=NOW, request_id="r1")
    assert desk.records.decide("d-1", "upheld", "billed twice", by="a", now=NOW, request_id="r1") == once
    desk.settle("d-1", "d-1/answer", "done", by="a", now=NOW)
    closed = desk.close("d-1", by="a", now=NOW, request_id="r2")
    assert desk.close("d-1", by="a", now=NOW, request_id="r2") == closed


def test_what_is_disputed_is_not_collected(desk: CaseDesk) -> None:
    given = {"case_id": "d-1", "customer_id": "C-1004", "invoice_id": "I", "amount": "12.50", "reason": "x"}
    desk.open("dispute", given, by="a", now=NOW)
    assert desk.records.collectable("C-1004", Decimal("84.37")) == Decimal("71.87")
    assert desk.records.collectable("C-1001", Decimal("84.37")) == Decimal("84.37")
    desk.records.decide("d-1", "rejected", "it was used", by="a", now=NOW)
    assert desk.records.collectable("C-1004", Decimal("84.37")) == Decimal("84.37")
