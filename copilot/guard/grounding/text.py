"""A sentence or a piece of evidence as grounding reads it: tokens with their concepts, clauses and negations."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate, groupby, pairwise

from copilot.guard.grounding.values import Value, read_values
from copilot.guard.grounding.vocabulary import (
    ABSENCES,
    CLAUSE_WORDS,
    EMPTY_WORDS,
    LIGHT_VERBS,
    NEGATIONS,
    REFUSALS,
    WEEKDAYS,
    concept,
)
from copilot.spoken import MONTHS, ORDINALS, find_numbers
from copilot.spoken import fold as spoken_fold
from knowledge.words import fold

_WORDS = re.compile(r"[^\W\d_]+")
_TOKEN = re.compile(r"[^\W_]+|[.,;:?!…—]")
_JOINTS = frozenset("and y e so cause which".split())
# Begin a clause of their own, which the "not" before them does not deny: "don't cancel before it is finished".
_SUBORDINATORS = frozenset(
    "before after until till if when while unless once because since so antes despues hasta si cuando mientras".split()
)
_DIGITS = re.compile(r"\d+")
_MASK = re.compile(r"\[\w+\]")
_PHRASES = (
    (re.compile(r"\b(?:not only|no problem|no worries|why not|no doubt|no only|not just)\b"), " "),
    (re.compile(r"\b(?:not|no) (?:before|antes(?: de)?)\b"), "after"),
    (re.compile(r"\b(?:no|not) (?:more|longer|later) than\b|\bno mas (?:de|tarde de)\b"), "lessthan"),
    (re.compile(r"\b(?:no|not) (?:less|fewer) than\b|\bno menos de\b"), "morethan"),
    (re.compile(r"\b(is|are|was|were|turned|switched|shut) off\b"), r"\1 out"),
    (re.compile(r"\b(nobody|nothing|no one)s\b"), r"\1 is"),
    (re.compile(r"\bwork(?:ed|s|ing)? out\b"), "figured out"),
    (re.compile(r"\b(advis\w+|recommend\w+) against\b"), r"\1 not"),
    (re.compile(r"\bturn(?:ed|s|ing)? down\b"), "declined"),
    (re.compile(r"\b(?:wi-fi|wi fi)\b"), "wifi"),
    (re.compile(r"(?<=\d)(?=(?:[gmtk]b|[gm]bps)\b)"), " "),
    (re.compile(r"\bauto[ -]pay\b"), "autopay"),
    (re.compile(r"\be-mail"), "email"),
)
# A question without its mark, as a recogniser writes it: the verb before its subject, or what is asked for and a verb.
ASKS = re.compile(
    r"(?:.*[,;] |\W*)(?:(?:so|and|okay|ok|well|alright|now|but|or|um|uh|sorry|sure|great)\W+)*"
    r"(?:(?:do|does|did|are|is|was|were|can|could|will|would|should|may|have|has)(?:nt)? "
    r"(?:i|you|we|they|he|she|it|there|that|this|the|my|your)\b"
    r"|(?:what|when|where|why|how|which|who) (?:\w+ )?"
    r"(?:is|are|was|were|do|does|did|can|could|will|would|should|have|has) "
    r"(?:i|you|we|they|he|she|it|there|that|this|the|my|your)\b|(?:what|where|how) (?:about|much|many)\b)"
)
# The end of a sentence; the stop of "Dr." is none.
_STOP = re.compile(
    r"(?<=[.!?…])(?<!\bDr\.)(?<!\bMr\.)(?<!\bMrs\.)(?<!\bMs\.)(?<!\bSr\.)(?<!\bSra\.)(?<!\bSt\.)\s+|\n+|\s+\|\s+"
)
_AHEAD, _BEHIND = 3, 2  # meanings in reach of a "not"
_REACH = 9  # words
_TAG_VERBS = frozenset("isnt arent dont doesnt wont didnt cant havent hasnt wasnt".split())
# "No the visit is on Friday" of a recogniser that writes no commas: the "no" answers, it denies nothing here.
AFTER_A_CRY = frozenset("the el i we you he she they it its thats yo senora senor maam sir im ill ive".split())
# What somebody did not do with a thing says nothing against the thing: "I never agreed to the insurance".
NARRATED = {
    form: forms.split()[0]
    for forms in (
        "agree agreed agrees accept accepted accepts acepte acepto aceptaron estuvo",
        "authorize authorized authorise authorised approve approved autorice autorizo autorizaron",
        "ask asked asks request requested pedi pidio pidieron solicite solicito",
        "call called calls llame llamo llamaron",
        "order ordered",
        "say said says tell told tells dije dijo dijeron",
        "report reported reporte reporto",
        "explain explained explains explique explico explicaron",
        "mention mentioned mencione menciono mencionaron",
        "offer offered propose proposed suggest suggested recommend recommended ofreci ofrecio ofrecieron",
        "promise promised prometi prometio prometieron",
    )
    for form in forms.split()
}
_THINGS = frozenset("call calls report request order offer promise mention ask".split())
WISHES = frozenset("want wants wanted need needs needed quiere quiero quiso necesita necesito".split())
OBJECTS = frozenset("neither nothing none nada ninguno ninguna".split())  # deny the verb before them
_PRONOUNS = frozenset("i you we they he she it".split())
_UNITS = frozenset("min minute hour hr day week month year minuto hora dia semana mes ano business hab".split())


@dataclass(frozen=True, slots=True)
class Token:
    """One word: `meaning` is its concept, or "" when it carries none."""

    word: str
    meaning: str
    clause: int


@dataclass(frozen=True, slots=True)
class Negation:
    """A "not": `head` is what it denies, `denied` what follows it, `scope` what stands around it in its clause.

    `light` is the verb of little weight before the head, as the "see" of "cannot see calls"; `narrated` what was not
    said or agreed to, one word for all of a kind.
    """

    word: str
    head: str
    light: str
    denied: frozenset[str]
    scope: frozenset[str]
    is_refusal: bool
    narrated: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence: its words, their meanings, and the keys of the values that stand in it."""

    tokens: tuple[Token, ...]
    words: frozenset[str]
    meanings: frozenset[str]
    figures: frozenset[str]


