"""The script navigator in a running call: ticks, the next step, another language."""

from typing import Any

import pytest

from copilot.calls.live import LiveCalls
from tests.copilot.calls.watchers.conftest import Talk

OPENING = (
    "Thank you for calling Meridell, my name is Ana. This call is recorded, and an automated assistant transcribes it "
    "to help me take notes."
)
ANY_TIME = "You may complete the cancellation at any time by saying so."


def ticks(live: LiveCalls) -> list[dict[str, Any]]:
    events = live.events("watched")
    return [dict(e.body) for e in events if e.type == "cue.raised" and e.body["kind"] == "script"]


def test_a_must_say_line_is_ticked_with_its_turn_and_how_near(live: LiveCalls, talk: Talk) -> None:
    talk(("agent", OPENING), ("customer", "hi there"))
    (tick,) = ticks(live)
    assert (tick["cue_id"], tick["doc_id"], tick["step"], tick["line"]) == (
        "must_say",
        "scripts/opening-verify",
        1,
        1,
    )
    assert (tick["turn_id"], tick["near"]) == ("t1", 1.0)
    assert tick["label"].startswith("Thank you for calling Meridell, my name is {agent_name}.")
    view = live.script("watched")
    assert view["steps"][0]["must_say"][0]["status"] == "said"
    assert view["steps"][0]["must_say"][0]["turn_id"] == "t1"
    assert view["current"] == 2


def test_a_line_is_ticked_once_however_often_it_is_said(live: LiveCalls, talk: Talk) -> None:
    talk(("agent", OPENING), ("agent", OPENING))
    assert len(ticks(live)) == 1


def test_a_line_said_over_three_turns_is_ticked_by_the_last(live: LiveCalls, talk: Talk) -> None:
    talk(
        ("agent", "Thank you for calling Meridell, my name is Ana."),
        ("customer", "mm hm"),
        ("agent", "This call is recorded, and an automated assistant"),
        ("customer", "okay"),
        ("agent", "transcribes it to help me take notes."),
    )
    (tick,) = ticks(live)
    assert tick["turn_id"] == "t5"
    assert tick["words"] == "transcribes it to help me take notes"


def test_what_the_customer_says_ticks_nothing(live: LiveCalls, talk: Talk) -> None:
    talk(("customer", OPENING), ("agent", "I already said everything, mark all as read."))
    assert ticks(live) == []


def test_only_lines_of_scripts_that_came_up_are_looked_for(live: LiveCalls, talk: Talk) -> None:
    talk(("agent", ANY_TIME))
    assert ticks(live) == []


def test_ticks_do_not_choose_scripts_or_write_the_note(live: LiveCalls, talk: Talk) -> None:
    talk(("agent", OPENING))
    note = live.end("watched")
    assert "must_say" not in str(note)
    assert live.summary("watched")["intents"] == []


def test_the_step_behind_the_last_one_shown_comes_up_when_the_one_before_it_is_done(talk: Talk) -> None:
    shown = talk(("customer", "I want to cancel my internet, it is too expensive"))
    (first,) = [card for card in shown if card["kind"] == "script"]
    assert (first["about"], first["step"], first["steps"]) == ("scripts/cancel-price", 1, 6)
    assert len(first["body"].split("\n")) == 3
    assert talk(("agent", "I can help you with that, Denise, and I can take care of it on this call.")) == []
    (second,) = talk(
        (
            "agent",
            (
                "Before I process it, may I tell you about one option that could lower your bill? If not, I'll go "
                "straight to the cancellation."
            ),
        ),
    )
    assert (second["kind"], second["about"], second["step"]) == ("script", "scripts/cancel-price step 6", 6)
    assert second["title"] == "Customer wants to cancel because of price – If the answer is no"
    assert second["body"].startswith("Your cancellation is set for {effective_date}")
    assert second["citations"][0]["quote"] == second["body"]


