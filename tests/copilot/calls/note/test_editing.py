"""A note that is corrected and signed keeps every version and what changed in it."""

import re

import pytest

from copilot.calls.live import LiveCalls
from copilot.errors import BadInput, Conflict
from tests.copilot.calls.note.test_note import SAVED, note_of
from tests.copilot.conftest import call


def test_an_edit_keeps_what_stood_there_and_who_changed_it(live: LiveCalls) -> None:
    written = note_of(live, *SAVED)
    edited = live.edit_note("call-1", {"text": written["text"].replace("SAVED", "KEPT")}, by="agent")
    (change,) = edited["changes"]
    assert (change["part"], change["before"], change["after"]) == ("text", written["text"], edited["text"])
    assert "".join(step["before"] for step in change["diff"]) == written["text"]
    assert "".join(step["after"] for step in change["diff"]) == edited["text"]
    assert [step["after"] for step in change["diff"] if step["op"] != "equal"] == ["KEPT."]
    assert (written["version"], edited["version"], edited["edited_by"]) == (1, 2, "agent")
    assert edited["edited_at"]


def test_another_code_is_in_the_text_and_in_the_labels_too(live: LiveCalls) -> None:
    note_of(live, *SAVED)
    edited = live.edit_note("call-1", {"outcome_code": "CANCELLED", "reason_code": "RET_RENEWAL"}, by="agent")
    assert edited["disposition_code"] == "RET_RENEWAL/CANCELLED"
    assert "Outcome: CANCELLED." in edited["text"]
    assert "Reason: Renewal or agreement." in edited["text"]
    assert [change["part"] for change in edited["changes"]] == ["outcome_code", "reason_code", "text"]


@pytest.mark.parametrize("part", ["reason_code", "outcome_code"])
def test_a_code_the_pack_does_not_have_is_refused_and_the_allowed_ones_are_named(live: LiveCalls, part: str) -> None:
    note_of(live, *SAVED)
    with pytest.raises(BadInput, match=r"'NO_SUCH'.*allowed are: .*(RET_CANCEL|RESOLVED)"):
        live.edit_note("call-1", {part: "NO_SUCH"}, by="agent")
    assert len(live.note_history("call-1")) == 1


def test_an_edited_sentence_rests_on_the_person_and_an_untouched_one_keeps_its_turns(live: LiveCalls) -> None:
    written = note_of(live, *SAVED)
    kept = written["actions"][0]["text"]
    edited = live.edit_note("call-1", {"actions": [kept, "Mailed a letter."], "reason": "Wants to leave."}, by="agent")
    assert edited["actions"][0] == written["actions"][0]
    assert (edited["actions"][1]["turn_ids"], edited["actions"][1]["edited"]) == ([], True)
    assert edited["reason_detail"] == edited["reason"]["text"] == "Wants to leave."


def test_promises_are_edited_as_a_list_and_a_date_needs_its_offset(live: LiveCalls) -> None:
    written = note_of(live, *SAVED)
    promise = written["follow_ups"][0]["promise"]
    given = {"promise": promise["text"], "owner": "Kim", "due_at": "2026-11-24T15:00:00-06:00", "channel": "call"}
    edited = live.edit_note("call-1", {"follow_ups": [given]}, by="agent")
    (follow_up,) = edited["follow_ups"]
    assert (follow_up["owner"], follow_up["due_precision"], follow_up["promise"]) == ("Kim", "exact", promise)
    for wrong in ("soon", "2026-11-24", "2026-11-24T15:00:00"):
        with pytest.raises(BadInput, match="offset"):
            live.edit_note("call-1", {"follow_ups": [{"promise": "x", "due_at": wrong}]}, by="agent")


def test_a_signed_note_is_edited_only_with_a_reason_and_then_stands_unsigned(live: LiveCalls) -> None:
    note_of(live, *SAVED)
    signed = live.sign_note("call-1", "Kim Lee")
    assert (signed["signed_by"], signed["version"]) == ("Kim Lee", 1)
    assert signed["signed_at"]
    with pytest.raises(BadInput, match=r"signed by 'Kim Lee'.*edit_reason"):
        live.edit_note("call-1", {"text": "Other."}, by="agent")
    edited = live.edit_note("call-1", {"text": "Other."}, by="agent", why="wrong amount")
    assert (edited["signed_by"], edited["signed_at"], edited["version"]) == (None, None, 2)


def test_the_history_lists_every_version_with_what_it_changed(live: LiveCalls) -> None:
    written = note_of(live, *SAVED)
    live.edit_note("call-1", {"text": "First."}, by="agent")
    live.sign_note("call-1", "Kim Lee")
    live.edit_note("call-1", {"text": "Second."}, by="supervisor", why="typing error")
    history = live.note_history("call-1")
    assert [(entry["action"], entry["version"]) for entry in history] == [
        ("written", 1),
        ("edited", 2),
        ("signed", 2),
        ("edited", 3),
    ]
    assert [entry["text"] for entry in history] == [written["text"], "First.", "First.", "Second."]
    assert history[3]["changes"][0]["before"] == "First."
    assert (history[3]["edit_reason"], history[3]["edited_by"]) == ("typing error", "supervisor")


def test_an_automatic_rewording_stands_among_the_versions_and_a_signature_after_it(live: LiveCalls) -> None:
    assert note_of(live, *SAVED)
    live.append_if("call-1", "note.updated", lambda state: {**(state.note or {}), "text": "New.", "worded_by": "m/p/1"})
    live.sign_note("call-1", "Kim Lee")
    assert [entry["action"] for entry in live.note_history("call-1")] == ["written", "reworded", "signed"]
    assert live.note("call-1")["text"] == "New."


def test_a_note_is_not_signed_while_the_call_runs(live: LiveCalls) -> None:
    live.start(call())
    with pytest.raises(Conflict, match="still running"):
        live.sign_note("call-1", "Kim Lee")
    assert live.note_history("call-1") == []


def test_secrets_typed_into_an_edit_are_in_no_version(live: LiveCalls) -> None:
    note_of(live, *SAVED)
    edits = {"text": "Card 4111111111111111", "facts": ["Card 4111 1111 1111 1111"], "reason": "Card 4111111111111111"}
    live.edit_note("call-1", edits, by="agent", why="card 4111111111111111")
    stored = re.sub(r"T[\d:.]+", "T", str(live.events("call-1")))  # the fraction of a second may read 4111
    assert "4111" not in stored
