"""The words people say numbers with, English and Spanish, as tables."""

from typing import Final, Literal, NamedTuple

Part = Literal["zero", "unit", "teen", "tens", "hundreds", "hundred", "scale", "repeat", "typed"]


def word_set(spelled: str) -> frozenset[str]:
    """The words of a table written as running text, which reads better than a column of quotes."""
    return frozenset(spelled.split())


def _counted(spelled: str, first: int) -> dict[int, str]:
    return dict(enumerate(spelled.split(), first))


class NumberWord(NamedTuple):
    """What one word adds to a number: `teen` is any closed two-digit word (ten, seventeen, veintiuno)."""

    part: Part
    value: int


_ENGLISH: Final[dict[Part, dict[int, str]]] = {
    "zero": {0: "zero oh o nought naught zeroes"},
    "unit": {**_counted("one two three four five six seven eight nine", 1), 5: "five fife", 9: "nine niner"},
    "teen": _counted("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen", 10),
    "tens": {
        20: "twenty",
        30: "thirty",
        40: "forty fourty",
        50: "fifty",
        60: "sixty",
        70: "seventy",
        80: "eighty",
        90: "ninety",
    },
    "hundred": {100: "hundred"},
    "scale": {
        10**3: "thousand",
        10**5: "lakh",
        10**6: "million",
        10**7: "crore",
        10**9: "billion",
        10**12: "trillion",
        10**15: "quadrillion",
        10**18: "quintillion",
        10**21: "sextillion",
    },
    "repeat": {2: "double", 3: "triple treble"},
}
_SPANISH: Final[dict[Part, dict[int, str]]] = {
    "zero": {0: "cero"},
    "unit": _counted("uno dos tres cuatro cinco seis siete ocho nueve", 1),
    "teen": {
        10: "diez",
        11: "once",
        12: "doce",
        13: "trece",
        14: "catorce",
        15: "quince",
        16: "dieciséis dieciseis",
        17: "diecisiete",
        18: "dieciocho",
        19: "diecinueve",
        21: "veintiuno veintiún veintiun veintiuna",
        22: "veintidós veintidos",
        23: "veintitrés veintitres",
        24: "veinticuatro",
        25: "veinticinco",
        26: "veintiséis veintiseis",
        27: "veintisiete",
        28: "veintiocho",
        29: "veintinueve",
    },
    "tens": {
        20: "veinte",
        30: "treinta",
        40: "cuarenta",
        50: "cincuenta",
        60: "sesenta",
        70: "setenta",
        80: "ochenta",
        90: "noventa",
    },
    "hundreds": {
        100: "cien ciento",
        200: "doscientos doscientas",
        300: "trescientos trescientas",
        400: "cuatrocientos cuatrocientas",
        500: "quinientos quinientas",
        600: "seiscientos seiscientas",
        700: "setecientos setecientas",
        800: "ochocientos ochocientas",
        900: "novecientos novecientas",
    },
    "scale": {10**3: "mil", 10**6: "millón millon millones"},
    "repeat": {2: "doble", 3: "triple"},
}


def _table(parts: dict[Part, dict[int, str]]) -> dict[str, NumberWord]:
    return {
        word: NumberWord(part, value)
        for part, values in parts.items()
        for value, spelled in values.items()
        for word in spelled.split()
    }


ENGLISH_NUMBERS: Final = _table(_ENGLISH)
SPANISH_NUMBERS: Final = _table(_SPANISH)
NUMBER_WORDS: Final = {**SPANISH_NUMBERS, **ENGLISH_NUMBERS}

ARTICLES: Final = frozenset({"a", "an", "un"})  # "a hundred", "un millón"
AND_WORDS: Final = frozenset({"and", "y", "then", "luego", "entonces"})
FILLERS: Final = word_set(
    "uh um er erm ah eh mm hmm dash hyphen dot space comma guion guión espacio este like period slash"
)
POINT_WORDS: Final = frozenset({"point", "punto"})

ZERO_LETTERS: Final = frozenset({"oh", "o"})
# Ordinary words in the other language: English "once", Spanish "ten" (hold) and "o" (or), "mil" in names.
AMBIGUOUS: Final = {"once": "es", "mil": "es", "ten": "en", "o": "en", "oh": "en"}

# "one" next to these is a pronoun, not a number.
ONE_AFTER: Final = word_set(
    "that this no which the each any every another other some new old right good only a wrong same different last first"
    " someone either neither"
)
ONE_BEFORE: Final = word_set("of another")

SPANISH_MARKERS: Final = word_set(
    "el la los las de del que mi su es son número numero tarjeta cuenta código codigo por para con una está sí si"
    " señor señora gracias tengo quiero mes años sea pero muy como ya yo usted le lo"
    " quisiera pagar diga dígame ajá bueno vale claro fecha cuál cuánto gracias hola"
)
ENGLISH_MARKERS: Final = word_set("the is my of to for and it i you your that on in have was at with can are this be")

_ORDINAL_UNITS = "first second third fourth fifth sixth seventh eighth ninth"
_ORDINAL_TEENS = (
    "tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
ORDINALS: Final = {
    **{word: place for place, word in enumerate(_ORDINAL_UNITS.split(), 1)},
    **{word: place for place, word in enumerate(_ORDINAL_TEENS.split(), 10)},
    "thirtieth": 30,
    "primero": 1,
}

MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january jan enero",
            "february feb febrero",
            "march mar marzo",
            "april apr abril",
            "may mayo",
            "june jun junio",
            "july jul julio",
            "august aug agosto",
            "september sept sep septiembre setiembre",
            "october oct octubre",
            "november nov noviembre",
            "december dec diciembre",
        ),
        1,
    )
    for name in names.split()
}
