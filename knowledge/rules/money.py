"""Amounts, prices and percentages as they stand in rule files: quoted decimals, never floats."""

from decimal import Decimal
from re import fullmatch
from typing import Annotated

from pydantic import BeforeValidator, Field

from knowledge.rules.base import refuse


def _quoted_decimal(value: object, pattern: str, what: str, example: str) -> Decimal:
    text = str(value) if isinstance(value, Decimal) else value
    if not isinstance(text, str):
        raise refuse(
            f'{value!r} is a bare number; {what} stands in quotes, so that no cent is lost. Write "{example}".'
        )
    if not fullmatch(pattern, text):
        raise refuse(f'{text!r} is not {what}; allowed is the form "{example}", without currency sign or comma.')
    return Decimal(text)


def _amount(value: object) -> Decimal:
    return _quoted_decimal(value, r"-?\d{1,9}\.\d{2}", "an amount with two decimals", "25.00")


def _price(value: object) -> Decimal:
    amount = _amount(value)
    if amount < 0:
        raise refuse(f'"{amount}" is below zero; allowed is "0.00" or more. Write what it costs without a minus sign.')
    return amount


def _unit_price(value: object) -> Decimal:
    return _quoted_decimal(value, r"\d{1,6}\.\d{2,6}", "a price per unit with two to six decimals", "0.039")


def _percent(value: object) -> Decimal:
    percent = _quoted_decimal(value, r"\d{1,3}(\.\d{1,4})?", "a percentage", "8.25")
    if percent > 100:
        raise refuse(f'"{percent}" is above 100 percent; allowed is "0" to "100". Write e.g. "8.25" for 8.25 %.')
    return percent


def _share(value: object) -> Decimal:
    share = _quoted_decimal(value, r"[01]\.\d{1,4}", "a probability", "0.45")
    if share > 1:
        raise refuse(f'"{share}" is above 1; allowed is "0.0" to "1.0". Write e.g. "0.45" for 45 in 100.')
    return share


Money = Annotated[Decimal, BeforeValidator(_price), Field(description='an amount of 0 or more, in quotes: "25.00"')]
UnitPrice = Annotated[Decimal, BeforeValidator(_unit_price), Field(description='price of a small unit: "0.039"')]
Percent = Annotated[Decimal, BeforeValidator(_percent), Field(description='0 to 100, in quotes: "8.25"')]
Share = Annotated[Decimal, BeforeValidator(_share), Field(description='a probability, in quotes: "0.45"')]
