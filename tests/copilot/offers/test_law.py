"""The law of save attempts where offers are asked for outside a live call."""

from datetime import date
from typing import Any

import pytest

from copilot.customer import customer_record
from copilot.offers.law import under_law
from copilot.offers.requests import OffersAsked
from knowledge.pack import Pack

DAY = date(2026, 11, 20)


def asked(pack: Pack, state: str, **given: Any) -> OffersAsked:
    record = {"customer_id": "C-9", "segment": "home", "state": state}
    question = OffersAsked.model_validate({"customer": customer_record(record), "reason": "price", **given})
    return under_law(question, pack, DAY)


def test_before_a_request_to_cancel_the_law_does_not_hold(demo_pack: Pack) -> None:
    assert asked(demo_pack, "MN").may_offer


def test_after_it_permission_comes_first_and_what_stands_in_the_way_is_named(demo_pack: Pack) -> None:
    found = asked(demo_pack, "CA", cues=("cancel_intent",))
    assert not found.may_offer
    assert "ask_permission_first" in found.why_not
    assert asked(demo_pack, "CA", cues=("cancel_intent",), has_permission=True).may_offer


def test_where_the_law_forbids_an_offer_permission_does_not_help(demo_pack: Pack) -> None:
    found = asked(demo_pack, "MN", cues=("cancel_intent",), has_permission=True)
    assert not found.may_offer
    assert "forbidden_until_cancellation_complete" in found.why_not


def test_when_the_attempts_are_used_up_no_permission_helps(demo_pack: Pack) -> None:
    found = asked(demo_pack, "CA", cues=("cancel_intent",), has_permission=True, save_attempts=9)
    assert not found.may_offer
    assert "no_attempts_left" in found.why_not


@pytest.mark.parametrize("told", [{"may_offer": True}, {"may_offer": False, "why_not": "said no"}])
def test_whoever_says_what_the_law_says_is_believed(demo_pack: Pack, told: dict[str, Any]) -> None:
    found = asked(demo_pack, "MN", cues=("cancel_intent",), **told)
    assert (found.may_offer, found.why_not) == (told["may_offer"], told.get("why_not", ""))