@dataclass(frozen=True)
class Reading:
    """A text, read once: its values, tokens, meanings and negations."""

    tokens: tuple[Token, ...]
    words: frozenset[str]
    canonical: str
    meanings: frozenset[str]
    bigrams: frozenset[tuple[str, str]]
    values: tuple[Value, ...]
    negations: tuple[Negation, ...]
    absences: frozenset[str]
    affirmed: frozenset[str]
    is_question: bool
    text: str = ""
    language: str = "en"

    @cached_property
    def plain(self) -> str:
        """Its text, folded, on the scale on which its values stand."""
        return spoken_fold(self.text).text.lower()

    @cached_property
    def placed(self) -> tuple[tuple[int, str], ...]:
        """Its meanings and months with where they begin, on the scale on which its values stand."""
        found = ((m.start(), fold(m[0])) for m in _WORDS.finditer(self.plain))
        placed = ((start, word if word in MONTHS else _meaning(word, self.language)) for start, word in found)
        return tuple((start, meaning) for start, meaning in placed if meaning)

    @cached_property
    def figures(self) -> frozenset[str]:
        """The keys of its values."""
        return frozenset(value.key for value in self.values)

    @cached_property
    def clauses(self) -> tuple["Clause", ...]:
        """What stands between its stops, commas, "but"s and "and"s, in order."""
        keys = _keys_by_word(self.values)
        joints = accumulate(token.word in _JOINTS for token in self.tokens)
        parts = groupby(zip(self.tokens, joints, strict=True), key=lambda pair: (pair[0].clause, pair[1]))
        return tuple(_clause(tuple(token for token, _ in part), keys) for _, part in parts)


