"""From a note to what stands in another system: confirmed by a person, written once, over nobody's change."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from copilot.connect.matching import same_value
from copilot.connect.protocol import ObjectKind
from copilot.connect.systems import Connections
from copilot.connect.systems.files import FilesSystem
from copilot.connect.systems.rest import build
from copilot.errors import BadInput, Conflict, NotFound
from copilot.store import AuditLog, open_database
from copilot.store.writebacks import Proposal, Writebacks
from copilot.writeback import HOLD, LONGEST_WAIT_S, MAX_ATTEMPTS, WriteBack, propose_note, wait_s
from tests.copilot.connect.systems.crm import ENVIRON, Crm, mapping
from tests.copilot.connect.systems.serving import Mishap, serving

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)  # before now, which processes of their own go by
FIELDS = {"phone": "contact.phone", "seats": "seats"}


def note(**changed: Any) -> dict[str, Any]:
    told: dict[str, Any] = {
        "call_id": "call-1",
        "text": "Wants to keep the line. New number for call-backs.",
        "reason": {"text": "Wants to cancel", "turn_ids": ["t2"]},
        "fields": [
            {"name": "phone", "value": "+15550177", "turn_ids": ["t4"]},
            {"name": "shoe size", "value": "44", "turn_ids": ["t5"]},
        ],
    }
    return {**told, **changed}


class Desk:
    """The proposals of a database of their own, a clock that the test sets, and a CRM."""

    def __init__(self, engine: Engine, url: str, **changed: Any) -> None:
        self.now = NOW
        self.proposals = Writebacks(engine)
        self.audit = AuditLog(engine)
        system = build("crm", mapping(url, timeout_s=2, **changed), base=Path(), environ=ENVIRON)
        self.connections = Connections({"crm": system}, {"crm": FIELDS})

    def propose(self, told: dict[str, Any] | None = None, object_id: str = "C-1001") -> list[Proposal]:
        wanted = propose_note(told or note(), self.connections, "crm", "customer", object_id)
        self.proposals.propose(wanted, now=self.now)
        return [self.proposals.get(each.proposal_id) for each in wanted]

    def confirmed(self, told: dict[str, Any] | None = None) -> list[Proposal]:
        return [self.proposals.confirm(each.proposal_id, "ann", now=self.now) for each in self.propose(told)]

    def push(self) -> list[Proposal]:
        return WriteBack(self.proposals, self.connections, clock=lambda: self.now, jitter=lambda: 0.5).push()

    def later(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def crm() -> Iterator[Crm]:
    system = Crm()
    with serving(system):
        yield system


@pytest.fixture
def desk(database: Engine, crm: Crm) -> Desk:
    return Desk(database, crm.url)


DeskOf = Callable[..., tuple[Desk, Crm]]


@pytest.fixture
def desk_of(database: Engine) -> Iterator[DeskOf]:
    opened: list[Any] = []

    def make(crm: Crm, **changed: Any) -> tuple[Desk, Crm]:
        context = serving(crm)
        opened.append(context)
        return Desk(database, context.__enter__(), **changed), crm

    yield make
    for context in opened:
        context.__exit__(None, None, None)


def only_note() -> dict[str, Any]:
    return note(fields=[])


def test_a_note_asks_for_itself_and_for_the_fields_that_are_other_now(desk: Desk) -> None:
    told = desk.propose()
    assert [(each.field, each.old, each.new, each.because) for each in told] == [
        ("note", None, "Wants to keep the line. New number for call-backs.", ["t2"]),
        ("contact.phone", "+15550100", "+15550177", ["t4"]),
    ]
    assert {each.status for each in told} == {"proposed"}


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ([{"name": "phone", "value": "+15550100", "turn_ids": ["t4"]}], "as it is already"),
        ([{"name": "phone", "value": "+15550177", "turn_ids": []}], "rests on nothing"),
        ([{"name": "phone", "value": "4111 1111 1111 1111", "turn_ids": ["t4"]}], "a card"),
        ([{"name": "phone", "value": "[PHONE]", "turn_ids": ["t4"]}], "masked"),
        ([{"name": "phone", "value": "x" * 3000, "turn_ids": ["t4"]}], "too long"),
        ([{"name": "phone", "value": None, "turn_ids": "t4"}], "of another form"),
        ("text", "no list"),
        ([["phone"]], "no object"),
        (None, "nothing"),
    ],
)
def test_what_is_no_change_or_may_not_leave_is_not_proposed(desk: Desk, fields: Any, why: str) -> None:
    assert [each.field for each in desk.propose(note(fields=fields))] == ["note"], why


def test_fields_may_be_told_for_each_kind_of_object(desk: Desk) -> None:
    by_kind = {"customer": {"phone": "contact.phone"}, "ticket": {"phone": "callback"}}
    desk.connections = Connections(desk.connections.systems, {"crm": by_kind})
    assert [each.field for each in desk.propose()] == ["note", "contact.phone"]
    assert desk.connections.fields_of("crm", "ticket") == {"phone": "callback"}
    assert Connections({}, {"crm": {"ticket": {"phone": "x"}}}).fields_of("crm", "customer") == {}


def test_a_secret_in_a_note_is_masked_before_it_is_stored(desk: Desk) -> None:
    told = desk.propose(note(text="Card 4111 1111 1111 1111 was declined"))
    assert "4111" not in json.dumps([each.as_json() for each in desk.proposals.all()])
    assert told[0].new == "Card [CARD] was declined"


def test_what_is_said_again_is_proposed_again_from_the_value_that_is_there_now(desk: Desk, crm: Crm) -> None:
    def said(number: str) -> dict[str, Any]:
        return note(text=None, fields=[{"name": "phone", "value": number, "turn_ids": ["t4"]}])

    desk.propose(said("+15550171"))
    desk.propose(said("+15550172"))
    crm.people["C-1001"]["contact"]["phone"] = "+15550155"
    desk.propose(said("+15550171"))
    told = {each.new: (each.status, each.old) for each in desk.proposals.all()}
    assert told == {"+15550171": ("proposed", "+15550155"), "+15550172": ("superseded", "+15550100")}


def test_the_last_said_value_wins_and_a_newer_note_supersedes_what_nobody_decided(desk: Desk) -> None:
    twice = [{"name": "phone", "value": f"+1555017{place}", "turn_ids": ["t4"]} for place in (1, 2)]
    assert [each.new for each in desk.propose(note(fields=twice))][1:] == ["+15550172"]
    desk.propose(note(text="Written better", fields=twice))
    assert [(each.status, each.new) for each in desk.proposals.all() if each.field == "note"] == [
        ("superseded", "Wants to keep the line. New number for call-backs."),
        ("proposed", "Written better"),
    ]
    assert len(desk.propose(note(text="Written better", fields=twice))) == 2
    assert len(desk.proposals.all()) == 3


@pytest.mark.parametrize(
    ("told", "kind", "system", "error"),
    [
        ({}, "customer", "crm", BadInput),
        ({"call_id": 5}, "customer", "crm", BadInput),
        ({"call_id": "c"}, "castle", "crm", BadInput),
        ({"call_id": "c"}, "customer", "cmr", NotFound),
    ],
)
def test_a_note_without_a_call_an_unknown_object_and_an_unknown_system_are_named(
    desk: Desk, told: dict[str, Any], kind: str, system: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        propose_note(told, desk.connections, system, kind, "C-1001")


def test_nothing_is_written_before_a_person_confirms_and_what_was_rejected_never_is(desk: Desk, crm: Crm) -> None:
    first, second = desk.propose()
    assert desk.push() == []
    desk.proposals.reject(first.proposal_id, "ann", "not hers", now=NOW)
    desk.proposals.confirm(second.proposal_id, "ann", now=NOW)
    assert [each.field for each in desk.push()] == ["contact.phone"]
    assert crm.people["C-1001"]["contact"]["phone"] == "+15550177"
    assert crm.notes["C-1001"] == []
    for decide in (desk.proposals.confirm, desk.proposals.requeue):
        with pytest.raises(Conflict):
            decide(first.proposal_id, "ann", now=NOW)
    with pytest.raises(NotFound):
        desk.proposals.confirm("wb-none", "ann", now=NOW)


def test_what_is_written_is_written_once_and_every_step_stands_in_the_audit_log(desk: Desk, crm: Crm) -> None:
    done = desk.confirmed()
    assert [each.status for each in desk.push()] == ["written", "written"]
    assert desk.push() == []
    assert len(crm.writes) == 2
    entries = desk.audit.entries(done[0].proposal_id)
    assert [(entry.actor, entry.action) for entry in entries] == [
        ("ann", "writeback_confirmed"),
        ("system crm", "writeback_written"),
    ]
    assert desk.audit.verify().whole


def test_a_value_that_was_changed_there_is_shown_and_not_overwritten(desk: Desk, crm: Crm) -> None:
    desk.confirmed(note(text=None))
    crm.people["C-1001"]["contact"]["phone"] = "+15550155"
    (row,) = desk.push()
    assert (row.status, row.old, row.found) == ("failed", "+15550100", "+15550155")
    assert "changed there" in row.detail
    assert crm.writes == []
    again = desk.proposals.requeue(row.proposal_id, "ann", now=NOW)
    assert (again.status, again.old, again.decided_by) == ("proposed", "+15550155", None)
    assert desk.push() == []
    desk.proposals.confirm(row.proposal_id, "ann", now=NOW)
    assert [each.status for each in desk.push()] == ["written"]
    assert crm.people["C-1001"]["contact"]["phone"] == "+15550177"


def test_a_value_that_was_emptied_there_is_a_change_too(desk: Desk, crm: Crm) -> None:
    desk.confirmed(note(text=None))
    crm.people["C-1001"]["contact"]["phone"] = None
    (row,) = desk.push()
    assert (row.status, row.found) == ("failed", None)
    desk.proposals.requeue(row.proposal_id, "ann", now=NOW)
    desk.proposals.confirm(row.proposal_id, "ann", now=NOW)
    assert [each.status for each in desk.push()] == ["written"]


def test_a_change_between_the_second_look_and_the_write_is_caught_where_the_system_has_entity_tags(
    desk: Desk, crm: Crm
) -> None:
    desk.confirmed(note(text=None))
    crm.on_write.append(Mishap(status=412))
    assert [(each.status, each.detail) for each in desk.push()] == [
        ("failed", "crm: the customer was changed there meanwhile; nothing was written.")
    ]


def test_a_value_that_somebody_wrote_there_already_is_written(desk: Desk, crm: Crm) -> None:
    desk.confirmed(note(text=None))
    crm.people["C-1001"]["contact"]["phone"] = "+15550177"
    assert [(each.status, each.receipt) for each in desk.push()] == [("written", {"already_there": True})]
    assert crm.writes == []


def test_too_many_calls_wait_as_long_as_was_asked_and_are_then_written(desk: Desk, crm: Crm) -> None:
    desk.confirmed(only_note())
    crm.on_write.append(Mishap(429, {"Retry-After": "40"}))
    (row,) = desk.push()
    assert (row.status, row.next_at - NOW) == ("confirmed", timedelta(seconds=40))
    assert "429" in row.detail
    desk.later(39)
    assert desk.push() == []
    desk.later(1)
    assert [each.status for each in desk.push()] == ["written"]
    assert len(crm.notes["C-1001"]) == 1


def test_a_system_that_is_down_is_asked_ever_more_seldom_and_then_it_waits_for_a_person(desk: Desk, crm: Crm) -> None:
    desk.confirmed(only_note())
    crm.on_write.extend([Mishap(503)] * MAX_ATTEMPTS)
    waits: list[float] = []
    for _ in range(MAX_ATTEMPTS - 1):
        (row,) = desk.push()
        waits.append((row.next_at - desk.now).total_seconds())
        desk.later(waits[-1])
    assert waits == [2, 4, 8, 16, 32]
    (row,) = desk.push()
    assert (row.status, row.attempts) == ("dead", MAX_ATTEMPTS)
    assert "503" in row.detail
    assert [each.proposal_id for each in desk.proposals.all("dead")] == [row.proposal_id]
    desk.later(10_000)
    assert desk.push() == []
    again = desk.proposals.requeue(row.proposal_id, "bo", now=desk.now)
    assert (again.status, again.decided_by, again.attempts) == ("confirmed", "bo", 0)
    assert [each.status for each in desk.push()] == ["written"]
    assert len(crm.notes["C-1001"]) == 1


@given(st.integers(1, 2000), st.floats(0, 1), st.floats(0, 3600))
def test_a_wait_is_never_shorter_than_asked_and_never_without_end(attempts: int, jitter: float, asked: float) -> None:
    wait = wait_s(attempts, jitter, asked)
    assert max(1.0, asked) <= wait <= max(LONGEST_WAIT_S * 1.5, asked)


def test_a_refusal_is_final_and_can_be_closed_by_a_person(desk: Desk, crm: Crm) -> None:
    desk.confirmed(only_note())
    crm.on_write.append(Mishap(422))
    (row,) = desk.push()
    assert row.status == "failed"
    assert len(crm.writes) == 1
    desk.proposals.reject(row.proposal_id, "ann", "written by hand", now=NOW)
    assert desk.proposals.all("failed", "dead", "unsure") == []


def test_a_system_that_is_not_configured_any_more_leaves_the_proposal_to_a_person(desk: Desk) -> None:
    desk.confirmed(only_note())
    desk.connections = Connections({})
    (row,) = desk.push()
    assert row.status == "failed"
    assert "COPILOT_CONNECT" in row.detail


@pytest.mark.parametrize(
    "mishap", [Mishap(cuts=True, is_done=True), Mishap(500, is_done=True), Mishap(waits_s=3, is_done=True)]
)
def test_a_write_whose_answer_was_lost_is_not_written_twice(desk: Desk, crm: Crm, mishap: Mishap) -> None:
    crm.knows_keys = False  # only reading back tells it
    desk.confirmed()
    crm.on_write.extend([mishap, mishap])
    assert [each.status for each in desk.push()] == ["confirmed"]
    assert [each.status for each in desk.push()] == ["confirmed"]
    desk.later(3)
    assert [(each.status, each.receipt) for each in desk.push()] == [("written", {"already_there": True})] * 2
    assert len(crm.notes["C-1001"]) == 1
    assert len(crm.writes) == 2


def test_without_reading_back_the_key_keeps_a_note_from_being_written_twice(desk_of: DeskOf) -> None:
    desk, crm = desk_of(Crm(knows_keys=True, shows_notes=False))
    desk.confirmed(only_note())
    crm.on_write.append(Mishap(cuts=True, is_done=True))
    desk.push()
    desk.later(3)
    assert [each.status for each in desk.push()] == ["written"]
    assert (len(crm.notes["C-1001"]), len(crm.writes)) == (1, 2)


BLIND = {"customer": {"path": "/people/{id}/notes", "body": {"note.text": "{text}"}}}


def test_where_neither_a_key_nor_reading_back_helps_a_person_must_look(desk_of: DeskOf) -> None:
    desk, crm = desk_of(Crm(knows_keys=False), notes=BLIND, idempotency_header=None)
    desk.confirmed(only_note())
    crm.on_write.append(Mishap(cuts=True, is_done=True))
    (row,) = desk.push()
    assert row.status == "unsure"
    assert "look there first" in row.detail
    desk.later(10_000)
    assert desk.push() == []
    assert len(crm.notes["C-1001"]) == 1
    desk.proposals.reject(row.proposal_id, "ann", "it is there", now=desk.now)


def test_even_there_a_write_that_surely_did_not_happen_is_tried_again(desk_of: DeskOf) -> None:
    desk, crm = desk_of(Crm(knows_keys=False), notes=BLIND, idempotency_header=None)
    desk.confirmed(only_note())
    crm.on_write.append(Mishap(429))
    assert [each.status for each in desk.push()] == ["confirmed"]
    desk.later(60)
    assert [each.status for each in desk.push()] == ["written"]
    assert len(crm.notes["C-1001"]) == 1


CHILD = """
import json, sys
from pathlib import Path
from copilot.connect.systems import Connections
from copilot.connect.systems.rest import build
from copilot.store import open_database
from copilot.store.writebacks import Writebacks
from copilot.writeback import WriteBack
from tests.copilot.connect.systems.crm import ENVIRON, mapping
url, database, changed = sys.argv[1:]
system = build("crm", mapping(url, **json.loads(changed)), base=Path(), environ=ENVIRON)
print("ready", flush=True)
sys.stdin.readline()
WriteBack(Writebacks(open_database(database)), Connections({"crm": system})).push()
"""


def kill_a_writer(crm: Crm, database: str, **changed: Any) -> int:
    """A process that writes what is due and is killed by the system after it wrote, before it answers."""
    command = [sys.executable, "-c", CHILD, crm.url, database, json.dumps(changed)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        crm.kill_pid = child.pid
        child.communicate("go\n", timeout=60)
        return child.returncode


@pytest.mark.parametrize(
    ("changed", "knows_keys", "ends"),
    [
        ({}, False, "written"),
        ({"notes": BLIND}, True, "written"),
        ({"notes": BLIND, "idempotency_header": None}, False, "unsure"),
    ],
    ids=["read back", "by its key", "neither"],
)
def test_a_writer_killed_between_writing_and_recording_never_writes_a_note_twice(
    desk_of: DeskOf, database: Engine, changed: dict[str, Any], knows_keys: bool, ends: str
) -> None:
    desk, crm = desk_of(Crm(knows_keys=knows_keys), **changed)
    desk.confirmed(only_note())
    crm.on_write.append(Mishap(kills=True, is_done=True))
    assert kill_a_writer(crm, str(database.url), **changed) == -signal.SIGKILL
    assert [each.status for each in desk.proposals.all()] == ["writing"]
    assert desk.push() == []  # it is held still
    desk.now = datetime.now(UTC) + HOLD + timedelta(seconds=1)
    assert [each.status for each in desk.push()] == [ends]
    assert len(crm.notes["C-1001"]) == 1


def test_a_writer_killed_after_changing_a_field_is_followed_by_one_that_sees_it(
    desk_of: DeskOf, database: Engine
) -> None:
    desk, crm = desk_of(Crm(knows_keys=False))
    desk.confirmed(note(text=None))
    crm.on_write.append(Mishap(kills=True, is_done=True))
    assert kill_a_writer(crm, str(database.url)) == -signal.SIGKILL
    desk.now = datetime.now(UTC) + HOLD + timedelta(seconds=1)
    assert [(each.status, each.receipt) for each in desk.push()] == [("written", {"already_there": True})]
    assert len(crm.writes) == 1


def test_a_writer_killed_after_a_429_does_not_pass_for_one_that_wrote_nothing(
    desk_of: DeskOf, database: Engine
) -> None:
    changed: dict[str, Any] = {"notes": BLIND, "idempotency_header": None}
    desk, crm = desk_of(Crm(knows_keys=False), **changed)
    desk.now = datetime.now(UTC) - timedelta(hours=1)
    desk.confirmed(only_note())
    crm.on_write.extend([Mishap(429), Mishap(kills=True, is_done=True)])
    assert [each.status for each in desk.push()] == ["confirmed"]
    assert kill_a_writer(crm, str(database.url), **changed) == -signal.SIGKILL
    desk.now = datetime.now(UTC) + HOLD + timedelta(seconds=1)
    assert [each.status for each in desk.push()] == ["unsure"]
    assert len(crm.notes["C-1001"]) == 1


FILE_CHILD = """
import os, signal, sys
from pathlib import Path
from copilot.connect.systems import Connections
from copilot.connect.systems.files import FilesSystem
from copilot.store import open_database
from copilot.store.writebacks import Writebacks
from copilot.writeback import WriteBack

