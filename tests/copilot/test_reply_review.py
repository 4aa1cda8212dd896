"""Replies joined to their review: what is decided is about the conversation as it stands."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from copilot.cases.desk import CaseDesk
from copilot.complaint_cases import ComplaintCases, case_id_of
from copilot.connect.file_outbox import FileOutbox
from copilot.errors import BadInput, Conflict
from copilot.guard.logs import masked_message
from copilot.replies.desk import ReplyDesk
from copilot.reply_review import ReplyReview
from copilot.review.deciding import Action, Asked
from copilot.review.desk import ReviewDesk
from copilot.review.sending import send_due
from copilot.store import Cases, Outbox, Reviews, Wanted, open_database
from knowledge.pack import Pack

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
ITEM = {"item_id": "m-1", "channel": "email", "text": "Thank you, your technician was kind."}


@pytest.fixture
def desk(demo_pack: Pack, tmp_path: Path) -> Iterator[ReplyReview]:
    engine = open_database(f"sqlite:///{tmp_path}/replies.db")
    review = ReviewDesk(Reviews(engine), demo_pack)
    complaints = ComplaintCases(CaseDesk(Cases(engine), demo_pack))
    senders = {"file": FileOutbox(tmp_path / "out")}
    yield ReplyReview(ReplyDesk(demo_pack), review, senders, complaints=complaints)
    engine.dispose()


def asked(action: Action, **more: Any) -> Asked:
    return Asked(action, "rosa", "reviewer", NOW, **more)


def test_an_approved_draft_goes_out_as_it_was_drafted(desk: ReplyReview) -> None:
    draft = desk.draft(ITEM, by="bea", now=NOW)
    item, is_new = desk.decide(draft["draft_id"], "d1", 1, asked("approve"))
    assert (item.row.status, is_new, item.text) == ("approved", True, draft["text"])
    with pytest.raises(BadInput, match="pigeon"):
        desk.decide(draft["draft_id"], "d2", 1, asked("approve", adapter="pigeon"))


def test_a_draft_is_not_approved_when_they_have_written_again_since(desk: ReplyReview) -> None:
    draft = desk.draft(ITEM, by="bea", now=NOW)
    more = {**ITEM, "text": f"{ITEM['text']} But now my bill is wrong and I want to cancel."}
    desk.read(more, now=NOW)
    desk.read(more, now=NOW)
    with pytest.raises(Conflict, match="conversation_changed"):
        desk.decide(draft["draft_id"], "d1", 1, asked("approve"))
    log = [entry.action for entry in desk.review.reviews.audit.entries(draft["draft_id"])]
    assert log == ["drafted", "went_on"]
    anew = desk.draft(more, by="bea", now=NOW)
    rows = {row.draft_id: row.status for row in desk.review.reviews.queue(Wanted(("waiting", "withdrawn")), now=NOW)}
    assert rows == {draft["draft_id"]: "withdrawn", anew["draft_id"]: "waiting"}


def test_the_same_item_read_again_changes_nothing(desk: ReplyReview) -> None:
    draft = desk.draft(ITEM, by="bea", now=NOW)
    desk.read(ITEM, now=NOW)
    assert desk.decide(draft["draft_id"], "d1", 1, asked("approve"))[0].row.status == "approved"


def test_the_largest_amount_an_item_names_counts_for_its_risk(desk: ReplyReview) -> None:
    item = {"item_id": "m-2", "channel": "email", "text": "You charged me $1,240.50 and then $30 twice. Refund it."}
    draft = desk.draft(item, by="bea", now=NOW)
    assert "about 1240" in desk.review.reviews.get(draft["draft_id"]).row.why


def test_a_complaint_is_a_case_until_its_answer_is_sent(desk: ReplyReview) -> None:
    assert desk.complaints is not None
    item = {
        "item_id": "bbb-77",
        "channel": "BBB",
        "reference": "2207-77",
        "text": "They billed me $40 for a box I returned in May. I want it refunded.",
        "received_at": "2026-11-24T10:00:00+00:00",
        "facts": {"equipment": "The box was returned on May 3, and the fee of $40 was refunded."},
    }
    draft = desk.draft(item, by="bea", now=NOW)
    desk.draft(item, by="bea", now=NOW)
    case = desk.complaints.desk.cases.get(case_id_of("bbb-77"))
    (owed,) = case.open_obligations
    assert (case.kind, owed.what, owed.due_at) == (
        "complaint",
        "Answer the complaint 2207-77",
        datetime.fromisoformat(draft["due_at"]),
    )
    with pytest.raises(Conflict, match="still owed"):
        desk.complaints.desk.close(case.case_id, by="bea", now=NOW)
    text = "We are sorry about the fee. We are looking into the box you returned and will answer you here."
    version = 1
    if draft["status"] != "ready":
        desk.decide(draft["draft_id"], "e", 1, asked("edit", text=text, reasons=["wording"]))
        version = 2
    approve = Asked("approve", "sam", "supervisor", NOW)
    item_now = desk.decide(draft["draft_id"], "d", version, approve)[0]
    assert item_now.row.status == "approved"
    sent = Outbox(desk.review.reviews._engine)
    assert send_due(sent, desk.senders, clock=lambda: NOW, on_sent=desk.complaints.was_sent).sent == 1
    (answered,) = desk.complaints.desk.cases.get(case.case_id).obligations
    assert (answered.status, answered.done_by) == ("done", "outbox")


def test_a_thank_you_opens_no_case(desk: ReplyReview) -> None:
    assert desk.complaints is not None
    desk.draft(ITEM, by="bea", now=NOW)
    assert desk.complaints.desk.cases.find() == []


def test_the_id_of_a_draft_is_told_whole_in_errors(desk: ReplyReview) -> None:
    for number in range(60):
        draft_id = desk.draft({**ITEM, "item_id": f"m-{number}"}, by="bea", now=NOW)["draft_id"]
        told = f"Draft {draft_id} is held by rosa. Case {case_id_of(draft_id)} is open."
        assert masked_message(told) == told
