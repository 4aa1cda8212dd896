"""Claims and decisions: who may, what becomes of a draft, what is kept."""

import json
import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from copilot.errors import BadInput, Conflict, NotFound
from copilot.review.deciding import Asked
from copilot.review.desk import ReviewDesk, as_json
from copilot.store import Outbox, QueueRow, Reviews, Wanted, open_database
from knowledge.rules.bureaus import BureausFile
from tests.copilot.review.conftest import BAD, GOOD, NOW, asked, queue

TAKERS, ITEMS = 8, 40


def decide(desk: ReviewDesk, draft_id: str, wish: Asked, *, checks: Any = GOOD, decision_id: str = "") -> QueueRow:
    item = desk.reviews.get(draft_id)
    name = decision_id or f"{wish.action}-{wish.by}-{item.row.version}"
    return desk.decide(draft_id, name, item.row.version, wish, lambda _text: checks)[0].row


def test_an_approved_draft_is_put_up_for_sending_in_the_same_step(review_desk: ReviewDesk, engine: Engine) -> None:
    row = decide(review_desk, queue(review_desk), asked("approve", address="a@example.com"))
    assert row.status == "approved"
    (message,) = Outbox(engine).all()
    assert (message.message_id, message.status, message.adapter) == ("D-1", "waiting", "file")
    assert message.message["text"] == "Thank you. The fee was refunded."


def test_a_repeated_decision_changes_nothing(review_desk: ReviewDesk, engine: Engine) -> None:
    draft_id = queue(review_desk)
    wish = asked("approve")
    first = review_desk.decide(draft_id, "d1", 1, wish, lambda _: GOOD)
    again = review_desk.decide(draft_id, "d1", 1, wish, lambda _: GOOD)
    assert (first[1], again[1], again[0].row.status) == (True, False, "approved")
    assert len(Outbox(engine).all()) == 1


def test_an_edit_is_a_new_version_checked_again_and_the_old_one_stays(review_desk: ReviewDesk) -> None:
    draft_id = queue(review_desk)
    decide(review_desk, draft_id, asked("edit", text="Thank you. It was refunded.", reasons=["wording"]))
    item = review_desk.reviews.get(draft_id)
    assert [(each.version, each.by) for each in item.versions] == [(1, "extractive"), (2, "rosa")]
    assert (item.text, item.row.status, item.versions[-1].reasons) == (
        "Thank you. It was refunded.",
        "waiting",
        ["wording"],
    )
    assert decide(review_desk, draft_id, asked("approve")).status == "approved"


def test_what_a_check_blocks_cannot_be_approved(review_desk: ReviewDesk, engine: Engine) -> None:
    draft_id = queue(review_desk)
    with pytest.raises(Conflict, match="limit: 5 over"):
        decide(review_desk, draft_id, asked("approve"), checks=BAD)
    assert review_desk.reviews.get(draft_id).row.status == "waiting"
    assert Outbox(engine).all() == []


def test_two_persons_approve_where_the_pack_says_so(review_desk: ReviewDesk) -> None:
    draft_id = queue(review_desk, channel="fcc_complaint", draft_class="regulator")
    assert decide(review_desk, draft_id, asked("approve")).status == "approved_once"
    with pytest.raises(Conflict, match="another person"):
        decide(review_desk, draft_id, asked("approve"), decision_id="again")
    assert decide(review_desk, draft_id, asked("approve", "omar")).status == "approved"


def test_an_edit_takes_the_first_approval_back_and_its_writer_does_not_give_it(review_desk: ReviewDesk) -> None:
    draft_id = queue(review_desk, channel="fcc_complaint", draft_class="regulator")
    decide(review_desk, draft_id, asked("approve", "omar"))
    decide(review_desk, draft_id, asked("edit", text="Thank you. New.", reasons=["tone"]))
    with pytest.raises(Conflict, match="rosa wrote in draft"):
        decide(review_desk, draft_id, asked("approve"))
    assert decide(review_desk, draft_id, asked("approve", "omar")).status == "approved_once"
    with pytest.raises(Conflict, match="rosa wrote in draft"):
        decide(review_desk, draft_id, asked("approve"))
    assert decide(review_desk, draft_id, asked("approve", "sam")).status == "approved"


def test_an_escalated_draft_stays_a_supervisors_whoever_approves_first(review_desk: ReviewDesk) -> None:
    draft_id = queue(review_desk, channel="fcc_complaint", draft_class="regulator")
    decide(review_desk, draft_id, asked("escalate"))
    assert decide(review_desk, draft_id, asked("approve", "omar")).status == "approved_once"
    with pytest.raises(Conflict, match="supervisor"):
        decide(review_desk, draft_id, asked("approve", "rosa"))
    assert decide(review_desk, draft_id, asked("approve", "sam", "supervisor")).status == "approved"


