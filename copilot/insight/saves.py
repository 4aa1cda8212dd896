"""Saves beside acceptance: who wanted to leave, what was offered, and whether they were still there later."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from copilot.insight.contacts import Contact
from copilot.insight.customer_kpis import SAVE_DAYS, LeavingContact, OfferMade, acceptance, save_rate
from copilot.insight.facts import Paying
from copilot.insight.kpi import Kpi

UNKNOWN = "unknown"
NO_OFFER = "no offer"
SEVERAL = "several offers"


@dataclass(frozen=True)
class SaveRow:
    """One line of the table: a reason or an offer, its acceptance, and its save rates by days."""

    name: str
    contacts: int
    acceptance: Kpi
    saves: Mapping[int, Kpi]


def leaving_contacts(
    contacts: Iterable[Contact],
    paying: Iterable[Paying],
    told_with_offers: Iterable[tuple[str, datetime, str, Mapping[int, bool]]],
) -> list[LeavingContact]:
    """The contacts of customers who wanted to leave, each once, with what is known of them later.

    Args:
        contacts: of the window.
        paying: what billing says of a contact; "no longer paying" wins over "still paying".
        told_with_offers: of each offer its contact, when, its churn reason, and what is known of the customer; an offer
            without a call behind it is a contact of its own.
    """
    known: dict[str, dict[int, bool]] = {}
    for each in paying:
        days = known.setdefault(each.call_id, {})
        days[each.days] = days.get(each.days, True) and each.paying
    beside: dict[str, LeavingContact] = {}
    for contact_id, at, reason, later in told_with_offers:
        days = known.setdefault(contact_id, {})
        for number, is_paying in later.items():
            days[number] = days.get(number, True) and is_paying
        beside.setdefault(contact_id, LeavingContact(contact_id, at, reason, days))
    found: dict[str, LeavingContact] = {}
    for contact in contacts:
        if contact.wants_to_leave or contact.call_id in beside:
            told = beside.get(contact.call_id)
            reason = contact.churn_reason or (told.reason if told else UNKNOWN)
            days = known.get(contact.call_id, {})
            found[contact.call_id] = LeavingContact(contact.call_id, contact.at, reason, days)
    return [*found.values(), *(each for contact_id, each in beside.items() if contact_id not in found)]


def by_reason(leaving: Sequence[LeavingContact], offers: Sequence[OfferMade], *, now: datetime) -> list[SaveRow]:
    """Acceptance and save rates by churn reason, the most frequent first."""
    reasons = {each.contact_id: each.reason for each in leaving}
    names = {*reasons.values(), *(each.reason for each in offers)}
    rows = [
        _row(
            name,
            [each for each in leaving if each.reason == name],
            [each for each in offers if reasons.get(each.contact_id or "", each.reason) == name],
            now,
        )
        for name in names
    ]
    return sorted(rows, key=lambda row: (-row.contacts, row.name))


def by_offer(leaving: Sequence[LeavingContact], offers: Sequence[OfferMade], *, now: datetime) -> list[SaveRow]:
    """Acceptance and save rates by offer presented; a contact with several counts for none of them alone."""
    presented: dict[str, set[str]] = {}
    for each in offers:
        if each.status != "withheld" and each.contact_id:
            presented.setdefault(each.contact_id, set()).add(each.offer_id)

    def group(contact: LeavingContact) -> str:
        ids = presented.get(contact.contact_id, set())
        return NO_OFFER if not ids else SEVERAL if len(ids) > 1 else next(iter(ids))

    names = {*(group(each) for each in leaving), *(each.offer_id for each in offers)}
    rows = [
        _row(
            name,
            [each for each in leaving if group(each) == name],
            [each for each in offers if each.offer_id == name],
            now,
        )
        for name in names
    ]
    return sorted(rows, key=lambda row: (-row.contacts, row.name))


def _row(name: str, leaving: Sequence[LeavingContact], offers: Sequence[OfferMade], now: datetime) -> SaveRow:
    saves = {days: save_rate(leaving, days, now=now) for days in SAVE_DAYS}
    return SaveRow(name, len(leaving), acceptance(offers), saves)
