"""Writes what people confirmed into other systems: once, never over a value that was changed there meanwhile."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from random import SystemRandom
from typing import Any

from copilot.connect.matching import same_value
from copilot.connect.proposing import proposal_id, wanted_of_note
from copilot.connect.protocol import (
    NOTE,
    OBJECTS,
    ChangedThere,
    ConnectFailed,
    ObjectKind,
    System,
    Unavailable,
    as_field,
)
from copilot.connect.systems import Connections
from copilot.errors import BadInput, CopilotError, NotFound
from copilot.guard.masking import mask_values
from copilot.guard.redaction import RedactionPolicy
from copilot.store.writebacks import CHANGED, NewProposal, Proposal, Taken, Writebacks

MAX_ATTEMPTS = 6
HOLD = timedelta(minutes=2)  # longer than the calls of the slowest write, so that two never write at once
FIRST_WAIT_S = 2.0
LONGEST_WAIT_S = 900.0
MAX_ID_CHARS = 200

Jitter = Callable[[], float]
_SYSTEM_RANDOM = SystemRandom()


def propose_note(
    note: Mapping[str, Any], connections: Connections, system: str, kind: str, object_id: str
) -> list[NewProposal]:
    """What a note asks to be written at an object of a system; nothing is stored and nothing written here.

    Secrets in the note are masked, and a change of a value that was masked, or of one that looks like a secret there,
    is not proposed.

    Raises:
        BadInput: the note names no call, or there is no such kind of object.
        NotFound: no such system.
        ConnectFailed: the present values cannot be read.
    """
    call_id = note.get("call_id")
    if not isinstance(call_id, str) or not call_id:
        raise BadInput("The note has no call_id. Give one that `copilot note --json` printed.")
    if len(call_id) > MAX_ID_CHARS or not 0 < len(object_id) <= MAX_ID_CHARS:
        raise BadInput(f"Ids of calls and objects have 1 to {MAX_ID_CHARS} characters. Correct the id.")
    at, there = object_kind(kind), connections.get(system)
    fields = connections.fields_of(system, at)
    current = {name: there.current(at, object_id, name) for name in sorted(set(fields.values()))}
    shown = {name: value for name, value in current.items() if value is None or _masked(value) == value}
    kept = {ours: theirs for ours, theirs in fields.items() if theirs in shown}
    where = call_id, system, kind, object_id
    return [
        NewProposal(proposal_id(*where, wanted), *where, wanted.field, wanted.old, wanted.new, wanted.because)
        for wanted in wanted_of_note(_masked(note), shown, kept)
    ]


def object_kind(kind: str) -> ObjectKind:
    """The kind of object by name.

    Raises:
        BadInput: there is no such kind.
    """
    known = next((one for one in OBJECTS if one == kind), None)
    if known is None:
        raise BadInput(f"The object is {kind!r}; there are: {', '.join(OBJECTS)}.")
    return known


class WriteBack:
    """Takes confirmed proposals one by one and writes them.

    Args:
        jitter: a number from 0 to 1 for each wait, so that many do not come back at once.
    """

    def __init__(
        self,
        proposals: Writebacks,
        connections: Connections,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        jitter: Jitter = _SYSTEM_RANDOM.random,
    ) -> None:
        self._proposals = proposals
        self._connections = connections
        self._clock = clock
        self._jitter = jitter

    def push(self) -> list[Proposal]:
        """Write everything that is due; the proposals as they stand after it.

        A system that does not answer, or asks to be left alone, holds up nothing that goes elsewhere.
        """
        seen: list[str] = []
        down: set[str] = set()
        while (taken := self._proposals.take(now=self._clock(), hold=HOLD, without=down)) is not None:
            if not self._write(taken):
                down.add(taken.row.system)
            seen.append(taken.row.proposal_id)
        return [self._proposals.get(one) for one in dict.fromkeys(seen)]

    def look_again(self, system: str, kind: ObjectKind, object_id: str) -> list[Proposal]:
        """Compare what is proposed for an object, and not confirmed yet, with what is there; what is outdated by now.

        Raises:
            NotFound: no such system.
            ConnectFailed: it cannot be read.
        """
        there = self._connections.get(system)
        outdated = []
        for row in self._proposals.all("proposed"):
            if (row.system, row.object, row.object_id) != (system, kind, object_id) or row.field == NOTE:
                continue
            found = there.current(kind, object_id, row.field)
            if not same_value(found, as_field(row.old)):
                self._fail_as_changed(row, CHANGED, found)
                outdated.append(self._proposals.get(row.proposal_id))
        return outdated

    def _fail_as_changed(self, row: Proposal, detail: str, found: str | None) -> None:
        shown = _masked(found) if found is not None else None
        self._proposals.give_up(row, "failed", detail, now=self._clock(), found=shown)

    def _write(self, taken: Taken) -> bool:
        """Whether its system answered."""
        row = taken.row

        def hold_on() -> bool:
            return self._proposals.hold_on(row, now=self._clock(), hold=HOLD)

        try:
            receipt = write_once(taken, self._connections.get(row.system), hold_on)
        except TakenOver:
            return True  # whoever took it records what comes of it
        except Unavailable as error:
            self._later(row, error)
            return False
        except ChangedThere as error:
            self._fail_as_changed(row, str(error), error.found)
        except (ConnectFailed, NotFound) as error:
            self._proposals.give_up(row, "failed", str(error), now=self._clock())
        else:
            self._proposals.written(row, receipt, now=self._clock())
        return True

    def _later(self, row: Proposal, error: Unavailable) -> None:
        can, now = self._connections.get(row.system).can, self._clock()
        if error.may_have_written and not can.may_repeat(is_note=row.field == NOTE):
            self._proposals.give_up(row, "unsure", f"{error} It may have been written: look there first.", now=now)
        elif row.attempts >= MAX_ATTEMPTS:
            self._proposals.give_up(row, "dead", str(error), now=now)
        else:
            wait = timedelta(seconds=wait_s(row.attempts, self._jitter(), error.retry_after_s))
            self._proposals.again(row, str(error), now=now, wait=wait)
        if error.retry_after_s:
            self._proposals.postpone(row.system, now + timedelta(seconds=error.retry_after_s))


def wait_s(attempts: int, jitter: float, asked_s: float = 0.0) -> float:
    """Seconds until the next try after so many: 2 s doubling to 15 min, times 0.5 to 1.5, never below `asked_s`."""
    doubled = min(FIRST_WAIT_S * float(2 ** (min(attempts, 30) - 1)), LONGEST_WAIT_S)
    return max(doubled * (0.5 + jitter), asked_s)


class TakenOver(CopilotError):
    """Looking took so long that another writer has the proposal by now; nothing was written."""


def write_once(taken: Taken, system: System, hold_on: Callable[[], bool]) -> Mapping[str, Any]:
    """Write one proposal unless it is there already; what shows it.

    `hold_on` is asked between looking and writing, and answers whether the proposal is still ours.

    Raises:
        TakenOver: it is not.
        ChangedThere: the field has another value than the proposal started from.
        ConnectFailed: it was not written, or nobody can tell.
    """
    row = taken.row
    kind = object_kind(row.object)
    if taken.is_takeover:
        if not system.can.may_repeat(is_note=row.field == NOTE):
            raise Unavailable("The writer stopped in the middle, and this system cannot be asked what it has.")
        if row.attempts > MAX_ATTEMPTS:  # it stops every writer
            raise Unavailable("Every writer stopped in the middle of it.")
    if row.field == NOTE:
        if system.can.finds_notes and system.has_note(row.proposal_id, kind, row.object_id):
            return {"already_there": True}
        _must(hold_on)
        return system.add_note(row.proposal_id, kind, row.object_id, row.new)
    found = system.current(kind, row.object_id, row.field)
    if same_value(found, as_field(row.new)):
        return {"already_there": True}
    if not same_value(found, as_field(row.old)):
        raise ChangedThere(CHANGED, found)
    _must(hold_on)
    return system.write_field(row.proposal_id, kind, row.object_id, row.field, row.new)


def _must(hold_on: Callable[[], bool]) -> None:
    if not hold_on():
        raise TakenOver("Another writer has it by now.")


def _masked(value: Any) -> Any:
    return mask_values(value, RedactionPolicy())
