from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from copilot.calls.offering import Occasion, Suggestion
from copilot.offer_advice import PackOffers, offers_of
from copilot.offers import CountedEstimates
from copilot.store import Outcome
from knowledge.pack import Pack

PRICE = Occasion(
    call_id="c",
    customer_id="C-1001",
    reason="price",
    channel="phone",
    cues=("cancel_intent", "price"),
    auth_level="authenticated",
    save_attempts=0,
    has_permission=True,
    may_offer=True,
    why_not=(),
    is_vulnerable=False,
    on=date(2026, 11, 20),
    language="en",
)


@pytest.fixture
def offers(demo_pack: Pack) -> PackOffers:
    found = offers_of(demo_pack)
    assert found is not None
    return found


def suggested(offers: PackOffers, **changes: Any) -> Suggestion:
    found = offers.suggest(replace(PRICE, **changes))
    assert found is not None
    return found


def test_an_occasion_is_decided_once(offers: PackOffers, monkeypatch: pytest.MonkeyPatch) -> None:
    first = suggested(offers)
    monkeypatch.setattr(PackOffers, "_suggest", None)
    assert suggested(offers) is first
    with pytest.raises(TypeError):  # another occasion would have to be decided
        suggested(offers, may_offer=False)


def test_what_was_refused_is_not_suggested_again(offers: PackOffers) -> None:
    assert suggested(offers).offer_id == "OF-LOCK-12"
    assert suggested(offers, not_again=("OF-LOCK-12",)).offer_id == "OF-PRICE-15X3"


def test_where_the_law_forbids_it_nothing_is_suggested(offers: PackOffers) -> None:
    assert offers.suggest(replace(PRICE, may_offer=False, why_not=("customer_said_no",))) is None


def test_a_channel_an_offer_is_not_made_on_has_none(offers: PackOffers) -> None:
    assert offers.suggest(replace(PRICE, channel="email")) is None


def test_somebody_unknown_has_no_offers(offers: PackOffers) -> None:
    assert offers.suggest(replace(PRICE, customer_id="C-9")) is None
    assert offers.knows("C-9") is False


def test_a_new_record_is_decided_anew(offers: PackOffers, demo_pack: Pack) -> None:
    assert suggested(offers).offer["price_now"] == "85.00"
    record = dict(demo_pack.customers["C-1001"])
    account = record["accounts"][0]
    offers.add_customer({**record, "accounts": [{**account, "services": account["services"][:1]}]})
    assert suggested(offers).offer["price_now"] == "75.00"  # without the modem


def outcomes(offer_id: str, status: Any, paying: int, n: int) -> list[Outcome]:
    shown = datetime(2026, 1, 1, tzinfo=UTC)
    return [
        Outcome(f"{offer_id}-{each}", f"X-{each}", offer_id, "price", status, 44, shown, paying_90=each < paying)
        for each in range(n)
    ]


def test_what_outcomes_teach_is_taken_in_when_a_call_begins(demo_pack: Pack) -> None:
    known: list[Outcome] = []
    offers = offers_of(demo_pack, count=lambda rules: CountedEstimates(known, rules.economics))
    assert offers is not None
    offers.refresh()
    assert suggested(offers).offer_id == "OF-LOCK-12"
    known += outcomes("OF-PRICE-10X6", "accepted", 38, 40)  # nearly all stayed
    offers.refresh()
    assert suggested(offers).offer_id == "OF-LOCK-12"  # counted less than a minute ago
    offers._counted_at = -1000.0
    offers.refresh()
    assert suggested(offers).offer_id == "OF-PRICE-10X6"


def test_exploring_draws_by_the_call_and_the_same_call_draws_the_same(demo_pack: Pack) -> None:
    offers = offers_of(demo_pack, count=lambda rules: CountedEstimates([], rules.economics), explore=True)
    assert offers is not None
    offers.refresh()
    drawn = [suggested(offers, call_id=f"call-{each}").offer_id for each in range(20)]
    again = offers_of(demo_pack, count=lambda rules: CountedEstimates([], rules.economics), explore=True)
    assert again is not None
    again.refresh()
    assert [suggested(again, call_id=f"call-{each}").offer_id for each in range(20)] == drawn
    assert len(set(drawn)) > 1


def test_money_is_told_as_text_and_what_an_offer_has_not_is_left_out(offers: PackOffers) -> None:
    lock = suggested(offers).offer
    assert {"monthly_off", "percent_off", "once_off", "free_months"}.isdisjoint(lock)
    ten = next(each for each in suggested(offers).options if each["offer_id"] == "OF-PRICE-10X6")
    assert (ten["monthly_off"], ten["months"], ten["price_during"]) == ("10.00", 6, "75.00")


def test_the_comparison_group_is_told_apart_from_customers_without_an_offer(offers: PackOffers) -> None:
    assert suggested(offers, customer_id="C-1009").withheld is True
    assert suggested(offers).withheld is False
