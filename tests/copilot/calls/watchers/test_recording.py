"""The recording notice, and customers who object."""

import pytest

from copilot.calls.state import BEFORE_NOTICE, CAPTURE_PAUSED
from copilot.errors import Conflict
from tests.copilot.calls.watchers.conftest import Line, PlayCall

NOTICE: Line = ("agent", "Hello, this call is recorded. How can I help?")
HELLO: Line = ("agent", "Hello, how can I help?")
WANT: Line = ("customer", "My internet is slow.")
MORE: Line = ("agent", "I see.")
HOLD = {"before_recording_notice": "hold"}
ONE_PARTY = {"recording_consent": "one_party"}
OBJECTION: Line = ("customer", "I don't want to be recorded.")


def test_the_notice_is_logged_as_consent_with_its_words(play_call: PlayCall) -> None:
    played = play_call(NOTICE, WANT, MORE, WANT)
    (consent,) = [body for body in played.bodies("consent.changed") if body["kind"] == "recording"]
    assert consent == {"kind": "recording", "given": True, "wording": "this call is recorded", "turn_id": "t1"}
    assert played.cards("recording") == []


def test_an_announcement_before_the_agent_is_a_notice(play_call: PlayCall) -> None:
    played = play_call(("system", "This call may be recorded for quality."), HELLO, WANT, MORE, WANT)
    assert played.consents("recording") == [(True, "t1")]


def test_without_the_notice_the_agent_is_warned_once_with_its_words(play_call: PlayCall) -> None:
    played = play_call(HELLO, WANT, MORE, WANT, MORE, WANT)
    (card,) = played.cards("recording_notice_missing")
    assert (card["kind"], card["turn_ids"]) == ("alert", ["t4"])
    assert "“This call is recorded, and an automated assistant transcribes it" in card["body"]


def test_the_warning_is_in_the_language_of_the_call(play_call: PlayCall) -> None:
    played = play_call(("customer", "Hola"), ("agent", "Dígame"), ("customer", "Mi internet"), language="es")
    assert "“Esta llamada se graba" in played.cards("recording_notice_missing")[0]["body"]


@pytest.mark.parametrize("other", [{"channel": "chat"}, {"regimes": ONE_PARTY}])
def test_a_chat_or_one_party_law_needs_no_notice(play_call: PlayCall, other: dict[str, object]) -> None:
    assert play_call(HELLO, WANT, MORE, WANT, MORE, WANT, **other).cards("recording") == []


def test_hold_keeps_nothing_that_was_said_before_the_notice(play_call: PlayCall) -> None:
    secret: Line = ("customer", "My lawyer Zebulon says I should cancel my service.")
    played = play_call(HELLO, secret, NOTICE, WANT, regimes=HOLD)
    texts = [turn.text for turn in played.live.turns("c")]
    assert texts == [BEFORE_NOTICE, BEFORE_NOTICE, NOTICE[1], WANT[1]]
    assert "Zebulon" not in str(played.live.events("c"))
    assert "legal_threat" not in str(played.live.events("c"))


def test_hold_cuts_what_stands_before_the_notice_in_one_turn(play_call: PlayCall) -> None:
    blob: Line = ("unknown", "Zebulon here, cancel it. This call is recorded. Okay.")
    played = play_call(blob, regimes=HOLD)
    assert [turn.text for turn in played.live.turns("c")] == ["This call is recorded. Okay."]


def test_hold_ends_when_the_consent_is_reported(play_call: PlayCall) -> None:
    played = play_call(HELLO, regimes=HOLD)
    played.live.consent("c", {"kind": "recording", "given": True, "wording": "announced"})
    played.say(WANT)
    assert [turn.text for turn in played.live.turns("c")] == [BEFORE_NOTICE, WANT[1]]


