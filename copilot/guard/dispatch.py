"""Dispatch consent (gate DSP-01 of the domain handbook): no visit is booked without it. Pure functions."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal

from knowledge.rules.consent import DispatchRules


@dataclass(frozen=True)
class DispatchConsent:
    """Who agreed to which visit, when, and knowing which charge; None where it is not known (domain handbook 9)."""

    ticket_id: str | None = None
    carrier: str | None = None
    reason: str | None = None
    window_start: datetime | None = None
    window_end: datetime | None = None
    site_contact: str | None = None
    access_notes: str | None = None
    possible_charge: Decimal | None = None  # in the pack's currency; 0 when the visit costs nothing
    charge_disclosed: bool | None = None
    given_by: str | None = None
    relationship: str | None = None  # of who agreed to the account: holder, authorised user …
    auth_level: str | None = None
    given_at: datetime | None = None
    method: str | None = None  # voice, chat, e-mail …
    evidence_ref: str | None = None
    expires_at: datetime | None = None


def as_json(consent: DispatchConsent) -> dict[str, str | bool | None]:
    """The record for the event log: times as ISO 8601, the charge as text; fields that are not known are left out."""
    values = {field.name: getattr(consent, field.name) for field in fields(consent)}
    return {name: _plain(value) for name, value in values.items() if value is not None}


def _plain(value: object) -> str | bool:
    if isinstance(value, bool):
        return value
    return value.isoformat() if isinstance(value, datetime) else str(value)


def missing_fields(consent: DispatchConsent, rules: DispatchRules) -> list[str]:
    """Fields the pack requires that are not there, not true (charge_disclosed), or not enough (auth_level)."""
    return [name for name in rules.required_fields if not _is_there(consent, name, rules)]


def _is_there(consent: DispatchConsent, name: str, rules: DispatchRules) -> bool:
    value = getattr(consent, name)
    if name == "charge_disclosed":
        return value is True
    if name == "auth_level":
        return value in rules.levels
    if name == "window_end" and consent.window_start is not None and consent.window_end is not None:
        return consent.window_end > consent.window_start
    return value is not None and value != ""


def needs_new_consent(
    consent: DispatchConsent, *, window_start: datetime, window_end: datetime, possible_charge: Decimal, at: datetime
) -> bool:
    """Whether a visit is outside what was agreed to: another window, another charge, or a consent that has run out."""
    agreed = (consent.window_start, consent.window_end, consent.possible_charge)
    has_run_out = consent.expires_at is not None and consent.expires_at <= at
    return has_run_out or agreed != (window_start, window_end, possible_charge)


def unspoken_elements(rules: DispatchRules, heard: Collection[str]) -> list[str]:
    """Ids of the elements none of whose cues was heard, in the order of the pack."""
    return [element.id for element in rules.elements if not any(cue in heard for cue in element.cues)]


def cues_before_yes(rules: DispatchRules) -> Sequence[Sequence[str]]:
    """The cues of each element the customer must know of before a yes counts."""
    return [element.cues for element in rules.elements if element.id in rules.yes_after]
