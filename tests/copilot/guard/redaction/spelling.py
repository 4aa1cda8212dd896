"""Codes of letters and digits as people spell them out, and digits as a recogniser mishears them, drawn at random."""

import random

from tests.copilot.guard.redaction.saying import ENGLISH, SPANISH

_NATO = (
    "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa quebec romeo"
    " sierra tango uniform victor whiskey xray yankee zulu"
).split()
_ENGLISH_NAMES = (
    "apple boy cat dog edward frank george henry ice jack king larry mary nancy orange paul queen robert sam tom"
    " umbrella victor william xylophone yellow zebra"
).split()
_SPANISH_NAMES = (
    "amor burro casa dedo elefante foca gato huevo iglesia jirafa kilo luna mamá nube oso papá queso rosa sol taza uva"
    " vaca whisky xilófono yegua zapato"
).split()
_SPANISH_LETTERS = (
    "a be ce de e efe ge hache i jota ka ele eme ene o pe cu erre ese te u uve doble-u equis ye zeta".split()
)
_SOUNDS_LIKE = {
    "1": ("won",),
    "2": ("to", "too"),
    "3": ("tree",),
    "4": ("for",),
    "5": ("fife",),
    "8": ("ate",),
    "9": ("niner",),
    "0": ("nought", "naught"),
}


def code(rng: random.Random) -> str:
    """A code of five to nine capitals and digits, two of each at least."""
    letters = [rng.choice("ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(rng.randrange(2, 4))]
    figures = [rng.choice("0123456789") for _ in range(rng.randrange(3, 7))]
    if rng.random() < 0.6:
        return "".join([*letters, *figures])
    signs = [*letters, *figures]
    rng.shuffle(signs)
    return "".join(signs)


def spelled(rng: random.Random, signs: str, language: str) -> str:
    """The signs one by one: "b as in boy seven", "bravo seven", "b seven", "be de burro siete"."""
    style = rng.choice(("plain", "nato", "as in", "for") if language == "en" else ("plain", "de", "nato"))
    return " ".join(_sign(sign, style, language) for sign in signs)


def _sign(sign: str, style: str, language: str) -> str:
    if sign.isdigit():
        return (ENGLISH if language == "en" else SPANISH)[int(sign)]
    place = ord(sign) - ord("A")
    if style == "nato":
        return _NATO[place]
    if language == "es":
        letter = _SPANISH_LETTERS[place].replace("-", " ")
        return f"{letter} de {_SPANISH_NAMES[place]}" if style == "de" else letter
    if style == "plain":
        return sign.lower()
    joint = "as in" if style == "as in" else "for"
    return f"{sign.lower()} {joint} {_ENGLISH_NAMES[place]}"


def misheard(rng: random.Random, spoken: str) -> str:
    """English digit words with some of them as words that sound alike: "for ate one to"; the first one stays."""
    words = spoken.split(" ")
    for place in range(1, len(words)):
        digit = ENGLISH.index(words[place]) if words[place] in ENGLISH else -1
        alike = _SOUNDS_LIKE.get(str(digit))
        if alike and rng.random() < 0.25:
            words[place] = rng.choice(alike)
    return " ".join(words)