def test_a_body_with_a_legal_review_takes_two_people(review_desk: ReviewDesk) -> None:
    bodies = review_desk.pack.rule_file(BureausFile)
    assert bodies is not None
    with_law = [body.body_id for body in bodies.bodies if body.legal_review]
    assert with_law
    for number, body_id in enumerate(with_law):
        draft_id = queue(review_desk, number, channel="email", body_id=body_id)
        row = review_desk.reviews.get(draft_id).row
        assert (row.approvals_needed, row.legal) == (2, True)


def test_a_decision_id_stands_for_one_decision(review_desk: ReviewDesk) -> None:
    draft_id = queue(review_desk)
    review_desk.decide(draft_id, "x", 1, asked("escalate"), lambda _: GOOD)
    for other in (asked("reject", reasons=["wrong_fact"]), asked("escalate", "omar"), asked("escalate", to="finance")):
        with pytest.raises(Conflict, match="another decision"):
            review_desk.decide(draft_id, "x", 1, other, lambda _: GOOD)
    first = asked("edit", text="Thank you. One.", reasons=["tone"])
    review_desk.decide(draft_id, "y", 1, first, lambda _: GOOD)
    assert not review_desk.decide(draft_id, "y", 1, first, lambda _: GOOD)[1]
    with pytest.raises(Conflict, match="another decision"):
        review_desk.decide(draft_id, "y", 1, replace(first, text="Thank you. Two."), lambda _: GOOD)


def test_a_comment_changes_nothing_but_is_kept(review_desk: ReviewDesk) -> None:
    draft_id = queue(review_desk)
    review_desk.claim(draft_id, "rosa", now=NOW)
    row = decide(review_desk, draft_id, asked("comment", "omar", comment="Ask billing; the card 4111 1111 1111 1111."))
    assert (row.status, row.version, row.claimed_by) == ("waiting", 1, "rosa")
    kept = review_desk.reviews.get(draft_id).decisions[0].body["comment"]
    assert kept.startswith("Ask billing")
    assert "4111" not in kept
    with pytest.raises(BadInput, match="needs its words"):
        decide(review_desk, draft_id, asked("comment", "sam"))


def test_a_legal_one_needs_a_supervisor(review_desk: ReviewDesk) -> None:
    draft_id = queue(review_desk, routes=["legal"])
    with pytest.raises(Conflict, match="supervisor"):
        decide(review_desk, draft_id, asked("approve"))
    assert decide(review_desk, draft_id, asked("escalate")).status == "escalated"
    assert decide(review_desk, draft_id, asked("approve", "sam", "supervisor")).status == "approved"


@pytest.mark.parametrize("reasons", [[], ["because"], ["tone"]])
def test_a_rejection_needs_a_reason_of_the_pack(review_desk: ReviewDesk, reasons: list[str]) -> None:
    draft_id = queue(review_desk)
    with pytest.raises(BadInput, match="wrong_fact"):
        decide(review_desk, draft_id, asked("reject", reasons=reasons))
    assert decide(review_desk, draft_id, asked("reject", reasons=["wrong_fact"])).status == "rejected"
    with pytest.raises(Conflict, match="is rejected"):
        decide(review_desk, draft_id, asked("approve"))


def test_secrets_in_an_edit_are_masked(review_desk: ReviewDesk) -> None:
    draft_id = queue(review_desk)
    text = "Thank you. The card 4111 1111 1111 1111 was refunded."
    decide(review_desk, draft_id, asked("edit", text=text, reasons=["wording"], comment="pin is 4821"))
    assert "4111" not in json.dumps(as_json(review_desk.reviews.get(draft_id)), default=str)
    assert not any("4821" in entry.body for entry in review_desk.reviews.audit.entries())


def test_a_newer_draft_of_the_same_item_withdraws_the_older(review_desk: ReviewDesk) -> None:
    old = queue(review_desk, 1, item_id="I-7")
    new = queue(review_desk, 2, item_id="I-7")
    assert review_desk.reviews.get(old).row.status == "withdrawn"
    assert review_desk.reviews.get(new).row.status == "waiting"


def test_a_decision_about_an_older_version_is_refused(review_desk: ReviewDesk) -> None:
    draft_id = queue(review_desk)
    decide(review_desk, draft_id, asked("edit", text="Thank you. New.", reasons=["tone"]))
    with pytest.raises(Conflict, match="version 2, not 1"):
        review_desk.decide(draft_id, "late", 1, asked("approve"), lambda _: GOOD)
    with pytest.raises(NotFound):
        review_desk.reviews.get("D-none")


