"""Masks what is no turn of a call: note edits, reports from people and other systems."""

from collections.abc import Iterable, Mapping
from typing import Any

from copilot.guard.redaction import SECRET_KINDS, Kind, RedactionPolicy, Redactor, secret_form
from copilot.transcript import Turn
from knowledge.rules.pack_head import NumberForm

_KIND_OF_PACK_NAME: Mapping[str, Kind] = {
    "card": "CARD",
    "cvv": "CVV",
    "expiry": "EXPIRY",
    "bank_account": "BANK_ACCOUNT",
    "routing_number": "ROUTING",
    "ssn": "SSN",
    "pin": "PIN",
    "one_time_code": "PIN",
    "password": "PASSWORD",
    "date_of_birth": "DATE_OF_BIRTH",
    "email": "EMAIL",
    "phone": "PHONE",
    "account": "ACCOUNT_NUMBER",
}


def policy_for(kinds: Iterable[str], numbers: Iterable[NumberForm] = ()) -> RedactionPolicy:
    """The policy of a pack: what every pack masks, the kinds it names besides, and its numbers that are secret."""
    forms = tuple(
        secret_form(form.pattern, form.spoken_digits, form.label.model_dump(exclude_none=True).values())
        for form in numbers
        if form.secret
    )
    return RedactionPolicy(SECRET_KINDS | {_KIND_OF_PACK_NAME[kind] for kind in kinds}, forms)


def mask_values(value: Any, policy: RedactionPolicy) -> Any:
    """A JSON value with the secrets in all its texts masked; each text is read on its own."""
    if isinstance(value, str):
        return Redactor(policy).redact(Turn("text", "unknown", value)).text
    if isinstance(value, Mapping):
        return {key: mask_values(item, policy) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [mask_values(item, policy) for item in value]
    return value
