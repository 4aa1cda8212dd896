from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from copilot.errors import Conflict, NotFound
from copilot.store import Outcome, Outcomes

SHOWN = Outcome("o-1", "C-1", "OF-A", "price", "shown", 14, datetime(2026, 8, 1, tzinfo=UTC))


@pytest.fixture
def outcomes(database: Engine) -> Outcomes:
    return Outcomes(database)


def test_the_same_outcome_again_changes_nothing(outcomes: Outcomes) -> None:
    assert outcomes.record(SHOWN)
    assert not outcomes.record(SHOWN)
    assert len(outcomes.all()) == 1


def test_an_offer_shown_is_accepted_or_refused_later(outcomes: Outcomes) -> None:
    outcomes.record(SHOWN)
    assert outcomes.record(replace(SHOWN, status="refused", refusal_reason="too short"))
    assert outcomes.get("o-1").refusal_reason == "too short"
    with pytest.raises(Conflict, match="OF-A refused"):
        outcomes.record(replace(SHOWN, status="accepted"))


def test_an_id_stands_for_one_offer_to_one_customer(outcomes: Outcomes) -> None:
    outcomes.record(SHOWN)
    with pytest.raises(Conflict):
        outcomes.record(replace(SHOWN, offer_id="OF-B"))


def test_whether_a_customer_still_pays_is_noted_by_day(outcomes: Outcomes) -> None:
    outcomes.record(SHOWN)
    outcomes.still_paying("o-1", 30, paying=True)
    outcomes.still_paying("o-1", 90, paying=False)
    found = outcomes.get("o-1")
    assert (found.paying_30, found.paying_60, found.paying_90) == (True, None, False)
    with pytest.raises(NotFound):
        outcomes.still_paying("o-2", 30, paying=True)


def test_tenants_do_not_see_each_other(database: Engine, outcomes: Outcomes) -> None:
    outcomes.record(SHOWN)
    assert Outcomes(database, "other").all() == []
    assert Outcomes(database, "other").record(replace(SHOWN, offer_id="OF-B"))
