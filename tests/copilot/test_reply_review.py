"""Replies joined to their review: what is decided is about the conversation as it stands."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from copilot.connect.file_outbox import FileOutbox
from copilot.errors import BadInput, Conflict
from copilot.replies.desk import ReplyDesk
from copilot.reply_review import ReplyReview
from copilot.review.deciding import Action, Asked
from copilot.review.desk import ReviewDesk
from copilot.store import Reviews, Wanted, open_database
from knowledge.pack import Pack

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
ITEM = {"item_id": "m-1", "channel": "email", "text": "Thank you, your technician was kind."}


@pytest.fixture
def desk(demo_pack: Pack, tmp_path: Path) -> Iterator[ReplyReview]:
    engine = open_database(f"sqlite:///{tmp_path}/replies.db")
    review = ReviewDesk(Reviews(engine), demo_pack)
    yield ReplyReview(ReplyDesk(demo_pack), review, {"file": FileOutbox(tmp_path / "out")})
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
