"""Sentences and short calls of the files in `carriers/`, with values put in: half of them were not looked at
while the causes of misses in the other half were mended.

A line is `en.s my pin is {PIN}` (s: spoken, t: typed, neither: by chance) or turns between slashes, `A: which card /
C.s: {CARD}`. Lines of harmless files stay whole: `k` under every policy, `d` under the default one.
"""

import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from copilot.guard.redaction import RedactionPolicy, Redactor, Span
from copilot.transcript import Speaker, Turn
from tests.copilot.guard.redaction.saying import pair, said, spoken, typed
from tests.copilot.guard.redaction.sentences import digits_of, word_value
from tests.copilot.guard.redaction.spelling import code, misheard, spelled

Half = Literal["seen", "unseen"]
_FOLDER = Path(__file__).parent / "carriers"
_TURN = re.compile(r"(?P<speaker>[AC])(?:\.(?P<mode>[st]))?: (?P<text>.*)", re.DOTALL)
_SLOT = re.compile(r"\{([A-Z_0-9]+)\}")
_SPEAKERS: dict[str, Speaker] = {"A": "agent", "C": "customer"}
_SPANISH = re.compile(r"[¿ñáéíóú]|\b(?:tarjeta|seguro|código|número|cuenta|clave|su|vence)\b")
_BIC_LANDS = (("DE", 18), ("GB", 18), ("ES", 20), ("FR", 23), ("NL", 14), ("IT", 23))
_MONTHS = {
    "en": "january february march april may june july august september october november december".split(),
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(),
}


@dataclass(frozen=True)
class Said:
    """A short call: who said what, and the stretches (turn, start, end, kind) that must go."""

    turns: tuple[tuple[Speaker, str], ...]
    secrets: tuple[tuple[int, int, int, str], ...]
    line: str


def announced(half: Half, seed: int, times: int) -> Iterator[Said]:
    """Every carrier of the half with values in it, `times` times over."""
    rng = random.Random(seed)
    for line in _lines("announced", half):
        for _ in range(times):
            yield _filled(rng, line)


def harmless(half: Half, *, default: bool) -> Iterator[Said]:
    """The sentences of the half whose numbers stay, under the default policy or under every one."""
    for line in _lines("harmless", half):
        mark, _, text = line.partition(" ")
        if mark == "k" or default:
            yield Said(tuple((speaker, part) for speaker, _, part in _turns(text)), (), line)


def masked_spans(call: Said, policy: RedactionPolicy) -> tuple[list[tuple[Span, ...]], list[str]]:
    """What is masked in each turn of the call, and how each reads, after all amendments."""
    redactor = Redactor(policy)
    spans: list[tuple[Span, ...]] = []
    texts: list[str] = []
    for place, (speaker, text) in enumerate(call.turns):
        result = redactor.redact(Turn(str(place), speaker, text))
        spans.append(result.spans)
        texts.append(result.text)
        for amendment in result.amends:
            spans[int(amendment.turn_id)] = amendment.spans
            texts[int(amendment.turn_id)] = amendment.text
    return spans, texts


def left(call: Said, spans: list[tuple[Span, ...]], kinds: frozenset[str] | None = None) -> list[tuple[str, str]]:
    """The secrets of which a letter or digit is left, with their kinds; `kinds` are those that count."""
    missed: list[tuple[str, str]] = []
    for turn, start, end, kind in call.secrets:
        gone = {place for span in spans[turn] for place in range(span.start, span.end)}
        text = call.turns[turn][1]
        is_gone = all(place in gone or not text[place].isalnum() for place in range(start, end))
        if not is_gone and (kinds is None or kind in kinds):
            missed.append((kind, text[start:end]))
    return missed


def _lines(name: str, half: Half) -> list[str]:
    return (_FOLDER / f"{name}_{half}.txt").read_text(encoding="utf-8").splitlines()


def _turns(line: str) -> list[tuple[Speaker, str, str]]:
    """(speaker, mode, text) of each turn."""
    if not line.startswith(("A: ", "C: ", "A.", "C.")):
        return [("unknown", "", line)]
    found = [_TURN.fullmatch(part) for part in line.split(" / ")]
    return [(_SPEAKERS[turn["speaker"]], turn["mode"] or "", turn["text"]) for turn in found if turn is not None]


def _filled(rng: random.Random, line: str) -> Said:
    head, _, rest = line.partition(" ")
    language, _, mode = head.partition(".")
    if language not in ("en", "es"):
        language, mode, rest = ("es" if _SPANISH.search(line) else "en"), "", line
    turns: list[tuple[Speaker, str]] = []
    secrets: list[tuple[int, int, int, str]] = []
    values: dict[str, str] = {}  # a read-back reads the same digits
    for place, (speaker, own_mode, text) in enumerate(_turns(rest)):
        while (slot := _SLOT.search(text)) is not None:
            kind = slot[1]
            known = values.get(kind) if speaker == "agent" else None
            raw = known or _raw(rng, kind)
            values[kind] = raw
            value = _told(rng, kind, raw, language, own_mode or mode)
            text = text[: slot.start()] + value + text[slot.end() :]  # noqa: PLW2901 - filled slot by slot
            name = kind.removeprefix("SPELLED_").rstrip("4")
            secrets.append((place, slot.start(), slot.start() + len(value), name))
        turns.append((speaker, text))
    return Said(tuple(turns), tuple(secrets), line)


