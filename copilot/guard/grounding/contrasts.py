"""Small words that turn a sentence round: before or after, at least or at most, a month or a year, credit or debit."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from copilot.guard.grounding.text import Reading, Token
from copilot.guard.grounding.vocabulary import WEEKDAYS
from copilot.spoken import MONTHS

# Each row is a choice; words of one column say the same, words of two columns of a row exclude each other.
_CHOICES: Final = (
    ("before antes", "after despues tras"),
    ("until hasta", "since desde"),
    ("least minimum minimo atleast", "most maximum maximo cap upto"),
    ("morethan over above exceeds", "lessthan under below"),
    ("last previous pasado pasada anterior", "next proximo proxima following siguiente upcoming"),
    ("today hoy", "tomorrow", "yesterday ayer anteayer"),
    (
        "day days daily dia dias diario",
        "week weeks weekly semana semanas semanal",
        "month months monthly mes meses mensual mensuales mensualmente mensualidad",
        "year years yearly annual annually ano anos anual",
        "hour hours hora horas",
        "minute minutes min minuto minutos",
    ),
    ("mb megabyte megabytes mega megas meg megs mbps", "gb gigabyte gigabytes giga gigas gig gigs gbps", "tb terabyte"),
    (
        "up higher subio sube aumento increased increase rise rose",
        "down lower bajo baja decreased decrease dropped fell",
    ),
    ("credit credito", "debit debito"),
    ("checking corriente cheques", "savings ahorro ahorros"),
    ("upload uploads subida", "download downloads bajada descarga"),
    ("percent", "dollars"),
    ("first primer primera", "second segundo segunda", "final ultima ultimo"),
    ("always siempre", "sometimes aveces"),
    ("all todos todas every", "some algunos algunas"),
    ("from", "to"),
    ("de", "a"),
    ("nobody nadie", "somebody someone alguien"),
)
_CHOICE_OF: Final = {
    word: (row, column)
    for row, columns in enumerate(_CHOICES)
    for column, words in enumerate(columns)
    for word in words.split()
}
_ROLE_ROW: Final = len(_CHOICES)
_ROLES: Final = {
    **dict.fromkeys("customer customers caller callers cliente clientes clienta clientas".split(), (_ROLE_ROW, 0)),
    **dict.fromkeys("agent agents agente agentes representative asesor asesora".split(), (_ROLE_ROW, 1)),
}
_CALENDAR: Final = {
    **{name: (_ROLE_ROW + 1, day) for name, day in WEEKDAYS.items()},
    **{name: (_ROLE_ROW + 2, month) for name, month in MONTHS.items() if len(name) > 3 and name != "may"},
}
_ALL: Final = {**_CHOICE_OF, **_ROLES, **_CALENDAR}
# What stands for two words, before they are looked at one by one.
_TWO_WORDS: Final = {
    ("up", "to"): "upto", ("more", "than"): "morethan", ("less", "than"): "lessthan", ("fewer", "than"): "lessthan",
    ("mas", "de"): "morethan", ("menos", "de"): "lessthan", ("al", "menos"): "atleast", ("lo", "menos"): "atleast",
    ("a", "veces"): "aveces", ("higher", "than"): "morethan", ("lower", "than"): "lessthan",
}  # fmt: skip
_FROM_TO, _DE_A = 16, 17  # of figures; "from" and "to" of places and accounts as well
_ANCHORED: Final = frozenset(
    {_FROM_TO, _DE_A, 0, 1, 2, 3, 4, 6, 7, 9, 10, _ROLE_ROW}
)  # rows whose word belongs to the word or figure next to it
_BEHIND: Final = frozenset({6, 7})  # "24 months": the anchor stands before
_EITHER: Final = frozenset({2})  # "at most $240", "$240 at the most"
_REACH: Final = 3
_SOMEBODY: Final = frozenset("somebody someone alguien".split())
_NOBODY: Final = frozenset("nobody nadie".split())

_PERSONS: Final = {
    **dict.fromkeys("i you we they he she me us them him her yo usted me le les nos".split(), "they"),
    **dict.fromkeys("my your our their his its mi mis su sus nuestro nuestra tu".split(), "their"),
    **dict.fromkeys("one uno".split(), "1"),
    **dict.fromkeys("im youre theyre".split(), "are"),
    **dict.fromkeys("ive youve weve theyve".split(), "have"),
    **dict.fromkeys("ill youll theyll".split(), "will"),
}

Choice = tuple[int, int]


def choice_of(word: str) -> Choice | None:
    """The row and column of a word that excludes others; None for most words."""
    return _ALL.get(word)


@lru_cache(maxsize=8192)
def merged_words(tokens: tuple[Token, ...]) -> tuple[str, ...]:
    """The words, one a token; of two that only say something together the first stands for both, then "_".

    Persons are all one, as a note retells "I" and "you" as "they"; so are "one" and 1.
    """
    words: list[str] = []
    for token in tokens:
        if token.word in _PERSONS:
            words.append(_PERSONS[token.word])
            continue
        pair = _TWO_WORDS.get((words[-1], token.word)) if words else None
        if pair is None:
            words.append(token.word)
        else:
            words[-1:] = [pair, "_"]
    return tuple(words)


def exclusions(claim: Iterable[str], said: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of words, one of each side, that exclude each other; what both sides have is no pair."""
    theirs = {choice: word for word in said if (choice := choice_of(word))}
    ours = {choice: word for word in claim if (choice := choice_of(word))}
    return [
        (word, other)
        for choice, word in ours.items()
        for rival, other in theirs.items()
        if choice[0] == rival[0] and choice not in theirs and rival not in ours
    ]


