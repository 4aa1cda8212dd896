"""For the tests of replies: the demo pack, a desk without an index, and items."""

from datetime import UTC, datetime
from typing import Any

import pytest

from copilot.replies.desk import ReplyDesk
from copilot.replies.model import Draft, Understanding
from knowledge.pack import Pack

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def reply_desk(demo_pack: Pack) -> ReplyDesk:
    return ReplyDesk(demo_pack)


def drafted(desk: ReplyDesk, text: str, channel: str, **more: Any) -> Draft:
    given = {"text": text, "received_at": "2026-11-24T18:00:00Z", **more}
    return desk.draft(given, channel=channel, now=NOW)


def understood(desk: ReplyDesk, text: str, channel: str = "email", **more: Any) -> Understanding:
    given = {"text": text, "received_at": "2026-11-24T18:00:00Z", **more}
    return desk.understand(given, channel=channel, now=NOW)


def failed(draft: Draft) -> dict[str, str]:
    """The checks that failed, with their severity."""
    return {check.id: check.severity for check in draft.checks if not check.passed}
