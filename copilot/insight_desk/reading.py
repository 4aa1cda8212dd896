"""What is read for a report: the contacts of a window, and what offers, reviewers and other systems say of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from copilot.errors import BadInput
from copilot.insight.contacts import Contact, contact_of
from copilot.insight.customer_kpis import LeavingContact, OfferMade
from copilot.insight.facts import KINDS, Phone, read_facts
from copilot.insight.quality_kpis import ScoreRow
from copilot.insight.saves import leaving_contacts
from copilot.insight.window import Window
from copilot.store import CallRow, Evaluation, InsightRows, Outcome, Scores

_TOLD_LATER = ("paying", "touch")
"""Told after the window as a rule: whether somebody still pays, whether they were reached."""


@dataclass(frozen=True)
class Read:
    """What was read for a window.

    Attributes:
        contacts: that began in it.
        later: that began after it; they may be repeats.
        rows: the calls of the contacts, with their events.
        outcomes: offers shown or withheld in it.
        scores: given in it, as they stand.
        facts: by kind; what is told later as a rule is read to the present.
        is_cut: whether there were more calls than are read at once.
    """

    contacts: Sequence[Contact]
    later: Sequence[Contact]
    rows: Mapping[str, CallRow]
    outcomes: Sequence[Outcome]
    scores: Sequence[Evaluation]
    facts: Mapping[str, Sequence[Any]]
    is_cut: bool = False

    def of(self, agent: str) -> "Read":
        """What there is of one agent."""
        contacts = [each for each in self.contacts if each.agent == agent]
        mine = {each.call_id for each in contacts}

        def is_theirs(fact: Any) -> bool:
            return getattr(fact, "agent", None) == agent or getattr(fact, "call_id", None) in mine

        return replace(
            self,
            contacts=contacts,
            rows={call_id: row for call_id, row in self.rows.items() if call_id in mine},
            outcomes=[each for each in self.outcomes if each.call_id in mine],
            scores=[each for each in self.scores if each.agent == agent],
            facts={kind: [each for each in those if is_theirs(each)] for kind, those in self.facts.items()},
        )

    def within(self, window: Window) -> "Read":
        """What there is of a part of the time; all that comes after it is later, and what is told later stays."""

        def holds(kind: str, at: datetime) -> bool:
            return at >= window.begin if kind in _TOLD_LATER else window.holds(at)

        return replace(
            self,
            contacts=[each for each in self.contacts if window.holds(each.at)],
            later=[each for each in (*self.contacts, *self.later) if each.at >= window.end],
            outcomes=[each for each in self.outcomes if window.holds(aware(each.shown_at))],
            scores=[each for each in self.scores if window.holds(each.at)],
            facts={kind: [each for each in those if holds(kind, each.at)] for kind, those in self.facts.items()},
        )

    @property
    def offers(self) -> list[OfferMade]:
        """The offers, as they are counted."""
        return [
            OfferMade(each.outcome_id, each.offer_id, each.reason, each.status, _contact_id(each))
            for each in self.outcomes
        ]

    @property
    def leaving(self) -> list[LeavingContact]:
        """The contacts of customers who wanted to leave, with what is known of them later."""
        told = [(_contact_id(each), aware(each.shown_at), each.reason, _paying(each)) for each in self.outcomes]
        return leaving_contacts(self.contacts, self.facts["paying"], told)

    @property
    def agents(self) -> list[str]:
        """The agents of whom something is known, by name."""
        told = (*self.contacts, *self.scores, *self.facts["phone"], *self.facts["shift"])
        return sorted({each.agent for each in told if each.agent})

    @property
    def score_rows(self) -> list[ScoreRow]:
        """The scores, as they are counted."""
        return [
            ScoreRow(each.evaluation_id, each.subject_id, each.agent, each.status, score_of(each))
            for each in self.scores
        ]


def read_window(rows: InsightRows, scores: Scores, window: Window) -> Read:
    """Read what there is of a window."""
    found, is_cut = rows.calls(window.begin, window.end)
    facts: dict[str, list[Any]] = {}
    for kind in KINDS:
        until = None if kind in _TOLD_LATER else window.end
        facts[kind] = as_kept(kind, rows.facts(kind, window.begin, until))
    latest = scores.latest()
    agents = {each.subject_id: each.agent for each in latest if each.subject == "call"}
    agents |= {each.fact_id: each.agent for each in facts["phone"] if isinstance(each, Phone) and each.agent}
    contacts = [contact(row, agents.get(row.call_id)) for row in found]
    return Read(
        contacts=[each for each in contacts if window.holds(each.at)],
        later=[each for each in contacts if each.at >= window.end],
        rows={row.call_id: row for row in found if window.holds(row.at)},
        outcomes=[each for each in rows.outcomes(window.begin, window.end) if window.holds(aware(each.shown_at))],
        scores=[each for each in latest if window.holds(each.at)],
        facts=facts,
        is_cut=is_cut,
    )


def contact(row: CallRow, agent: str | None = None) -> Contact:
    """A contact from its row."""
    return contact_of(
        row.call_id,
        row.at,
        row.events,
        channel=row.channel,
        language=row.language,
        customer_id=row.customer_id,
        agent=agent,
    )


def as_kept(kind: str, stored: Iterable[Mapping[str, Any]]) -> list[Any]:
    """Facts as they were kept; one that another version wrote in another shape is left out."""
    found: list[Any] = []
    for each in stored:
        try:
            found += read_facts(kind, [each])
        except BadInput:
            continue
    return found


def aware(at: datetime) -> datetime:
    """A moment with its zone; the books of offers keep none."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def score_of(each: Evaluation) -> Decimal | None:
    """A score as a number."""
    return None if each.score is None else Decimal(each.score)


def _contact_id(outcome: Outcome) -> str:
    return outcome.call_id or f"offer:{outcome.outcome_id}"


def _paying(outcome: Outcome) -> dict[int, bool]:
    told = {30: outcome.paying_30, 60: outcome.paying_60, 90: outcome.paying_90}
    return {days: paying for days, paying in told.items() if paying is not None}
