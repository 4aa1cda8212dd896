"""Scorecards: marks with their evidence, checked against the pack, and the score they give.

Coaching, not discipline: every mark below full shows what it rests on, and the agent may contest it. A machine's mark
is a proposal until a person takes it over.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Literal, get_args

from copilot.errors import BadInput, Conflict
from knowledge.rules.scorecard import Item, ScorecardFile, Subject

SUBJECTS: tuple[Subject, ...] = get_args(Subject)
By = Literal["person", "machine"]
_STEPS = {"yes_no": (Decimal(0), Decimal(1)), "zero_half_one": (Decimal(0), Decimal("0.5"), Decimal(1))}


@dataclass(frozen=True)
class Mark:
    """The mark of one item, 0 to 1; None where it does not apply. `evidence` are turn ids, or words."""

    item_id: str
    mark: Decimal | None
    evidence: Sequence[str] = ()
    comment: str = ""
    by: By = "person"


@dataclass(frozen=True)
class Scored:
    """A score 0..100, the critical items that failed, and a machine's marks that nobody has taken over.

    There is no score while such marks are left, or where nothing applied.
    """

    score: Decimal | None
    failed_critical: Sequence[str]
    proposals: Sequence[str]


def read_marks(given: Sequence[Mapping[str, Any]], subject: str, scorecard: ScorecardFile) -> list[Mark]:
    """Marks as somebody sends them, checked against the scorecard.

    Raises:
        BadInput: an unknown subject or item, a mark the item does not have, one below full without evidence, or an item
            that always applies without a mark.
    """
    if subject not in SUBJECTS:
        raise BadInput(f"subject is {subject!r}; allowed are: {', '.join(SUBJECTS)}. Choose one.")
    items = {item.id: item for section in scorecard.sections for item in section.items if subject in item.subjects}
    found: dict[str, Mark] = {}
    for each in given:
        item_id = str(each.get("item_id"))
        item = items.get(item_id)
        if item is None or item_id in found:
            raise BadInput(f"item_id is {item_id!r}; allowed, once each, are: {', '.join(items)}. Correct it.")
        found[item_id] = _mark(each, item)
    missing = [item.id for item in items.values() if item.not_applicable_when is None and item.id not in found]
    if missing:  # a score of the items somebody liked to mark says nothing
        raise BadInput(f"The {subject} has no mark for: {', '.join(missing)}. Mark every item that always applies.")
    return list(found.values())


def score(marks: Sequence[Mark], scorecard: ScorecardFile) -> Scored:
    """The score, when people gave or took over every mark; 0 when a critical item failed."""
    counted = {each.item_id: each.mark for each in marks if each.by == "person"}
    critical = {item.id for section in scorecard.sections for item in section.items if item.critical}
    failed = [name for name, mark in counted.items() if name in critical and mark is not None and mark < 1]
    proposed = tuple(each.item_id for each in marks if each.by == "machine")
    total = None if proposed else scorecard.score(counted)
    rounded = total.quantize(Decimal("0.1")) if total is not None else None
    return Scored(rounded, tuple(failed), proposed)


def check_contest(scored_at: datetime, now: datetime, scorecard: ScorecardFile, reason: str) -> None:
    """Whether the agent may contest a score now.

    Raises:
        BadInput: no reason.
        Conflict: the time is over.
    """
    if not reason.strip():
        raise BadInput("A contest needs a reason. Say which mark is wrong, and why.")
    if now > scored_at + timedelta(days=scorecard.contest_within_days):
        raise Conflict(f"A score may be contested within {scorecard.contest_within_days} days; this one is older.")


def check_answer(first_reviewer: str, agent: str, by: str) -> None:
    """Whether this person may answer a contest.

    Raises:
        Conflict: the first reviewer and the agent may not.
    """
    if by in (first_reviewer, agent):
        raise Conflict(f"{by} gave the score or is its agent; somebody else answers the contest.")


def _mark(given: Mapping[str, Any], item: Item) -> Mark:
    value, steps = given.get("mark"), _STEPS[item.marks]
    evidence = tuple(str(each) for each in given.get("evidence") or () if str(each).strip())
    by: By = "machine" if given.get("by") == "machine" else "person"
    comment = str(given.get("comment") or "")
    if value is None:
        if item.not_applicable_when is None:
            raise BadInput(f"{item.id} always applies; allowed marks are: {', '.join(map(str, steps))}. Give one.")
        return Mark(item.id, None, evidence, comment, by)
    try:
        mark = Decimal(str(value))
    except ArithmeticError:
        mark = Decimal(-1)
    if mark not in steps:
        raise BadInput(f"mark of {item.id} is {value!r}; allowed are: {', '.join(map(str, steps))}. Correct it.")
    if mark < 1 and not evidence:
        raise BadInput(f"mark of {item.id} is {mark} without evidence. Name the turns or words it rests on.")
    return Mark(item.id, mark, evidence, comment, by)
