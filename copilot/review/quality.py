"""The quality desk: scores with their versions and contests, and calibration sessions."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from copilot.errors import BadInput, Conflict
from copilot.guard.masking import mask_values, policy_for
from copilot.review.agreement import Agreement, agreement, drift
from copilot.review.scoring import check_answer, check_contest, read_marks, score
from copilot.store.scores import Evaluation, Scores
from knowledge.pack import Pack
from knowledge.rules.scorecard import ScorecardFile

MOST_RATERS = 20


@dataclass(frozen=True)
class QualityDesk:
    """Scores for one tenant by the scorecard of its pack."""

    scores: Scores
    pack: Pack

    def add(
        self,
        evaluation_id: str,
        subject: str,
        subject_id: str,
        agent: str,
        marks: Sequence[Mapping[str, Any]],
        *,
        by: str,
        now: datetime,
        comment: str = "",
    ) -> Evaluation:
        """Score a call, a note or a reply.

        Raises:
            BadInput: a mark is wrong.
            Conflict: there is this evaluation already, or the reviewer is the agent.
        """
        if by == agent:
            raise Conflict(f"{by} is the agent; somebody else scores this.")
        return self._store(evaluation_id, 1, subject, subject_id, agent, by, now, "scored", marks, comment)

    def contest(self, evaluation_id: str, reason: str, *, by: str, now: datetime) -> Evaluation:
        """The agent contests a score.

        Raises:
            NotFound, BadInput, Conflict: no such score, no reason, another person's score, or too late.
        """
        last = self.scores.versions(evaluation_id)[-1]
        if by != last.agent:
            raise Conflict(f"The score is {last.agent}'s; {by} cannot contest it.")
        if last.status != "scored":
            raise Conflict(f"The score is {last.status} already.")
        check_contest(last.at, now, self.card, reason)
        return self._next(last, now, "contested", last.marks, last.reviewer, self._masked(reason))

    def answer(
        self,
        evaluation_id: str,
        *,
        by: str,
        now: datetime,
        comment: str,
        marks: Sequence[Mapping[str, Any]] | None = None,
    ) -> Evaluation:
        """Answer a contest: uphold the score, or change marks; those not named stay as they were.

        Raises:
            NotFound, BadInput, Conflict: nothing is contested, or this person may not answer.
        """
        last = self.scores.versions(evaluation_id)[-1]
        if last.status != "contested":
            raise Conflict(f"The score is {last.status}; there is no contest to answer.")
        check_answer(last.reviewer, last.agent, by)
        if not comment.strip():
            raise BadInput("An answer says why. Give a comment.")
        status = "upheld" if marks is None else "changed"
        changed = {each.get("item_id") for each in marks or ()}
        kept = [each for each in last.marks if each["item_id"] not in changed]
        return self._next(last, now, status, [*kept, *(marks or ())], by, self._masked(comment))

    def rate(
        self,
        session_id: str,
        subject: str,
        subject_id: str,
        marks: Sequence[Mapping[str, Any]],
        *,
        by: str,
        now: datetime,
    ) -> None:
        """Give one's marks in a calibration session; nobody sees them before the report.

        Raises:
            BadInput, Conflict: a mark is wrong or missing, it was rated by this person, the session is closed or full.
        """
        read = read_marks(marks, subject, self.card)
        given = {each.item_id: None if each.mark is None else str(each.mark) for each in read}
        self.scores.rate(session_id, subject_id, by, given, now, most=self.card.calibration.calls_per_session[1])

    def close(self, session_id: str, *, by: str, now: datetime) -> dict[str, Any]:
        """Close a session, and give its report.

        Raises:
            BadInput, Conflict: fewer subjects than the pack asks for, fewer than two raters, or very many.
        """
        _check_raters(session_id, self.scores.session(session_id))
        self.scores.close_session(session_id, by, now, fewest=self.card.calibration.calls_per_session[0])
        return self.report(session_id)

    def report(self, session_id: str) -> dict[str, Any]:
        """How far the raters of a closed session agree, item by item, and how far each is from the others.

        A session has few subjects; a verdict needs those of several, see `report_of_all`.

        Raises:
            Conflict: it is not closed: who has read it could not rate blind any more.
        """
        if session_id not in self.scores.closed_sessions():
            raise Conflict(f"Session {session_id!r} is not closed. Close it when everybody has rated.")
        return self._report(self.scores.session(session_id))

    def report_of_all(self) -> dict[str, Any]:
        """How far raters agree over all closed sessions.

        Raises:
            BadInput: fewer than two raters, or very many.
        """
        marks: dict[str, dict[str, Mapping[str, Any]]] = {}
        for session_id in self.scores.closed_sessions():
            for rater, subjects in self.scores.session(session_id).items():
                marks.setdefault(rater, {}).update({f"{session_id}/{name}": given for name, given in subjects.items()})
        _check_raters("all", marks)
        return self._report(marks)

    def _report(self, marks: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> dict[str, Any]:
        items = sorted({item for subjects in marks.values() for given in subjects.values() for item in given})
        found = [self._agreement(item, marks) for item in items]
        totals = {
            rater: {subject: total for subject, given in subjects.items() if (total := self._total(given)) is not None}
            for rater, subjects in marks.items()
        }
        apart = {name: {"points": str(points), "too_far": far} for name, (points, far) in self._drift(totals).items()}
        return {"items": [asdict(each) for each in found], "drift": apart}

    @property
    def card(self) -> ScorecardFile:
        """The scorecard of the pack.

        Raises:
            BadInput: it has none.
        """
        card = self.pack.rule_file(ScorecardFile)
        if card is None:
            raise BadInput(f"The pack {self.pack.name} has no rules/scorecard.yaml. Add one.")
        return card

    def _agreement(self, item: str, marks: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Agreement:
        ratings = {
            rater: {subject: _number(given.get(item)) for subject, given in subjects.items()}
            for rater, subjects in marks.items()
        }
        return agreement(item, ratings, self.card.calibration)

    def _drift(self, totals: Mapping[str, Mapping[str, Decimal]]) -> Mapping[str, tuple[Decimal, bool]]:
        return drift(totals, self.card.calibration)

    def _total(self, given: Mapping[str, Any]) -> Decimal | None:
        return self.card.score({item: None if mark is None else Decimal(mark) for item, mark in given.items()})

    def _next(
        self,
        last: Evaluation,
        now: datetime,
        status: Any,
        marks: Sequence[Mapping[str, Any]],
        reviewer: str,
        comment: str,
    ) -> Evaluation:
        place = last.evaluation_id, last.version + 1, last.subject, last.subject_id, last.agent
        return self._store(*place, reviewer, now, status, marks, comment)

    def _store(
        self,
        evaluation_id: str,
        version: int,
        subject: str,
        subject_id: str,
        agent: str,
        reviewer: str,
        now: datetime,
        status: Any,
        marks: Sequence[Mapping[str, Any]],
        comment: str,
    ) -> Evaluation:
        read = read_marks(marks, subject, self.card)
        stored = [{**asdict(each), "mark": None if each.mark is None else str(each.mark)} for each in read]
        total = score(read, self.card).score
        made = Evaluation(
            evaluation_id,
            version,
            subject,
            subject_id,
            agent,
            reviewer,
            now,
            status,
            self._masked(stored),
            None if total is None else str(total),
            self._masked(comment),
        )
        self.scores.add(made)
        return made

    def _masked(self, value: Any) -> Any:
        return mask_values(value, policy_for(self.pack.head.redaction.kinds, self.pack.head.numbers))


def _check_raters(session_id: str, marks: Mapping[str, Any]) -> None:
    if not 2 <= len(marks) <= MOST_RATERS:
        raise BadInput(f"Session {session_id!r} has {len(marks)} raters; allowed are 2 to {MOST_RATERS}.")


def _number(mark: Any) -> float | None:
    return None if mark is None else float(mark)