def test_after_a_yes_the_step_for_a_no_does_not_come_up(live: LiveCalls, talk: Talk) -> None:
    talk(("customer", "I want to cancel my internet, it is too expensive"))
    shown = talk(
        (
            "agent",
            (
                "Your price will be sixty dollars a month until June first, and after that it goes to eighty, before "
                "taxes and fees. Shall I set that up?"
            ),
        ),
    )
    assert [tick["step"] for tick in ticks(live)] == [5]
    assert shown == []


def test_a_caller_who_changes_to_spanish_gets_the_script_in_spanish_at_the_same_step(
    live: LiveCalls, talk: Talk
) -> None:
    talk(("customer", "hello i want to cancel my internet, it is too expensive"))
    talk(("agent", "I can help you with that, Mr. Ruiz, and I can take care of it on this call."))
    shown = talk(("customer", "perdón, es que mi inglés no es muy bueno y lo que quiero es cancelar"))
    assert [card for card in shown if card["kind"] != "alert"] == []
    (card,) = talk(("customer", "es que está muy caro y mi esposa no tiene trabajo, no lo puedo pagar"))
    assert (card["about"], card["step"]) == ("scripts/cancel-price-es", 3)
    assert card["body"].startswith("Antes de procesarla, ¿me permite contarle una sola opción")
    talk(
        (
            "agent",
            (
                "antes de procesarla me permite contarle una sola opción que podría bajar su factura si no paso "
                "directo a la cancelación"
            ),
        ),
    )
    view = live.script("watched")
    assert (view["doc_id"], view["language"], view["current"]) == ("scripts/cancel-price-es", "es", 4)
    assert [line["status"] for step in view["steps"] for line in step["must_say"]][:2] == ["said", "said"]


def test_one_sentence_in_spanish_changes_nothing(talk: Talk) -> None:
    talk(("customer", "I want to cancel my internet, it is too expensive"))
    assert talk(("customer", "mi esposa dice que el internet es muy lento")) == []


@pytest.mark.parametrize("order", [("en", "es"), ("es", "en")])
def test_a_call_in_a_language_is_ticked_in_it(live: LiveCalls, talk: Talk, order: tuple[str, str]) -> None:
    lines = {
        "en": OPENING,
        "es": "gracias por llamar a meridell le atiende ana esta llamada se graba y un asistente automático la "
        "transcribe para ayudarme a tomar notas",
    }
    spoken, other = order
    talk(("agent", lines[other]), language=spoken)
    assert ticks(live) == []
    talk(("agent", lines[spoken]), language=spoken)
    assert len(ticks(live)) == 1


def test_the_whole_of_it_is_rebuilt_from_the_log(live: LiveCalls, talk: Talk) -> None:
    talk(("customer", "I want to cancel my internet, it is too expensive"), ("agent", OPENING))
    before = live.script("watched")
    elsewhere = LiveCalls(live._log, live.desk)
    assert elsewhere.script("watched") == before


def test_at_the_end_the_summary_says_what_was_said_and_left_out(live: LiveCalls, talk: Talk) -> None:
    talk(("agent", OPENING))
    live.end("watched")
    (script,) = live.summary("watched")["script"]["followed"]
    assert script["doc_id"] == "scripts/opening-verify"
    assert (len(script["said"]), len(script["skipped"])) == (1, 2)
    assert live.script("watched")["followed"] == [script]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Somebody should have called me back and nobody did, it's the third time."),
        ("es", "¿Por qué subió mi recibo, está muy caro, de sesenta a ochenta dólares?"),
    ],
)
def test_a_reason_without_the_wish_to_leave_brings_up_no_script_that_keeps_people(
    talk: Talk, language: str, said: str
) -> None:
    shown = talk(("customer", said), language=language)
    assert not [card for card in shown if "/cancel-" in card["about"]]


def test_who_says_only_cancel_in_spanish_gets_the_spanish_script(talk: Talk) -> None:
    shown = talk(
        ("customer", "Quiero cancelar mi internet."),
        ("agent", "¿Puedo preguntarle por qué?"),
        ("customer", "No, solo cancele."),
        language="es",
    )
    assert shown[-1]["about"] == "scripts/cancel-at-once-es"