@lru_cache(maxsize=4096)
def sentences_in(text: str, language: str) -> tuple[Reading, ...]:
    """The readings of the sentences of a text, one by one; a text without stops is one sentence."""
    sentences = [each for each in _STOP.split(text) if each.strip()]
    return tuple(read_text(each, language) for each in sentences)


@lru_cache(maxsize=4096)
def read_text(text: str, language: str) -> Reading:
    """The reading of a text; kept, as a turn is evidence of many sentences."""
    tokens = _tokens(text, language)
    negations, denied = _negations(tokens)
    meant = [token.meaning for token in tokens if token.meaning]
    return Reading(
        tokens=tuple(tokens),
        words=frozenset(token.word for token in tokens),
        canonical=f" {' '.join(token.word for token in tokens)} ",
        meanings=frozenset(meant),
        bigrams=frozenset(pairwise(meant)),
        values=tuple(read_values(text, language)),
        negations=tuple(negations),
        absences=_around(tokens, ABSENCES),
        affirmed=frozenset(
            token.meaning for place, token in enumerate(tokens) if token.meaning and place not in denied
        ),
        is_question="?" in text or "¿" in text or ASKS.match(fold(text)) is not None,
        text=text,
        language=language,
    )


def _keys_by_word(values: tuple[Value, ...]) -> dict[str, set[str]]:
    """The keys of the values shown, by the words and the figures they may stand as."""
    keys: dict[str, set[str]] = defaultdict(set)
    for value in values:
        if value.shown:
            for word in (fold(value.shown), *_DIGITS.findall(value.key)):
                keys[word].add(value.key)
    return keys


def _clause(tokens: tuple[Token, ...], keys: Mapping[str, set[str]]) -> Clause:
    words = frozenset(token.word for token in tokens)
    numbers = words | {str(ORDINALS[word]) for word in words if word in ORDINALS}
    numbers |= {m[0] for word in words if (m := _DIGITS.match(word))}
    figures = frozenset(key for word in numbers for key in keys.get(word, ()))
    return Clause(tokens, words, frozenset(token.meaning for token in tokens) - {""}, figures)


def _tokens(text: str, language: str) -> list[Token]:
    plain = fold(_numbers_as_digits(_MASK.sub(" ", text), language))
    for pattern, replacement in _PHRASES:
        plain = pattern.sub(replacement, plain)
    tokens: list[Token] = []
    clause = 0
    for word in _TOKEN.findall(plain):
        if word in CLAUSE_WORDS or not word[0].isalnum():
            clause += 1
        if word[0].isalnum():
            is_unit = bool(tokens) and tokens[-1].word[0].isdigit() and _is_unit(word)
            tokens.append(Token(word, "" if is_unit else _meaning(word, language), clause))
    return tokens


def _numbers_as_digits(text: str, language: str) -> str:
    """With its numbers in digits; a comma with a space behind it ends a number ("Pocket Five, one line")."""
    return ", ".join(_digits_in(part, language) for part in text.split(", "))


def _digits_in(text: str, language: str) -> str:
    pieces, done = [], 0
    for number in find_numbers(text, language=language):
        pieces += [text[done : number.start], number.digits]
        done = number.end
    return "".join([*pieces, text[done:]])


def _is_unit(word: str) -> bool:
    """The "months" of "6 months" is part of a value, which is compared exactly."""
    return word in _UNITS or word.removesuffix("s") in _UNITS or word.removesuffix("es") in _UNITS


def _meaning(word: str, language: str) -> str:
    if word in EMPTY_WORDS or word in NEGATIONS or word in WEEKDAYS or word in MONTHS or word[0].isdigit():
        return ""
    return concept(word, language) if len(word) > 1 else ""