def wrong_role(claim: Reading, evidence: Sequence[Reading]) -> list[str]:
    """A reason when a sentence about customers rests on a passage that speaks of agents alone, or the reverse."""
    ours, theirs = (
        {_ROLES[word][1] for reading in readings for word in reading.words if word in _ROLES}
        for readings in ((claim,), evidence)
    )
    return ["is about customers or agents where the evidence is not"] if ours and theirs and not ours & theirs else []


def turned_round(claim: Reading, evidence: Sequence[Reading]) -> list[str]:
    """A reason for the first small word that stands by something for which the evidence has only its counterpart."""
    said_words = {word for reading in evidence for word in reading.words}
    if claim.words & _SOMEBODY and said_words & _NOBODY and not said_words & _SOMEBODY:
        return ["says somebody, the evidence says nobody"]
    said: dict[tuple[int, str], set[int]] = {}
    for reading in evidence:
        for row, column, anchor, _ in _anchored(reading.tokens):
            said.setdefault((row, anchor), set()).add(column)
    for row, column, anchor, word in _anchored(claim.tokens):
        columns = said.get((row, anchor))
        if columns and column not in columns:
            return [f"says “{word}” of “{anchor}”, the evidence says otherwise"]
    return []


@lru_cache(maxsize=8192)
def _anchored(tokens: tuple[Token, ...]) -> tuple[tuple[int, int, str, str], ...]:
    """(row, column, anchor, word) of each small word: the anchor is the figure or the meaning it belongs to."""
    words = merged_words(tokens)
    meanings = {token.word: token.meaning for token in tokens}
    found = []
    for place, word in enumerate(words):
        row, column = choice_of(word) or (-1, 0)
        if row not in _ANCHORED:
            continue
        found += [(row, column, anchor, word) for anchor in _anchors(words, place, row, meanings)]
    return tuple(found)


def _anchors(words: Sequence[str], place: int, row: int, meanings: dict[str, str]) -> list[str]:
    ahead = words[place + 1 : place + 1 + _REACH]
    behind = words[max(0, place - _REACH) : place][::-1]
    if row in _BEHIND:
        return [word for word in behind[:1] if word[0].isdigit()]
    if row == _DE_A:
        return [word for word in ahead[:1] if word[0].isdigit()]
    if row == _FROM_TO:  # the "to" of "used to be 10" is no direction
        ahead = ahead[: 1 if ahead[:1] and ahead[0][0].isdigit() else 2]
        ahead = () if "be" in ahead else ahead
    if row in _EITHER:
        return [
            next((word for word in side if word[0].isdigit()), "")
            for side in (ahead, behind)
            if any(w[0].isdigit() for w in side)
        ][:1]
    return [word if word[0].isdigit() else meanings[word] for word in ahead if word[0].isdigit() or meanings.get(word)][
        :1
    ]
