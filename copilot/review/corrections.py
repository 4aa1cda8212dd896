"""The corrections of a queue: every draft whose text a reviewer changed, as it was and as it was left."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, get_args

from copilot.errors import BadInput
from copilot.guard.masking import mask_values
from copilot.guard.redaction import RedactionPolicy
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


def correction_of(row: Mapping[str, Any], where: str) -> Correction:
    """A correction made elsewhere: `before`, `after`, and what else `Correction` has.

    Raises:
        BadInput: a text is missing, a time has no zone, or a field is of another shape.
    """
    before, after = row.get("before"), row.get("after")
    if not isinstance(before, str) or not isinstance(after, str):
        raise BadInput(f"{where}: a correction needs the texts `before` and `after`. Give both.")
    try:
        at = datetime.fromisoformat(str(row["at"]))
    except (KeyError, ValueError):
        at = None
    if at is None or at.tzinfo is None:
        raise BadInput(f"{where}: at is {str(row.get('at'))[:40]!r}; allowed is a time with its zone.")
    reasons = row.get("reasons") or ()
    if not isinstance(reasons, list | tuple):
        raise BadInput(f"{where}: reasons is {type(reasons).__name__}; allowed is a list of codes.")
    texts = {name: str(row.get(name) or "") for name in ("channel", "provider", "prompt_version", "by", "cluster")}
    draft_id = str(row.get("draft_id") or hashlib.sha256(f"{before}\x1f{after}".encode()).hexdigest()[:16])
    words = {"before": before, "after": after, "item_text": str(row.get("item_text") or "")}
    masked = mask_values(words, RedactionPolicy())
    return Correction(draft_id=draft_id, reasons=tuple(map(str, reasons)), at=at, **texts, **masked)


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
