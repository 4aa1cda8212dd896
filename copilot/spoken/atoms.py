"""From text to atoms: every token that may be part of a number, and what stands between two of them."""

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from copilot.spoken import words
from copilot.spoken.words import NUMBER_WORDS, Part


class Gap(IntEnum):
    """What stands between an atom and the one before it, from a space to real words."""

    HARD = 1
    SOFT = 2
    AND = 3
    BREAK = 4


@dataclass(slots=True)
class Atom:
    """One token of a number; `value` is that of its word, 0 for a typed one."""

    start: int
    end: int
    part: Part
    value: int
    word: str
    gap: Gap


TOKEN = re.compile(
    r"[0-9](?:(?:, ?|[ .\-])[0-9]){3,}(?![0-9])"  # 4 1 1 1
    r"|"
    r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,2})?(?![0-9])"  # 4,012
    r"|[0-9]{1,9}[.,][0-9]{1,2}(?![0-9]|[.,\-][0-9])"  # 25.50
    r"|[0-9]+"
    r"|[^\W\d_]+(?:['’][^\W\d_]+)?"
)
_JOINER = r"\-‐‑‒–—―−.·•_*()#"
_HARD_GAP = re.compile(rf"[^\S\n]{{0,40}}(?:[{_JOINER}][^\S\n]{{0,4}}){{0,3}}")
_SOFT_GAP = re.compile(rf"[\s{_JOINER},;…/~|]*")
_LONGEST_GAP = 48
_ORDINAL_ENDINGS = frozenset({"st", "nd", "rd", "th"})


def read_atoms(plain: str, language: str | None) -> list[Atom]:
    """The atoms of a folded text; words that are ordinary in the other language are judged by their neighbours."""
    atoms: list[Atom] = []
    between = Gap.BREAK  # the words since the last atom
    article_start, article_end = -9, -9  # far from the first word
    for match in TOKEN.finditer(plain):
        start, end = match.span()
        word = match.group()
        if word[0] <= "9":
            atoms.append(Atom(start, end, "typed", 0, word, _gap(plain, atoms, start, between)))
            between = Gap.HARD
            continue
        word = word.lower()
        if (number := NUMBER_WORDS.get(word)) is not None:
            gap = _gap(plain, atoms, start, between)
            if number.part in ("scale", "hundred") and article_end == start - 1:
                start, gap = article_start, Gap.BREAK
            atoms.append(Atom(start, end, number.part, number.value, word, gap))
            between = Gap.HARD
        elif word in words.FILLERS:
            between = max(between, Gap.SOFT)
        elif word in words.AND_WORDS:
            between = max(between, Gap.AND)
        else:
            if word in words.ARTICLES:
                article_start, article_end = start, end
            elif word in words.ORDINALS or word in _ORDINAL_ENDINGS:
                _drop_ordinal(atoms, word, start)
            between = Gap.BREAK
    return _without_ordinary_words(atoms, plain, language)


def _gap(plain: str, atoms: list[Atom], start: int, between: Gap) -> Gap:
    if between != Gap.HARD or not atoms:
        return between
    if start - atoms[-1].end > _LONGEST_GAP:
        return Gap.BREAK
    return _gap_of(plain[atoms[-1].end : start])


@lru_cache(maxsize=1024)
def _gap_of(text: str) -> Gap:
    if _HARD_GAP.fullmatch(text):
        return Gap.HARD
    return Gap.SOFT if _SOFT_GAP.fullmatch(text) else Gap.BREAK


def _drop_ordinal(atoms: list[Atom], word: str, start: int) -> None:
    """Take back the "twenty" of "twenty first" and the "25" of "25th": dates are not strings of digits."""
    if not atoms:
        return
    last = atoms[-1]
    is_suffix = word in _ORDINAL_ENDINGS and last.part == "typed" and last.end == start
    is_compound = words.ORDINALS.get(word, 10) < 10 and last.part == "tens" and start - last.end == 1
    if (is_suffix and len(last.word) <= 2) or is_compound:
        atoms.pop()


# --- "once", "ten", "oh": ordinary words of the other language -------------------------------------------------


def _without_ordinary_words(atoms: list[Atom], plain: str, language: str | None) -> list[Atom]:
    if not any(atom.word in words.AMBIGUOUS for atom in atoms):
        return atoms
    main = language[:2].lower() if language else ("es" if language_lean(plain) > 0 else "en")
    kept: list[Atom] = []
    has_dropped = False
    for place, atom in enumerate(atoms):
        if has_dropped:
            atom.gap = Gap.BREAK
        has_dropped = atom.word in words.AMBIGUOUS and not _is_meant(atoms, place, plain, main)
        if not has_dropped:
            kept.append(atom)
    return kept


def language_lean(plain: str) -> int:
    """How much the words lean to Spanish (above 0) or English (below 0); 0 when they tell nothing."""
    head = [word.strip(".,;:?!¿¡") for word in plain[:2000].lower().split()]
    head = [word for word in head if word not in words.AMBIGUOUS]
    spanish = sum(word in words.SPANISH_MARKERS or word in words.SPANISH_NUMBERS for word in head)
    english = sum(word in words.ENGLISH_MARKERS or word in words.ENGLISH_NUMBERS for word in head)
    return spanish - english


def _is_meant(atoms: list[Atom], place: int, plain: str, main: str) -> bool:
    atom = atoms[place]
    before = atoms[place - 1] if place and atom.gap <= Gap.SOFT else None
    after = atoms[place + 1] if place + 1 < len(atoms) and atoms[place + 1].gap <= Gap.SOFT else None
    language = _language_near(before, after) or main
    if language != words.AMBIGUOUS[atom.word]:
        return False
    return atom.word not in words.ZERO_LETTERS or _is_zero(atoms, place, before, after, plain)


def _language_near(before: Atom | None, after: Atom | None) -> str | None:
    for neighbour in (before, after):
        if neighbour is None or neighbour.part == "typed" or neighbour.word in words.AMBIGUOUS:
            continue
        return "en" if neighbour.word in words.ENGLISH_NUMBERS else "es"
    return None


def _is_zero(atoms: list[Atom], place: int, before: Atom | None, after: Atom | None, plain: str) -> bool:
    """Whether "oh" is a digit here: between digits always, at an edge when a longer string or an end is there."""
    if before is not None and after is not None:
        return True
    if before is not None:
        is_long = place >= 2 and before.gap <= Gap.SOFT
        is_near, is_last = atoms[place].gap == Gap.HARD, _ends_at(plain, atoms[place].end)
        return (is_near or is_long) and (is_last or (is_near and is_long))
    if after is None or after.gap != Gap.HARD:
        return False
    is_long = place + 2 < len(atoms) and atoms[place + 2].gap == Gap.HARD
    return is_long or _ends_at(plain, after.end)


def _ends_at(plain: str, place: int) -> bool:
    rest = plain[place : place + 4].strip()
    return not rest or not rest[0].isalnum()
