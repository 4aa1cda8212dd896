"""How a draft stands in the queue: how risky it is and why, who must agree, and whether it is drawn for review."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from copilot.store import Queued
from knowledge.pack import Pack
from knowledge.rules.bureaus import BureausFile
from knowledge.rules.flags import FlagsFile
from knowledge.rules.scorecard import ScorecardFile

MOST = 100
_FLAG_RISK = {"critical": 40, "high": 25, "medium": 12, "low": 5}
_CLASS_RISK = {"public": 15, "regulator": 20, "private": 5}
_AMOUNT_RISK = ((Decimal(1000), 15), (Decimal(200), 8))
_SOON_DAYS = 3
_COMPLAINT = "complaint"


def queued(draft: Mapping[str, Any], pack: Pack, *, seed: str = "") -> Queued:
    """Where a draft belongs in the queue.

    Args:
        draft: as the service stores it.
        pack: flags, bodies and the scorecard's sampling and two-person rules.
        seed: of the draw; the same draft and seed are drawn alike.
    """
    parts = list(_parts(draft, pack))
    body_id = draft.get("body_id")
    bureaus, scorecard = pack.rule_file(BureausFile), pack.rule_file(ScorecardFile)
    body = bureaus.body(body_id) if bureaus and body_id else None
    by_law = bool(body and body.legal_review)
    needs_two = by_law or (scorecard is not None and draft["channel"] in scorecard.two_person_channels)
    due_at = draft.get("due_at")
    return Queued(
        risk=min(MOST, sum(points for points, _ in parts)),
        why=", ".join(why for _, why in sorted(parts, reverse=True))[:400],
        due_at=datetime.fromisoformat(due_at) if due_at else None,
        approvals_needed=2 if needs_two else 1,
        legal=by_law or "legal" in draft.get("routes", ()),
        sampled_by=drawn_by(draft, scorecard, seed) if scorecard else None,
    )


def drawn_by(draft: Mapping[str, Any], scorecard: ScorecardFile, seed: str) -> str | None:
    """The sampling rule that draws this draft for a scored review, the first that does; None when none does."""
    flags = {flag["flag_id"] for flag in draft.get("flags", ())}
    is_complaint = str(draft["channel"]).endswith(_COMPLAINT)
    for rule in scorecard.sampling:
        reaches = bool(flags & set(rule.flags)) if rule.flags else rule.id != "complaints" or is_complaint
        if reaches and _share(f"{seed}/{rule.id}/{draft['draft_id']}") < Decimal(rule.percent) / 100:
            return rule.id
    return None


def _share(key: str) -> Decimal:
    """A number in 0..1 that hangs on the key alone."""
    return Decimal(int.from_bytes(hashlib.sha256(key.encode()).digest()[:6], "big")) / Decimal(2**48)


def _parts(draft: Mapping[str, Any], pack: Pack) -> Iterator[tuple[int, str]]:
    flags = pack.rule_file(FlagsFile)
    for raised in draft.get("flags", ()):
        flag = flags.flag(raised["flag_id"]) if flags else None
        if flag is not None:
            yield _FLAG_RISK[flag.severity], flag.flag_id
    yield _CLASS_RISK[draft["draft_class"]], draft["draft_class"]
    blocking = [check["id"] for check in draft["checks"] if not check["passed"] and check["severity"] == "blocking"]
    if blocking:
        yield 10, f"blocked by {blocking[0]}"
    if draft.get("questions"):
        yield 5, "facts missing"
    yield from _pressing(draft)


def _pressing(draft: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    amount = Decimal(draft.get("largest_amount") or 0)
    points = next((points for least, points in _AMOUNT_RISK if amount >= least), 0)
    if points:
        yield points, f"about {amount:.0f}"
    days_left = draft.get("days_left")
    if days_left is not None and days_left <= _SOON_DAYS:
        yield (20, "overdue") if days_left < 0 else (10, "due soon")
