"""Masks what is no turn of a call: note edits, reports from people and other systems."""

from collections.abc import Iterable, Mapping
from typing import Any

from copilot.guard.redaction import SECRET_KINDS, Kind, RedactionPolicy, Redactor
from copilot.transcript import Turn

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
}


def policy_for(kinds: Iterable[str]) -> RedactionPolicy:
    """The policy of a pack: what every pack masks, and the kinds it names besides."""
    return RedactionPolicy(SECRET_KINDS | {_KIND_OF_PACK_NAME[kind] for kind in kinds})


def mask_values(value: Any, policy: RedactionPolicy) -> Any:
    """A JSON value with the secrets in all its texts masked; each text is read on its own."""
    if isinstance(value, str):
        return Redactor(policy).redact(Turn("text", "unknown", value)).text
    if isinstance(value, Mapping):
        return {key: mask_values(item, policy) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [mask_values(item, policy) for item in value]
    return value
