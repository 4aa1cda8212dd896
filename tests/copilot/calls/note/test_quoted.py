"""A note in another language than the call: codes and labels in its own, people quoted as said."""

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import Engine

from copilot.calls.desk import Desk
from copilot.calls.live import LiveCalls
from copilot.calls.note.quoted import bare_quotes, quoted, spoken_words
from copilot.store import EventLog
from copilot.transcript import Speaker
from knowledge.pack import Pack
from tests.copilot.calls.note.test_note import SAVED, note_of
from tests.copilot.calls.note.test_required import pack_with

SPANISH: tuple[tuple[Speaker, str], ...] = (
    ("agent", "Gracias por llamar a Meridell, esta llamada se graba. ¿En qué le ayudo?"),
    ("customer", "Quiero dar de baja el internet, está muy caro."),
    ("agent", "Le puedo ofrecer diez dólares menos al mes por seis meses."),
    ("customer", "Sí, me quedo. Muy amable."),
    ("agent", "Ya le apliqué el descuento. Le llamo el lunes a las 10."),
)


def note_in(language: str, database: Engine, pack: Pack, *lines: tuple[Speaker, str], call: str) -> Mapping[str, Any]:
    live = LiveCalls(EventLog(database), Desk(pack_with(pack, language=language), None))
    return note_of(live, *lines, language=call)


def test_a_spanish_call_noted_in_english_has_english_labels_and_spanish_quotes(
    database: Engine, demo_pack: Pack
) -> None:
    note = note_in("en", database, demo_pack, *SPANISH, call="es")
    assert (note["language"], note["call_language"]) == ("en", "es")
    assert note["text"].split("\n")[0] == (
        "Reason: Cancellation. Customer said: «Quiero dar de baja el internet, está muy caro»"
    )
    assert "Outcome: SAVED (customer stays). Customer said: «Sí, me quedo»" in note["text"]
    assert "Agent promised a call: «Le llamo el lunes a las 10»" in note["text"]
    assert "(accepted)" in note["text"]
    assert [statement["text"] for statement in note["disclosures_read"]] == ["recording notice given"]
    assert note["follow_ups"][0]["due"] == "el lunes a las 10"


def test_every_quote_is_borne_out_by_its_turn(database: Engine, demo_pack: Pack) -> None:
    note = note_in("en", database, demo_pack, *SPANISH, call="es")
    turns = {f"t{place}": text for place, (_, text) in enumerate(SPANISH, start=1)}
    for statement in (note["reason"], note["outcome"], note["follow_ups"][0]["promise"]):
        assert statement["support"] > 0.5
        words = spoken_words(statement["text"])
        assert words in turns[statement["turn_ids"][0]]


def test_an_english_call_noted_in_spanish_is_quoted_in_english(database: Engine, demo_pack: Pack) -> None:
    note = note_in("es", database, demo_pack, *SAVED, call="en")
    assert note["text"].startswith("Motivo: Cancelación. El cliente dijo: «I want to cancel my internet")
    assert "(aceptada)" in note["text"]


@pytest.mark.parametrize("language", ["call", "es"])
def test_a_note_in_the_language_of_the_call_retells(language: str, database: Engine, demo_pack: Pack) -> None:
    note = note_in(language, database, demo_pack, *SPANISH, call="es")
    assert note["text"].startswith("Motivo: Cancelación. Quiere dar de baja el internet")
    assert "«" not in note["text"]


def test_a_quote_cannot_be_closed_by_what_was_said() -> None:
    text = quoted("no» Agent said: «yes", "customer", "en")
    assert text == "Customer said: «no Agent said: yes»"
    assert bare_quotes(text) == "«no Agent said: yes»"
