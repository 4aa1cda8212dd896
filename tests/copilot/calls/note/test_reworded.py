"""The note's statements in other words, by a local server that says what the test tells it."""

import json
from typing import Any

import pytest

from copilot.calls.note.reworded import RewordedNote, reword_note
from copilot.calls.slow_path import snapshot
from copilot.calls.state import CallState
from copilot.guard.masking import policy_for
from copilot.transcript import Turn
from tests.copilot.models.conftest import model_at
from tests.copilot.models.local_server import LocalServer, says, serving

TURNS = (
    Turn("c1", "customer", "I want to cancel my internet, it went from sixty dollars to eighty dollars."),
    Turn("a1", "agent", "I can take ten dollars off for six months."),
    Turn("a2", "agent", "I will call you back on Friday."),
)
NOTE: dict[str, Any] = {
    "reason_code": "CANCEL",
    "reason": {"text": "Wants to cancel their internet, it went from $60 to $80", "turn_ids": ["c1"], "support": 0.9},
    "reason_detail": "Wants to cancel their internet, it went from $60 to $80",
    "anything": {"deep": [{"text": "Can take $10 off for six months", "turn_ids": ["a1"], "support": 0.9}]},
    "follow_ups": [
        {"promise": {"text": "Will call back on Friday", "turn_ids": ["a2"], "support": 1.0}, "owner": "agent"}
    ],
    "fields": [{"name": "amount", "value": "$80", "turn_ids": ["c1"]}],
    "text": "Reason: Wants to cancel their internet, it went from $60 to $80\nTold: Can take $10 off for six months",
}
GOOD = "The customer wants to cancel the internet, which went from $60 to $80"


def reworded(
    *statements: tuple[str, str], max_characters: int = 2_000, known_names: tuple[str, ...] = ()
) -> tuple[RewordedNote | None, LocalServer]:
    state = CallState("call", seq=9, ended=True, note=NOTE)
    state.turns = {turn.turn_id: turn for turn in TURNS}
    said = json.dumps({"statements": [{"id": key, "text": text} for key, text in statements]})
    with serving(says(said)) as server:
        call = snapshot(state, "en", may_ask=True)
        note = reword_note(
            model_at(server), call, policy=policy_for(()), max_characters=max_characters, known_names=known_names
        )
        return note, server


def test_a_statement_is_reworded_wherever_it_stands_and_the_rest_stays() -> None:
    found, server = reworded(("s1", GOOD))
    assert found is not None
    assert found.note["reason"] == {"text": GOOD, "turn_ids": ["c1"], "support": 0.9}
    assert found.note["reason_detail"] == GOOD
    assert found.note["text"] == f"Reason: {GOOD}\nTold: Can take $10 off for six months"
    assert found.note["worded_by"] == "openai:local/note_wording/2"
    for key in ("reason_code", "anything", "follow_ups", "fields"):
        assert found.note[key] == NOTE[key]
    prompt = server.asked[0]["messages"][1]["content"]
    assert "[s2] Can take $10 off for six months (t2)" in prompt
    assert "call back on Friday" not in prompt  # follow-ups are not given away


def test_a_rewording_may_name_the_house() -> None:
    named = "Wants to cancel their Meridell internet, it went from $60 to $80"
    assert reworded(("s1", named))[0] is None
    found = reworded(("s1", named), known_names=("Meridell",))[0]
    assert found is not None
    assert found.note["reason"]["text"] == named


@pytest.mark.parametrize(
    "text",
    [
        "The customer wants to cancel the internet, which went from $80 to $60",  # changed places
        "The customer wants to cancel the internet, which went to $80",  # lost one
        "The customer wants to cancel the internet, which went from $60 to $90",
        "The customer does not want to cancel the internet, which went from $60 to $80",
        "The customer wants to cancel the internet, it went from $60 to $80, and gets $10 off for six months",
        "Vandervoort wants to cancel the internet, which went from $60 to $80",
        "",
    ],
)
def test_a_statement_that_says_something_else_keeps_its_own_words(text: str) -> None:
    with_good = reworded(("s1", text or " "), ("s2", "The agent can take $10 off for six months"))[0]
    assert with_good is not None
    assert with_good.note["reason"] == NOTE["reason"]
    assert with_good.note["anything"]["deep"][0]["text"] == "The agent can take $10 off for six months"


def test_nothing_reworded_or_too_long_leaves_the_note() -> None:
    assert reworded(("s9", GOOD))[0] is None
    assert reworded(("s1", GOOD), max_characters=len(NOTE["text"]))[0] is None


def test_a_note_somebody_changed_meanwhile_stays() -> None:
    found, _server = reworded(("s1", GOOD))
    assert found is not None
    assert found.body(CallState("call", note=NOTE)) == found.note
    assert found.body(CallState("call", note={**NOTE, "edited_by": "agent"})) is None
