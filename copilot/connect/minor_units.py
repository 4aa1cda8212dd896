"""Amounts as payment services count them: whole minor units, whose worth hangs on the currency.

Source: Stripe documentation, "Supported currencies" (zero-decimal, three-decimal, special cases).
"""

from decimal import Decimal

from copilot.money import CENT

_NO_DECIMALS = frozenset("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split())
_THREE_DECIMALS = frozenset("BHD JOD KWD OMR TND".split())
_MOST = 10**14
# ISK and UGX have no decimals either, and are counted in hundredths all the same


def exponent_of(currency: str) -> int:
    """How many decimals the minor unit of a currency (ISO 4217, any case) stands for."""
    code = currency.upper()
    return 0 if code in _NO_DECIMALS else 3 if code in _THREE_DECIMALS else 2


def from_minor(units: int, currency: str) -> Decimal:
    """Minor units as an amount, exactly: 1999 USD is 19.99, 500 JPY is 500, 1230 KWD is 1.230."""
    return Decimal(f"{units}E-{exponent_of(currency)}")


def to_minor(amount: Decimal, currency: str) -> int:
    """An amount in minor units.

    Raises:
        ValueError: it is no whole number of them.
    """
    units = amount.scaleb(exponent_of(currency))
    if units != units.to_integral_value():
        raise ValueError(f"{amount} {currency.upper()} is no whole number of minor units")
    return int(units)


def in_cents(units: object, currency: object) -> Decimal:
    """Minor units as an amount of at most two decimals, which is what our records hold.

    Raises:
        ValueError: the units are no whole number or more than 10^14, the currency is none, or the third decimal is not
            zero.
    """
    if isinstance(units, bool) or not isinstance(units, int) or not isinstance(currency, str) or len(currency) != 3:
        raise ValueError("no whole number of minor units of a currency")
    if abs(units) > _MOST:
        raise ValueError("more than any amount can be")
    exact = from_minor(units, currency)
    if exact != exact.quantize(CENT):
        raise ValueError("more than two decimals")
    return exact.quantize(CENT)