class Dying(FilesSystem):
    def add_note(self, *arguments):
        super().add_note(*arguments)
        os.kill(os.getpid(), signal.SIGKILL)
    def write_field(self, *arguments):
        super().write_field(*arguments)
        os.kill(os.getpid(), signal.SIGKILL)

folder, database = sys.argv[1:]
WriteBack(Writebacks(open_database(database)), Connections({"files": Dying("files", Path(folder))})).push()
"""


def test_in_files_a_killed_writer_leaves_one_note_and_one_change(tmp_path: Path) -> None:
    url, folder = f"sqlite:///{tmp_path}/own.db", tmp_path / "crm"
    folder.mkdir()
    (folder / "customers.csv").write_text("customer_id,name,phone\nC-1001,Dana Whitfield,+15550100\n")
    connections = Connections({"files": FilesSystem("files", folder)}, {"files": {"phone": "phone"}})
    engine = open_database(url)
    proposals = Writebacks(engine)
    wanted = propose_note(note(), connections, "files", "customer", "C-1001")
    proposals.propose(wanted, now=NOW)
    for each in wanted:
        proposals.confirm(each.proposal_id, "ann", now=NOW)
    for _ in wanted:
        command = [sys.executable, "-c", FILE_CHILD, str(folder), url]
        assert subprocess.run(command, check=False, timeout=60).returncode == -signal.SIGKILL
    later = datetime.now(UTC) + HOLD + timedelta(seconds=1)
    done = WriteBack(proposals, connections, clock=lambda: later).push()
    engine.dispose()
    assert [(each.status, each.receipt) for each in done] == [("written", {"already_there": True})] * 2
    assert len((folder / "notes.jsonl").read_text().splitlines()) == 1
    assert (folder / "customers.csv").read_text() == "customer_id,name,phone\nC-1001,Dana Whitfield,+15550177\n"


def test_what_stops_every_writer_is_given_up(desk: Desk) -> None:
    desk.confirmed(only_note())
    for _ in range(MAX_ATTEMPTS):
        assert desk.proposals.take(now=desk.now, hold=HOLD) is not None
        desk.later(HOLD.total_seconds() + 1)
    assert [each.status for each in desk.push()] == ["dead"]


def test_a_receipt_counts_even_when_another_writer_has_taken_it_since(desk: Desk) -> None:
    (row,) = desk.confirmed(only_note())
    first = desk.proposals.take(now=desk.now, hold=HOLD)
    desk.later(HOLD.total_seconds() + 1)
    second = desk.proposals.take(now=desk.now, hold=HOLD)
    assert first is not None
    assert second is not None
    assert (first.is_takeover, second.is_takeover) == (False, True)
    desk.proposals.again(first.row, "too late", now=desk.now, wait=timedelta(0))
    desk.proposals.give_up(first.row, "failed", "too late", now=desk.now)
    assert desk.proposals.get(row.proposal_id).status == "writing"
    desk.proposals.written(first.row, {"id": 7}, now=desk.now)
    desk.proposals.give_up(second.row, "failed", "not there", now=desk.now)
    assert (desk.proposals.get(row.proposal_id).status, desk.proposals.get(row.proposal_id).receipt) == (
        "written",
        {"id": 7},
    )


def test_a_writer_that_looked_for_too_long_leaves_the_writing_to_the_one_that_took_over(desk: Desk, crm: Crm) -> None:
    desk.confirmed(only_note())
    crm.knows_keys = False
    system = desk.connections.get("crm")
    look = system.has_note
    looked: list[bool] = []

    def slow_look(key: str, kind: ObjectKind, object_id: str) -> bool:
        looked.append(look(key, kind, object_id))
        if len(looked) == 1:
            desk.later(HOLD.total_seconds() + 1)
            desk.push()
        return looked[0]

    system.has_note = slow_look  # type: ignore[method-assign]
    assert [each.status for each in desk.push()] == ["written"]
    assert looked == [False, False]
    assert len(crm.notes["C-1001"]) == 1


def test_a_system_that_is_down_is_asked_once_and_does_not_hold_up_the_others(desk: Desk, crm: Crm) -> None:
    other = Crm()
    with serving(other) as url:
        systems = {**desk.connections.systems, "z": build("z", mapping(url), base=Path(), environ=ENVIRON)}
        desk.connections = Connections(systems, {})
        for place in range(3):
            desk.confirmed(note(call_id=f"call-{place}", fields=[]))
        wanted = propose_note(only_note(), desk.connections, "z", "customer", "C-1001")
        desk.proposals.propose(wanted, now=NOW)
        desk.proposals.confirm(wanted[0].proposal_id, "ann", now=NOW)
        crm.on_write.append(Mishap(429, {"Retry-After": "50"}))
        assert sorted(each.status for each in desk.push()) == ["confirmed", "written"]
        assert len(crm.writes) == 1
        desk.later(49)
        assert desk.push() == []
        desk.later(1)
        assert [each.status for each in desk.push()] == ["written"] * 3


@pytest.mark.parametrize(
    ("one", "other", "are_same"),
    [
        ("4.50", "4.5", True),
        ("-0.0", "0", True),
        ("012", "12", False),
        ("1e3", "1000", False),
        (None, None, True),
        (None, "", False),
        ("٣", "3", False),
        ("9" * 5000, "9" * 5000 + ".0", False),
    ],
)
def test_numbers_are_the_same_by_their_worth_and_texts_by_their_letters(
    one: str | None, other: str | None, are_same: bool
) -> None:
    assert same_value(one, other) is same_value(other, one) is are_same


def test_many_writers_at_once_write_each_proposal_once(desk: Desk, crm: Crm) -> None:
    crm.knows_keys = False
    for place in range(12):
        desk.confirmed(note(call_id=f"call-{place}", fields=[]))
    with ThreadPoolExecutor(4) as pool:
        done = [each for rows in pool.map(lambda _: desk.push(), range(4)) for each in rows]
    assert [each.status for each in done] == ["written"] * 12
    assert len(crm.notes["C-1001"]) == 12
    assert len({each["ref"] for each in crm.notes["C-1001"]}) == 12


MISHAPS = [
    Mishap(429, {"Retry-After": "20"}),
    Mishap(429),
    Mishap(503),
    Mishap(500, is_done=True),
    Mishap(502),
    Mishap(cuts=True),
    Mishap(cuts=True, is_done=True),
    Mishap(raw=b"HTTP/1.1 200 OK\r\n\r\n<html>"),
    Mishap(raw=b"HTTP/1.1 201 Created\r\nContent-Length: 99\r\n\r\n{}", is_done=True),
]


def die_in_the_middle(desk: Desk, crm: Crm, *, has_written: bool) -> None:
    taken = desk.proposals.take(now=desk.now, hold=HOLD)
    if taken is not None and has_written:
        crm.on_write.appendleft(None)
        desk.connections.get("crm").add_note(taken.row.proposal_id, "customer", "C-1001", taken.row.new)


@pytest.mark.parametrize(
    ("knows_keys", "shows_notes", "changed", "may_be_unsure"),
    [
        (False, True, {}, False),
        (True, False, {"notes": BLIND}, False),
        (False, False, {"notes": BLIND, "idempotency_header": None}, True),
    ],
    ids=["read back", "by its key", "neither"],
)
@pytest.mark.parametrize("seed", range(3))
def test_in_a_storm_of_faults_nothing_is_written_twice_and_nothing_is_lost(
    desk_of: DeskOf, knows_keys: bool, shows_notes: bool, changed: dict[str, Any], may_be_unsure: bool, seed: int
) -> None:
    desk, crm = desk_of(Crm(knows_keys=knows_keys, shows_notes=shows_notes), **changed)
    chance = Random(seed)
    for place in range(40):
        desk.confirmed(note(call_id=f"call-{place}", text=f"note {place}", fields=[]))
    for _ in range(400):
        crm.on_write.extend(chance.choice([*MISHAPS, None, None, None]) for _ in range(3))
        desk.push()
        desk.later(chance.choice([1, 10, 100, 1000]))
        if chance.random() < 0.1:
            die_in_the_middle(desk, crm, has_written=chance.random() < 0.5)
        for row in desk.proposals.all("dead"):
            desk.proposals.requeue(row.proposal_id, "ann", now=desk.now)
        if not desk.proposals.all("confirmed", "writing"):
            break
    rows = desk.proposals.all()
    texts = [each["text"] for each in crm.notes["C-1001"]]
    assert len(texts) == len(set(texts))
    assert {row.status for row in rows} <= ({"written", "unsure"} if may_be_unsure else {"written"})
    assert {row.new for row in rows if row.status == "written"} <= set(texts)
    assert set(texts) <= {row.new for row in rows}
    assert desk.audit.verify().whole


def test_tenants_do_not_see_each_others_proposals(desk: Desk, database: Engine) -> None:
    (row,) = desk.confirmed(only_note())
    other = Writebacks(database, "other")
    assert (other.all(), other.take(now=desk.now, hold=HOLD)) == ([], None)
    with pytest.raises(NotFound):
        other.confirm(row.proposal_id, "ann", now=NOW)
