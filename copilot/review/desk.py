"""The reviewers' desk: claims, decisions, and what the queue holds, with the pack's rules."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from copilot.guard.masking import mask_values, policy_for
from copilot.review.deciding import Asked, Recheck, judge
from copilot.review.risk import queued
from copilot.store import Decision, QueueRow, ReviewItem, Reviews, Wanted
from knowledge.pack import Pack
from knowledge.rules.scorecard import ScorecardFile

LEASE = timedelta(minutes=15)


@dataclass(frozen=True)
class ReviewDesk:
    """Works on the queue of one tenant."""

    reviews: Reviews
    pack: Pack

    def add(self, draft: Mapping[str, Any], given: Mapping[str, Any], *, by: str, now: datetime) -> bool:
        """Queue a draft with the item it answers; False when it is there already."""
        return self.reviews.add(draft, given, queued(draft, self.pack), by=by, at=now)

    def claim_next(self, wanted: Wanted, by: str, *, now: datetime) -> QueueRow | None:
        """Hold the most pressing draft that nobody holds; None when there is none."""
        return self.reviews.claim_next(wanted, by, now=now, lease=LEASE)

    def claim(self, draft_id: str, by: str, *, now: datetime) -> QueueRow:
        """Hold a draft.

        Raises:
            NotFound, Conflict: there is none; somebody else holds it, or it is decided.
        """
        return self.reviews.claim(draft_id, by, now=now, lease=LEASE)

    def decide(
        self, draft_id: str, decision_id: str, version: int, asked: Asked, recheck: Recheck
    ) -> tuple[ReviewItem, bool]:
        """Take a decision; what a person writes is masked first.

        Returns:
            the draft afterwards, and whether the decision is new.

        Raises:
            NotFound, Conflict, BadInput: see `judge`.
        """
        policy = policy_for(self.pack.head.redaction.kinds, self.pack.head.numbers)
        clean = replace(asked, text=mask_values(asked.text, policy), comment=mask_values(asked.comment, policy))
        scorecard = self.pack.rule_file(ScorecardFile)
        body: dict[str, Any] = {"role": clean.role, "reasons": list(clean.reasons), "comment": clean.comment}
        if clean.action == "escalate":
            body["to"] = clean.to
        if clean.action == "edit":  # so that the same id with another text is no repeat
            body["text_digest"] = hashlib.sha256(clean.text.encode()).hexdigest()[:32]
        decision = Decision(decision_id, draft_id, version, clean.action, clean.by, clean.at, body)
        return self.reviews.decide(decision, lambda item: judge(item, clean, scorecard, recheck))


def as_json(item: ReviewItem) -> dict[str, Any]:
    """Everything about a draft in JSON types."""
    return {
        **row_json(item.row),
        "text": item.text,
        "given": dict(item.given),
        "draft": dict(item.draft),
        "versions": [{**asdict(each), "at": each.at.isoformat()} for each in item.versions],
        "decisions": [{**asdict(each), "at": each.at.isoformat()} for each in item.decisions],
    }


def row_json(row: QueueRow) -> dict[str, Any]:
    """A row of the queue in JSON types."""
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(row).items()}
