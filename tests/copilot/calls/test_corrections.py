"""Partials and corrections in the live path: what is shown, what is put right, and what never reaches the disk."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from copilot.calls.desk import Desk
from copilot.calls.live import LiveCalls
from copilot.errors import NotFound
from copilot.store import EventLog
from copilot.transcript import Place, Transcript, Turn
from tests.copilot.conftest import call, said

CARD_WORDS = "four five three nine one four eight eight zero three four three six four six seven".split()


def bodies(live: LiveCalls, kind: str, call_id: str = "call-1") -> list[Mapping[str, Any]]:
    return [event.body for event in live.events(call_id) if event.type == kind]


def texts(live: LiveCalls, kind: str) -> list[str]:
    return [body["text"] for body in bodies(live, kind)]


def stored_bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file())


def started(live: LiveCalls) -> LiveCalls:
    live.start(call())
    return live


def test_a_partial_is_shown_and_its_final_forgets_it(live: LiveCalls) -> None:
    started(live)
    live.add_partial("call-1", Turn("a", "customer", "I want to"))
    live.add_partial("call-1", Turn("a", "customer", "I want to cancel my"))
    live.add_turns("call-1", [Turn("a", "customer", "I want to cancel my internet.")])
    assert texts(live, "turn.partial") == ["I want to", "I want to cancel my"]
    assert texts(live, "turn.final") == ["I want to cancel my internet."]
    assert [turn.text for turn in live.turns("call-1")] == ["I want to cancel my internet."]


def test_a_partial_raises_no_cue_and_no_card(live: LiveCalls) -> None:
    started(live)
    before = len(live.events("call-1"))
    live.add_partial("call-1", Turn("a", "customer", "I want to cancel my internet, it is too expensive"))
    assert [event.type for event in live.events("call-1")[before:]] == ["turn.partial"]


def test_a_partial_sent_again_or_after_its_final_changes_nothing(live: LiveCalls) -> None:
    started(live)
    partial = Turn("a", "customer", "I want to")
    assert live.add_partial("call-1", partial).accepted == 1
    assert live.add_partial("call-1", partial).duplicates == 1
    live.add_turns("call-1", [Turn("a", "customer", "I want to leave.")])
    seq = live.events("call-1")[-1].seq
    assert vars(live.add_partial("call-1", Turn("a", "customer", "I want"))) == {
        "accepted": 0,
        "duplicates": 1,
        "seq": seq,
    }


def test_on_a_numbered_stream_a_partial_older_than_the_last_final_is_late(live: LiveCalls) -> None:
    started(live)
    live.add_partial("call-1", Turn("s", "customer", "hello", place=Place("s", 2)))
    live.add_turns("call-1", [Turn("s-4", "customer", "hello there", place=Place("s", 4))])
    assert live.add_partial("call-1", Turn("s", "customer", "hello th", place=Place("s", 3))).duplicates == 1
    assert live.add_partial("call-1", Turn("s", "customer", "so", place=Place("s", 5))).accepted == 1


def test_a_partial_of_a_call_nobody_announced_is_refused(live: LiveCalls) -> None:
    with pytest.raises(NotFound):
        live.add_partial("call-1", Turn("a", "customer", "hello"))


def test_another_process_knows_the_partials_from_the_log(database: Engine, desk: Desk) -> None:
    one, other = (LiveCalls(EventLog(database), desk) for _ in range(2))
    started(one)
    one.add_partial("call-1", Turn("a", "customer", "I want to"))
    assert other.add_partial("call-1", Turn("a", "customer", "I want to")).duplicates == 1


def test_a_card_growing_through_partials_never_shows_a_digit(live: LiveCalls, tmp_path: Path) -> None:
    """Even the first three, when nothing says yet that a card has begun."""
    started(live)
    for length in range(1, len(CARD_WORDS) + 1):
        live.add_partial("call-1", Turn("a", "customer", "it is " + " ".join(CARD_WORDS[:length])))
        live.add_partial("call-1", Turn("b", "customer", "and " + "4539148803436467"[:length]))
    shown = texts(live, "turn.partial")
    assert shown == ["it is [NUMBER]", "and [NUMBER]"]
    live.add_turns("call-1", [Turn("a", "customer", "it is " + " ".join(CARD_WORDS))])
    live.add_turns("call-1", [Turn("b", "customer", "and 4539148803436467")])
    assert texts(live, "turn.final") == ["it is [CARD]", "and [CARD]"]
    stored = stored_bytes(tmp_path)
    assert b"four five" not in stored
    assert b"4539" not in stored


def test_partials_are_emptied_when_their_final_shows_a_secret_they_did_not(live: LiveCalls, tmp_path: Path) -> None:
    """The partial is too long for an answer to the question, the final is one."""
    started(live)
    live.add_turns("call-1", said(("agent", "What is the password on the account?")))
    live.add_partial("call-1", Turn("a", "customer", "wait the children keep shouting about xylophone lessons again"))
    assert "xylophone" in texts(live, "turn.partial")[0]
    live.add_turns("call-1", [Turn("a", "customer", "xylophone")])
    assert texts(live, "turn.partial") == [""]
    assert b"xylophone" not in stored_bytes(tmp_path)


def test_partials_of_a_stream_are_emptied_by_the_final_that_ends_them(live: LiveCalls, tmp_path: Path) -> None:
    started(live)
    live.add_turns("call-1", said(("agent", "What is the password on the account?")))
    live.add_partial(
        "call-1",
        Turn("s", "customer", "wait the children keep shouting about xylophone lessons again", place=Place("s", 1)),
    )
    live.add_turns("call-1", [Turn("s-2", "customer", "xylophone", place=Place("s", 2))])
    assert b"xylophone" not in stored_bytes(tmp_path)


def test_during_a_pause_partials_and_corrections_are_not_taken(live: LiveCalls, tmp_path: Path) -> None:
    started(live)
    live.add_turns("call-1", [Turn("a", "customer", "I'll tell you")])
    live.record("call-1", "capture.paused", {})
    live.add_partial("call-1", Turn("b", "customer", "my secret word is xylophone"))
    live.correct_turn("call-1", Turn("a", "customer", "I'll tell you it is xylophone"))
    live.add_turns("call-1", [Turn("c", "customer", "hm xylophone")])
    live.record("call-1", "capture.resumed", {})
    live.correct_turn("call-1", Turn("c", "customer", "um xylophone"))
    assert texts(live, "turn.partial") == ["[capture paused]"]
    assert texts(live, "turn.corrected") == []
    assert b"xylophone" not in stored_bytes(tmp_path)


def test_an_utterance_begun_in_a_pause_stays_out_when_its_final_comes_after_it(live: LiveCalls, tmp_path: Path) -> None:
    started(live)
    live.record("call-1", "capture.paused", {})
    live.add_partial("call-1", Turn("a", "customer", "my secret word is"))
    live.record("call-1", "capture.resumed", {})
    live.add_partial("call-1", Turn("a", "customer", "my secret word is xylophone"))
    live.add_turns("call-1", [Turn("a", "customer", "My secret word is xylophone.")])
    live.add_turns("call-1", [Turn("b", "customer", "Thanks.")])
    assert texts(live, "turn.final") == ["[capture paused]", "Thanks."]
    assert b"xylophone" not in stored_bytes(tmp_path)


def test_a_correction_replaces_the_words_and_raises_what_is_new(live: LiveCalls) -> None:
    started(live)
    live.add_turns("call-1", [Turn("a", "customer", "I want to counsel my internet.", 1000)])
    assert "cancel_intent" not in {body["cue_id"] for body in bodies(live, "cue.raised")}
    assert live.correct_turn("call-1", Turn("a", "customer", "I want to cancel my internet.")).accepted == 1
    assert "cancel_intent" in {body["cue_id"] for body in bodies(live, "cue.raised")}
    assert texts(live, "turn.corrected") == ["I want to cancel my internet."]
    assert live.turns("call-1") == [Turn("a", "customer", "I want to cancel my internet.", 1000)]


def test_a_correction_withdraws_cues_of_words_that_were_not_said(live: LiveCalls) -> None:
    started(live)
    live.add_turns("call-1", [Turn("a", "customer", "I want to cancel my internet.")])
    live.correct_turn("call-1", Turn("a", "customer", "I want to handle my internet."))
    assert bodies(live, "turn.corrected")[-1]["withdraws"] == ["cancel_intent"]
    assert "cancel_intent" not in live.summary("call-1")["intents"]
    live.add_turns("call-1", [Turn("b", "customer", "I want to cancel my internet.")])
    assert "cancel_intent" in live.summary("call-1")["intents"]


def test_a_correction_shows_no_second_card_for_its_turn(live: LiveCalls, database: Engine, desk: Desk) -> None:
    other = LiveCalls(EventLog(database), desk)
    for calls, call_id in ((live, "corrected"), (other, "said at once")):
        calls.start(call(call_id))
    other.add_turns("said at once", [Turn("a", "customer", "I'm moving to a new address next month.")])
    live.add_turns("corrected", [Turn("a", "customer", "I want to cancel my internet, it is too expensive.")])
    live.correct_turn("corrected", Turn("a", "customer", "I'm moving to a new address next month."))
    about = [card["about"] for card in bodies(live, "card.shown", "corrected")]
    moving = [card["about"] for card in bodies(other, "card.shown", "said at once")]
    assert moving[-1] not in about
    of_turn = [card for card in bodies(live, "card.shown", "corrected") if "a" in card["turn_ids"]]
    assert len([card for card in of_turn if card["kind"] != "alert"]) == 1


def test_a_correction_raises_no_cue_of_its_turn_twice(live: LiveCalls) -> None:
    """`promise_made` is raised for each sentence it is heard in; here it is the same sentence."""
    started(live)
    live.add_turns("call-1", [Turn("a", "agent", "I'll send you an email by Friday.")])
    live.correct_turn("call-1", Turn("a", "agent", "I'll send you an email by Friday noon."))
    assert [body["cue_id"] for body in bodies(live, "cue.raised")].count("promise_made") == 1


def test_a_correction_to_the_same_words_changes_nothing(live: LiveCalls) -> None:
    started(live)
    turn = Turn("a", "customer", "my card is 4539 1488 0343 6467 and I have 2 lines")
    live.add_turns("call-1", [turn])
    assert live.correct_turn("call-1", turn).duplicates == 1
    assert texts(live, "turn.corrected") == []


def test_a_correction_of_an_unknown_turn_is_taken_as_final(live: LiveCalls) -> None:
    started(live)
    assert live.correct_turn("call-1", Turn("a", "customer", "Hello.")).accepted == 1
    assert texts(live, "turn.final") == ["Hello."]


def test_a_secret_that_only_the_correction_shows_goes_from_everything_stored(live: LiveCalls, tmp_path: Path) -> None:
    """ "Four file three nine" is no number of 16 digits; its correction is, and the old words hold half of it."""
    started(live)
    live.add_turns("call-1", [Turn("a", "customer", "I pay with four file three nine one four ate 8803436467")])
    live.correct_turn("call-1", Turn("a", "customer", "I pay with card " + " ".join(CARD_WORDS)))
    assert texts(live, "turn.corrected")[-1] == "I pay with card [CARD]"
    assert texts(live, "turn.final") == ["I pay with card [CARD]"]
    stored = stored_bytes(tmp_path)
    assert b"8803436467" not in stored
    assert b"three nine" not in stored


def test_a_correction_that_completes_a_card_over_two_turns_masks_both(live: LiveCalls, tmp_path: Path) -> None:
    started(live)
    live.add_turns("call-1", said(("customer", "5 file 39"), ("customer", "1488")))
    assert texts(live, "turn.final")[1] == "1488"
    live.correct_turn("call-1", Turn("t1", "customer", "4539"))
    assert [turn.text for turn in live.turns("call-1")] == ["[CARD]", "[CARD]"]
    assert b"1488" not in stored_bytes(tmp_path)
    assert b"4539" not in stored_bytes(tmp_path)


def test_a_correction_never_unmasks(live: LiveCalls, tmp_path: Path) -> None:
    """Alone "4538" is no secret; it stands where a piece of a card stood."""
    started(live)
    live.add_turns("call-1", said(("customer", "4539"), ("customer", "1488"), ("customer", "03436467")))
    assert {turn.text for turn in live.turns("call-1")} == {"[CARD]"}
    live.correct_turn("call-1", Turn("t2", "customer", "maybe 4538 hm"))
    assert [turn.text for turn in live.turns("call-1")] == ["[CARD]", "maybe [CARD] hm", "[CARD]"]
    assert b"4538" not in stored_bytes(tmp_path)


@pytest.mark.parametrize("turns_between", [0, 60])
def test_a_correction_never_shows_a_password_that_was_masked(
    live: LiveCalls, tmp_path: Path, turns_between: int
) -> None:
    """Too long for an answer to the question; and after 60 turns the redactor has forgotten the question."""
    started(live)
    live.add_turns("call-1", said(("agent", "What is the password on the account?"), ("customer", "xylophone")))
    live.add_turns("call-1", [Turn(f"x{place}", "agent", "One moment please.") for place in range(turns_between)])
    live.correct_turn("call-1", Turn("t2", "customer", "xylophones is what everybody keeps shouting about there"))
    assert live.turns("call-1")[1].text == "[PASSWORD]"
    assert b"xylophone" not in stored_bytes(tmp_path)


def test_a_card_growing_through_partials_finals_and_corrections_leaves_no_digit(
    database: Engine, desk: Desk, tmp_path: Path
) -> None:
    """Corrected by another process, which has read the masked turns only."""
    one, other = (LiveCalls(EventLog(database), desk) for _ in range(2))
    started(one)
    for length in range(1, 5):
        one.add_partial("call-1", Turn("a", "customer", "my card is " + " ".join(CARD_WORDS[:length])))
    one.add_turns("call-1", [Turn("a", "customer", "my card is four five three nine")])
    other.correct_turn("call-1", Turn("a", "customer", "my card is four five three nine one four eight eight"))
    one.correct_turn("call-1", Turn("a", "customer", "my car is " + " ".join(CARD_WORDS)))
    one.add_turns("call-1", [Turn("b", "customer", "zero three four three six four six seven")])
    stored = stored_bytes(tmp_path)
    assert not [words for words in ("four five", "one four", "eight eight", "three four") if words.encode() in stored]


def test_a_final_after_hang_up_from_a_feed_is_kept_and_the_note_written_again(live: LiveCalls) -> None:
    started(live)
    live.add_turns("call-1", said(("customer", "I want to cancel my internet.")))
    live.end("call-1")
    live.add_turns("call-1", [Turn("z", "agent", "I've cancelled your service as of today.")], after_end=True)
    assert live.note("call-1")["outcome_code"] == "CANCELLED"
    assert live.note("call-1") == bodies(live, "note.updated")[-1]


def test_a_secret_corrected_after_hang_up_goes_from_the_notes_as_well(live: LiveCalls, tmp_path: Path) -> None:
    started(live)
    words = "I want to cancel because my reference is 8803436467."
    live.add_turns("call-1", [Turn("a", "customer", words)])
    live.end("call-1")
    live.edit_note("call-1", {"text": "Wants to cancel, gave 8803436467."}, "agent")
    assert b"8803436467" in stored_bytes(tmp_path)
    live.correct_turn("call-1", Turn("a", "customer", "I want to cancel because my card is 4539 1488 0343 6467."))
    assert b"8803436467" not in stored_bytes(tmp_path)
    assert live.note("call-1")["text"] == "Wants to cancel, gave [NUMBER]."
    assert live.note("call-1")["edited_by"] == "agent"


def test_a_correction_after_hang_up_leaves_a_note_a_person_has_edited(live: LiveCalls) -> None:
    started(live)
    live.add_turns("call-1", said(("customer", "I want to counsel my internet.")))
    live.end("call-1")
    edited = live.edit_note("call-1", {"text": "Asked about internet."}, "agent")
    live.correct_turn("call-1", Turn("t1", "customer", "I want to cancel my internet."))
    assert live.note("call-1") == edited


def test_a_turn_that_came_late_stands_in_the_note_where_it_was_spoken(database: Engine, desk: Desk) -> None:
    in_order = [
        Turn("1", "agent", "How can I help?", 1000),
        Turn("2", "agent", "The installation fee is 40 dollars.", 4000),
        Turn("3", "agent", "The activation fee is 15 dollars.", 9000),
    ]
    live = LiveCalls(EventLog(database), desk)
    notes = []
    for call_id, order in (("sorted", (0, 1, 2)), ("late", (0, 2, 1))):
        live.start(Transcript(call_id, language="en"))
        for place in order:
            live.add_turns(call_id, [in_order[place]])
        notes.append({**live.end(call_id), "call_id": ""})
    assert notes[0] == notes[1]
    assert [told["text"] for told in notes[1]["told"]] == [
        "The installation fee is 40 dollars",
        "The activation fee is 15 dollars",
    ]
