"""What only a server that lets many write at once can show."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from copilot.errors import Conflict
from copilot.store import (
    AuditLog,
    Call,
    CoachingNote,
    Decision,
    EventLog,
    InsightRows,
    NewEvent,
    Outbox,
    Queued,
    Reviews,
    Wanted,
)
from copilot.store.reviews import Outcome
from copilot.store.writebacks import NewProposal, Writebacks

pytestmark = pytest.mark.postgres
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


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


def _queue(reviews: Reviews, count: int) -> None:
    for number in range(count):
        draft: dict[str, object] = {
            "draft_id": f"D-{number}",
            "item_id": f"I-{number}",
            "channel": "email",
            "draft_class": "private",
        }
        draft |= {"text": "Thank you.", "provider": "extractive", "checks": []}
        assert reviews.add(draft, {"title": "x"}, Queued(1, "private", None), by="bea", at=NOW)


def test_many_reviewers_never_hold_the_same_draft_and_leave_none(postgres: Engine) -> None:
    reviews = Reviews(postgres)
    _queue(reviews, 40)

    def take_all(person: int) -> list[str]:
        taken = []
        while (row := reviews.claim_next(Wanted(), f"r{person}", now=NOW, lease=timedelta(minutes=5))) is not None:
            taken.append(row.draft_id)
        return taken

    with ThreadPoolExecutor(6) as pool:
        taken = [each for one in pool.map(take_all, range(6)) for each in one]
    assert sorted(taken) == sorted(f"D-{number}" for number in range(40))


def test_of_two_decisions_at_once_the_second_sees_the_first(postgres: Engine) -> None:
    reviews = Reviews(postgres)
    _queue(reviews, 1)

    def approve(person: int) -> str:
        decision = Decision(f"d-{person}", "D-0", 1, "approve", f"r{person}", NOW)
        second = Outcome("approved", message={}, adapter="file")
        item, _ = reviews.decide(decision, lambda item: second if item.decisions else Outcome("approved_once"))
        return item.row.status

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(approve, range(2))) == ["approved", "approved_once"]


def test_many_senders_take_each_message_once(postgres: Engine) -> None:
    reviews, outbox = Reviews(postgres), Outbox(postgres)
    _queue(reviews, 30)
    for number in range(30):
        decision = Decision(f"d-{number}", f"D-{number}", 1, "approve", "rosa", NOW)
        reviews.decide(decision, lambda _: Outcome("approved", message={"text": "x"}, adapter="file"))

    def send_all(_: int) -> list[str]:
        sent = []
        while (row := outbox.take(now=NOW, hold=timedelta(minutes=2))) is not None:
            sent.append(row.message_id)
            outbox.sent(row, {}, now=NOW)
        return sent

    with ThreadPoolExecutor(6) as pool:
        sent = [each for one in pool.map(send_all, range(6)) for each in one]
    assert sorted(sent) == sorted(f"D-{number}" for number in range(30))
    assert AuditLog(postgres).verify().whole
