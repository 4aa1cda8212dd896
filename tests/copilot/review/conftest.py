"""For the tests of the reviewers' desk: drafts in a queue, and people."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from copilot.review.deciding import Action, Asked
from copilot.review.desk import ReviewDesk
from copilot.store import Reviews, open_database
from knowledge.pack import Pack

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
GOOD: list[dict[str, Any]] = [{"id": "limit", "passed": True, "severity": "blocking", "detail": ""}]
BAD: list[dict[str, Any]] = [{"id": "limit", "passed": False, "severity": "blocking", "detail": "5 over"}]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path}/review.db")
    yield engine
    engine.dispose()


@pytest.fixture
def review_desk(engine: Engine, demo_pack: Pack) -> ReviewDesk:
    return ReviewDesk(Reviews(engine), demo_pack)


def draft_of(number: int = 1, **more: Any) -> dict[str, Any]:
    """A draft as the service stores it."""
    return {
        "draft_id": f"D-{number}",
        "item_id": f"I-{number}",
        "channel": "email",
        "draft_class": "private",
        "text": "Thank you. The fee was refunded.",
        "provider": "extractive",
        "checks": GOOD,
        "flags": [],
        "questions": [],
        "routes": [],
        "due_at": (NOW + timedelta(days=9)).isoformat(),
        "days_left": 9,
        **more,
    }


def queue(desk: ReviewDesk, number: int = 1, **more: Any) -> str:
    draft = draft_of(number, **more)
    assert desk.add(draft, {"title": "My bill"}, by="agent a1", now=NOW)
    return str(draft["draft_id"])


def asked(action: Action, by: str = "rosa", role: str = "reviewer", minutes: int = 1, **more: Any) -> Asked:
    return Asked(action, by, role, NOW + timedelta(minutes=minutes), **more)
