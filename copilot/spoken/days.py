"""Days as people write them."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

MONTHS: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "en": "January February March April May June July August September October November December".split(),
        "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(),
    }
)


def day_in_words(day: date, language: str) -> str:
    """The day in words, as in "November 20, 2027" or "20 de noviembre de 2027"."""
    if language == "es":
        return f"{day.day} de {MONTHS['es'][day.month - 1]} de {day.year}"
    return f"{MONTHS['en'][day.month - 1]} {day.day}, {day.year}"
