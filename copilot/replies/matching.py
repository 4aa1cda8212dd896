"""Which customer an item may be from: proposed to a person, never assumed, and without saying what agreed.

Values are compared before they are masked, and only the customer's id is kept.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from copilot.replies.model import CustomerMatch

MOST = 5
ENOUGH = 0.3
_WEIGHTS = {"customer_id": 1.0, "account_id": 0.9, "email": 0.8, "phone": 0.7, "name": 0.4, "state": 0.1}
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_DIGITS = re.compile(r"\d[\d\s().-]{5,}\d")
_WORD = re.compile(r"[^\W\d_]+")
_PHONE_DIGITS = 10


def match_customers(
    given: Mapping[str, Any], text: str, customers: Mapping[str, Mapping[str, Any]], *, jurisdiction: str | None = None
) -> list[CustomerMatch]:
    """Customers that agree with what was sent, the likeliest first, at most MOST.

    Args:
        given: what was sent, unmasked: `customer_id`, `email`, `phone`, `account`, `author`, `consumer` are read.
        text: what was written, unmasked.
        customers: records by id.
        jurisdiction: as in "US-TX".
    """
    said = " ".join([text, *_texts(given)])
    mails = {mail.lower().rstrip(".") for mail in _MAIL.findall(said)}
    phones = {re.sub(r"\D", "", number)[-_PHONE_DIGITS:] for number in _DIGITS.findall(said)}
    words = {word.lower() for word in _WORD.findall(" ".join(_names(given)))}
    found = []
    for customer_id, record in customers.items():
        because = [*_agreeing(given, said, mails, phones, words, customer_id, record)]
        if because and jurisdiction == f"US-{record.get('state')}":
            because.append("state")
        score = min(1.0, sum(_WEIGHTS[each] for each in because))
        if score >= ENOUGH:
            found.append(CustomerMatch(customer_id, round(score, 2), tuple(because)))
    return sorted(found, key=lambda match: (-match.score, match.customer_id))[:MOST]


def _agreeing(
    given: Mapping[str, Any],
    said: str,
    mails: set[str],
    phones: set[str],
    words: set[str],
    customer_id: str,
    record: Mapping[str, Any],
) -> Iterator[str]:
    if given.get("customer_id") == customer_id or re.search(rf"\b{re.escape(customer_id)}\b", said):
        yield "customer_id"
    if any(str(account.get("account_id")) in said for account in record.get("accounts", ())):
        yield "account_id"
    contacts = record.get("contacts", ())
    if mails & {str(contact.get("email", "")).lower() for contact in contacts}:
        yield "email"
    if phones & {re.sub(r"\D", "", str(contact.get("phone", "")))[-_PHONE_DIGITS:] for contact in contacts} - {""}:
        yield "phone"
    names = [str(record.get("name", "")), *(str(contact.get("name", "")) for contact in contacts)]
    if any(len(parts := set(name.lower().split())) > 1 and parts <= words for name in names):
        yield "name"


def _texts(given: Mapping[str, Any]) -> Iterator[str]:
    for name in ("email", "phone", "account", "account_id", "from", "consumer", "author"):
        value = given.get(name)
        if isinstance(value, str):
            yield value
        elif isinstance(value, Mapping):
            yield from (str(each) for each in value.values() if isinstance(each, str | int))


def _names(given: Mapping[str, Any]) -> Iterator[str]:
    yield from (value for name in ("author", "consumer", "from", "name") if isinstance(value := given.get(name), str))
    consumer = given.get("consumer")
    if isinstance(consumer, Mapping):
        yield str(consumer.get("name") or consumer.get("displayName") or "")
