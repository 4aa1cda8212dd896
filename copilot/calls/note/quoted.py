"""A note in another language than the call: nothing is translated without a model, so people are quoted as said."""

import re

from copilot.calls.note.reported import shorten
from copilot.spoken import written_form

MAX_QUOTE_WORDS = 16

_SAID = {
    "en": {"customer": "Customer said", "agent": "Agent said", "unknown": "Said"},
    "es": {"customer": "El cliente dijo", "agent": "El agente dijo", "unknown": "Se dijo"},
}
_PROMISED = {
    "en": {
        "": "promised",
        "call": "promised a call",
        "email": "promised an e-mail",
        "text": "promised a text",
        "mail": "promised a letter",
    },
    "es": {
        "": "prometió",
        "call": "prometió llamar",
        "email": "prometió un correo",
        "text": "prometió un mensaje",
        "mail": "prometió una carta",
    },
}
_WHO = {"en": {"agent": "Agent", "customer": "Customer"}, "es": {"agent": "El agente", "customer": "El cliente"}}
_QUOTE = re.compile(rf"(?:{'|'.join(words for speakers in _SAID.values() for words in speakers.values())}): «([^»]*)»")


def quoted(text: str, speaker: str, language: str) -> str:
    """A sentence as it was said, with who said it in the language of the note.

    >>> quoted("Quiero cancelar.", "customer", "en")
    'Customer said: «Quiero cancelar»'
    """
    words = shorten(written_form(text.replace("«", "").replace("»", "")), MAX_QUOTE_WORDS).strip(" ,;.")
    said = _SAID.get(language, _SAID["en"])
    return f"{said.get(speaker, said['unknown'])}: «{words}»"


def bare_quotes(text: str) -> str:
    """The text with its quotes, without who said them: for a line whose label says so."""
    return _QUOTE.sub(r"«\1»", text)


def spoken_words(text: str) -> str:
    """What was said, without quotation marks: what a quote is checked by."""
    return _QUOTE.sub(r"\1", text)


def promised(promise: str, owner: str, channel: str | None, language: str) -> str:
    """A quoted promise with who made it and how it will come; one that is retold stays as it is."""
    if not _QUOTE.search(promise):
        return promise
    who = _WHO.get(language, _WHO["en"]).get(owner, owner)
    how = _PROMISED.get(language, _PROMISED["en"])[channel or ""]
    return f"{who} {how}: {bare_quotes(promise)}"
