"""Exact money: Decimal cents, half up, rounded once at each component. A float never enters a calculation."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer

from copilot.errors import BadInput

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£"}
_FORM = re.compile(r"-?\d{1,12}(\.\d{1,2})?")
_PERCENT = re.compile(r"\d{1,3}(\.\d{1,6})?")


def round_cents(amount: Decimal) -> Decimal:
    """The amount to the cent, half a cent upwards (away from zero)."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def in_words(amount: Decimal, currency: str = "USD") -> str:
    """An amount as people read it: $1,250.00, €12.50, or 12.50 CHF where the currency has no sign here."""
    sign = _SIGNS.get(currency)
    return f"{sign}{amount:,.2f}" if sign else f"{amount:,.2f} {currency}"


def parse_money(value: object, name: str = "amount", *, may_be_negative: bool = False) -> Decimal:
    """An amount as it was given: a text or a number with at most two decimals, no sign of a currency.

    A JSON number has become a float on its way here; it is read by its shortest decimal form and is one no longer.

    Raises:
        BadInput: another form, or below zero where that makes no sense; the message names the field.
    """
    text = str(value).strip() if isinstance(value, str | int | float | Decimal) and not isinstance(value, bool) else ""
    if not _FORM.fullmatch(text):
        raise BadInput(f"{name} is {value!r}; allowed is an amount with at most two decimals. Write e.g. 84.37.")
    amount = Decimal(text).quantize(CENT)
    if amount < 0 and not may_be_negative:
        raise BadInput(f"{name} is {text}, below zero; allowed is 0.00 or more. Write it without the minus sign.")
    return amount


def parse_percent(value: object, name: str = "percent") -> Decimal:
    """A percentage from 0 to 100, exact, e.g. 8.875.

    Raises:
        BadInput: it is none.
    """
    text = str(value).strip().removesuffix("%").strip() if not isinstance(value, bool) else ""
    if not _PERCENT.fullmatch(text) or Decimal(text) > 100:
        raise BadInput(f"{name} is {value!r}; allowed is a percentage from 0 to 100. Write e.g. 8.25.")
    return Decimal(text)


def percent_of(percent: Decimal, amount: Decimal) -> Decimal:
    """So many percent of an amount, rounded to the cent."""
    return round_cents(amount * percent / 100)


def _in_a_model(*, may_be_negative: bool) -> Callable[[Any], Decimal]:
    def read(value: Any) -> Decimal:
        try:
            return parse_money(value, "it", may_be_negative=may_be_negative)
        except BadInput as error:
            raise ValueError(str(error)) from None

    return read


_as_text = PlainSerializer(str, return_type=str)

Amount = Annotated[Decimal, BeforeValidator(_in_a_model(may_be_negative=False)), _as_text]
"""An amount of 0.00 or more in a body or record; told as a text with two decimals."""
SignedAmount = Annotated[Decimal, BeforeValidator(_in_a_model(may_be_negative=True)), _as_text]
"""The same, which may be below zero, such as a discount."""


@dataclass(frozen=True)
class Component:
    """One line of a calculation: `how` it came about, and the record or rule it rests on."""

    name: str
    amount: Decimal
    how: str
    source: str = "given"

    def as_json(self) -> dict[str, str]:
        """The component with its amount as a text."""
        return {"name": self.name, "amount": str(self.amount), "how": self.how, "source": self.source}


def total_of(components: Iterable[Component]) -> Decimal:
    """The sum; every component is in cents already, so nothing is rounded here."""
    return sum((component.amount for component in components), ZERO)
