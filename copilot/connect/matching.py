"""Whether what another system holds is what was asked for: its own search may be more generous than we can be."""

_PHONE_DIGITS = 10


def same_phone(one: object, other: object) -> bool:
    """Whether two phone numbers have the same last ten digits; shorter ones are never the same."""
    digits = _digits(one)
    return bool(digits) and digits == _digits(other)


def same_text(one: object, other: object) -> bool:
    """Whether two addresses or ids are the same but for case and space around them; empty ones are never the same."""
    return bool(str(one or "").strip()) and str(one).strip().casefold() == str(other or "").strip().casefold()


def _digits(phone: object) -> str:
    digits = "".join(c for c in str(phone or "") if c.isdecimal() and c.isascii())[-_PHONE_DIGITS:]
    return digits if len(digits) == _PHONE_DIGITS else ""
