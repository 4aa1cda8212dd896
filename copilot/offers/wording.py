"""What the agent says and must tell, the amounts and dates of this customer filled in."""

import re

from copilot.money import in_words
from copilot.offers.concession import Given
from copilot.spoken.days import day_in_words
from knowledge.rules.base import Words
from knowledge.rules.offers import Offer

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_UNTIL_CHANGED = {"en": "the end of it", "es": "que termine"}


def spoken(words: Words, offer: Offer, given: Given, language: str, currency: str = "USD") -> str:
    """The words of a pack in a language, with {end_date}, {price_after} and their like filled in.

    Words without a translation are shown in English, with dates in English, too.
    """
    language = "es" if language == "es" and words.es else "en"
    text = words.in_language(language)
    if "{" not in text:
        return text
    return _PLACEHOLDER.sub(lambda found: _value(found[1], offer, given, language, currency), text)


def _value(name: str, offer: Offer, given: Given, language: str, currency: str) -> str:
    match name:
        case "months":
            return str(given.months)
        case "end_date":
            return day_in_words(given.ends_on, language) if given.ends_on else _UNTIL_CHANGED[language]
        case "plan":
            return given.plan
        case "name":
            return offer.name.in_language(language)
        case "amount":
            return in_words(max(given.monthly, default=given.upfront), currency)
    amounts = {
        "price_now": given.price_now,
        "price_during": given.price_during,
        "price_after": given.price_after,
        "fee": given.fee,
    }
    return in_words(amounts[name], currency) if name in amounts else f"{{{name}}}"
