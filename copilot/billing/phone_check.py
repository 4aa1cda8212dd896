"""A check by phone: what the spoken authorisation must say (Nacha TEL, domain handbook 5.2), filled in or missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from copilot.errors import BadInput
from knowledge.rules.base import Segment
from knowledge.rules.payments import PHONE_CHECK_ELEMENTS, PhoneCheck

_SENTENCES: Mapping[str, tuple[str, str]] = {
    "authorisation_date": ("Today is {authorisation_date}.", "Hoy es {authorisation_date}."),
    "customer_name": ("You are {customer_name}.", "Usted es {customer_name}."),
    "amount": ("You authorise a debit of ${amount}", "Usted autoriza un débito de ${amount}"),
    "account_last_four": (
        "from your bank account ending in {account_last_four},",
        "de su cuenta bancaria terminada en {account_last_four},",
    ),
    "debit_date": ("on or after {debit_date}.", "el {debit_date} o después."),
    "single_debit": (
        "We will make this one electronic debit and no other.",
        "Haremos este único débito electrónico y ningún otro.",
    ),
    "callback_number": (
        "If you have questions, call {callback_number} during business hours.",
        "Si tiene preguntas, llame al {callback_number} en horario de atención.",
    ),
    "how_to_revoke": (
        "To take it back, call {callback_number} {how_to_revoke}.",
        "Para revocarlo, llame al {callback_number} {how_to_revoke}.",
    ),
}
_END = ("Do you authorise this? Please say yes or no.", "¿Lo autoriza? Por favor diga sí o no.")


@dataclass(frozen=True)
class Authorisation:
    """What is to be said word for word, or which elements are still missing before it may be."""

    missing: tuple[str, ...]
    says_en: str
    says_es: str
    keep_until: date

    def as_json(self) -> dict[str, object]:
        """For JSON."""
        return {
            "ready": not self.missing,
            "missing": list(self.missing),
            "say": {"en": self.says_en, "es": self.says_es},
            "keep_until": self.keep_until.isoformat(),
        }


@dataclass(frozen=True)
class Debit:
    """One debit to be authorised by voice; of the bank account only the last four digits."""

    authorised_on: date
    debit_on: date
    amount: Decimal
    customer_name: str
    account_last_four: str
    how_to_revoke: str = ""


def authorisation(debit: Debit, rules: PhoneCheck, segment: Segment = "home") -> Authorisation:
    """The words of the authorisation, in both languages; empty while an element is missing.

    Raises:
        BadInput: a business account without written authority, more than four digits, or a debit before today.
    """
    if segment == "business" and not rules.business_accounts:
        raise BadInput("A business account needs a written authority (CCD), not a check by phone. Send the form.")
    if debit.account_last_four and (len(debit.account_last_four) != 4 or not debit.account_last_four.isdecimal()):
        raise BadInput("account_last_four holds something other than four digits; give the last four only.")
    if debit.debit_on < debit.authorised_on:
        raise BadInput(f"The debit on {debit.debit_on} lies before the authorisation on {debit.authorised_on}.")
    values = _values(debit, rules)
    missing = tuple(name for name in rules.elements if not values.get(name, ""))
    says = ["", ""] if missing else [_script(values, place) for place in (0, 1)]
    keep_until = date.fromordinal(debit.debit_on.toordinal() + rules.keep_days)
    return Authorisation(missing, says[0], says[1], keep_until)


def _values(debit: Debit, rules: PhoneCheck) -> dict[str, str]:
    return {
        "authorisation_date": debit.authorised_on.isoformat(),
        "debit_date": debit.debit_on.isoformat(),
        "amount": str(debit.amount) if debit.amount > 0 else "",
        "customer_name": debit.customer_name.strip(),
        "account_last_four": debit.account_last_four,
        "callback_number": rules.callback_number,
        "how_to_revoke": debit.how_to_revoke.strip(),
        "single_debit": "yes",
    }


def _script(values: Mapping[str, str], language: int) -> str:
    sentences = [_SENTENCES[name][language].format(**values) for name in _SENTENCES if name in PHONE_CHECK_ELEMENTS]
    return " ".join([*sentences, _END[language]])
