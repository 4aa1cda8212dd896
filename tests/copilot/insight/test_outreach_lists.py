"""Each one who is to be contacted has a contact, a reason, or stands on the open list."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.errors import BadInput
from copilot.insight.facts import KINDS, Due, Touch, fact_json, read_facts
from copilot.insight.outreach_lists import completeness
from copilot.insight.window import Window

DAY = datetime(2026, 11, 20, 9, tzinfo=UTC)


def _due(number: int, kind: Any = "declined_card") -> Due:
    return Due(f"pay-{number}", DAY, kind, f"C-{number}")


def _touch(number: int, due: int, hours: int = 1, **more: Any) -> Touch:
    return Touch(f"t-{number}", DAY + timedelta(hours=hours), f"pay-{due}", **{"result": "contacted", **more})


def test_every_failed_payment_has_a_contact_or_a_reason_or_is_open() -> None:
    why_not: Any = {"result": "not_contacted", "reason": "wrote STOP"}
    touches = [
        _touch(1, 1, way="sms"),
        _touch(2, 2, **why_not),
        _touch(3, 3, hours=-1),  # before the payment failed: says nothing of it
        _touch(4, 4, **why_not),
        _touch(5, 4, hours=2, way="call"),
        _touch(6, 99),
    ]
    found = completeness("declined_card", [_due(n) for n in (1, 2, 3, 4)] + [_due(5, "renewal")], touches)
    states = {line.due_id: (line.state, line.told, line.tries) for line in found.lines}
    assert states == {
        "pay-3": ("open", "", 0),
        "pay-2": ("reasoned", "wrote STOP", 1),
        "pay-1": ("contacted", "sms", 1),
        "pay-4": ("contacted", "call", 2),
    }
    assert found.lines[0].due_id == "pay-3"  # what is open comes first
    assert (found.total, found.contacted, found.reasoned, found.open) == (4, 2, 1, 1)
    assert not found.is_complete
    assert found.strays == ("t-6",)


def test_an_empty_list_is_complete() -> None:
    assert completeness("risk", [], []).is_complete


@given(st.lists(st.integers(0, 8), unique=True), st.lists(st.tuples(st.integers(0, 12), st.booleans()), max_size=30))
def test_nobody_is_lost_and_nobody_counted_twice(due: list[int], tried: list[tuple[int, bool]]) -> None:
    touches = [
        _touch(n, who, hours=1, result="contacted" if reached else "not_contacted", reason="no consent")
        for n, (who, reached) in enumerate(tried)
    ]
    found = completeness("declined_card", [_due(n) for n in due], touches)
    assert sorted(line.due_id for line in found.lines) == sorted(f"pay-{n}" for n in due)
    assert found.total == found.contacted + found.reasoned + found.open == len(due)
    assert found.is_complete == ({f"pay-{n}" for n in due} <= {f"pay-{who}" for who, _ in tried})


def test_facts_are_read_strictly_and_come_back_as_they_were() -> None:
    given = [{"fact_id": "t1", "at": "2026-11-20T09:00:00+00:00", "due_id": "p1", "result": "contacted", "way": "sms"}]
    (touch,) = read_facts("touch", given)
    assert read_facts("touch", [fact_json(touch)]) == [touch]


@pytest.mark.parametrize(
    ("kind", "fact", "told"),
    [
        ("weather", {}, "allowed are: phone, shift"),
        ("touch", {"result": "not_contacted"}, "needs a reason"),
        ("survey", {"question": "csat", "score": 6}, "allowed are 1 to 5"),
        ("survey", {"question": "csat", "score": 3, "at": "2026-11-20T09:00:00"}, "timezone"),
        ("phone", {"talk_s": -1}, "talk_s"),
        ("phone", {"talk": 1}, "talk"),
        ("base", {"customers_start": 1, "lost_voluntary": 0, "lost_involuntary": 0, "revenue_start": "NaN"}, "revenue"),
    ],
)
def test_a_wrong_fact_is_refused_in_words(kind: str, fact: dict[str, Any], told: str) -> None:
    more = {"due_id": "p1"} if kind == "touch" else {}
    with pytest.raises(BadInput, match=told):
        read_facts(kind, [{"fact_id": "f1", "at": "2026-11-20T09:00:00Z", **more, **fact}])


def test_the_same_id_twice_is_refused() -> None:
    fact = {"fact_id": "p1", "at": "2026-11-20T09:00:00Z"}
    with pytest.raises(BadInput, match="stands twice"):
        read_facts("phone", [fact, fact])
    assert set(KINDS) == {"phone", "shift", "survey", "arrangement", "paying", "base", "due", "touch"}


def test_a_window_comes_apart_into_weeks_that_touch() -> None:
    window = Window.of(DAY, DAY + timedelta(days=17))
    weeks = list(window.weeks())
    assert [week.end - week.begin for week in weeks] == [timedelta(days=3), timedelta(days=7), timedelta(days=7)]
    assert (weeks[0].begin, weeks[-1].end) == (window.begin, window.end)
    assert all(first.end == second.begin for first, second in pairwise(weeks))
    with pytest.raises(BadInput, match="up to 400 days"):
        Window.of(DAY, DAY)
