"""The audit log: any single changed byte is found, and so is an entry that is cut off, left out or put in."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from copilot.review.desk import ReviewDesk
from copilot.store import AuditLog
from tests.copilot.review.conftest import GOOD, asked, queue

FIELDS = ("tenant", "seq", "at", "actor", "action", "subject", "body", "prev_hash", "hash")


@pytest.fixture
def log(review_desk: ReviewDesk) -> AuditLog:
    """A log of a few entries: two drafts, an edit, an approval."""
    first, second = queue(review_desk, 1), queue(review_desk, 2)
    wish = asked("edit", text="Gracias — it was refunded.", reasons=["tone"])
    review_desk.decide(first, "e1", 1, wish, lambda _: GOOD)
    review_desk.decide(second, "a1", 1, asked("approve"), lambda _: GOOD)
    return review_desk.reviews.audit


def tamper(engine: Engine, statement: str, **values: object) -> None:
    """As somebody who can write the file: the triggers are no lock for them."""
    with engine.begin() as connection:
        for action in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER IF EXISTS audit_no_{action}"))
        connection.execute(text(statement), values)


def test_a_whole_log_is_whole(log: AuditLog) -> None:
    found = log.verify()
    assert (found.whole, found.entries, found.problem) == (True, 4, "")
    assert found.head == log.head() == log.entries()[-1].hash
    assert log.verify(anchor=log.entries()[1].hash).whole


def test_the_database_refuses_to_change_it(log: AuditLog, engine: Engine) -> None:
    for statement in ("UPDATE audit SET actor = 'x'", "DELETE FROM audit", "DELETE FROM review_decisions"):
        with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
            connection.execute(text(statement))
    assert log.verify().whole


@pytest.mark.parametrize("field", FIELDS)
def test_any_single_changed_byte_is_found(log: AuditLog, engine: Engine, field: str) -> None:
    entries = log.entries()
    for place, entry in enumerate(entries, start=1):
        stored = "default" if field == "tenant" else str(getattr(entry, field))
        raw = stored.encode()
        for at in range(len(raw)):
            changed = (raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]).decode("utf-8", errors="replace")
            value: object = int(changed) if field == "seq" and changed.isdecimal() else changed
            try:
                tamper(engine, f"UPDATE audit SET {field} = :v WHERE rowid = :r", v=value, r=place)
            except IntegrityError:  # two entries of one number: the database does not take it
                continue
            found = log.verify()
            assert not found.whole, (field, place, at)
            assert found.problem
            tamper(engine, f"UPDATE audit SET {field} = :v WHERE rowid = :r", v=stored, r=place)
    assert log.verify().whole


@pytest.mark.parametrize("field", [field for field in FIELDS if field not in ("tenant", "seq")])
@pytest.mark.parametrize("bit", [4, 7])
def test_a_byte_that_is_no_text_any_more_is_found_and_named(
    log: AuditLog, engine: Engine, field: str, bit: int
) -> None:
    raw = str(getattr(log.entries()[1], field)).encode()
    for at in range(0, len(raw), 5):
        changed = raw[:at] + bytes([raw[at] ^ (1 << bit)]) + raw[at + 1 :]
        tamper(engine, f"UPDATE audit SET {field} = CAST(:v AS TEXT) WHERE seq = 2", v=changed)
        found = log.verify()
        assert (found.whole, found.problem.startswith("entry 2 ")) == (False, True), (at, found.problem)
        assert log.entries()[1].seq == 2  # a broken entry can be looked at


def test_a_file_broken_below_the_entries_is_told(log: AuditLog, engine: Engine, tmp_path: Path) -> None:
    with engine.connect() as connection:
        page = connection.execute(text("SELECT rootpage FROM sqlite_master WHERE name = 'audit'")).scalar_one()
    engine.dispose()
    path = tmp_path / "review.db"
    raw = bytearray(path.read_bytes())
    raw[(page - 1) * 4096] ^= 0xFF
    path.write_bytes(raw)
    found = log.verify()
    assert (found.whole, found.problem.startswith("the log cannot be read")) == (False, True)


def test_the_first_wrong_entry_is_named(log: AuditLog, engine: Engine) -> None:
    tamper(engine, "UPDATE audit SET body = '{}' WHERE seq = 3")
    assert log.verify().problem == "entry 3 was altered"
    tamper(engine, "DELETE FROM audit WHERE seq = 2")
    assert log.verify().problem.startswith("entry 2 is missing")


def test_a_tail_that_was_cut_off_is_missed(log: AuditLog, engine: Engine) -> None:
    anchor = log.head()
    tamper(engine, "DELETE FROM audit WHERE seq = 4")
    assert "cut off" in log.verify().problem
    last = log.entries()[-1]
    tamper(engine, "UPDATE audit_heads SET seq = :s, hash = :h", s=last.seq, h=last.hash)
    assert log.verify().whole  # somebody who rewrites the head too is found by an anchor kept elsewhere
    assert "anchor" in log.verify(anchor=anchor).problem


def test_an_entry_tells_what_a_draft_was_made_of(log: AuditLog) -> None:
    drafted, edited = log.entries("D-1")
    assert (drafted.action, drafted.actor) == ("drafted", "agent a1")
    assert '"provider":"extractive"' in drafted.body
    assert '"after":"Gracias — it was refunded."' in edited.body
    assert '"before":"Thank you. The fee was refunded."' in edited.body


def test_bytes_changed_in_the_file_itself_are_found(log: AuditLog, engine: Engine, tmp_path: Path) -> None:
    engine.dispose()  # the last connection writes everything into the file
    path = tmp_path / "review.db"
    raw = path.read_bytes()
    assert raw.count(b'"after":"Gracias') == 1
    path.write_bytes(raw.replace(b'"after":"Gracias', b'"after":"Gracios'))
    assert not log.verify().whole
