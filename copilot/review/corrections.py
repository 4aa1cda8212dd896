"""The corrections of a queue: every draft whose text a reviewer changed, as it was and as it was left."""

from collections.abc import Iterator
from datetime import datetime
from typing import get_args

from copilot.review.edits import Correction
from copilot.store import ReviewItem, Reviews, Wanted
from copilot.store.reviews import Status

MOST = 100_000


def corrections_of(reviews: Reviews, *, now: datetime) -> Iterator[Correction]:
    """Each reviewed draft with its first and last text; those nobody changed count as unchanged."""
    for row in reviews.queue(Wanted(get_args(Status)), now=now, limit=MOST):
        item = reviews.get(row.draft_id)
        if item.decisions:
            yield _correction(item)


def _correction(item: ReviewItem) -> Correction:
    last = item.versions[-1]
    reasons = [reason for version in item.versions[1:] for reason in version.reasons]
    return Correction(
        draft_id=item.row.draft_id,
        channel=item.row.channel,
        provider=str(item.draft.get("provider", "")),
        prompt_version=str((item.draft.get("versions") or {}).get("prompt", "")),
        before=item.versions[0].text,
        after=last.text,
        reasons=tuple(dict.fromkeys(reasons)),
        by=last.by if len(item.versions) > 1 else item.decisions[-1].by,
        at=item.decisions[-1].at,
        item_text=str(item.given.get("text", "")),
        cluster=item.row.item_id,
    )
