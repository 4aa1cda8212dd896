"""Outreach lists, complete by construction: each one due has a contact, a reason, or stands on the open list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from copilot.insight.facts import Due, Touch

State = Literal["contacted", "reasoned", "open"]


@dataclass(frozen=True)
class Line:
    """One who is to be contacted, and what became of it."""

    due_id: str
    list: str
    customer_id: str
    at: datetime
    amount: Decimal | None
    until: date | None
    why: str
    state: State
    told: str
    tries: int


@dataclass(frozen=True)
class Completeness:
    """A list and its proof: total = contacted + reasoned + open, each one in exactly one of the three.

    `strays` are contacts that name nobody on any list: they prove nothing, and somebody should look.
    """

    list: str
    total: int
    contacted: int
    reasoned: int
    open: int
    lines: Sequence[Line]
    strays: Sequence[str] = ()

    @property
    def is_complete(self) -> bool:
        """Whether nobody on it is without a contact or a reason."""
        return self.open == 0 and self.total == self.contacted + self.reasoned == len(self.lines)


def completeness(name: str, due: Iterable[Due], touches: Iterable[Touch]) -> Completeness:
    """The list of a name, with what became of each; those still open first, the oldest first.

    A contact wins over a reason, whichever came first; of several reasons the last one is told. A touch before its due
    is none: what was said before a payment failed says nothing of it.
    """
    wanted = {each.fact_id: each for each in due}
    mine = {due_id: each for due_id, each in wanted.items() if each.list == name}
    tried: dict[str, list[Touch]] = {due_id: [] for due_id in mine}
    strays = []
    for touch in touches:
        if touch.due_id not in wanted:
            strays.append(touch.fact_id)
        elif touch.due_id in mine and touch.at >= mine[touch.due_id].at:
            tried[touch.due_id].append(touch)
    lines = [_line(each, sorted(tried[each.fact_id], key=lambda touch: touch.at)) for each in mine.values()]
    order = ("open", "reasoned", "contacted")
    lines.sort(key=lambda line: (order.index(line.state), line.at, line.due_id))
    counts = {state: sum(line.state == state for line in lines) for state in order}
    return Completeness(name, len(lines), lines=tuple(lines), strays=tuple(strays), **counts)


def _line(due: Due, touches: Sequence[Touch]) -> Line:
    contact = next((each for each in reversed(touches) if each.result == "contacted"), None)
    last = contact or (touches[-1] if touches else None)
    state: State = "contacted" if contact else "reasoned" if last else "open"
    told = "" if last is None else (last.way if contact else last.reason)
    tries = len(touches)
    return Line(
        due.fact_id, due.list, due.customer_id, due.at, due.amount, due.until, due.why, state, told or "", tries
    )
