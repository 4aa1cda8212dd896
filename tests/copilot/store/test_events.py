from pathlib import Path

import pytest
from sqlalchemy import Engine

from copilot.errors import NotFound
from copilot.store import Call, EventLog, MovedOn, NewEvent


def event(words: str) -> NewEvent:
    return NewEvent("turn.final", {"turn_id": words, "text": words}, "2026-11-20T10:00:00+00:00")


@pytest.fixture
def log(database: Engine) -> EventLog:
    log = EventLog(database)
    log.create_call(Call("c"))
    return log


def test_events_are_numbered_from_one_without_gaps(log: EventLog) -> None:
    assert log.append("c", 0, [event("one"), event("two")]) == 2
    assert log.append("c", 2, [event("three")]) == 3
    assert [(e.seq, e.body["text"]) for e in log.read("c")] == [(1, "one"), (2, "two"), (3, "three")]


def test_reading_on_from_a_number_gives_what_came_after_it(log: EventLog) -> None:
    log.append("c", 0, [event("one"), event("two"), event("three")])
    assert [e.seq for e in log.read("c", after=2)] == [3]


def test_two_writers_at_the_same_place_cannot_both_win(log: EventLog) -> None:
    log.append("c", 0, [event("mine")])
    with pytest.raises(MovedOn):
        log.append("c", 0, [event("yours"), event("also yours")])
    assert [e.body["text"] for e in log.read("c")] == ["mine"]


def test_a_call_announced_twice_stays_as_it_was(log: EventLog) -> None:
    assert not log.create_call(Call("c", channel="chat"))
    assert log.call("c").channel == "voice"


def test_an_unknown_call_is_said_to_be_unknown(log: EventLog) -> None:
    with pytest.raises(NotFound, match="nope"):
        log.call("nope")


def test_tenants_never_see_each_other(database: Engine, log: EventLog) -> None:
    log.append("c", 0, [event("one")])
    other = EventLog(database, "other")
    assert other.read("c") == []
    with pytest.raises(NotFound):
        other.call("c")


def test_a_secret_found_late_leaves_no_byte_on_the_disk(tmp_path: Path, log: EventLog) -> None:
    log.append("c", 0, [event("zanzibar-4111")])
    log.append("c", 1, [event("two")], {1: {"turn_id": "x", "text": "[CARD]"}})
    assert log.read("c")[0].body["text"] == "[CARD]"
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"zanzibar" not in stored
