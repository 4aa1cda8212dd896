from datetime import date
from typing import Any

import pytest

from copilot.calls.desk import Desk
from copilot.calls.fast_path import open_call, react
from copilot.calls.state import CallState
from copilot.transcript import Turn
from knowledge.scripts import must_say_lines

TODAY = date(2026, 11, 20)


def heard(
    desk: Desk, text: str, *, state: CallState | None = None, language: str = "en", min_score: float = 0.45
) -> list[tuple[str, dict[str, Any]]]:
    turn = Turn("t", "customer", text)
    reactions = react(state or CallState("c"), turn, desk, language=language, on=TODAY, min_score=min_score)
    return [(reaction.type, reaction.body) for reaction in reactions]


def cards(reactions: list[tuple[str, dict[str, Any]]]) -> list[dict[str, Any]]:
    return [body for kind, body in reactions if kind == "card.shown"]


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("I'm going to sue you people", "legal_threat"),
        ("I'm filing a complaint with the FCC tomorrow", "regulator"),
        ("my husband passed away and I'm in the hospital myself", "vulnerable"),
        ("I can't call 911 from this phone", "safety"),
    ],
)
def test_a_red_flag_raises_an_alert_at_once(desk: Desk, text: str, flag: str) -> None:
    reactions = heard(desk, text)
    alerts = [body for kind, body in reactions if kind == "alert.raised"]
    assert flag in [alert["flag"] for alert in alerts]
    assert any(card["kind"] == "alert" and card["about"] == flag for card in cards(reactions))


def test_an_alert_comes_beside_the_one_card_of_the_turn(desk: Desk) -> None:
    shown = cards(heard(desk, "Cancel my service or my lawyer will sue you"))
    assert {card["kind"] for card in shown} >= {"alert"}
    assert len([card for card in shown if card["kind"] != "alert"]) <= 1


def test_a_script_card_holds_must_say_lines_word_for_word(desk: Desk) -> None:
    (card,) = [
        c for c in cards(heard(desk, "I want to cancel my internet, it's too expensive")) if c["kind"] == "script"
    ]
    script = next(document for document in desk.pack.documents if document.doc_id == card["about"])
    lines = str(card["body"]).split("\n")
    assert lines
    assert all(line in must_say_lines(script.text) for line in lines)


def test_the_script_of_the_customers_state_wins(desk: Desk) -> None:
    californian = next(
        c["customer_id"] for c in desk.pack.customers.values() if c["state"] == "CA" and c["language"] == "en"
    )
    state = CallState("c", customer_id=californian)
    shown = cards(heard(desk, "I want to cancel my service", state=state))
    assert [card["about"] for card in shown if card["kind"] == "script"] == ["scripts/cancel-california"]


def test_small_talk_stays_silent(desk: Desk) -> None:
    for text in ("mm hmm", "okay thank you", "yes that's right", "how are you doing today"):
        assert cards(heard(desk, text)) == []


def test_below_the_confidence_asked_for_nothing_is_shown(desk: Desk) -> None:
    question = "what is the international day pass price per day in mexico"
    assert (
        cards(heard(desk, question, min_score=1.01)) == []
        or cards(heard(desk, question, min_score=1.01))[0]["kind"] == "script"
    )


def test_a_passage_card_quotes_its_document_word_for_word(desk: Desk) -> None:
    shown = cards(heard(desk, "what does the paper bill cost each month on my account?", min_score=0.0))
    passages = [card for card in shown if card["kind"] == "passage"]
    assert len(passages) == 1
    (citation,) = passages[0]["citations"]
    document = next(d for d in desk.pack.documents if d.doc_id == citation["doc_id"])
    plain = " ".join(document.text.replace("*", "").split())
    assert str(citation["quote"])[:60] in plain


def test_voice_calls_open_with_the_opening_script_and_chats_do_not(desk: Desk) -> None:
    voice = open_call(CallState("c", language="en"), desk, TODAY)
    assert [reaction.body["about"] for reaction in voice] == ["scripts/opening-verify"]
    assert open_call(CallState("c", channel="chat", language="en"), desk, TODAY) == []


def test_the_agent_gets_no_passage_for_their_own_words(desk: Desk) -> None:
    turn = Turn("t", "agent", "The paper bill costs three dollars each month on your account")
    reactions = react(CallState("c"), turn, desk, language="en", on=TODAY, min_score=0.0)
    assert [
        reaction for reaction in reactions if reaction.type == "card.shown" and reaction.body["kind"] != "alert"
    ] == []


def test_a_card_number_ahead_raises_the_pause_alert(desk: Desk) -> None:
    turn = Turn("t", "agent", "Sure, go ahead and give me the card number")
    reactions = react(CallState("c"), turn, desk, language="en", on=TODAY, min_score=0.45)
    shown = [reaction.body for reaction in reactions if reaction.type == "card.shown"]
    assert [card["about"] for card in shown] == ["card_number_next"]
