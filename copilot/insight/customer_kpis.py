"""The figures of customers: settled at first, content, kept, paying. Formulas: domain handbook, section 7.4."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from copilot.insight.contacts import Contact
from copilot.insight.facts import Arrangement, Base, Survey
from copilot.insight.kpi import Kpi, kpi

FCR_DAYS = 7
SETTLED = frozenset({"RESOLVED", "SAVED", "CANCELLED"})
"""Outcomes after which the customer should not have to come back."""
CSAT_TOP = 4
SAVE_DAYS = (30, 60, 90)
SHOWN = 50


@dataclass(frozen=True)
class LeavingContact:
    """A contact of a customer who wanted to leave; `paying` by 30, 60, 90 days, as far as somebody said."""

    contact_id: str
    at: datetime
    reason: str
    paying: Mapping[int, bool]


@dataclass(frozen=True)
class OfferMade:
    """One offer put to a customer: shown (no answer yet), accepted, refused, or withheld from a comparison group."""

    outcome_id: str
    offer_id: str
    reason: str
    status: str
    contact_id: str | None = None


def customer_kpis(
    contacts: Sequence[Contact],
    surveys: Sequence[Survey],
    arrangements: Sequence[Arrangement],
    bases: Sequence[Base],
    *,
    now: datetime,
    fcr_days: int = FCR_DAYS,
    later: Sequence[Contact] = (),
) -> list[Kpi]:
    """Every figure of customers there is something to count for, but save rates and acceptance.

    Args:
        contacts: of the window.
        surveys: answers of the window.
        arrangements: that fell due in the window.
        bases: periods of the window; the last one is told.
        now: what is too young is left out.
        fcr_days: within how many days a repeat counts.
        later: contacts after the window, which may be repeats of those in it.
    """
    found = [
        first_contact_resolution(contacts, now=now, days=fcr_days, later=later),
        *_asked(surveys),
        deflect_rate(contacts),
        *_base(bases),
        promises_kept(arrangements, now=now),
    ]
    return [each for each in found if each.denominator or each.excluded]


def first_contact_resolution(
    contacts: Sequence[Contact], *, now: datetime, days: int = FCR_DAYS, later: Sequence[Contact] = ()
) -> Kpi:
    """The share of settled contacts after which the same customer did not come back on the same issue."""
    settled = [each for each in contacts if each.outcome in SETTLED]
    known = [each for each in settled if each.customer_id and each.reason]
    old = [each for each in known if each.at + timedelta(days=days) <= now]
    visits: dict[tuple[str | None, str | None], list[datetime]] = defaultdict(list)
    for each in (*contacts, *later):
        visits[each.customer_id, each.reason].append(each.at)
    repeated = [
        each
        for each in old
        if any(each.at < at <= each.at + timedelta(days=days) for at in visits[each.customer_id, each.reason])
    ]
    return kpi(
        "fcr",
        len(old) - len(repeated),
        len(old),
        excluded={
            "not_settled": len(contacts) - len(settled),
            "no_customer_or_reason": len(settled) - len(known),
            "too_young": len(known) - len(old),
        },
        evidence=[each.call_id for each in repeated[:SHOWN]],
        days=days,
    )


def deflect_rate(contacts: Sequence[Contact]) -> Kpi:
    """The share of contacts with a wish to leave that ended without a cancellation."""
    leaving = [each for each in contacts if each.wants_to_leave]
    ended = [each for each in leaving if each.has_ended]
    told = [each for each in ended if each.outcome]
    cancelled = [each for each in told if each.outcome == "CANCELLED"]
    return kpi(
        "deflect_rate",
        len(told) - len(cancelled),
        len(told),
        excluded={"still_running": len(leaving) - len(ended), "no_outcome": len(ended) - len(told)},
        evidence=[each.call_id for each in cancelled[:SHOWN]],
    )


def save_rate(leaving: Sequence[LeavingContact], days: int, *, now: datetime) -> Kpi:
    """The share of contacts with a wish to leave whose customer was still active and paying `days` later.

    An accepted offer is no save: who accepts may leave all the same.
    """
    old = [each for each in leaving if each.at + timedelta(days=days) <= now]
    told = [each for each in old if days in each.paying]
    lost = [each.contact_id for each in told if not each.paying[days]]
    return kpi(
        f"save_rate_{days}",
        len(told) - len(lost),
        len(told),
        excluded={"too_young": len(leaving) - len(old), "nobody_told": len(old) - len(told)},
        evidence=lost[:SHOWN],
        days=days,
    )


def acceptance(offers: Sequence[OfferMade], kpi_id: str = "acceptance") -> Kpi:
    """Accepted of presented; what was withheld from a comparison group was not presented."""
    presented = [each for each in offers if each.status != "withheld"]
    accepted = [each for each in presented if each.status == "accepted"]
    return kpi(
        kpi_id,
        len(accepted),
        len(presented),
        excluded={"withheld": len(offers) - len(presented)},
        evidence=[each.contact_id or each.outcome_id for each in presented if each.status != "accepted"][:SHOWN],
    )


def promises_kept(arrangements: Sequence[Arrangement], *, now: datetime) -> Kpi:
    """Arrangements kept of those made and due."""
    due = [each for each in arrangements if each.at <= now]
    told = [each for each in due if each.kept is not None]
    return kpi(
        "ptp_kept",
        sum(bool(each.kept) for each in told),
        len(told),
        excluded={"not_due": len(arrangements) - len(due), "nobody_told": len(due) - len(told)},
        evidence=[each.call_id or each.fact_id for each in told if not each.kept][:SHOWN],
    )


def _asked(surveys: Iterable[Survey]) -> Iterator[Kpi]:
    answers: dict[str, list[Survey]] = defaultdict(list)
    for each in surveys:
        answers[each.question].append(each)
    csat, nps, ces = answers["csat"], answers["nps"], answers["ces"]
    unhappy = [each.call_id or each.fact_id for each in csat if each.score < CSAT_TOP]
    yield kpi("csat", len(csat) - len(unhappy), len(csat), evidence=unhappy[:SHOWN])
    promoters, detractors = (sum(test(each.score) for each in nps) for test in (_promotes, _detracts))
    against = [each.call_id or each.fact_id for each in nps if _detracts(each.score)]
    yield kpi("nps", promoters - detractors, len(nps), "points", evidence=against[:SHOWN])
    yield kpi("ces", sum(each.score for each in ces), len(ces), "score")


def _promotes(score: int) -> bool:
    return score >= 9


def _detracts(score: int) -> bool:
    return score <= 6


def _base(bases: Sequence[Base]) -> Iterator[Kpi]:
    last = max(bases, key=lambda each: each.at, default=None)
    if last is None:
        return
    older = {"earlier_periods": len(bases) - 1}
    yield kpi("churn_voluntary", last.lost_voluntary, last.customers_start, excluded=older)
    yield kpi("churn_involuntary", last.lost_involuntary, last.customers_start, excluded=older)
    kept = last.revenue_start - last.contraction - last.churned
    yield kpi("nrr", kept + last.expansion, Decimal(last.revenue_start), excluded=older)
    yield kpi("grr", kept, Decimal(last.revenue_start), excluded=older)
