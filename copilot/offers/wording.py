"""What the agent says and must tell, the amounts and dates of this customer filled in."""

from datetime import date

from copilot.money import in_words
from copilot.offers.concession import Given
from knowledge.rules.base import Words
from knowledge.rules.offers import Offer

_MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(),
}
_UNTIL_CHANGED = {"en": "the end of it", "es": "que termine"}


def spoken(words: Words, offer: Offer, given: Given, language: str, currency: str = "USD") -> str:
    """The words of a pack in a language, with {end_date}, {price_after} and their like filled in.

    Words without a translation are shown in English, with dates in English, too.
    """
    language = "es" if language == "es" and words.es else "en"
    values = {
        "amount": in_words(max(given.monthly, default=given.upfront), currency),
        "months": str(given.months),
        "end_date": day_in_words(given.ends_on, language) if given.ends_on else _UNTIL_CHANGED[language],
        "price_now": in_words(given.price_now, currency),
        "price_during": in_words(given.price_during, currency),
        "price_after": in_words(given.price_after, currency),
        "plan": given.plan,
        "name": offer.name.in_language(language),
        "fee": in_words(given.fee, currency),
    }
    text = words.in_language(language)
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def day_in_words(day: date, language: str) -> str:
    """A day as it is spoken: May 20, 2027, or 20 de mayo de 2027."""
    month = _MONTHS[language][day.month - 1]
    return f"{day.day} de {month} de {day.year}" if language == "es" else f"{month} {day.day}, {day.year}"
