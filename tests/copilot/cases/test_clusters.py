"""The largest group of contacts within a week is found, however many there are."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from copilot.cases.problems import CLUSTER, WITHIN, Incident, candidates

DAY = datetime(2026, 11, 1, tzinfo=UTC)


@given(st.lists(st.integers(0, 40), max_size=25))
def test_the_group_is_the_one_that_trying_every_window_finds(days: list[int]) -> None:
    incidents = sorted(
        (Incident(f"c{number:02}", "TECH", DAY + timedelta(days=day)) for number, day in enumerate(days)),
        key=lambda each: (each.at, each.contact_id),
    )
    windows = [[each for each in incidents if first.at <= each.at <= first.at + WITHIN] for first in incidents]
    best = max(windows, key=len, default=[])
    found = candidates(incidents)
    assert [each.contact_ids for each in found] == (
        [tuple(each.contact_id for each in best)] if len(best) >= CLUSTER else []
    )


def test_twenty_thousand_contacts_of_one_cause_take_no_time() -> None:
    many = [Incident(str(number), "TECH", DAY + timedelta(minutes=number)) for number in range(20_000)]
    (found,) = candidates(many)
    assert len(found.contact_ids) == 7 * 24 * 60 + 1
