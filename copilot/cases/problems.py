"""Incidents that share a cause: when a problem is to be opened, what a root-cause record must hold, what costs most.

Words as ITIL has them: an incident is one disruption, a problem the cause of one or more, a known error a cause with a
workaround. Triggers and the record are those of the domain handbook, section 7.6.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from copilot.cases.reading import objects, one_object, texts
from copilot.errors import BadInput, Conflict

CLUSTER = 5
WITHIN = timedelta(days=7)
GRAVE = frozenset({"regulator", "safety"})
FISHBONE = ("people", "process", "policy", "product_network", "partner_carrier", "information_billing")
_REQUIRED = ("symptom", "cause_code", "corrective", "preventive", "owner", "due_at")


@dataclass(frozen=True)
class Incident:
    """One contact about a disruption; `revenue_at_risk` a month."""

    contact_id: str
    cause_code: str
    at: datetime
    flags: frozenset[str] = frozenset()
    revenue_at_risk: Decimal = Decimal(0)


@dataclass(frozen=True)
class Candidate:
    """A problem to open: the cause, the contacts that show it, and why."""

    cause_code: str
    contact_ids: tuple[str, ...]
    because: str


@dataclass(frozen=True)
class Share:
    """A cause in the Pareto table: how many contacts, how much is at risk, and the cumulative percentages."""

    cause_code: str
    contacts: int
    revenue_at_risk: Decimal
    cumulative_contacts: Decimal
    cumulative_revenue: Decimal


def candidates(incidents: Iterable[Incident]) -> list[Candidate]:
    """Problems to open: CLUSTER contacts of one cause WITHIN a week, or one with a grave flag; by cause."""
    by_cause: dict[str, list[Incident]] = defaultdict(list)
    for each in sorted(incidents, key=lambda incident: (incident.at, incident.contact_id)):
        by_cause[each.cause_code].append(each)
    found = []
    for cause, those in sorted(by_cause.items()):
        grave = [each for each in those if each.flags & GRAVE]
        cluster = _cluster(those)
        if cluster:
            why = f"{len(cluster)} contacts within {WITHIN.days} days"
            found.append(Candidate(cause, tuple(each.contact_id for each in cluster), why))
        elif grave:
            named = ", ".join(sorted({flag for each in grave for flag in each.flags & GRAVE}))
            found.append(Candidate(cause, tuple(each.contact_id for each in grave), f"flag {named}"))
    return found


def _cluster(those: Sequence[Incident]) -> Sequence[Incident]:
    """The largest group within the window, the first of equals, if it is large enough; `those` stand in order."""
    begin, end, end_now = 0, 0, 0
    for start, first in enumerate(those):
        while end_now < len(those) and those[end_now].at <= first.at + WITHIN:
            end_now += 1
        if end_now - start > end - begin:
            begin, end = start, end_now
    return those[begin:end] if end - begin >= CLUSTER else ()


def root_cause(given: Mapping[str, Any]) -> dict[str, Any]:
    """A root-cause record, whole: each why with its evidence, or marked as a hypothesis.

    Raises:
        BadInput: a field is missing, or a branch of the fishbone is none of the six.
    """
    missing = [name for name in _REQUIRED if not str(given.get(name) or "").strip()]
    if missing:
        raise BadInput(f"The root-cause record lacks {', '.join(missing)}. Fill them in.")
    fishbone = one_object(given.get("fishbone"), "fishbone")
    foreign = sorted(set(fishbone) - set(FISHBONE))
    if foreign:
        raise BadInput(f"fishbone has {', '.join(foreign)}; allowed are: {', '.join(FISHBONE)}.")
    whys = [
        {"why": str(each.get("why", "")), "evidence": each.get("evidence"), "hypothesis": not each.get("evidence")}
        for each in objects(given.get("five_whys"), "five_whys")
    ]
    names = ("timeline", "evidence", "contributing", "workaround")
    return {
        **{name: given[name] for name in _REQUIRED},
        **{name: given.get(name) or [] for name in names},
        "five_whys": whys,
        "fishbone": {branch: texts(fishbone.get(branch), f"fishbone.{branch}") for branch in FISHBONE},
        "is_known_error": bool(given.get("workaround")),
        "verified_at": None,
    }


def verified(record: Mapping[str, Any], *, open_obligations: int, now: datetime) -> dict[str, Any]:
    """The record as verified.

    Raises:
        Conflict: something is still owed, or every why is a hypothesis.
    """
    if open_obligations:
        raise Conflict(f"{open_obligations} corrective steps are open; a cause is verified when they are done.")
    whys = record.get("five_whys", ())
    if not whys or all(each["hypothesis"] for each in whys):
        raise Conflict("No why has evidence; a hypothesis is not verified. Add what shows it.")
    return {**record, "verified_at": now.isoformat()}


def pareto(incidents: Iterable[Incident], *, by_revenue: bool = False) -> list[Share]:
    """Causes by contacts, or by revenue at risk, the largest first, with cumulative percentages to one decimal."""
    counts: dict[str, int] = defaultdict(int)
    money: dict[str, Decimal] = defaultdict(Decimal)
    for each in incidents:
        counts[each.cause_code] += 1
        money[each.cause_code] += each.revenue_at_risk
    ordered = sorted(counts, key=lambda cause: (-(money[cause] if by_revenue else counts[cause]), cause))
    contacts, revenue = sum(counts.values()), sum(money.values(), Decimal(0))
    found, so_far, earned = [], 0, Decimal(0)
    for cause in ordered:
        so_far, earned = so_far + counts[cause], earned + money[cause]
        found.append(
            Share(
                cause,
                counts[cause],
                money[cause],
                _percent(Decimal(so_far), Decimal(contacts)),
                _percent(earned, revenue),
            )
        )
    return found


def _percent(part: Decimal, whole: Decimal) -> Decimal:
    return (100 * part / whole).quantize(Decimal("0.1")) if whole else Decimal("0.0")
