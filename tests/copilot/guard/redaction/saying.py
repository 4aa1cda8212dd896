"""Ways to say and type a string of digits, drawn at random: what the masking has to see through."""

import random
from collections.abc import Sequence

ENGLISH = "zero one two three four five six seven eight nine".split()
SPANISH = "cero uno dos tres cuatro cinco seis siete ocho nueve".split()
_EN_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_EN_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ES_TEENS = (
    "diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós"
    " veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve"
).split()
_ES_TENS = "treinta cuarenta cincuenta sesenta setenta ochenta noventa".split()
_ES_HUNDREDS = (
    "ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos".split()
)
_FILLERS = {
    "en": (" uh ", ", uh, ", " um ", " then ", ", and then ", "... ", " dash "),
    "es": (" eh ", ", este, ", " luego ", "... ", " guion "),
}
_GROUPS = (
    (4, 4, 4, 4),
    (4, 6, 5),
    (4, 4, 4, 3),
    (3, 3, 4),
    (3, 2, 4),
    (2,) * 10,
    (3,) * 7,
    (5,) * 4,
    (4,) * 5,
    (1,) * 20,
)
_SEPARATORS = (" ", "-", ".", "  ", "\u00a0", "\u2013", " - ", "\u2011", "\u202f", ", ")


def group(digits: str, sizes: Sequence[int]) -> list[str]:
    """The digits cut into these sizes; what is left over is the last group."""
    cut, done = [], 0
    for size in sizes:
        if done < len(digits):
            cut.append(digits[done : done + size])
            done += size
    return [*cut, digits[done:]] if done < len(digits) else cut


def typed(rng: random.Random, digits: str) -> str:
    """The digits as people type them: in groups, with any dash or space, full-width, with invisible characters."""
    text = rng.choice(_SEPARATORS).join(group(digits, rng.choice(_GROUPS))) if rng.random() < 0.6 else digits
    style = rng.random()
    if style < 0.06:
        text = "".join(chr(ord(char) + 0xFEE0) if char.isdigit() else char for char in text)
    elif style < 0.1:
        text = "\u200b".join(text)
    elif style < 0.13:
        text = "".join(chr(0x0660 + int(char)) if char.isdigit() else char for char in text)
    return text


def pair(number: int, language: str) -> str:
    """A number of two digits as a word or two: "forty one", "oh five", "cuarenta y uno"."""
    if language == "en":
        if number < 10:
            return f"oh {ENGLISH[number]}"
        if number < 20:
            return _EN_TEENS[number - 10]
        tens = _EN_TENS[number // 10 - 2]
        return f"{tens} {ENGLISH[number % 10]}" if number % 10 else tens
    if number < 10:
        return f"cero {SPANISH[number]}"
    if number < 30:
        return _ES_TEENS[number - 10]
    tens = _ES_TENS[number // 10 - 3]
    return f"{tens} y {SPANISH[number % 10]}" if number % 10 else tens


def hundreds(number: int, language: str) -> str:
    """A number of three digits as words: "three hundred forty one", "trescientos cuarenta y uno"."""
    if language == "es":
        if number == 100:
            return "cien"
        rest = f" {pair(number % 100, 'es').removeprefix('cero ')}" if number % 100 else ""
        return _ES_HUNDREDS[number // 100 - 1] + rest
    rest = f" {pair(number % 100, 'en').removeprefix('oh ')}" if number % 100 else ""
    return f"{ENGLISH[number // 100]} hundred{rest}"


def spoken(rng: random.Random, digits: str, language: str = "en", *, plain: bool = False) -> str:
    """The digits as words: one by one, in pairs, doubled, in hundreds, with fillers, with groups left as figures."""
    style = "single" if plain else rng.choice(("single", "single", "single", "pairs", "mixed", "hundreds", "figures"))
    words: list[str] = []
    place = 0
    while place < len(digits):
        word, size = _next_word(rng, digits[place:], language, style)
        words.append(word)
        place += size
    joint = [" "] * len(words)
    for index in range(1, len(words)):
        if index % 4 == 0 and rng.random() < 0.25:
            joint[index] = ", "
        if rng.random() < 0.03:
            joint[index] = rng.choice(_FILLERS[language])
    return words[0] + "".join(joint[index] + words[index] for index in range(1, len(words)))


def _next_word(rng: random.Random, rest: str, language: str, style: str) -> tuple[str, int]:
    units = ENGLISH if language == "en" else SPANISH
    same = 3 if rest[:3] == rest[0] * 3 else 2 if rest[:2] == rest[0] * 2 else 1
    if same > 1 and rng.random() < 0.5:
        word = "triple" if same == 3 else "double" if language == "en" else "doble"
        return f"{word} {units[int(rest[0])]}", same
    # "thirty" before a unit would be another number: people say "three oh eight" then
    has_pair = len(rest) >= 2 and (rest[1] != "0" or rest[0] == "1")
    if has_pair and (style == "pairs" or (style == "mixed" and rng.random() < 0.5)):
        return pair(int(rest[:2]), language), 2
    if style == "hundreds" and len(rest) >= 3 and rest[0] != "0" and rest[2] != "0":
        return hundreds(int(rest[:3]), language), 3
    if style == "figures" and rng.random() < 0.6:
        size = min(rng.choice((1, 2, 4, 4)), len(rest))
        return rest[:size], size
    is_oh = rest[0] == "0" and language == "en"
    return rng.choice(("zero", "oh", "oh", "o")) if is_oh else units[int(rest[0])], 1


def said(rng: random.Random, digits: str, language: str = "en") -> str:
    """Typed or spoken, by chance."""
    return typed(rng, digits) if rng.random() < 0.35 else spoken(rng, digits, language)
