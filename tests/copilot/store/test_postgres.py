"""What only a server that lets many write at once can show; COPILOT_TEST_POSTGRES names one that tests may fill."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine, text

from copilot.errors import Conflict
from copilot.store import AuditLog, Call, CoachingNote, EventLog, InsightRows, NewEvent, open_database
from copilot.store.writebacks import NewProposal, Writebacks

SERVER = os.environ.get("COPILOT_TEST_POSTGRES", "")  # e.g. postgresql+psycopg://postgres@127.0.0.1/
pytestmark = [pytest.mark.postgres, pytest.mark.skipif(not SERVER, reason="COPILOT_TEST_POSTGRES names no server")]
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def postgres() -> Iterator[Engine]:
    name = f"copilot_{uuid4().hex}"
    server = create_engine(f"{SERVER.rstrip('/')}/postgres", isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine = open_database(f"{SERVER.rstrip('/')}/{name}")
    yield engine
    engine.dispose()
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


def test_many_who_append_at_once_make_one_whole_chain_from_the_first_entry_on(postgres: Engine) -> None:
    log = AuditLog(postgres)

    def append(place: int) -> None:
        with postgres.begin() as connection:
            log.append(connection, at=NOW, actor="ann", action="tried", subject=f"s{place}", body={})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(append, range(100)))
    verified = log.verify()
    assert (verified.whole, verified.entries) == (True, 100)


def test_many_writers_at_once_take_each_proposal_once(postgres: Engine) -> None:
    proposals = Writebacks(postgres)
    wanted = [NewProposal(f"wb-{n}", "c-1", "crm", "customer", f"C-{n}", "phone", None, "1", ["t1"]) for n in range(60)]
    proposals.propose(wanted, now=NOW)
    for each in wanted:
        proposals.confirm(each.proposal_id, "ann", now=NOW)

    def take_all(_: int) -> list[str]:
        taken = []
        while (one := proposals.take(now=NOW, hold=timedelta(minutes=2))) is not None:
            taken.append(one.row.proposal_id)
            proposals.written(one.row, {}, now=NOW)
        return taken

    with ThreadPoolExecutor(6) as pool:
        taken = [proposal_id for each in pool.map(take_all, range(6)) for proposal_id in each]
    assert sorted(taken) == sorted(each.proposal_id for each in wanted)
    assert {row.status for row in proposals.all()} == {"written"}
    assert AuditLog(postgres).verify().whole


def test_a_report_is_read_and_facts_told_at_once_are_kept_once(postgres: Engine) -> None:
    log, rows = EventLog(postgres), InsightRows(postgres)
    log.create_call(Call("c-1", started_at=NOW.isoformat(), customer_id="C-1"))
    told = [NewEvent("cue.raised", {"cue_id": "cancel_intent"}, NOW.isoformat())]
    told.append(NewEvent("note.updated", {"reason_code": "RET_CANCEL", "outcome_code": "SAVED"}, NOW.isoformat()))
    log.append("c-1", 0, [*told, NewEvent("call.ended", {}, NOW.isoformat())])
    fact = {"fact_id": "c-1", "at": NOW.isoformat(), "talk_s": 240, "hold_s": 0, "acw_s": 60}

    def keep(_: int) -> bool:
        try:
            rows.keep_facts("phone", {"c-1": (NOW, fact)})
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert any(pool.map(keep, range(30)))
    note = CoachingNote("n-1", "ann", NOW, "ann", "concern", "", "too few people")
    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(lambda _: rows.add_coaching_note(note), range(12))) == 1
    found, is_cut = rows.calls(NOW - timedelta(days=1), datetime.now(UTC) + timedelta(days=1))
    assert ([call.call_id for call in found], is_cut) == (["c-1"], False)
    assert rows.facts("phone", NOW - timedelta(days=1), NOW + timedelta(days=1)) == [fact]
    assert rows.turns("c-1") == {}
    assert rows.gaps(NOW, NOW + timedelta(days=1)) == []
    assert rows.open_drafts(NOW) == []
