from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from copilot.calls.core import EVENTS_IN_MEMORY
from copilot.calls.desk import Desk
from copilot.calls.held import ENDED_IN_MEMORY
from copilot.calls.live import LiveCalls
from copilot.errors import Conflict, NotFound
from copilot.store import EventLog
from copilot.transcript import Transcript, Turn
from tests.copilot.conftest import call, said

CANCEL_CALL = said(
    ("agent", "Meridell, this call is recorded. What is your account PIN?"),
    ("customer", "Seven seven one two."),
    ("agent", "That matches, you're verified. How can I help?"),
    ("customer", "I want to cancel my internet service, it's gotten too expensive."),
    ("agent", "I can take 10 dollars off a month for six months."),
    ("customer", "Okay, let's do that."),
    ("agent", "I've applied the discount. I'll send you an email by Friday."),
)


def types(live: LiveCalls, call_id: str = "call-1") -> list[str]:
    return [event.type for event in live.events(call_id)]


def cards(live: LiveCalls, call_id: str = "call-1") -> list[Mapping[str, Any]]:
    return [event.body for event in live.events(call_id) if event.type == "card.shown"]


def test_a_turn_sent_again_changes_nothing_whatever_its_text(live: LiveCalls) -> None:
    live.start(call())
    first = live.add_turns("call-1", [Turn("a", "customer", "hello there")])
    again = live.add_turns("call-1", [Turn("a", "customer", "something else"), Turn("b", "agent", "hi")])
    assert (first.accepted, first.duplicates) == (1, 0)
    assert (again.accepted, again.duplicates) == (1, 1)
    texts = [event.body["text"] for event in live.events("call-1") if event.type == "turn.final"]
    assert texts == ["hello there", "hi"]


def test_a_turn_twice_in_one_request_is_taken_once(live: LiveCalls) -> None:
    live.start(call())
    accepted = live.add_turns("call-1", [Turn("a", "customer", "hello"), Turn("a", "customer", "hello")])
    assert (accepted.accepted, accepted.duplicates) == (1, 1)


def test_a_call_nobody_announced_is_refused(live: LiveCalls) -> None:
    with pytest.raises(NotFound, match="call-1"):
        live.add_turns("call-1", said(("customer", "hello")))


def test_a_call_that_has_ended_takes_no_new_turn_but_knows_the_old_ones(live: LiveCalls) -> None:
    live.start(call())
    live.add_turns("call-1", CANCEL_CALL)
    live.end("call-1")
    assert live.add_turns("call-1", CANCEL_CALL).duplicates == len(CANCEL_CALL)
    with pytest.raises(Conflict, match="ended"):
        live.add_turns("call-1", [Turn("late", "customer", "wait")])


def test_hanging_up_twice_gives_the_same_note_and_no_second_event(live: LiveCalls) -> None:
    live.start(call())
    live.add_turns("call-1", CANCEL_CALL)
    assert live.end("call-1") == live.end("call-1")
    assert types(live).count("note.updated") == 1


def test_another_process_that_only_has_the_log_writes_the_same_note(database: Engine, desk: Desk) -> None:
    log = EventLog(database)
    one, other = LiveCalls(log, desk), LiveCalls(log, desk)
    for live in (one, other):
        live.start(call("whole"))
        live.start(call("handed over"))
    one.add_turns("whole", CANCEL_CALL)
    for place, turn in enumerate(CANCEL_CALL):
        (one if place % 2 else other).add_turns("handed over", [turn])
    whole, handed_over = dict(one.end("whole")), dict(other.end("handed over"))
    assert {**whole, "call_id": ""} == {**handed_over, "call_id": ""}
    assert [event.seq for event in log.read("handed over")] == list(range(1, len(log.read("whole")) + 1))


def test_a_call_held_in_memory_is_the_same_as_one_read_back(live: LiveCalls, database: Engine, desk: Desk) -> None:
    live.start(call())
    live.add_turns("call-1", CANCEL_CALL[:4])
    assert LiveCalls(EventLog(database), desk).note("call-1") == live.note("call-1")


def test_the_customer_gets_at_most_one_card_a_turn_and_none_twice(live: LiveCalls) -> None:
    live.start(call())
    shown_before = len(cards(live))
    for place in range(6):
        live.add_turns("call-1", [Turn(f"x{place}", "customer", "I want to cancel my internet, it is too expensive")])
        new = [card for card in cards(live)[shown_before:] if card["kind"] != "alert"]
        assert len(new) <= 1
        shown_before = len(cards(live))
    about = [card["about"] for card in cards(live)]
    assert len(about) == len(set(about))
    assert any(card["kind"] == "script" for card in cards(live))


def test_what_is_said_while_capture_is_paused_is_never_stored(live: LiveCalls, tmp_path: Path) -> None:
    live.start(call())
    live.record("call-1", "capture.paused", {})
    live.add_turns("call-1", [Turn("p", "customer", "my secret word is xylophone")])
    live.record("call-1", "capture.resumed", {})
    live.add_turns("call-1", [Turn("q", "customer", "thank you very much")])
    texts = [event.body["text"] for event in live.events("call-1") if event.type == "turn.final"]
    assert texts == ["[capture paused]", "thank you very much"]
    assert b"xylophone" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def test_a_card_completed_after_the_pause_does_not_bring_back_what_was_said_in_it(live: LiveCalls) -> None:
    live.start(call())
    live.record("call-1", "capture.paused", {})
    live.add_turns("call-1", [Turn("p", "customer", "xylophone 4111 1111")])
    live.record("call-1", "capture.resumed", {})
    live.add_turns("call-1", [Turn("q", "customer", "1111 1111")])
    assert "xylophone" not in str([event.body for event in live.events("call-1")])


