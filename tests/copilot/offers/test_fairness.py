from datetime import UTC, datetime

import pytest

from copilot.offers import fairness
from copilot.store import Outcome

AT = datetime(2026, 8, 1, tzinfo=UTC)


def made(segment: str, offered: int, of: int) -> list[Outcome]:
    return [
        Outcome(f"{segment}-{n}", "C", "OF-A" if n < offered else "NO_OFFER", "price", "shown", 14, AT, segment)
        for n in range(of)
    ]


def test_a_group_offered_less_than_four_fifths_as_often_is_marked() -> None:
    groups = {group.name: group for group in fairness([*made("home", 80, 100), *made("business", 60, 100)], "segment")}
    assert groups["business"].ratio == pytest.approx(0.75)  # 0.60 / 0.80
    assert groups["business"].is_marked
    assert not groups["home"].is_marked


def test_a_small_group_is_listed_without_a_ratio() -> None:
    groups = {group.name: group for group in fairness([*made("home", 80, 100), *made("business", 0, 5)], "segment")}
    assert groups["business"].ratio is None
    assert not groups["business"].is_marked


def test_no_outcomes_make_no_groups() -> None:
    assert fairness([], "tenure") == []