def _negations(tokens: list[Token]) -> tuple[list[Negation], set[int]]:
    """The negations, and the places of the tokens they deny."""
    negations, denied = [], set()
    for place, token in enumerate(tokens):
        if not _negates(tokens, place):
            continue
        ahead, behind = _meant_near(tokens, place)
        heads = (
            [i for i in ahead if tokens[i].meaning not in LIGHT_VERBS] or ahead or _denied_before(tokens, place, behind)
        )
        scope = frozenset(tokens[i].meaning for i in (*ahead, *behind))
        if token.word in OBJECTS and behind:
            ahead, heads = [*ahead, *behind[-1:]], behind[-1:]
        head = tokens[heads[0]].meaning if heads else _number_after(tokens, place)
        narrated = _narrated(tokens, place)
        head = "" if narrated else head
        denied.update(ahead)
        denied_here = frozenset(tokens[i].meaning for i in ahead)
        light = tokens[ahead[0]].meaning if ahead and tokens[ahead[0]].meaning in LIGHT_VERBS else ""
        if any(each.word in WISHES for each in tokens[place + 1 : place + 3]):
            light = "want"
        negations.append(Negation(token.word, head, light, denied_here, scope, token.word in REFUSALS, narrated))
    return negations, denied


def _narrated(tokens: list[Token], place: int) -> str:
    """What was not said or asked; "no offer" is a thing there was none of."""
    following = [each.word for each in tokens[place + 1 : place + 3]]
    is_of_things = tokens[place].word in ("no", "without", "sin")
    return next(
        (NARRATED[word] for word in following if word in NARRATED and not (is_of_things and word in _THINGS)), ""
    )


def _denied_before(tokens: list[Token], place: int, behind: list[int]) -> list[int]:
    """What a "not" at the end of its clause denies; none when words follow that carry no meaning."""
    is_last = place + 1 == len(tokens) or tokens[place + 1].clause != tokens[place].clause
    return behind[-1:] if is_last else []


def _number_after(tokens: list[Token], place: int) -> str:
    """The "40" of "not 40", the "15" of "not the fifteenth"."""
    words = [token.word for token in tokens[place + 1 : place + 3]]
    word = words[1] if words[:1] in (["the"], ["el"], ["on"]) and len(words) > 1 else words[0] if words else ""
    digits = _DIGITS.match(word)
    return digits[0] if digits else str(ORDINALS.get(word, ""))


def _negates(tokens: list[Token], place: int) -> bool:
    """Whether it is a "not"; the "isn't it" of a tag question is none."""
    word = tokens[place].word
    if word not in NEGATIONS and word not in REFUSALS:
        return False
    following = [token.word for token in tokens[place + 1 : place + 2]]
    if word == "no" and following and following[0] in AFTER_A_CRY:
        return False
    is_tag = word in _TAG_VERBS and place > 2 and len(tokens) == place + 2 and following[0] in _PRONOUNS
    return not is_tag


def _meant_near(tokens: list[Token], place: int) -> tuple[list[int], list[int]]:
    """The places of the meanings next to this one in its clause: those ahead, those behind, in the order they stand."""
    clause = tokens[place].clause
    near = range(max(0, place - _REACH), min(len(tokens), place + _REACH + 1))
    meant = [i for i in near if tokens[i].clause == clause and tokens[i].meaning and i != place]
    end = next((i for i in near if i > place and tokens[i].word in _SUBORDINATORS), len(tokens))
    start = max((i for i in near if i < place and tokens[i].word in _JOINTS), default=0)
    return [i for i in meant if place < i < end][:_AHEAD], [i for i in meant if start <= i < place][-_BEHIND:]


def _around(tokens: list[Token], wanted: frozenset[str]) -> frozenset[str]:
    """The meanings next to any of these words."""
    places = [place for place, token in enumerate(tokens) if token.word in wanted]
    return frozenset(tokens[i].meaning for place in places for side in _meant_near(tokens, place) for i in side)
