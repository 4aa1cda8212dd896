"""A figure with what was counted, out of what, and what was left out: a share nobody can take for another."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

Unit = Literal["percent", "seconds", "per_day", "points", "score"]
_ROUNDED: Mapping[Unit, Decimal] = {
    "percent": Decimal("0.1"),
    "seconds": Decimal(1),
    "per_day": Decimal("0.1"),
    "points": Decimal("0.1"),
    "score": Decimal("0.1"),
}


@dataclass(frozen=True)
class Excluded:
    """How many were left out, and why: a code that kpi_words.yaml puts into words."""

    why: str
    count: int


@dataclass(frozen=True)
class Kpi:
    """One figure.

    Attributes:
        kpi_id: names it, its numerator, its denominator and its note in kpi_words.yaml.
        numerator: as counted; seconds, contacts or money.
        denominator: the same; zero where there was nothing to count.
        unit: percent is 100 x numerator / denominator, points and score are their quotient, as seconds and per_day are.
        excluded: what was left out, with counts above zero.
        evidence: ids of what stands in the denominator and not in the numerator, or the other way round where that is
            the smaller question ("which were abandoned"); those a person would look at first.
        figures: numbers the formula was given besides, as days or thresholds.
    """

    kpi_id: str
    numerator: Decimal
    denominator: Decimal
    unit: Unit
    excluded: Sequence[Excluded] = ()
    evidence: Sequence[str] = ()
    figures: Mapping[str, str] | None = None

    @property
    def value(self) -> Decimal | None:
        """The figure, unrounded; None where there was nothing to count."""
        if not self.denominator:
            return None
        quotient = self.numerator / self.denominator
        return 100 * quotient if self.unit in ("percent", "points") else quotient

    def as_json(self) -> dict[str, Any]:
        """In JSON types; numbers as texts, the value rounded as its unit is told."""
        value = self.value
        return {
            "kpi_id": self.kpi_id,
            "numerator": _plain(self.numerator),
            "denominator": _plain(self.denominator),
            "unit": self.unit,
            "value": None if value is None else str(value.quantize(_ROUNDED[self.unit])),
            "excluded": [vars(each) for each in self.excluded],
            "evidence": list(self.evidence),
            "figures": dict(self.figures or {}),
        }


def kpi(
    kpi_id: str,
    numerator: Decimal | int,
    denominator: Decimal | int,
    unit: Unit = "percent",
    *,
    excluded: Mapping[str, int] | None = None,
    evidence: Iterable[str] = (),
    **figures: object,
) -> Kpi:
    """A figure from plain numbers; exclusions of zero are not told."""
    left_out = tuple(Excluded(why, count) for why, count in (excluded or {}).items() if count)
    told = {name: str(value) for name, value in figures.items()}
    return Kpi(kpi_id, Decimal(numerator), Decimal(denominator), unit, left_out, tuple(evidence), told)


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}" if number else "0"
