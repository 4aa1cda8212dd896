"""The facts that conditions of offers speak of, from a customer record, the call and the day (knowledge.conditions)."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from copilot.customer import Account, CustomerRecord, PastOffer, ServiceLine
from copilot.money import ZERO
from copilot.offers.concession import add_months, monthly_charges, smaller_plan
from knowledge.conditions import NEVER, FactValue
from knowledge.rules.approvals import ApprovalsFile
from knowledge.rules.offers import Offer, OffersFile
from knowledge.rules.tariff import TariffFile

ACCEPTED = "accepted"
_WORST_LAST = ("active", "past_due", "suspended", "disconnected")


@dataclass(frozen=True)
class CallContext:
    """What the contact contributes; `may_offer` and `why_not` are what the law of save attempts says."""

    reason: str
    channel: str = "phone"
    direction: str = "inbound"
    cues: tuple[str, ...] = ()
    auth_level: str = "none"
    save_attempts: int = 0
    has_permission: bool = False
    may_offer: bool = True
    why_not: str = ""
    is_vulnerable: bool = False
    contacts_30d: int = 1


@dataclass(frozen=True)
class Book:
    """The rules an evaluation works by."""

    offers: OffersFile
    tariff: TariffFile | None = None
    ladder: ApprovalsFile | None = None
    pack_name: str = ""
    reasons: tuple[str, ...] = ()
    """Every reason of dispositions.yaml; one that no offer answers is known, and nothing is offered for it."""

    @cached_property
    def as_text(self) -> str:
        """The rules as JSON: the version that a stored decision names."""
        files = {"offers": self.offers, "tariff": self.tariff, "approvals": self.ladder}
        rules = {name: file.model_dump(mode="json", exclude_unset=True) for name, file in files.items() if file}
        names = {"pack": self.pack_name, "reasons": self.reasons}
        return json.dumps({**names, **rules}, ensure_ascii=False, sort_keys=True)

    @classmethod
    def of_text(cls, text: str) -> "Book":
        """The rules that `as_text` told."""
        content = json.loads(text)
        tariff, ladder = content.get("tariff"), content.get("approvals")
        return cls(
            OffersFile.model_validate(content["offers"]),
            TariffFile.model_validate(tariff) if tariff else None,
            ApprovalsFile.model_validate(ladder) if ladder else None,
            content["pack"],
            tuple(content.get("reasons", ())),
        )

    @cached_property
    def answered_reasons(self) -> frozenset[str]:
        """The churn reasons an offer answers, and those for which the pack says that nothing is offered."""
        answered = {reason for offer in self.offers.offers for reason in offer.reasons}
        return frozenset(answered.union(levers.reason for levers in self.offers.reason_levers))

    @cached_property
    def known_reasons(self) -> tuple[str, ...]:
        """The churn reasons that may be asked about, sorted."""
        return tuple(sorted(self.answered_reasons.union(self.reasons)))


def facts_of(customer: CustomerRecord, call: CallContext, book: Book, on: date) -> dict[str, FactValue]:
    """Every built-in fact by its full name, the pack's own sums, and what the record states itself, which wins.

    `offer.*` facts are added when an offer is judged. What never happened lies NEVER days back. A fact of the pack that
    the record does not state is left out: a test that asks for it does not hold.
    """
    facts: dict[str, FactValue] = {"today": on}
    facts |= {f"customer.{name}": value for name, value in _customer(customer, call, on).items()}
    facts |= {f"account.{name}": value for name, value in _account(customer, book, on).items()}
    facts |= {f"account.{name}": value for name, value in _history(customer, book.offers, on).items()}
    facts |= {f"call.{name}": value for name, value in _call(call).items()}
    return facts | _sums(customer, book.offers) | _stated(customer, book.offers)


def running_offers(customer: CustomerRecord, offers: OffersFile, on: date) -> list[Offer]:
    """The offers of the book that were accepted and still run on a day."""
    return [
        offer
        for past in customer.offers_history
        if past.outcome == ACCEPTED and (offer := offers.offer(past.offer_id)) is not None and _runs(past, offer, on)
    ]


def cents(amount: Decimal) -> int:
    """An amount in whole cents, as conditions compare it."""
    return int(amount * 100)


def _sums(customer: CustomerRecord, offers: OffersFile) -> dict[str, FactValue]:
    """The facts that a pack counts over the active lines of some services."""
    active = [line for line in customer.lines if line.line_status == "active"]
    sums: dict[str, FactValue] = {}
    for fact in offers.facts:
        if fact.sum_of is not None:
            lines = [line for line in active if line.product in fact.sum_of.services]
            quantity = sum(line.quantity for line in lines)
            sums[fact.name] = quantity if fact.sum_of.what == "quantity" else cents(_charges(lines))
    return sums


def _stated(customer: CustomerRecord, offers: OffersFile) -> dict[str, FactValue]:
    """The facts that the record states itself; a day that JSON gave as text is a date where the pack says so."""
    dates = {fact.name for fact in offers.facts if fact.kind == "date"}
    return {name: _as_day(value) if name in dates else value for name, value in customer.facts.items()}


def _as_day(value: FactValue) -> FactValue:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _charges(lines: Sequence[ServiceLine]) -> Decimal:
    return sum((line.charge for line in lines), ZERO)


def _customer(customer: CustomerRecord, call: CallContext, on: date) -> dict[str, FactValue]:
    return {
        "segment": customer.segment,
        "state": customer.state,
        "language": customer.language,
        "tenure_months": months_between(customer.since, on) if customer.since else 0,
        "is_vulnerable": customer.flags.vulnerable or call.is_vulnerable,
        "has_medical_dependency": customer.flags.medical_dependency,
        "has_low_income_proof": customer.has_low_income_proof,
        "days_since_left": (on - customer.left_on).days if customer.left_on else 0,
        "contacts_30d": call.contacts_30d,
    }


def _account(customer: CustomerRecord, book: Book, on: date) -> dict[str, FactValue]:
    active = [line for line in customer.lines if line.line_status == "active"]
    balance, agreement = customer.balance, _agreement_end(customer, on)
    due = [invoice.due_date for invoice in customer.invoices if invoice.state != "settled" and invoice.due_date < on]
    uses = [line.use_percent for line in active if line.use_percent is not None]
    return {
        "status": _status(customer.accounts),
        "services": list(dict.fromkeys(line.product for line in active)),
        "plans": _plan_ids(active, book.tariff),
        "monthly_cents": cents(monthly_charges(customer) + monthly_discounts(customer, book.tariff, on)),
        "internet_cents": _cents_of(active, "internet"),
        "mobile_cents": _cents_of(active, "mobile"),
        "desk_seats": sum(line.quantity for line in active if line.product == "desk" and line.plan != ""),
        "has_circuit": customer.segment == "business" and any(line.product == "internet" for line in active),
        "balance_cents": cents(balance.past_due + balance.current_due),
        "past_due_cents": cents(balance.past_due),
        "disputed_cents": cents(balance.open_disputed),
        "days_past_due": (on - min(due)).days if due and balance.past_due else 0,
        "in_agreement": agreement is not None,
        "agreement_months_left": months_between(on, agreement) if agreement else 0,
        "has_autopay": any(account.autopay for account in customer.accounts),
        "on_time_payments": _on_time(customer),
        "has_open_arrangement": any(each.status in ("open", "active") for each in customer.arrangements),
        "days_since_broken_arrangement": _days_since(_broken_on(customer), on),
        "device_age_months": _device_age(active, on),
        "device_instalments_left": sum(line.device.instalments_left for line in active if line.device),
        "use_percent": sum(uses) // len(uses) if uses else 100,
        "has_smaller_plan": smaller_plan(customer, book.tariff, on) is not None,
        "days_since_proven_fault": _days_since(
            (ticket.fault_proven_on for ticket in customer.tickets if ticket.fault_proven_on), on
        ),
    }


def _history(customer: CustomerRecord, offers: OffersFile, on: date) -> dict[str, FactValue]:
    taken = [past for past in customer.offers_history if past.outcome == ACCEPTED and past.on <= on]

    def days_since(is_such: Callable[[Offer], bool]) -> int:
        such = (past.on for past in taken if (offer := offers.offer(past.offer_id)) and is_such(offer))
        return _days_since(such, on)

    year_ago = add_months(on, -12)
    return {
        "price_offers_running": sum(offer.is_price_concession for offer in running_offers(customer, offers, on)),
        "offers_made_12m": sum(year_ago < past.on <= on for past in customer.offers_history),
        "days_since_offer": _days_since((past.on for past in customer.offers_history), on),
        "days_since_price_offer": days_since(lambda offer: offer.is_price_concession),
        "days_since_credit": days_since(lambda offer: offer.offer_type == "bill_credit"),
        "days_since_fee_waiver": days_since(lambda offer: offer.offer_type == "fee_waiver"),
        "offers_taken": list(dict.fromkeys(past.offer_id for past in taken)),
        "concessions_12m_cents": cents(sum((_worth(past, offers) for past in taken if past.on > year_ago), ZERO)),
    }


def _call(call: CallContext) -> dict[str, FactValue]:
    return {
        "channel": call.channel,
        "direction": call.direction,
        "reason": call.reason,
        "cues": list(call.cues),
        "auth_level": call.auth_level,
        "save_attempts": call.save_attempts,
        "has_permission": call.has_permission,
    }


def months_between(begin: date, end: date) -> int:
    """Full months from one day to another; 0 when it lies before."""
    months = (end.year - begin.year) * 12 + end.month - begin.month
    return max(months - (add_months(begin, months) > end), 0)


def _runs(past: PastOffer, offer: Offer, on: date) -> bool:
    if past.ends_on is not None:
        return past.on <= on <= past.ends_on
    months = max(offer.concession.months, offer.concession.free_months)
    return past.on <= on and (offer.concession.while_holds is not None or on < add_months(past.on, months))


def _worth(past: PastOffer, offers: OffersFile) -> Decimal:
    """What was given, where the record does not say so: of an amount a month, and of what was given at once."""
    offer = offers.offer(past.offer_id)
    if past.value or offer is None or not offer.is_price_concession:
        return past.value
    return (offer.concession.monthly_amount or ZERO) * offer.concession.months + offer.concession.upfront


def _status(accounts: Sequence[Account]) -> str:
    return max((account.status for account in accounts), key=_WORST_LAST.index, default="active")


def _plan_ids(lines: Sequence[ServiceLine], tariff: TariffFile | None) -> list[str]:
    plans = (tariff.plan_named(line.plan) for line in lines) if tariff else ()
    return list(dict.fromkeys(plan.plan_id for plan in plans if plan))


def monthly_discounts(customer: CustomerRecord, tariff: TariffFile | None, on: date) -> Decimal:
    """The monthly discounts of the newest bill, as a sum below zero."""
    invoice = customer.latest_invoice
    names = {
        fee.name.en.casefold() for fee in (tariff.fees if tariff else ()) if fee.kind == "discount" and fee.monthly
    }
    lines = invoice.lines if invoice and invoice.bill_date <= on else ()
    return sum((line.amount for line in lines if line.description.casefold() in names), ZERO)


def _cents_of(lines: Sequence[ServiceLine], product: str) -> int:
    return cents(_charges([line for line in lines if line.product == product]))


def _agreement_end(customer: CustomerRecord, on: date) -> date | None:
    ends = (line.agreement.ends_on for line in customer.lines if line.agreement)
    return max((end for end in ends if end >= on), default=None)


def _on_time(customer: CustomerRecord) -> int:
    """Approved payments in a row, counted back from the newest."""
    count = 0
    for payment in sorted(customer.payments, key=lambda payment: payment.paid_on, reverse=True):
        if payment.result != "approved":
            break
        count += 1
    return 0 if customer.balance.past_due else count


def _broken_on(customer: CustomerRecord) -> Iterable[date]:
    broken = (each for each in customer.arrangements if each.status == "broken")
    return (max((part.due_on for part in each.instalments), default=each.opened_on) for each in broken)


def _days_since(days: Iterable[date], on: date) -> int:
    newest = max((day for day in days if day <= on), default=None)
    return (on - newest) // timedelta(days=1) if newest else NEVER


def _device_age(lines: Sequence[ServiceLine], on: date) -> int:
    return max((months_between(line.device.bought_on, on) for line in lines if line.device), default=0)
