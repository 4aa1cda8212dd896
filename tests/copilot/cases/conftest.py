"""For the tests of cases: a desk over a database of its own, and a note with promises."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from copilot.cases.desk import CaseDesk
from copilot.store import Cases, open_database
from knowledge.pack import Pack

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path}/cases.db")
    yield engine
    engine.dispose()


@pytest.fixture
def desk(engine: Engine, demo_pack: Pack) -> CaseDesk:
    return CaseDesk(Cases(engine), demo_pack)


def note(**more: Any) -> dict[str, Any]:
    """An account note with two promises."""
    return {
        "call_id": "c-1",
        "language": "en",
        "contact": {"caller_name": "Tamika Broussard", "customer_id": "C-1004"},
        "verification": {"result": "passed", "level": "authenticated"},
        "reason": {"text": "Their phones are off", "turn_ids": ["t2"]},
        "reason_label": "restoring service",
        "outcome_code": "CALLBACK_SET",
        "actions": [{"text": "Both lines restored", "turn_ids": ["t28"]}],
        "offers": [{"outcome": "refused", "offer_id": "OF-1"}, {"outcome": "accepted", "offer_id": "OF-2"}],
        "fields": [{"name": "amount", "value": "119.56"}, {"name": "name", "value": "T. B."}],
        "red_flags": [{"flag": "legal_threat", "text": "I will call my lawyer", "turn_ids": ["t9"]}],
        "follow_ups": [
            {
                "promise": {"text": "Will call about the fee", "turn_ids": ["t19"]},
                "owner": "Bea",
                "due_at": "2026-11-23T12:00:00-06:00",
                "channel": "call",
            },
            {"promise": {"text": "Will send the form", "turn_ids": ["t21"]}, "owner": None, "due_at": None},
        ],
        **more,
    }
