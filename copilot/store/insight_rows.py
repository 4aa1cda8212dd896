"""What a report reads: calls with what happened in them, offers, drafts, gaps, facts; each bound to tenant and time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from copilot.errors import Conflict
from copilot.store.gaps import Gap
from copilot.store.insight_tables import coaching_notes, desk_facts
from copilot.store.offer_tables import offer_outcomes
from copilot.store.outcomes import Outcome
from copilot.store.review_tables import drafts
from copilot.store.reviews import OPEN
from copilot.store.tables import calls, events, knowledge_gaps

MOST_CALLS = 20_000
TOLD_LATE = timedelta(days=90)
"""So much later than it began a call may be brought in and is still found."""
CARD = "card.shown"
READ_TYPES = (
    "cue.raised",
    "alert.raised",
    CARD,
    "card.dismissed",
    "offer.shown",
    "offer.outcome",
    "note.updated",
    "call.ended",
)
_OF_CARDS = ("card_id", "kind", "title")
TURN_TYPES = ("turn.final", "turn.corrected")
_CHUNK = 500
_DAY = timedelta(days=1)  # the log keeps the hour of an offer without its zone


@dataclass(frozen=True)
class CallRow:
    """A call with what happened in it but its turns; each event `{type, body}`."""

    call_id: str
    at: datetime
    channel: str
    language: str | None
    customer_id: str | None
    events: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class DraftRow:
    """An open draft with a date."""

    draft_id: str
    channel: str
    status: str
    due_at: datetime
    claimed_by: str | None
    risk: int


@dataclass(frozen=True)
class CoachingNote:
    """Something said about an agent's coaching: a concern or an answer of theirs, a reply, what was agreed.

    `re` is the note it replies to, "" where it stands for itself.
    """

    note_id: str
    agent: str
    at: datetime
    by: str
    kind: str
    re: str
    text: str


class InsightRows:
    """Reads for the reports of one tenant, and keeps what other systems tell."""

    def __init__(self, engine: Engine, tenant: str = "default") -> None:
        self._engine = engine
        self._reader = engine.execution_options(read_only=True)
        self._tenant = tenant

    def calls(self, begin: datetime, end: datetime) -> tuple[list[CallRow], bool]:
        """The calls that began from `begin` on and were known by `end` plus TOLD_LATE, and whether there are more.

        A call that was brought in late counts by when it began. Of more than MOST_CALLS the newest are read.
        """
        known = and_(
            calls.c.tenant == self._tenant,
            calls.c.created_at >= begin.astimezone(UTC),
            calls.c.created_at < (end + TOLD_LATE).astimezone(UTC),
        )
        columns = [
            calls.c[name] for name in ("call_id", "started_at", "created_at", "channel", "language", "customer_id")
        ]
        with self._reader.connect() as connection:
            query = select(*columns).where(known).order_by(calls.c.created_at.desc()).limit(MOST_CALLS + 1)
            rows = connection.execute(query).all()
            wanted = [row for row in rows[:MOST_CALLS] if _began(row) >= begin]
            by_call = self._events_of(connection, [row.call_id for row in wanted], READ_TYPES)
        found = [
            CallRow(row.call_id, _began(row), row.channel, row.language, row.customer_id, by_call.get(row.call_id, ()))
            for row in wanted
        ]
        return sorted(found, key=lambda each: (each.at, each.call_id)), len(rows) > MOST_CALLS

    def call(self, call_id: str) -> CallRow | None:
        """A call by its id; None when the tenant has none of it."""
        names = ("call_id", "started_at", "created_at", "channel", "language", "customer_id")
        mine = calls.c.tenant == self._tenant, calls.c.call_id == call_id
        with self._reader.connect() as connection:
            row = connection.execute(select(*(calls.c[name] for name in names)).where(*mine)).first()
            if row is None:
                return None
            told = self._events_of(connection, [call_id], READ_TYPES).get(call_id, ())
        return CallRow(call_id, _began(row), row.channel, row.language, row.customer_id, told)

    def turns(self, call_id: str) -> dict[str, Mapping[str, Any]]:
        """The turns of a call by id, as they stand after corrections."""
        with self._reader.connect() as connection:
            told = self._events_of(connection, [call_id], TURN_TYPES).get(call_id, ())
        return {str(event["body"]["turn_id"]): event["body"] for event in told if "turn_id" in event["body"]}

    def outcomes(self, begin: datetime, end: datetime) -> list[Outcome]:
        """The offers shown or withheld in a time, give or take the zone their hour was told in."""
        names = tuple(Outcome.__dataclass_fields__)
        within = and_(
            offer_outcomes.c.tenant == self._tenant,
            offer_outcomes.c.shown_at >= (begin - _DAY).astimezone(UTC),
            offer_outcomes.c.shown_at < (end + _DAY).astimezone(UTC),
        )
        query = select(*(offer_outcomes.c[name] for name in names)).where(within).order_by(offer_outcomes.c.shown_at)
        with self._reader.connect() as connection:
            return [Outcome(**row._mapping) for row in connection.execute(query)]

    def open_drafts(self, before: datetime) -> list[DraftRow]:
        """The drafts that wait and are due by then, the soonest first."""
        columns = [drafts.c[name] for name in ("draft_id", "channel", "status", "due_at", "claimed_by", "risk")]
        mine = drafts.c.tenant == self._tenant, drafts.c.status.in_(OPEN), drafts.c.due_at <= before
        query = select(*columns).where(*mine).order_by(drafts.c.due_at, drafts.c.draft_id).limit(_CHUNK)
        with self._reader.connect() as connection:
            return [DraftRow(*row) for row in connection.execute(query)]

    def gaps(self, begin: datetime, end: datetime, limit: int = 50) -> list[Gap]:
        """The questions of a time that no document answered, the most frequent first."""
        asked, last = func.count().label("asked"), func.max(knowledge_gaps.c.at).label("last_at")
        query = (
            select(knowledge_gaps.c.question, asked, last)
            .where(
                knowledge_gaps.c.tenant == self._tenant,
                knowledge_gaps.c.at >= begin.astimezone(UTC),
                knowledge_gaps.c.at < end.astimezone(UTC),
            )
            .group_by(knowledge_gaps.c.question)
            .order_by(asked.desc(), last.desc())
            .limit(limit)
        )
        with self._reader.connect() as connection:
            return [Gap(*row) for row in connection.execute(query)]

    def keep_facts(self, kind: str, facts: Mapping[str, tuple[datetime, Mapping[str, Any]]]) -> None:
        """Store facts of a kind by their ids; one that is there already is replaced: the newer word counts.

        Raises:
            Conflict: somebody else was storing the same ones.
        """
        rows = [
            {"tenant": self._tenant, "kind": kind, "fact_id": fact_id, "at": at, "body": dict(body)}
            for fact_id, (at, body) in facts.items()
        ]
        mine = desk_facts.c.tenant == self._tenant, desk_facts.c.kind == kind
        try:
            with self._engine.begin() as connection:
                for place in range(0, len(rows), _CHUNK):
                    part = rows[place : place + _CHUNK]
                    ids = [row["fact_id"] for row in part]
                    connection.execute(delete(desk_facts).where(*mine, desk_facts.c.fact_id.in_(ids)))
                    connection.execute(insert(desk_facts), part)
        except IntegrityError as error:
            raise Conflict(f"Somebody else is storing {kind} facts of the same ids. Send them again.") from error

    def forget_facts(self, kind: str, fact_ids: Sequence[str]) -> None:
        """Take facts of a kind back; nothing happens to those that are not there."""
        mine = desk_facts.c.tenant == self._tenant, desk_facts.c.kind == kind
        with self._engine.begin() as connection:
            for place in range(0, len(fact_ids), _CHUNK):
                part = fact_ids[place : place + _CHUNK]
                connection.execute(delete(desk_facts).where(*mine, desk_facts.c.fact_id.in_(part)))

    def facts(self, kind: str, begin: datetime | None, end: datetime | None) -> list[Mapping[str, Any]]:
        """The facts of a kind in a time, as they were given, in order; without a time all of them."""
        within = [desk_facts.c.tenant == self._tenant, desk_facts.c.kind == kind]
        if begin is not None:
            within.append(desk_facts.c.at >= begin)
        if end is not None:
            within.append(desk_facts.c.at < end)
        query = select(desk_facts.c.body).where(*within).order_by(desk_facts.c.at, desk_facts.c.fact_id)
        with self._reader.connect() as connection:
            return list(connection.execute(query).scalars())

    def add_coaching_note(self, note: CoachingNote) -> bool:
        """Keep a note; False when there is one of its id, which stays as it is."""
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(coaching_notes).values(tenant=self._tenant, **vars(note)))
        except IntegrityError:
            return False
        return True

    def coaching_notes(self, agent: str) -> list[CoachingNote]:
        """What was said about an agent's coaching, in order."""
        columns = [coaching_notes.c[name] for name in CoachingNote.__dataclass_fields__]
        mine = coaching_notes.c.tenant == self._tenant, coaching_notes.c.agent == agent
        order = coaching_notes.c.at, coaching_notes.c.note_id
        with self._reader.connect() as connection:
            return [CoachingNote(*row) for row in connection.execute(select(*columns).where(*mine).order_by(*order))]

    def _events_of(
        self, connection: Connection, call_ids: Sequence[str], types: Sequence[str]
    ) -> dict[str, list[Mapping[str, Any]]]:
        """The events of calls, in order; of cards only what counts: their texts are the bulk of a log."""
        found: dict[str, list[tuple[int, Mapping[str, Any]]]] = {}
        whole = [each for each in types if each != CARD]
        for place in range(0, len(call_ids), _CHUNK):
            part = call_ids[place : place + _CHUNK]
            columns = events.c.call_id, events.c.seq, events.c.type, events.c.body
            for call_id, seq, kind, body in connection.execute(select(*columns).where(self._wanted(part, whole))):
                found.setdefault(call_id, []).append((seq, {"type": kind, "body": body}))
            if CARD in types:
                told = (events.c.body[name].as_string() for name in _OF_CARDS)
                query = select(events.c.call_id, events.c.seq, *told).where(self._wanted(part, [CARD]))
                for call_id, seq, *values in connection.execute(query):
                    body = dict(zip(_OF_CARDS, values, strict=True))
                    found.setdefault(call_id, []).append((seq, {"type": CARD, "body": body}))
        return {call_id: [event for _, event in sorted(told, key=_seq)] for call_id, told in found.items()}

    def _wanted(self, call_ids: Sequence[str], types: Sequence[str]) -> ColumnElement[bool]:
        return and_(events.c.tenant == self._tenant, events.c.call_id.in_(call_ids), events.c.type.in_(types))


def _seq(event: tuple[int, Mapping[str, Any]]) -> int:
    return event[0]


def _began(row: Any) -> datetime:
    """When a call began: as announced, else when it became known."""
    if row.started_at:
        try:
            at = datetime.fromisoformat(row.started_at)
        except ValueError:
            at = row.created_at
    else:
        at = row.created_at
    return at if at.tzinfo else at.replace(tzinfo=UTC)
