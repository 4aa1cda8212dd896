"""Codes spelled out letter by letter: "b as in boy seven", "bravo seven kilo", "be de burro siete"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from copilot.spoken.words import NUMBER_WORDS, word_set

_NATO: Final = word_set(
    "alpha alfa bravo charlie delta echo eco foxtrot golf hotel india juliet juliett julieta kilo lima mike november"
    " noviembre oscar papa quebec romeo sierra tango uniform uniforme victor whiskey whisky xray yankee zulu"
)
_LETTER_NAMES: Final = dict(
    pair.split(":")
    for pair in (
        "be:b ce:c de:d efe:f ge:g hache:h jota:j ka:k ele:l eme:m ene:n eñe:n pe:p cu:q erre:r ere:r ese:s te:t uve:v"
        " ve:v equis:x ye:y zeta:z ceta:z zed:z zee:z"
    ).split()
)
_WHICH: Final = word_set("griega latina grande chica corta larga alta baja")  # "be grande", "i griega"
_JOINTS: Final = word_set(
    "dash hyphen guion guión underscore slash capital cap uppercase upper lowercase lower case mayúscula mayuscula"
    " minúscula minuscula all then uh um eh double triple doble dot punto raya luego"
)
_AS_IN: Final = word_set("for like de como")
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
# a letter that is no word, or a name of one: most texts hold none
_LETTERS = re.compile(
    rf"(?<![\w'’])(?:[b-hj-np-xz]|{'|'.join(sorted(_NATO | _LETTER_NAMES.keys()))})(?![\w'’])|\bas in\b", re.IGNORECASE
)
_BETWEEN = re.compile(r"[\s,.\-–_]{1,4}")
_FEWEST_SIGNS = 3
_LONGEST_NUMBER = 12
_FEWEST_UNANNOUNCED = 5
_TOLD = re.compile(r"(?:\b(?:is|es|it's|its|number|code|código|codigo)|[:#])\s*$", re.IGNORECASE)
_ENDS = re.compile(r"\s*(?:$|[.,;!?])")
_WEAK: Final = word_set("a i o y u e de be te ve the")  # ordinary words: no code begins or ends with one alone


@dataclass(frozen=True, slots=True)
class Spelled:
    """A stretch [start, end) that spells a code of so many signs; unmistakable when nothing need announce it."""

    start: int
    end: int
    signs: int
    digits: int
    is_unmistakable: bool


@dataclass(slots=True)
class _Sign:
    start: int
    end: int
    is_digit: bool = False
    is_sure: bool = False  # "b as in boy", "bravo"
    is_weak: bool = False
    is_joint: bool = False
    size: int = 1


def find_spelled(plain: str) -> Iterator[Spelled]:
    """The spelled codes of a folded text, letters and digits mixed; linear."""
    if not _LETTERS.search(plain):
        return
    run: list[_Sign] = []
    tokens = list(_TOKEN.finditer(plain))
    place = 0
    while place < len(tokens):
        sign, taken = _sign_at(plain, tokens, place)
        if run and (sign is None or not _BETWEEN.fullmatch(plain, run[-1].end, sign.start)):
            yield from _code(plain, run)
            run = []
        if sign is not None:
            run.append(sign)
        place += taken
    yield from _code(plain, run)


def _sign_at(plain: str, tokens: Sequence[re.Match[str]], place: int) -> tuple[_Sign | None, int]:
    """The sign that a token is or begins, and how many tokens it takes."""
    token = tokens[place]
    word = token.group().lower()
    start, end = token.span()
    is_and = word == "y" and place > 0 and _is_tens(tokens[place - 1].group().lower())  # "treinta y uno"
    if (len(word) == 1 or word in _LETTER_NAMES) and not (is_and or word.isdigit() or word in NUMBER_WORDS):
        return _letter(plain, tokens, place)
    if word == "o" and (found := _letter(plain, tokens, place))[0].is_sure:  # "o as in orange", else a zero
        return found
    sign: _Sign | None = None
    if word in NUMBER_WORDS and NUMBER_WORDS[word].part != "repeat":
        sign = _Sign(start, end, is_digit=True, size=2 if NUMBER_WORDS[word].part == "tens" else 1)
    elif word.isdigit() and len(word) <= _LONGEST_NUMBER:
        sign = _Sign(start, end, is_digit=True, size=len(word))
    elif is_and or word in _JOINTS:
        sign = _Sign(start, end, is_joint=True, size=0)
    elif word in _NATO:
        sign = _Sign(start, end, is_sure=True)
    return sign, 1


def _is_tens(word: str) -> bool:
    return word in NUMBER_WORDS and NUMBER_WORDS[word].part == "tens"


def _letter(plain: str, tokens: Sequence[re.Match[str]], place: int) -> tuple[_Sign, int]:
    """A letter, with the word that says which if there is one: "b as in boy", "be de burro", "b for boy"."""
    start, end = tokens[place].span()
    after = [token.group().lower() for token in tokens[place + 1 : place + 4]]
    word = tokens[place].group().lower()
    letter = _LETTER_NAMES.get(word, word)
    if letter == "u" and place and tokens[place - 1].group().lower() in ("doble", "double"):
        letter = "w"
    if after and after[0] in _WHICH:
        return _Sign(start, tokens[place + 1].end(), is_sure=True), 2
    size = 3 if after[:2] == ["as", "in"] else 2 if after[:1] and after[0] in _AS_IN else 0
    if size and len(after) >= size and after[size - 1][0] == letter and len(after[size - 1]) > 1:
        last = tokens[place + size]
        if last.end() - end < 32 and "\n" not in plain[end : last.start()]:
            return _Sign(start, last.end(), is_sure=True), size + 1
    return _Sign(start, end, is_weak=word in _WEAK), 1


def _code(plain: str, run: Sequence[_Sign]) -> Iterator[Spelled]:
    first, last = 0, len(run)
    is_told = bool(run) and _TOLD.search(plain, max(0, run[0].start - 12), run[0].start) is not None
    while first < last and _is_loose(run, first, first + 1, is_edge=is_told and first == 0):
        first += 1
    is_last = bool(run) and _ENDS.match(plain, run[-1].end) is not None
    while first < last and _is_loose(run, last - 1, last - 2, is_edge=is_last and last == len(run)):
        last -= 1
    signs = run[first:last]
    letters = sum(not sign.is_digit and not sign.is_joint for sign in signs)
    digits = sum(sign.size for sign in signs if sign.is_digit)
    if letters and letters + digits >= _FEWEST_SIGNS:
        sure = sum(sign.is_sure for sign in signs)
        is_unmistakable = sure >= 2 and digits > 0 and letters + digits >= _FEWEST_UNANNOUNCED
        yield Spelled(signs[0].start, signs[-1].end, letters + digits, digits, is_unmistakable)


def _is_loose(run: Sequence[_Sign], place: int, inner: int, *, is_edge: bool) -> bool:
    """Whether a sign at the edge of a code is none: a joint, or an ordinary word beside no letter beyond doubt."""
    sign = run[place]
    if sign.is_joint or not sign.is_weak or is_edge:
        return sign.is_joint
    beside = run[inner] if 0 <= inner < len(run) else None
    return beside is None or beside.is_weak or beside.is_joint or beside.is_digit
