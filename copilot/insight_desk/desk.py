"""Reports and coaching pages of one tenant, and what other systems tell it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from copilot.customer import customer_record
from copilot.errors import BadInput, NotFound
from copilot.guard.masking import mask_values, policy_for
from copilot.insight.due_lists import due_of_risk, why_not_id
from copilot.insight.facts import Fact, fact_json, read_facts
from copilot.insight.window import Window
from copilot.insight_desk.board import SOON, Board, board
from copilot.insight_desk.coaching_page import coaching_page
from copilot.insight_desk.from_records import lists_from
from copilot.insight_desk.reading import contact, read_window
from copilot.store import Cases, CoachingNote, InsightRows, Obligation, Scores
from knowledge.pack import Pack
from knowledge.rules.flags import FlagsFile

NOTE_KINDS = ("concern", "answer", "reply", "agreed")
OF_AGENTS = ("concern", "answer")
MOST_DUE = 500


@dataclass(frozen=True)
class InsightDesk:
    """Reports for one tenant: all its readers are bound to the same one."""

    rows: InsightRows
    scores: Scores
    cases: Cases
    pack: Pack

    def keep(self, kind: str, given: Sequence[Mapping[str, Any]]) -> int:
        """Keep what another system tells; the same id again replaces what it told before. How many there were.

        Raises:
            BadInput: a fact is wrong.
        """
        facts = read_facts(kind, given)
        self._keep(kind, facts)
        return len(facts)

    def keep_lists(self, records: Iterable[Mapping[str, Any]], *, now: datetime) -> dict[str, int]:
        """Put whoever is due by customer records on the outreach lists; the same records again change nothing.

        Returns:
            how many are `due`, and for how many of them a reason is known already (`reasoned`).

        Raises:
            BadInput: a record is wrong.
        """
        found = list(lists_from(records, self.pack, now=now))
        reasons = [touch for _, touch in found if touch is not None]
        self._keep("due", [due for due, _ in found])
        self.rows.forget_facts("touch", [why_not_id(due) for due, touch in found if touch is None])
        self._keep("touch", reasons)
        return {"due": len(found), "reasoned": len(reasons)}

    def keep_risks(self, given: Iterable[Mapping[str, Any]], *, now: datetime) -> int:
        """Put accounts on the list of those at risk, as `copilot risk list --json` tells them: `{account_id, risk}`.

        Returns:
            how many there are; the same ones on the same day are put there once.

        Raises:
            BadInput: a line has no account, or no risk from 0 to 1.
        """
        found = [due_of_risk(each, now=now) for each in given]
        self._keep("due", found)
        return len(found)

    def _keep(self, kind: str, facts: Sequence[Fact]) -> None:
        self.rows.keep_facts(kind, {each.fact_id: (each.at, self._masked(fact_json(each))) for each in facts})

    def board(self, window: Window, *, now: datetime) -> Board:
        """The whole report of a window."""
        return board(
            read_window(self.rows, self.scores, window),
            window,
            now=now,
            flags=self.pack.rule_file(FlagsFile),
            drafts=self.rows.open_drafts(now + SOON),
            owed=self.due(now),
            gaps=self.rows.gaps(window.begin, window.end),
            monthly=self._monthly(),
        )

    def _monthly(self) -> dict[str, Decimal]:
        """What the customers pay a month of whom the pack brings records."""
        return {name: customer_record(record).monthly_charges for name, record in self.pack.customers.items()}

    def due(self, now: datetime) -> list[tuple[str, Obligation]]:
        """What is owed soon or is overdue, each with its case."""
        return self.cases.due(before=now + SOON, limit=MOST_DUE)

    def call(self, call_id: str) -> dict[str, Any]:
        """The evidence behind a figure: a call's note and turns, masked as they are kept.

        Raises:
            NotFound: no such call.
        """
        row = self.rows.call(call_id)
        if row is None:
            raise NotFound(f"No call {call_id!r}. The evidence of a figure names its calls.")
        note = contact(row).note
        told = ("turn_id", "speaker", "text", "t_ms")
        turns = [{name: body.get(name) for name in told} for body in self.rows.turns(call_id).values()]
        return {
            "call_id": call_id,
            "at": row.at.isoformat(),
            "channel": row.channel,
            "language": row.language,
            "disposition_code": note.get("disposition_code"),
            "note": note.get("text", ""),
            "turns": turns,
        }

    def coaching(self, agent: str, window: Window, *, now: datetime, language: str = "en") -> dict[str, Any]:
        """The page for an agent's weekly meeting, in JSON types: see `coaching_page`."""
        before = window.before()
        both = read_window(self.rows, self.scores, Window(before.begin, window.end)).of(agent)
        return coaching_page(
            agent,
            both.within(window),
            both.within(before),
            window,
            pack=self.pack,
            turns=lru_cache(maxsize=256)(self.rows.turns),
            notes=self.rows.coaching_notes(agent),
            now=now,
            language=language,
        )

    def say(self, note: CoachingNote) -> bool:
        """Keep what somebody says about a coaching page, masked; False when a note of its id is there already.

        Raises:
            BadInput: an unknown kind, or no text.
        """
        if note.kind not in NOTE_KINDS or not note.text.strip():
            raise BadInput(f"kind is {note.kind[:20]!r}; allowed are: {', '.join(NOTE_KINDS)}, each with a text.")
        return self.rows.add_coaching_note(replace(note, text=str(self._masked(note.text))))

    def _masked(self, value: Any) -> Any:
        return mask_values(value, policy_for(self.pack.head.redaction.kinds, self.pack.head.numbers))
