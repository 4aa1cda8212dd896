"""Whether what another system holds is what was asked for: its own search may be more generous than we can be."""

import re
from decimal import Decimal

_PHONE_DIGITS = 10
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,30})(\.\d{1,30})?")


def same_phone(one: object, other: object) -> bool:
    """Whether two phone numbers have the same last ten digits; shorter ones are never the same."""
    digits = _digits(one)
    return bool(digits) and digits == _digits(other)


def same_text(one: object, other: object) -> bool:
    """Whether two addresses or ids are the same but for case and space around them; empty ones are never the same."""
    return bool(str(one or "").strip()) and str(one).strip().casefold() == str(other or "").strip().casefold()


def same_value(one: str | None, other: str | None) -> bool:
    """Whether two values of a field are the same; numbers by their worth (4.50 is 4.5), but 012 is no number."""
    if one is None or other is None or one == other:
        return one == other
    are_numbers = _NUMBER.fullmatch(one) and _NUMBER.fullmatch(other)
    return bool(are_numbers) and Decimal(one) == Decimal(other)


def _digits(phone: object) -> str:
    digits = "".join(c for c in str(phone or "") if c.isdecimal() and c.isascii())[-_PHONE_DIGITS:]
    return digits if len(digits) == _PHONE_DIGITS else ""