SECRETS = {
    "typed card": [("customer", "it's 4111 1111 1111 1111 thanks")],
    "card with code": [("agent", "card number please"), ("customer", "5500005555555559, expires 04/28, code 737")],
    "card over turns": [
        ("agent", "go ahead with the card number"),
        ("customer", "four one one one one one one one"),
        ("agent", "mm hmm"),
        ("customer", "one one one one one one one one"),
    ],
    "social security": [("customer", "my social security number is nine zero one two two four five six seven")],
    "bank": [
        ("agent", "routing and account number?"),
        ("customer", "routing 021000021 and checking account 9876543210"),
    ],
}


SECRET_DIGITS = (
    b"4111",
    b"1111 1111",
    b"55000055",
    b"code 737",
    b"one one one one",
    b"two two four",
    b"021000021",
    b"9876543210",
)


@pytest.mark.parametrize("name", sorted(SECRETS))
def test_secrets_reach_neither_the_disk_nor_the_note(live: LiveCalls, tmp_path: Path, name: str) -> None:
    live.start(call())
    live.add_turns("call-1", [Turn(f"s{n}", speaker, text) for n, (speaker, text) in enumerate(SECRETS[name])])  # type: ignore[arg-type]
    note = live.end("call-1")
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir()) + str(note).encode()
    assert [secret for secret in SECRET_DIGITS if secret in stored] == []


def test_an_edited_note_keeps_the_version_before_and_masks_what_was_typed_in(live: LiveCalls) -> None:
    live.start(call())
    live.add_turns("call-1", CANCEL_CALL)
    written = live.end("call-1")
    edited = live.edit_note("call-1", {"text": "Paid with 4111111111111111."}, by="agent")
    assert edited["text"] == "Paid with [CARD]."
    notes = [event.body["text"] for event in live.events("call-1") if event.type == "note.updated"]
    assert notes == [written["text"], "Paid with [CARD]."]


def test_a_note_cannot_be_edited_before_hang_up(live: LiveCalls) -> None:
    live.start(call())
    with pytest.raises(Conflict, match="still running"):
        live.edit_note("call-1", {"text": "x"}, by="agent")


def test_the_summary_says_how_the_call_stands(live: LiveCalls) -> None:
    live.start(call())
    assert live.summary("call-1")["stage"] == "opening"
    live.add_turns("call-1", CANCEL_CALL[:4])
    stands = live.summary("call-1")
    assert (stands["stage"], stands["auth_level"], stands["intents"]) == (
        "discovery",
        "password",
        ["cancel_intent"],
    )
    live.add_turns("call-1", CANCEL_CALL[4:])
    stands = live.summary("call-1")
    assert (stands["stage"], len(stands["promises"]), stands["open_questions"]) == ("resolution", 1, [])
    live.end("call-1")
    assert live.summary("call-1")["stage"] == "ended"


def test_verification_that_matches_is_seen_and_failure_takes_it_back(live: LiveCalls) -> None:
    live.start(call())
    live.add_turns("call-1", CANCEL_CALL[:3])
    levels = [event.body["level"] for event in live.events("call-1") if event.type == "auth.changed"]
    assert levels == ["password"]
    live.add_turns("call-1", [Turn("x", "agent", "Sorry, that PIN does not match what we have.")])
    levels = [event.body["level"] for event in live.events("call-1") if event.type == "auth.changed"]
    assert levels == ["password", "none"]


def test_a_spanish_call_gets_spanish_cards_and_a_spanish_note(live: LiveCalls) -> None:
    live.start(call(language=None))
    live.add_turns(
        "call-1",
        said(
            ("agent", "Gracias por llamar a Meridell, esta llamada se graba. ¿En qué le puedo ayudar?"),
            ("customer", "Quiero cancelar mi servicio de internet porque está muy caro."),
        ),
    )
    script = next(card for card in cards(live) if card["kind"] == "script" and card["turn_ids"] == ["t2"])
    assert script["about"].endswith("-es")
    assert "Motivo:" in live.end("call-1")["text"]


def test_internal_documents_never_reach_the_sidebar(live: LiveCalls, desk: Desk) -> None:
    internal = [document.doc_id for document in desk.pack.documents if document.audience == "internal"]
    assert internal
    live.start(call())
    for place, doc_id in enumerate(internal):
        title = next(document.title for document in desk.pack.documents if document.doc_id == doc_id)
        live.add_turns("call-1", [Turn(f"i{place}", "customer", f"tell me about {title} please")])
    shown = {citation["doc_id"] for card in cards(live) for citation in card["citations"]}
    assert shown.isdisjoint(internal)


def test_a_call_that_ended_long_ago_is_let_go_and_its_note_is_still_there(live: LiveCalls) -> None:
    for number in range(ENDED_IN_MEMORY + 1):
        live.start(Transcript(f"call-{number}"))
        live.add_turns(f"call-{number}", [Turn("t1", "customer", "My internet is down since Monday.")])
        live.end(f"call-{number}")
    assert live.recent_events("call-0", 0) == ()
    assert [event.type for event in live.recent_events("call-1", 0)][-1] == "note.updated"
    assert live.note("call-0")["text"] == live.note("call-1")["text"]


def test_recent_events_are_those_of_the_log_or_none(live: LiveCalls) -> None:
    live.start(Transcript("call-1"))
    for number in range(EVENTS_IN_MEMORY):
        live.add_turns("call-1", [Turn(f"t{number}", "agent", "One moment.")])
    last = live.events("call-1")[-1].seq
    assert live.recent_events("call-1", last - 3) == live.events("call-1", last - 3)
    assert len(live.recent_events("call-1", last - 3)) == 3
    assert live.recent_events("call-1", 0) == ()  # not all of them are remembered
    assert live.recent_events("never announced", 0) == ()