def _iban(rng: random.Random) -> str:
    land, size = rng.choice(_BIC_LANDS)
    return f"{land}{rng.randrange(10, 99)}" + "".join(rng.choice("0123456789") for _ in range(size))


_RAW: Mapping[str, Callable[[random.Random], str]] = {
    "SSN4": lambda rng: f"{rng.randrange(10000):04}",
    "OTP": lambda rng: f"{rng.randrange(1_000_000):06}",
    "EXP": lambda rng: f"{rng.randrange(1, 13):02}{rng.randrange(25, 34)}",
    "DOB": lambda rng: f"{rng.randrange(1, 13):02}{rng.randrange(1, 29):02}{rng.randrange(1940, 2006)}",
    "BANK": lambda rng: digits_of(rng, "BANK_ACCOUNT"),
    "ACCOUNT": lambda rng: digits_of(rng, "ACCOUNT_NUMBER"),
    "IBAN": _iban,
    "PASSWORD": lambda _: "",
    "EMAIL": lambda _: "",
    "REF": lambda _: "",
}


def _raw(rng: random.Random, kind: str) -> str:
    if kind.startswith("SPELLED_"):
        return code(rng)
    return _RAW[kind](rng) if kind in _RAW else digits_of(rng, kind)


def _told(rng: random.Random, kind: str, raw: str, language: str, mode: str) -> str:
    """The value as somebody says or types it."""
    match kind:
        case "PASSWORD" | "EMAIL":
            told = word_value(rng, kind, language)
        case "REF":
            told = _reference(rng)
        case "EXP":
            told = _expiry(rng, raw, language, mode)
        case "DOB":
            told = _birth_date(rng, raw, language, mode)
        case "IBAN":
            told = " ".join(raw[at : at + 4] for at in range(0, len(raw), 4)) if rng.random() < 0.4 else raw
        case _ if kind.startswith("SPELLED_"):
            told = spelled(rng, raw, language)
        case _:
            told = _digits(rng, raw, language, mode)
    return told


def _digits(rng: random.Random, raw: str, language: str, mode: str) -> str:
    if mode == "s":
        text = spoken(rng, raw, language)
        return misheard(rng, text) if language == "en" and rng.random() < 0.2 else text
    return typed(rng, raw) if mode == "t" else said(rng, raw, language)


def _reference(rng: random.Random) -> str:
    letters = "".join(rng.choice("ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(3))
    number = f"{rng.randrange(100, 99999)}"
    return rng.choice(
        (
            f"{letters}{number}",
            f"{letters[0]}{number[0]}{letters[1]}{number[1]}{letters[2]}{number[2]}",
            f"{letters.lower()} {number[:3]}",
            f"{letters}-2025-{number}",
            f"{number}-{letters[0]}",
            f"{number}{number[:3]}",
        )
    )


def _expiry(rng: random.Random, raw: str, language: str, mode: str) -> str:
    month, year = int(raw[:2]), raw[2:]
    if mode == "t" or (not mode and rng.random() < 0.5):
        return rng.choice((f"{raw[:2]}/{year}", f"{month}/{year}", f"{raw[:2]}/20{year}", f"{raw[:2]}-{year}"))
    name = _MONTHS[language][month - 1]
    slash = "slash" if language == "en" else "diagonal"
    say = pair(month, language) if month > 9 else spoken(rng, str(month), language, plain=True)
    return rng.choice(
        (
            f"{name} {'' if language == 'en' else 'del '}{pair(int(year), language)}",
            f"{name} {'twenty ' if language == 'en' else 'dos mil '}{pair(int(year), language)}",
            f"{pair(month, language)} {pair(int(year), language)}",
            f"{say} {slash} {pair(int(year), language)}",
        )
    )


def _birth_date(rng: random.Random, raw: str, language: str, mode: str) -> str:
    month, day, year = int(raw[:2]), int(raw[2:4]), int(raw[4:])
    if mode == "t" or (not mode and rng.random() < 0.5):
        return rng.choice((f"{month}/{day}/{year}", f"{raw[:2]}-{raw[2:4]}-{year}", f"{year}-{raw[:2]}-{raw[2:4]}"))
    name = _MONTHS[language][month - 1]
    if language == "es":
        return rng.choice((f"{day} de {name} de {year}", f"{day} de {name} del {str(year)[2:]}"))
    century, rest = divmod(year, 100)
    told = f"{pair(century, 'en')} {pair(rest, 'en')}" if century == 19 else f"two thousand {ENGLISH_UNITS[rest]}"
    return rng.choice(
        (f"{name} {day}th {year}", f"{name} {pair(day, 'en').removeprefix('oh ')} {told}", f"{month}/{day}/{year}")
    )


ENGLISH_UNITS = ("", "one", "two", "three", "four", "five", "six")
