"""Moments that want care: their script first, nothing to read, nothing for sale."""

from datetime import date

import pytest

from copilot.calls.cards import Card
from copilot.calls.care import care_cues, may_sell
from copilot.calls.desk import Desk
from copilot.calls.fast_path import react
from copilot.calls.moment import Moment, Noticed
from copilot.calls.state import CallState, Raised
from copilot.calls.watchers import WATCHERS
from copilot.transcript import Turn
from tests.copilot.calls.watchers.conftest import Talk, talk

__all__ = ["talk"]
TODAY = date(2026, 11, 20)


def moment(desk: Desk, text: str, *, heard_before: tuple[str, str] | None = None, language: str = "en") -> Moment:
    turn, state = Turn("t", "customer", text), CallState("c")
    if heard_before:
        state.cues.append(Raised(*heard_before, "", "t0", ""))
    return Moment(state, turn, tuple(desk.cue_reader.read(turn, language)), desk, language, TODAY)


def test_the_gravest_comes_first(desk: Desk) -> None:
    text = "I am so angry with you, I lost my job and now I can't call 911"
    assert care_cues(moment(desk, text)) == ["safety", "vulnerable", "irate"]


def test_nothing_is_sold_in_such_a_moment_nor_after_a_flag_that_stops_offers(desk: Desk) -> None:
    assert not may_sell(moment(desk, "I lost my job"))
    assert not may_sell(moment(desk, "what plans are there", heard_before=("vulnerable", "flag")))
    assert may_sell(moment(desk, "what plans are there", heard_before=("regulator", "flag")))
    assert may_sell(moment(desk, "what plans are there"))


@pytest.mark.parametrize(
    ("language", "text", "doc_id"),
    [
        ("en", "I lost my job, I want to cancel my internet, it is too expensive", "scripts/vulnerable-hardship"),
        ("es", "perdí mi trabajo y quiero cancelar el internet, está muy caro", "scripts/vulnerable-hardship-es"),
        ("en", "I lost my job and I can't call 911 and I want to cancel my service", "scripts/safety-emergency"),
        ("es", "no puedo llamar al 911 y quiero cancelar mi servicio", "scripts/safety-emergency-es"),
    ],
)
def test_the_script_of_care_comes_before_that_of_the_want(talk: Talk, language: str, text: str, doc_id: str) -> None:
    shown = talk(("customer", text), language=language)
    assert [card["about"] for card in shown if card["kind"] != "alert"] == [doc_id]


def test_after_hardship_a_cancellation_is_taken_and_no_offer_is_read(talk: Talk) -> None:
    talk(("customer", "I lost my job"))
    shown = talk(("customer", "I want to cancel my internet, it is too expensive"))
    assert [card["about"] for card in shown if card["kind"] != "alert"] == ["scripts/cancel-at-once"]


def test_a_need_stated_after_hardship_brings_the_script_that_holds_back(talk: Talk) -> None:
    talk(("customer", "I lost my job"))
    shown = talk(("customer", "is there a faster plan with more data"))
    assert [card["about"] for card in shown] == ["scripts/upsell-hold-back"]


def test_while_somebody_needs_care_no_passage_and_no_offer_is_shown(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def watch(_: Moment) -> Noticed:
        return Noticed(
            cards=(
                Card("offer", "Offer", "Ten off", "offer OF-1", "", ("t",)),
                Card("passage", "Passage", "A text", "p#1", "", ("t",)),
            )
        )

    def shown(text: str) -> list[str]:
        reactions = react(CallState("c"), Turn("t", "agent", text), desk, language="en", on=TODAY, min_score=0.3)
        return [reaction.body["about"] for reaction in reactions if reaction.type == "card.shown"]

    monkeypatch.setattr("copilot.calls.fast_path.WATCHERS", (*WATCHERS, watch))
    assert shown("let me see what there is") == ["offer OF-1"]
    state = CallState("c")
    turn = Turn("t", "customer", "my wife is in the hospital, what does the plan cost, is there a fee to pay")
    reactions = react(state, turn, desk, language="en", on=TODAY, min_score=0.0)
    kinds = {reaction.body["kind"] for reaction in reactions if reaction.type == "card.shown"}
    assert kinds == {"alert", "script"}