@pytest.mark.parametrize(
    ("language", "objection"),
    [
        ("en", "I don't want to be recorded."),
        ("en", "Please don't record me."),
        ("en", "Can you stop recording this call?"),
        ("en", "I do not consent to being recorded"),
        ("es", "No quiero que me graben."),
        ("es", "No autorizo que graben la llamada."),
        ("es", "Por favor deje de grabar."),
    ],
)
def test_an_objection_stops_the_capture_until_the_customer_agrees(
    play_call: PlayCall, language: str, objection: str
) -> None:
    played = play_call(NOTICE, ("customer", objection), ("customer", "My name is Zebulon."), language=language)
    assert played.consents("recording")[-1] == (False, "t2")
    assert [body["reason"] for body in played.bodies("capture.paused")] == ["recording_refused"]
    (card,) = played.cards("recording_refused")
    assert card["kind"] == "alert"
    assert played.cards("recording_notice_missing") == [], "who refused needs no notice"
    assert played.live.turns("c")[-1].text == CAPTURE_PAUSED
    assert "Zebulon" not in str(played.live.events("c"))
    with pytest.raises(Conflict, match="refused to be recorded"):
        played.live.set_capture("c", is_paused=False)
    played.live.consent("c", {"kind": "recording", "given": True, "wording": None})
    played.say(WANT)
    assert played.live.turns("c")[-1].text == WANT[1]


def test_a_no_to_the_question_is_an_objection(play_call: PlayCall) -> None:
    asked: Line = ("agent", "This call is recorded, is it okay if we record you?")
    assert play_call(asked, ("customer", "No."), call_id="no").consents("recording")[-1] == (False, "t2")
    assert play_call(NOTICE, ("customer", "No, I have a problem."), call_id="other").consents("recording") == [
        (True, "t1")
    ]


@pytest.mark.parametrize(
    "talk",
    [
        "How do I stop recording calls on my desk phone?",
        "I don't want the call recording feature anymore",
        "The DVR does not record my show.",
        "Is this call being recorded?",
    ],
)
def test_talk_about_recording_is_no_objection(play_call: PlayCall, talk: str) -> None:
    assert play_call(NOTICE, ("customer", talk)).bodies("capture.paused") == []


def test_a_chat_is_not_recorded_and_goes_on(play_call: PlayCall) -> None:
    assert play_call(HELLO, OBJECTION, channel="chat").bodies("capture.paused", "consent.changed") == []


def test_an_objection_counts_under_one_party_law_too(play_call: PlayCall) -> None:
    assert play_call(HELLO, OBJECTION, regimes=ONE_PARTY).consents("recording") == [(False, "t2")]


def test_a_pause_for_a_payment_outlives_a_consent(play_call: PlayCall) -> None:
    played = play_call(NOTICE)
    played.live.set_capture("c", is_paused=True)
    played.live.consent("c", {"kind": "recording", "given": False, "wording": None})
    played.live.consent("c", {"kind": "recording", "given": True, "wording": None})
    assert played.live.summary("c")["capture_paused"] is True
    played.live.set_capture("c", is_paused=False)
    assert played.live.summary("c")["capture_paused"] is False


def test_pausing_twice_is_one_pause(play_call: PlayCall) -> None:
    played = play_call(NOTICE)
    assert played.live.set_capture("c", is_paused=True) == played.live.set_capture("c", is_paused=True)
    assert len(played.bodies("capture.paused")) == 1


def test_the_agent_who_forgot_the_pause_is_reminded_once(play_call: PlayCall) -> None:
    played = play_call(NOTICE)
    played.live.set_capture("c", is_paused=True)
    done: Line = ("agent", "Thank you Zebulon, the payment went through.")
    played.say(("customer", "the payment went through"), ("agent", "it has not gone through yet"), done, done)
    (card,) = played.cards("resume_capture")
    assert (card["kind"], card["turn_ids"]) == ("alert", ["t4"])
    assert "Zebulon" not in str(played.live.events("c"))
    played.live.set_capture("c", is_paused=False)
    played.say(done)
    assert len(played.cards("resume_capture")) == 1


@pytest.mark.parametrize(("asked_for", "cards"), [(True, 1), (False, 0)])
def test_the_pause_before_a_card_is_asked_for_where_the_pack_wants_it(
    play_call: PlayCall, asked_for: bool, cards: int
) -> None:
    played = play_call(
        NOTICE, ("customer", "Take my card number, please."), regimes={"pause_capture_for_payment": asked_for}
    )
    assert len(played.cards("card_number_next")) == cards
