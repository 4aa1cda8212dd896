"""The page for the weekly meeting of an agent and their coach: strengths, three moments, figures, open concerns.

Coaching, not discipline: a moment to practise names the turns it rests on, a strength stands beside it where there is
one, and the agent can answer all of it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

from copilot.insight.contacts import Contact
from knowledge.documents import Document
from knowledge.turnings import turnings

MOMENTS = 3
MOST_STRENGTHS = 3
POLICIES_BEFORE = timedelta(days=7)
POLICIES_AHEAD = timedelta(days=14)
Turns = Callable[[str], Mapping[str, Mapping[str, Any]]]
"""The turns of a call by id, each `{speaker, text}`, masked."""


@dataclass(frozen=True)
class Work:
    """A score of an agent's call, note or reply; `marks` as stored: `{item_id, mark, evidence, comment}`."""

    evaluation_id: str
    subject: str
    subject_id: str
    status: str
    score: Decimal | None
    marks: Sequence[Mapping[str, Any]]
    comment: str = ""


@dataclass(frozen=True)
class Missing:
    """An opportunity that was missed in a call of the agent's; `turn_ids` where it could have been taken."""

    call_id: str
    type: str
    value: Decimal
    turn_ids: Sequence[str]


@dataclass(frozen=True)
class Moment:
    """Something that was said in a call: what it shows, and the turns."""

    kind: Literal["strength", "practise"]
    call_id: str
    about: str
    detail: str
    turn_ids: Sequence[str]
    quotes: Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Strength:
    """What went well, how often, and where."""

    about: str
    times: int
    evidence: Sequence[str]


@dataclass(frozen=True)
class PolicyChange:
    """A document that begins or ends to hold about now."""

    doc_id: str
    title: str
    change: Literal["begins", "ends"]
    on: date


@dataclass(frozen=True)
class _Candidate:
    weight: Decimal
    moment: Moment


def strengths(work: Sequence[Work], contacts: Sequence[Contact]) -> list[Strength]:
    """What went well: customers kept first, then the items that had full marks each time they were scored."""
    saved = [each.call_id for each in contacts if each.wants_to_leave and each.outcome == "SAVED"]
    found = [Strength("saved", len(saved), saved)] if saved else []
    full: Counter[str] = Counter()
    below = set()
    places: dict[str, list[str]] = {}
    for each in work:
        for mark in each.marks:
            if mark.get("mark") is None or mark.get("by") == "machine":
                continue
            item = str(mark["item_id"])
            if Decimal(str(mark["mark"])) == 1:
                full[item] += 1
                places.setdefault(item, []).append(each.subject_id)
            else:
                below.add(item)
    items = [Strength(item, times, places[item]) for item, times in full.most_common() if item not in below]
    return [*found, *items][:MOST_STRENGTHS]


def moments(
    work: Sequence[Work],
    contacts: Sequence[Contact],
    missing: Sequence[Missing],
    turns: Turns,
    *,
    critical: frozenset[str],
) -> list[Moment]:
    """Three moments at most, each with turns that are there: a strength first, then what to practise, by turns.

    Args:
        work: scores of the agent.
        contacts: calls of the agent.
        missing: what was missed in them, of what value.
        turns: of a call.
        critical: items that make a score 0; they come first.
    """
    good = _best(_good(work, contacts, turns))
    practise = _best([*_below(work, turns, critical), *_missed(missing, turns)])
    found: list[Moment] = []
    while len(found) < MOMENTS and (good or practise):
        wanted = good if (good and (len(found) % 2 == 0 or not practise)) else practise
        found.append((wanted or good).pop(0))
    return found


def policy_changes(documents: Iterable[Document], begin: datetime, end: datetime) -> list[PolicyChange]:
    """The documents that begin or end to hold from a week before a window to two weeks after it, by day."""
    found = turnings(documents, (begin - POLICIES_BEFORE).date(), (end + POLICIES_AHEAD).date())
    return [PolicyChange(each.document.doc_id, each.document.title, each.change, each.on) for each in found]


def _best(candidates: Iterable[_Candidate]) -> list[Moment]:
    """By weight, the heaviest first; one a call and thing."""
    ordered = sorted(candidates, key=lambda each: (-each.weight, each.moment.call_id, each.moment.about))
    once: dict[tuple[str, str], Moment] = {}
    for each in ordered:
        once.setdefault((each.moment.call_id, each.moment.about), each.moment)
    return list(once.values())


def _good(work: Sequence[Work], contacts: Sequence[Contact], turns: Turns) -> Iterator[_Candidate]:
    for contact in contacts:
        if contact.wants_to_leave and contact.outcome == "SAVED":
            told = contact.note.get("outcome") or {}
            yield from _moment("strength", contact.call_id, "saved", "", told.get("turn_ids") or (), turns, Decimal(2))
    for each, mark, worth in _marks(work):
        if worth == 1:
            yield from _of_mark("strength", each, mark, turns, Decimal(1))


def _below(work: Sequence[Work], turns: Turns, critical: frozenset[str]) -> Iterator[_Candidate]:
    for each, mark, worth in _marks(work):
        if worth < 1:
            weight = (Decimal(1000) if mark["item_id"] in critical else Decimal(100)) - worth
            yield from _of_mark("practise", each, mark, turns, weight)


def _missed(missing: Sequence[Missing], turns: Turns) -> Iterator[_Candidate]:
    for each in missing:
        weight = min(each.value, Decimal(99))
        yield from _moment("practise", each.call_id, each.type, str(each.value), each.turn_ids, turns, weight)


def _marks(work: Sequence[Work]) -> Iterator[tuple[Work, Mapping[str, Any], Decimal]]:
    """The marks people gave to calls; a contested score is no moment before it is answered."""
    for each in work:
        if each.subject == "call" and each.status != "contested":
            for mark in each.marks:
                if mark.get("mark") is not None and mark.get("by") != "machine":
                    yield each, mark, Decimal(str(mark["mark"]))


def _of_mark(
    kind: Literal["strength", "practise"], each: Work, mark: Mapping[str, Any], turns: Turns, weight: Decimal
) -> Iterator[_Candidate]:
    detail = str(mark.get("comment") or "")
    yield from _moment(kind, each.subject_id, str(mark["item_id"]), detail, mark.get("evidence") or (), turns, weight)


def _moment(
    kind: Literal["strength", "practise"],
    call_id: str,
    about: str,
    detail: str,
    evidence: Iterable[str],
    turns: Turns,
    weight: Decimal,
) -> Iterator[_Candidate]:
    """A moment, if the call has the turns: evidence may also be words, and a call may be unknown here."""
    told = turns(call_id)
    ids = tuple(dict.fromkeys(str(each) for each in evidence if str(each) in told))
    if ids:
        quotes = [
            {"turn_id": each, "speaker": str(told[each].get("speaker", "")), "text": str(told[each].get("text", ""))}
            for each in ids
        ]
        yield _Candidate(weight, Moment(kind, call_id, about, detail, ids, quotes))
