"""Cues in turns: who may raise them, what takes them back, and which of the demo pack's fire on real talk."""

import json
from typing import Any

import pytest

from copilot.calls.cues import CueReader
from copilot.transcript import Speaker, Turn
from knowledge.pack import load_pack
from knowledge.rules.cues import Cue


def a_cue(cue_id: str = "cancel_intent", **changes: Any) -> Cue:
    fields = {"id": cue_id, "kind": "intent", "label": {"en": cue_id}, "phrases": {"en": ["cancel it"]}}
    return Cue.model_validate(fields | changes)


def heard(cues: list[Cue], text: str, speaker: Speaker = "customer", language: str = "en") -> list[str]:
    return [cue.cue.id for cue in CueReader(cues).read(Turn("t1", speaker, text), language)]


@pytest.fixture(scope="module")
def demo() -> CueReader:
    return CueReader(load_pack("demo").cues)


def flags(reader: CueReader, text: str, language: str = "en") -> set[str]:
    """Red flags of what a customer says."""
    found = reader.read(Turn("t1", "customer", text), language)
    return {cue.cue.id for cue in found if cue.cue.kind == "flag"}


def test_a_cue_comes_with_the_words_that_raised_it() -> None:
    found = CueReader([a_cue()]).read(Turn("t1", "customer", "Well, just Cancel it!"), "en")
    assert [(cue.cue.id, cue.words) for cue in found] == [("cancel_intent", "cancel it")]


@pytest.mark.parametrize(
    ("said_by", "raised_by"),
    [
        ("customer", ["customer", "unknown"]),
        ("agent", ["agent", "unknown"]),
        ("any", ["customer", "agent", "unknown", "system"]),
    ],
)
def test_only_the_right_speaker_raises_a_cue_and_an_unknown_one_raises_all(said_by: str, raised_by: list[str]) -> None:
    speakers: list[Speaker] = ["customer", "agent", "unknown", "system"]
    expected = [who for who in speakers if who in raised_by]
    assert [who for who in speakers if heard([a_cue(said_by=said_by)], "cancel it", who)] == expected


def test_a_phrase_takes_a_cue_back_anywhere_in_the_turn() -> None:
    cue = a_cue(unless={"en": ["before i cancel it"]})
    assert heard([cue], "Wait, before I cancel it, what do I owe?") == []
    assert heard([cue], "Cancel it.") == ["cancel_intent"]


def test_another_languages_phrases_are_not_heard() -> None:
    cue = a_cue(phrases={"en": ["cancel it"], "es": ["cancelelo"]}, unless={"en": ["cancel it"]})
    assert heard([cue], "cancélelo", language="es") == ["cancel_intent"]
    assert heard([cue], "cancélelo") == []
    assert heard([cue], "cancel it", language="fr") == []


def test_cues_come_in_the_order_of_the_pack_and_one_without_phrases_never() -> None:
    cues = [a_cue("second"), a_cue("silent", phrases={}), a_cue("first")]
    assert heard(cues, "cancel it") == ["second", "first"]


@pytest.mark.parametrize("text", ["", "   ", "...", "💬", "\0"])
def test_a_turn_without_words_raises_nothing(demo: CueReader, text: str) -> None:
    assert demo.read(Turn("t1", "unknown", text), "en") == []


def test_every_cue_a_demo_call_is_there_to_show_is_heard_in_it(demo: CueReader) -> None:
    calls = (load_pack("demo").directory / "calls.jsonl").read_text("utf-8").splitlines()
    missed = {}
    for call in map(json.loads, calls):
        turns = [Turn(turn["turn_id"], turn["speaker"], turn["text"]) for turn in call["turns"]]
        raised = {cue.cue.id for turn in turns for cue in demo.read(turn, call["language"])}
        missed[call["call_id"]] = set(call["shows"]) - raised
    assert len(missed) >= 16
    assert {call_id: cues for call_id, cues in missed.items() if cues} == {}


