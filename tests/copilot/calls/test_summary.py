"""Rolling summaries from a local server that says what the test tells it."""

import json
from dataclasses import replace

import pytest

from copilot.calls.live import LiveCalls
from copilot.calls.slow_path import Snapshot, snapshot, without_turns
from copilot.calls.state import CallState
from copilot.calls.summary import Summary, SummarySentence, summarise
from copilot.guard.masking import policy_for
from copilot.transcript import Turn
from tests.copilot.conftest import call, said
from tests.copilot.models.conftest import model_at
from tests.copilot.models.local_server import LocalServer, says, serving

TURNS = (
    Turn("a1", "agent", "Meridell, how can I help?"),
    Turn("c1", "customer", "I want to cancel my internet, it costs eighty dollars."),
    Turn("a2", "agent", "I can take ten dollars off for six months."),
)


def state_of(*turns: Turn, **more: bool) -> CallState:
    state = CallState("call", seq=7, **more)  # type: ignore[arg-type]
    state.turns = {turn.turn_id: turn for turn in turns}
    return state


CALL = snapshot(state_of(*TURNS), "en", may_ask=True)


def summary(
    *sentences: tuple[str, list[str]], call: Snapshot = CALL, before: tuple[SummarySentence, ...] = ()
) -> tuple[Summary | None, LocalServer]:
    said = json.dumps({"sentences": [{"text": text, "turn_ids": ids} for text, ids in sentences]})
    with serving(says(said)) as server:
        return summarise(model_at(server), call, before, policy=policy_for(())), server


def test_each_sentence_names_turns_that_bear_it_out() -> None:
    found, server = summary(
        ("The customer wants to cancel the internet, which costs $80.", ["t2"]),
        ("The agent offered $10 off for six months.", ["t3"]),
        ("The customer accepted it.", ["t3"]),
        ("The customer threatened to sue.", ["t2"]),
        ("The agent offered $10 off.", ["t9"]),
    )
    assert found is not None
    assert [(one.text[:12], one.turn_ids) for one in found.sentences] == [
        ("The customer", ("c1",)),
        ("The agent of", ("a2",)),
    ]
    assert "[t2] customer: I want to cancel" in server.asked[0]["messages"][1]["content"]


def test_a_summary_may_name_the_house_and_retells_what_the_agent_says_is_done() -> None:
    done = Turn("a3", "agent", "I've applied the ten dollars off now.")
    call = snapshot(state_of(*TURNS, done), "en", may_ask=True)
    deed = {"text": "The agent applied $10 off.", "turn_ids": ["t4"]}
    house = {"text": "The customer wants to cancel the Meridell internet.", "turn_ids": ["t2"]}
    with serving(says(json.dumps({"sentences": [deed, house]}))) as server:
        model = model_at(server)
        plain = summarise(model, call, policy=policy_for(()))
        named = summarise(model, call, policy=policy_for(()), known_names=["Meridell"])
    assert plain is not None
    assert named is not None
    assert [len(found.sentences) for found in (plain, named)] == [1, 2]


def test_the_sentences_before_are_shown_with_their_turns() -> None:
    before = (SummarySentence("The customer wants to cancel.", ("c1",), 1.0),)
    _found, server = summary(("The agent offered $10 off.", ["t3"]), before=before)
    assert "- The customer wants to cancel. (t2)" in server.asked[0]["messages"][1]["content"]


@pytest.mark.parametrize(
    "now",
    [
        state_of(*TURNS, ended=True),
        state_of(*TURNS, capture_paused=True),
        state_of(*TURNS, *[Turn(f"n{n}", "customer", "And?") for n in range(8)]),
        state_of(TURNS[0], TURNS[1], replace(TURNS[2], text="[CARD]")),
    ],
)
def test_a_stale_summary_is_not_shown(now: CallState) -> None:
    found, _server = summary(("The agent offered $10 off for six months.", ["t3"]))
    assert found is not None
    assert found.body(now) is None
    assert found.body(state_of(*TURNS)) is not None


def test_the_body_says_as_of_when_and_by_whom() -> None:
    found, _server = summary(("The agent offered $10 off for six months.", ["t3"]))
    body = found.body(state_of(*TURNS)) if found else None
    assert body is not None
    assert (body["kind"], body["as_of_seq"], body["provider"], body["prompt_version"]) == (
        "summary",
        7,
        "openai:local",
        1,
    )
    assert body["text"] == body["sentences"][0]["text"]


def test_nothing_borne_out_is_no_summary() -> None:
    assert summary(("All is well.", ["t1"]))[0] is None


def test_turns_said_while_capture_was_paused_are_not_sent() -> None:
    state = state_of(*TURNS, Turn("p1", "customer", "[capture paused]"))
    assert [turn.turn_id for turn in snapshot(state, "en", may_ask=True).turns] == ["a1", "c1", "a2"]


def test_no_model_is_asked_about_a_call_whose_words_may_not_be_kept(live: LiveCalls) -> None:
    live.start(call())
    live.add_turns("call-1", said(("agent", "This call is recorded."), ("customer", "My internet is slow.")))
    assert live.snapshot("call-1").may_ask
    live.set_capture("call-1", is_paused=True)
    assert not live.snapshot("call-1").may_ask
    live.set_capture("call-1", is_paused=False)
    live.consent("call-1", {"kind": "recording", "given": False, "wording": None})
    assert not live.snapshot("call-1").may_ask


def test_what_rests_on_a_turn_that_held_a_secret_goes() -> None:
    body = {
        "question": "Is it 4111?",
        "turn_ids": ["c9"],
        "sentences": [{"text": "One.", "turn_ids": ["a1"]}, {"text": "Is it 4111?", "turn_ids": ["a1", "c9"]}],
    }
    assert without_turns(body, {"c9"}) == {"sentences": body["sentences"][:1], "text": "One.", "question": ""}
    assert without_turns(body, {"c8"}) == {}
