"""The sections of a report: what insight counts, and beside it causes, missed chances, deadlines and gaps."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from copilot.cases.call_facts import facts_of
from copilot.cases.missed import Missed, missed_callbacks, missed_in
from copilot.cases.problems import Incident, candidates, pareto
from copilot.insight.contacts import Contact
from copilot.insight.customer_kpis import SAVE_DAYS, acceptance, customer_kpis, save_rate
from copilot.insight.desk_kpis import desk_kpis
from copilot.insight.facts import LISTS
from copilot.insight.kpi import Kpi, kpi
from copilot.insight.outreach_lists import completeness
from copilot.insight.quality_kpis import card_use, quality_kpis
from copilot.insight.saves import UNKNOWN, by_offer, by_reason
from copilot.insight.sections import (
    Section,
    card_section,
    kpi_section,
    outreach_sections,
    save_section,
    section,
    trend_section,
)
from copilot.insight.window import Window
from copilot.insight_desk.reading import Read
from copilot.store import DraftRow, Gap, Obligation
from knowledge.rules.flags import FlagsFile

SOON = timedelta(days=3)
TRENDS = ("fcr", "csat", "aht", "service_level", "deflect_rate", "acceptance", "qa_score")
SHOWN = 50
CUSTOMER = "customer"
"""The owner of what customers promise; what they do not do is no missed chance of the desk."""
_SHARE = ("cause_code", "contacts", "revenue_at_risk", "cumulative_contacts", "cumulative_revenue", "evidence")


@dataclass(frozen=True)
class Board:
    """A report: its window, its contacts, whether calls were left out for their number, who is known, its sections."""

    window: Window
    at: datetime
    contacts: int
    is_cut: bool
    agents: Sequence[str]
    sections: Mapping[str, Section]

    def as_json(self) -> dict[str, Any]:
        """The report in JSON types."""
        return {
            "from": self.window.begin.isoformat(),
            "to": self.window.end.isoformat(),
            "at": self.at.isoformat(),
            "contacts": self.contacts,
            "is_cut": self.is_cut,
            "agents": list(self.agents),
            "sections": {name: each.as_json() for name, each in self.sections.items()},
        }


def board(
    read: Read,
    window: Window,
    *,
    now: datetime,
    flags: FlagsFile | None,
    drafts: Sequence[DraftRow],
    owed: Sequence[tuple[str, Obligation]],
    gaps: Sequence[Gap],
    monthly: Mapping[str, Decimal],
) -> Board:
    """The report of what was read.

    Args:
        read: of the window.
        window: its time.
        now: what is due is told from here.
        flags: of the pack.
        drafts: that are due soon.
        owed: obligations that are due soon, each with its case.
        gaps: questions no document answered.
        monthly: bills of the customers there are records of, by id; for those no offer card told.
    """
    missed = [*missed_of(read, flags), *missed_callbacks([each for _, each in owed if each.owner != CUSTOMER], now=now)]
    saved = [save_rate(read.leaving, days, now=now) for days in SAVE_DAYS] if read.leaving else []
    sections = [
        kpi_section([*kpis_of(read, now), *saved]),
        save_section("saves_by_reason", by_reason(read.leaving, read.offers, now=now)),
        save_section("saves_by_offer", by_offer(read.leaving, read.offers, now=now)),
        *_causes(read, monthly),
        _missed_section(missed),
        _deadlines(drafts, owed, now),
        card_section(card_use(read.contacts)),
        section("gaps", ("question", "asked", "last_at"), map(vars, gaps)),
        *outreach_sections(completeness(name, read.facts["due"], read.facts["touch"]) for name in LISTS),
        trend_section([(week.begin, _week(read.within(week), now)) for week in window.weeks()]),
    ]
    return Board(window, now, len(read.contacts), read.is_cut, read.agents, {each.name: each for each in sections})


def kpis_of(read: Read, now: datetime) -> list[Kpi]:
    """Every figure there is something to count for, but the save rates."""
    told = read.facts
    offered = acceptance(read.offers)
    return [
        *desk_kpis(told["phone"], told["shift"]),
        *customer_kpis(read.contacts, told["survey"], told["arrangement"], told["base"], now=now, later=read.later),
        *([offered] if offered.denominator else []),
        *quality_kpis(read.score_rows),
    ]


def missed_of(read: Read, flags: FlagsFile | None) -> list[Missed]:
    """The chances that were missed in the calls that have ended."""
    found: list[Missed] = []
    for each in read.contacts:
        if each.has_ended and each.note:
            note = {**each.note, "call_id": each.call_id}
            found += missed_in({**facts_of(note, read.rows[each.call_id].events, flags), "agent": each.agent})
    return found


def _week(read: Read, now: datetime) -> list[Kpi]:
    evidence = [each.call_id for each in read.contacts[:SHOWN]]
    found = [each for each in kpis_of(read, now) if each.kpi_id in TRENDS and each.denominator]
    return [kpi("contacts", len(read.contacts), 1, "score", evidence=evidence), *found]


def _causes(read: Read, monthly: Mapping[str, Decimal]) -> Iterator[Section]:
    leaving = [(each, each.churn_reason or UNKNOWN) for each in read.contacts if each.wants_to_leave]
    churn = _incidents(leaving, monthly)
    reasons = _incidents([(each, each.reason) for each in read.contacts if each.reason], monthly)
    yield _pareto("churn_reasons", churn)
    yield _pareto("churn_revenue", churn, by_revenue=True)
    yield _pareto("contact_reasons", reasons)
    found = [{**vars(each), "evidence": each.contact_ids} for each in candidates(reasons)]
    yield section("problems", ("cause_code", "because", "evidence"), found)


def _incidents(contacts: Iterable[tuple[Contact, str]], monthly: Mapping[str, Decimal]) -> list[Incident]:
    """Contacts with their causes; the bill of a customer who came twice for one cause is at risk once."""
    found, counted = [], set()
    for each, cause in contacts:
        flags = frozenset(str(flag.get("flag_id", "")) for flag in each.note.get("red_flags") or ())
        at_risk = each.at_risk or monthly.get(each.customer_id or "", Decimal(0))
        customer = cause, each.customer_id or each.call_id
        found.append(Incident(each.call_id, cause, each.at, flags, Decimal(0) if customer in counted else at_risk))
        counted.add(customer)
    return found


def _pareto(name: str, incidents: Sequence[Incident], *, by_revenue: bool = False) -> Section:
    rows = []
    for share in pareto(incidents, by_revenue=by_revenue):
        evidence = [each.contact_id for each in incidents if each.cause_code == share.cause_code]
        rows.append({**vars(share), "evidence": evidence[:SHOWN]})
    return section(name, _SHARE, rows)


def _missed_section(missed: Iterable[Missed]) -> Section:
    ordered = sorted(missed, key=lambda each: (-each.value, each.call_id, each.type))
    rows = [{**vars(each), "why": each.evidence, "evidence": [each.call_id]} for each in ordered]
    return section("missed", ("type", "value", "reports_to", "why", "evidence"), rows)


def _deadlines(drafts: Sequence[DraftRow], owed: Sequence[tuple[str, Obligation]], now: datetime) -> Section:
    rows: list[dict[str, Any]] = [
        {
            "due_at": each.due_at,
            "what": "draft",
            "id": each.draft_id,
            "title": each.channel,
            "owner": each.claimed_by or "",
            "overdue": each.due_at < now,
        }
        for each in drafts
    ]
    rows += [
        {
            "due_at": each.due_at,
            "what": "case",
            "id": case_id,
            "title": each.what,
            "owner": each.owner,
            "overdue": each.is_overdue(now),
        }
        for case_id, each in owed
        if each.due_at is not None
    ]
    rows.sort(key=lambda row: (row["due_at"], row["id"]))
    return section("deadlines", ("due_at", "overdue", "what", "id", "title", "owner"), rows)
