"""What the agent says and must tell, the amounts and dates of this customer filled in."""

from datetime import date
from decimal import Decimal

from copilot.offers.concession import Given
from knowledge.rules.base import Words
from knowledge.rules.offers import Offer

_MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(),
}
_UNTIL_CHANGED = {"en": "the end of it", "es": "que termine"}


def spoken(words: Words, offer: Offer, given: Given, language: str, customer_name: str = "") -> str:
    """The words of a pack in a language, with {end_date}, {price_after} and their like filled in.

    Words without a translation are shown in English, with dates in English, too.
    """
    language = "es" if language == "es" and words.es else "en"
    values = {
        "amount": dollars(max(given.monthly, default=given.upfront)),
        "months": str(given.months),
        "end_date": day_in_words(given.ends_on, language) if given.ends_on else _UNTIL_CHANGED[language],
        "price_now": dollars(given.price_now),
        "price_during": dollars(given.price_during),
        "price_after": dollars(given.price_after),
        "plan": given.plan,
        "name": customer_name or offer.name.in_language(language),
        "fee": dollars(given.fee),
    }
    text = words.in_language(language)
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def dollars(amount: Decimal) -> str:
    """An amount as people read it, e.g. $1,250.00."""
    return f"${amount:,.2f}"


def day_in_words(day: date, language: str) -> str:
    """A day as it is spoken: May 20, 2027, or 20 de mayo de 2027."""
    month = _MONTHS[language][day.month - 1]
    return f"{day.day} de {month} de {day.year}" if language == "es" else f"{month} {day.day}, {day.year}"