def test_demo_calls_raise_only_the_flags_they_are_about(demo: CueReader) -> None:
    calls = (load_pack("demo").directory / "calls.jsonl").read_text("utf-8").splitlines()
    raised: dict[str, set[str]] = {}
    for call in map(json.loads, calls):
        for turn in call["turns"]:
            for cue in demo.read(Turn("t", turn["speaker"], turn["text"]), call["language"]):
                if cue.cue.kind == "flag":
                    raised.setdefault(call["call_id"], set()).add(cue.cue.id)
    assert raised == {
        "demo-09-outage-business": {"outage"},
        "demo-10-sim-takeover": {"fraud_ato"},
        "demo-11-bbb-threat": {"regulator", "repeat"},
        "demo-12-legal-threat": {"legal_threat"},
        "demo-13-hardship": {"vulnerable", "safety"},  # the oxygen machine calls on that line
        "demo-24-deceased": {"vulnerable", "collection_stop"},
        "demo-25-reason-asked-twice": {"repeat"},
    }


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("I'm going to sue you people.", "legal_threat"),
        ("You'll hear from my lawyer.", "legal_threat"),
        ("I'm filing with the FCC today", "regulator"),
        ("I'll call the news about this", "media"),
        ("Without it I can't call 911", "safety"),
        ("I might kill myself", "self_harm"),
        ("Somebody got into my account", "fraud_ato"),
        ("Can't you just skip the PIN?", "fraud_ato"),
        ("My wife has cancer", "vulnerable"),
        ("I'm disabled and on a fixed income", "vulnerable"),
        ("Stop calling me about it", "collection_stop"),
        ("I'll do a chargeback", "chargeback"),
        ("You sent me someone else's bill", "privacy_breach"),
        ("That's the third time I've called", "repeat"),
    ],
)
def test_a_red_flag_is_heard(demo: CueReader, text: str, flag: str) -> None:
    assert flag in flags(demo, text)


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("voy a demandar a la compañía", "legal_threat"),
        ("voy a poner una queja con la FCC", "regulator"),
        ("no puedo llamar al 911", "safety"),
        ("me hackearon la cuenta", "fraud_ato"),
        ("estoy enferma y mi mamá está en el hospital", "vulnerable"),
        ("es la tercera vez que llamo", "repeat"),
    ],
)
def test_a_red_flag_is_heard_in_spanish(demo: CueReader, text: str, flag: str) -> None:
    assert flag in flags(demo, text, "es")


@pytest.mark.parametrize(
    "text",
    [
        "What is the FCC fee on my bill?",
        "It's the phone of my attorney's office, I do the front desk",
        "I'm an attorney, I need a second line",
        "My account got disabled when I typed the PIN wrong",
        "I am ninety percent sure I paid",
        "I work in a hospital, I only get home at nine",
        "Do I get it without a security deposit?",
        "She can't speak English, can you do Spanish?",
        "Ada Morales, and the relay is on the wall",
        "I'm the president of the company",
        "That's the best news I've had all day",
        "They charged me eighty dollars over",
        "This bath bomb app eats my data",
        "The account is in someone else's name",
        "I get a flyer every week",
        "My phone broke, the screen is cracked",
    ],
)
def test_innocent_talk_raises_no_red_flag(demo: CueReader, text: str) -> None:
    assert flags(demo, text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "hay mucha demanda de ese plan",
        "soy enfermera en una clínica",
        "trabajo en el hospital de noche",
        "yo no hice ese viaje",
        "¿cuánto es el cargo de la FCC?",
    ],
)
def test_innocent_talk_in_spanish_raises_no_red_flag(demo: CueReader, text: str) -> None:
    assert flags(demo, text, "es") == set()


@pytest.mark.parametrize(
    ("text", "is_passed"),
    [
        ("Six one four nine, that's right.", True),
        ("Thank you, you're verified.", True),
        ("Thank you, that matches.", True),
        ("December first. Is that right?", False),
        ("That's right, I need your PIN.", False),
        ("It went through, on the Visa.", False),
        ("The PIN doesn't match.", False),
        ("I can't do that until you're verified.", False),
    ],
)
def test_only_a_match_counts_as_verified(demo: CueReader, text: str, is_passed: bool) -> None:
    raised = {cue.cue.id for cue in demo.read(Turn("t1", "agent", text), "en")}
    assert ("verification_passed" in raised) is is_passed


@pytest.mark.parametrize(
    ("text", "is_done"),
    [
        ("I've sent the link.", True),
        ("I credited the eight dollars.", True),
        ("I need your PIN.", False),
        ("Can I put you on hold?", False),
        ("No SIM change has been made.", False),
    ],
)
def test_only_deeds_count_as_done(demo: CueReader, text: str, is_done: bool) -> None:
    raised = {cue.cue.id for cue in demo.read(Turn("t1", "agent", text), "en")}
    assert ("action_done" in raised) is is_done
