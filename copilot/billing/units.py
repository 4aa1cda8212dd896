"""Quantities with their units, exact: data, time, money, percent and ratio; unlike kinds are never added.

Data is counted as plans count it, 1 GB = 1000 MB; KiB, MiB, GiB and TiB count by 1024.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from copilot.errors import BadInput
from copilot.money import round_cents

_UNITS: Mapping[str, tuple[str, Fraction]] = {
    **{unit: ("data", Fraction(1000) ** power) for power, unit in enumerate(("b", "kb", "mb", "gb", "tb"))},
    **{unit: ("data", Fraction(1024) ** power) for power, unit in enumerate(("kib", "mib", "gib", "tib"), start=1)},
    "bit/s": ("speed", Fraction(1)),
    "kbps": ("speed", Fraction(1000)),
    "mbps": ("speed", Fraction(1000**2)),
    "gbps": ("speed", Fraction(1000**3)),
    "s": ("time", Fraction(1)),
    "sec": ("time", Fraction(1)),
    "min": ("time", Fraction(60)),
    "h": ("time", Fraction(3600)),
    "day": ("time", Fraction(86400)),
    "week": ("time", Fraction(604800)),
    "%": ("share", Fraction(1, 100)),
    "ratio": ("share", Fraction(1)),
    "usd": ("money", Fraction(1)),
    "cent": ("money", Fraction(1, 100)),
}
_ALIASES: Mapping[str, str] = {
    "second": "s",
    "minute": "min",
    "minuto": "min",
    "hour": "h",
    "hora": "h",
    "hr": "h",
    "dia": "day",
    "día": "day",
    "semana": "week",
    "percent": "%",
    "dollar": "usd",
    "dólar": "usd",
    "dolar": "usd",
    "$": "usd",
    "byte": "b",
    "gigabyte": "gb",
    "megabyte": "mb",
    "terabyte": "tb",
    "gig": "gb",
    "meg": "mb",
}
_FORM = re.compile(r"\s*(\$?)\s*(-?\d[\d,]*(?:\.\d+)?)\s*([^\d\s].*?)?\s*")


@dataclass(frozen=True)
class Quantity:
    """An exact amount; `base` counts the smallest unit of its kind: bytes, bit/s, seconds, dollars, shares of one."""

    kind: str
    base: Fraction

    def __add__(self, other: "Quantity") -> "Quantity":
        return Quantity(self._same(other), self.base + other.base)

    def __sub__(self, other: "Quantity") -> "Quantity":
        return Quantity(self._same(other), self.base - other.base)

    def times(self, factor: Fraction) -> "Quantity":
        """So many times of it."""
        return Quantity(self.kind, self.base * factor)

    def per(self, other: "Quantity") -> Fraction:
        """How often the other, of the same kind, fits into it: a ratio.

        Raises:
            BadInput: unlike kinds, or a division by nothing.
        """
        self._same(other)
        if not other.base:
            raise BadInput("A ratio to nothing cannot be told; the second quantity is 0.")
        return self.base / other.base

    def in_unit(self, unit: str) -> Fraction:
        """The number in a unit of its kind, exact.

        Raises:
            BadInput: the unit is unknown or of another kind.
        """
        kind, size = unit_of(unit)
        if kind != self.kind:
            raise BadInput(f"{unit!r} measures {kind}, this is {self.kind}. Choose a unit of {self.kind}.")
        return self.base / size

    def _same(self, other: "Quantity") -> str:
        if self.kind != other.kind:
            raise BadInput(f"{self.kind} and {other.kind} cannot be put together. Convert one first.")
        return self.kind


def unit_of(name: str) -> tuple[str, Fraction]:
    """The kind of a unit and its size in the smallest one.

    Raises:
        BadInput: no such unit.
    """
    plain = name.strip().casefold()
    for tried in (plain, plain.removesuffix("s"), plain.removesuffix("es")):
        found = _UNITS.get(_ALIASES.get(tried, tried))
        if found is not None:
            return found
    raise BadInput(f"No unit {name!r}; known are: {', '.join(_UNITS)}.")


def quantity(text: str) -> Quantity:
    """The quantity in a text such as "1.5 GB", "90 min", "12 %" or "$84.37".

    Raises:
        BadInput: it is none.
    """
    found = _FORM.fullmatch(text)
    unit = (found[1] or found[3]) if found else None
    if found is None or not unit or (found[1] and found[3]):
        raise BadInput(f"{text!r} is no quantity; allowed is a number with its unit. Write e.g. 1.5 GB or $84.37.")
    kind, size = unit_of(unit)
    return Quantity(kind, Fraction(found[2].replace(",", "")) * size)


def cost(used: Quantity, price: Decimal, per_unit: str) -> Decimal:
    """What a use costs at a price for each unit, rounded once to the cent: 90 min at 0.039 a minute is 3.51."""
    exact = used.in_unit(per_unit) * Fraction(price)
    return round_cents(Decimal(exact.numerator) / Decimal(exact.denominator))