# --- the queue and its claims ----------------------------------------------------------------------------------------


def test_what_is_due_soon_comes_first_then_the_riskiest(review_desk: ReviewDesk) -> None:
    queue(review_desk, 1)
    queue(review_desk, 2, flags=[{"flag_id": "legal_threat"}])
    queue(review_desk, 3, due_at=(NOW + timedelta(days=1)).isoformat())
    queue(review_desk, 4, due_at=None, flags=[{"flag_id": "regulator"}])
    rows = review_desk.reviews.queue(Wanted(), now=NOW)
    assert [row.draft_id for row in rows] == ["D-3", "D-2", "D-4", "D-1"]
    assert "legal_threat" in rows[1].why
    assert [row.draft_id for row in review_desk.reviews.queue(Wanted(min_risk=25), now=NOW)] == ["D-2", "D-4"]
    assert review_desk.reviews.queue(Wanted(channel="x"), now=NOW) == []
    assert [row.draft_id for row in review_desk.reviews.queue(Wanted(flag="regulator"), now=NOW)] == ["D-4"]
    assert review_desk.reviews.queue(Wanted(flag="regul"), now=NOW) == []


def test_a_large_amount_and_a_near_date_raise_the_risk(review_desk: ReviewDesk) -> None:
    plain = review_desk.reviews.get(queue(review_desk, 1)).row
    dear = review_desk.reviews.get(queue(review_desk, 2, largest_amount="2400.00")).row
    soon = review_desk.reviews.get(queue(review_desk, 3, days_left=2)).row
    assert plain.risk < soon.risk < dear.risk
    assert (dear.why.split(", ")[0], soon.why.split(", ")[0]) == ("about 2400", "due soon")


def test_a_claim_holds_until_it_ends(review_desk: ReviewDesk) -> None:
    draft_id = queue(review_desk)
    review_desk.claim(draft_id, "rosa", now=NOW)
    review_desk.claim(draft_id, "rosa", now=NOW)
    with pytest.raises(Conflict, match="rosa holds it"):
        review_desk.claim(draft_id, "omar", now=NOW)
    with pytest.raises(Conflict, match="held by rosa"):
        decide(review_desk, draft_id, asked("approve", "omar"))
    review_desk.claim(draft_id, "omar", now=NOW + timedelta(hours=1))
    review_desk.reviews.release(draft_id, "omar")
    assert review_desk.reviews.get(draft_id).row.claimed_by is None


def test_threads_never_hold_the_same_draft(review_desk: ReviewDesk) -> None:
    for number in range(ITEMS):
        queue(review_desk, number)

    def take_all(by: int) -> list[str]:
        taken = []
        while (row := review_desk.claim_next(Wanted(), f"r{by}", now=NOW)) is not None:
            taken.append(row.draft_id)
        return taken

    with ThreadPoolExecutor(TAKERS) as pool:
        taken = [each for taken in pool.map(take_all, range(TAKERS)) for each in taken]
    assert sorted(taken) == sorted(f"D-{number}" for number in range(ITEMS))


def _claim(url: str, by: str, start: Any, result: Any) -> None:
    reviews = Reviews(open_database(url))
    start.wait()
    try:
        reviews.claim("D-1", by, now=NOW, lease=timedelta(minutes=5))
        result.put(by)
    except Conflict:
        result.put(None)


def test_two_processes_never_hold_the_same_draft(review_desk: ReviewDesk, tmp_path: Path) -> None:
    queue(review_desk)
    context = multiprocessing.get_context("spawn")
    start, result = context.Event(), context.Queue()
    url = f"sqlite:///{tmp_path}/review.db"
    people = [context.Process(target=_claim, args=(url, name, start, result)) for name in ("rosa", "omar", "sam")]
    for person in people:
        person.start()
    start.set()
    got = [result.get(timeout=60) for _ in people]
    assert sum(each is not None for each in got) == 1


def test_the_draw_is_the_same_each_time_and_complaints_are_all_drawn(review_desk: ReviewDesk) -> None:
    for number in range(200):
        queue(review_desk, number, channel="bbb_complaint" if number % 2 else "email")
    rows = review_desk.reviews.queue(Wanted(), now=NOW, limit=500)
    complaints = [row for row in rows if row.channel == "bbb_complaint"]
    assert all(row.sampled_by == "complaints" for row in complaints)
    drawn = [row for row in rows if row.channel == "email" and row.sampled_by]
    assert 0 < len(drawn) < 40
