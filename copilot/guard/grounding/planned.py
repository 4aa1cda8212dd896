"""A sentence in the past about what the evidence only plans, offers or asks for: "called" is not "I'll call"."""

import re
from collections.abc import Sequence
from typing import Final

from copilot.guard.grounding.text import Reading, Token
from copilot.guard.grounding.vocabulary import concept, word_set

_NOT_DONE: Final = word_set(
    "ill well youll theyll itll will would id wed can could may might shall should going gonna to if once when let lets"
    " please want wants puedo puede podemos podria voy va vamos quiere quiero si cuando para"
)
_HEDGES: Final = _NOT_DONE | word_set("be being is are get gets not never no nobody until before")
_SAID_OR_TRIED: Final = frozenset(
    concept(word, "en")
    for word in "offer propose promise suggest decide agree decline refuse try plan ask include base".split()
)
_PAST: Final = word_set("sent paid took gave made moved got put went came left kept told called texted mailed")
_IT_IS_BACK: Final = re.compile(r" (?:its|is|are|theyre) (?:all |now )?(?:back|good|working|on|fixed|set|gone) ")
_REACH = 6
_DONE: Final = word_set("done ive weve listo hecho already went")


def only_planned(claim: Reading, sentences: Sequence[Reading]) -> list[str]:
    """A reason for the first thing told as past that the evidence only plans, offers or asks for."""
    if any(reading.words & _DONE or _IT_IS_BACK.search(reading.canonical) for reading in sentences):
        return []
    for place, token in enumerate(claim.tokens):
        is_past = token.word.endswith("ed") or token.word in _PAST
        if not is_past or _follows(claim.tokens, place, _HEDGES):
            continue
        stem = concept(token.word, "en")
        told = [
            (each.tokens, i)
            for each in sentences
            for i, other in enumerate(each.tokens)
            if concept(other.word, "en") == stem
        ]
        if stem not in _SAID_OR_TRIED and told and all(_is_plan(tokens, i) for tokens, i in told):
            return [f"says {token.word}, the evidence only plans it"]
    return []


def _is_plan(tokens: Sequence[Token], place: int) -> bool:
    word = tokens[place].word
    return not word.endswith(("ed", "ing", "s")) and word not in _PAST and _follows(tokens, place, _NOT_DONE)


def _follows(tokens: Sequence[Token], place: int, words: frozenset[str]) -> bool:
    clause = tokens[place].clause
    return any(each.word in words for each in tokens[max(0, place - _REACH) : place] if each.clause == clause)
