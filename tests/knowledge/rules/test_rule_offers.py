"""Offers: what an offer file may say, shown on a small file of another trade."""

import copy
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from knowledge.rules import OffersFile

DEMO_OFFERS = Path(__file__).parents[3] / "knowledge" / "packs" / "demo" / "rules" / "offers.yaml"

GYM = yaml.safe_load("""
as_of: 2026-11-20
source: "the owner of the gym"
currency: EUR
choose: first_by_priority
facts:
  - {name: account.visits_left, kind: whole, says: "visits left on the pass"}
gates:
  - {id: dispute-first, cel: "account.disputed_cents == 0", says: "no open dispute", otherwise: handle_dispute}
guard_rails:
  max_running_price_concessions: 1
  default_cooldown_days: 90
  max_concession_percent_12m: "25"
  margin_floor_percent: "20"
  holdout_percent: "0"
economics:
  horizon_months: 6
  annual_rate_percent: "0"
  monthly_survival: "1.0"
  contact_cost: "2.00"
  stays_without_offer: "0.30"
  stays_with_offer: "0.50"
  min_outcomes: 30
  source: assumed
may_stack: [[freeze, price]]
offers:
  - offer_id: FREEZE
    name: {en: "Freeze", es: "Congelar"}
    promotion_type: Reduction
    offer_type: pause
    lifecycle_status: active
    valid_for: {start: 2026-01-01}
    reasons: [temporary_need]
    segments: [home]
    conditions:
      - {id: visits, cel: "account.visits_left >= 5", says: "five visits left"}
    concession: {monthly_price: "5.00", months: 2}
    stacking_group: freeze
    is_price_concession: false
    terms: {en: "Until {end_date}."}
    say: {en: "We can freeze it until {end_date}."}
  - offer_id: TEN-OFF
    name: {en: "Ten off"}
    promotion_type: Discount
    offer_type: discount
    lifecycle_status: active
    valid_for: {start: 2026-01-01, end: 2026-12-31}
    reasons: [price]
    segments: [home]
    concession: {monthly_amount: "10.00", months: 3}
    stacking_group: price
    is_price_concession: true
    terms: {en: "Then {price_after}."}
    say: {en: "Ten off for {months} months."}
""")


def gym(spoil: Callable[[dict[str, Any]], object] = lambda _: None) -> OffersFile:
    data = copy.deepcopy(GYM)
    spoil(data)
    return OffersFile.model_validate(data)


def refusal(spoil: Callable[[dict[str, Any]], object]) -> tuple[tuple[int | str, ...], str]:
    with pytest.raises(ValidationError) as caught:
        gym(spoil)
    (error,) = caught.value.errors()
    return error["loc"], error["msg"]


def test_a_pack_of_another_trade_uses_facts_of_its_own() -> None:
    offers = gym()
    freeze = offers.offers[0]
    condition = offers.compiled(freeze.conditions[0])
    assert [condition.holds({"account.visits_left": visits}) for visits in (4, 5)] == [False, True]


def test_facts_of_one_file_do_not_leak_into_the_next() -> None:
    gym()
    loc, says = refusal(lambda data: data.pop("facts"))
    assert loc == ("offers", 0, "conditions", 0, "cel")
    assert "'account.visits_left', which is not a fact" in says


def test_a_fact_may_not_replace_a_built_in_one() -> None:
    loc, says = refusal(lambda data: data["facts"].append({**data["facts"][0], "name": "account.services"}))
    assert loc == ("facts", 1)
    assert says == "'account.services' is a built-in fact already; allowed are new names. Delete this declaration."


def test_an_unknown_name_in_a_condition_is_refused_where_it_stands() -> None:
    loc, says = refusal(lambda data: data["offers"][0]["conditions"][0].update(cel="account.visit_left >= 5"))
    assert loc == ("offers", 0, "conditions", 0, "cel")
    assert says.endswith("Did you mean 'account.visits_left'?")


def test_a_syntax_error_in_a_condition_is_refused_where_it_stands() -> None:
    loc, says = refusal(lambda data: data["gates"][0].update(cel="account.disputed_cents = 0"))
    assert loc == ("gates", 0, "cel")
    assert says.startswith("Condition 'account.disputed_cents = 0' is not valid CEL at line 1, character 24: ")


def test_an_offer_may_not_end_before_it_starts() -> None:
    loc, says = refusal(lambda data: data["offers"][1]["valid_for"].update(end=date(2025, 12, 31)))
    assert loc == ("offers", 1, "valid_for")
    assert says == "end 2025-12-31 lies before start 2026-01-01; allowed is the same day or later. Swap them."


def test_an_offer_lasts_through_its_last_day() -> None:
    ten_off = gym().offers[1]
    days = (date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1))
    assert [ten_off.valid_for.holds_on(day) for day in days] == [False, True, True, False]


def test_the_same_offer_twice_is_refused() -> None:
    loc, says = refusal(lambda data: data["offers"][1].update(offer_id="FREEZE"))
    assert loc == ("offers", 1, "offer_id")
    assert says == "offer 'FREEZE' stands twice, as entries 1 and 2 of offers; allowed is once. Rename or delete one."


def test_an_offer_id_is_capitals_and_digits() -> None:
    loc, says = refusal(lambda data: data["offers"][1].update(offer_id="ten off"))
    assert loc == ("offers", 1, "offer_id")
    assert says.startswith("'ten off' is not accepted: string should match pattern")


@pytest.mark.parametrize("amount", [10.0, 10, "-10.00", "ten", True, None, ["10.00"]])
def test_a_concession_is_a_quoted_decimal(amount: object) -> None:
    data = copy.deepcopy(GYM)
    data["offers"][0]["concession"]["monthly_price"] = amount
    if amount is None:  # the field may be left out, and then nothing runs
        assert OffersFile.model_validate(data).offers[0].concession.monthly_price is None
    else:
        with pytest.raises(ValidationError, match=r"offers\.0\.concession\.monthly_price"):
            OffersFile.model_validate(data)


def test_two_monthly_forms_at_once_are_refused() -> None:
    loc, says = refusal(lambda data: data["offers"][1]["concession"].update(monthly_percent="20"))
    assert loc == ("offers", 1, "concession")
    assert says == "monthly_amount and monthly_percent are both given; allowed is one monthly form. Delete the other."


def test_a_discount_without_an_end_is_refused() -> None:
    _, says = refusal(lambda data: data["offers"][1]["concession"].update(months=0))
    assert says == "monthly_amount has months 0; allowed is 1 or more, or while_holds. Say how long it runs."


def test_a_placeholder_nobody_fills_is_refused() -> None:
    loc, says = refusal(lambda data: data["offers"][1]["say"].update(es="Hasta el {fecha}."))
    assert loc == ("offers", 1, "say")
    assert says.startswith("{fecha} cannot be filled in; allowed are {amount}, {months}, {end_date}, ")


def test_only_groups_that_exist_may_stack() -> None:
    loc, says = refusal(lambda data: data["may_stack"].append(["freeze", "gift"]))
    assert (loc, says) == (
        ("may_stack", 1),
        "'gift' is not a stacking group; known are: freeze, price. Correct the pair.",
    )


def test_what_has_no_spanish_is_said_in_english() -> None:
    freeze, ten_off = gym().offers
    assert (freeze.name.in_language("es"), ten_off.name.in_language("es")) == ("Congelar", "Ten off")


@pytest.mark.parametrize("nothing", [None, [], "offers"])
def test_a_file_that_is_no_list_of_fields_is_refused(nothing: object) -> None:
    with pytest.raises(ValidationError, match="a group of fields"):
        OffersFile.model_validate(nothing)


def test_the_demo_keeps_the_expired_spring_offer_with_its_last_day() -> None:
    demo = OffersFile.model_validate(yaml.safe_load(DEMO_OFFERS.read_text("utf-8")))
    spring = demo.offer("OF-SPRING26")
    assert spring is not None
    assert (spring.valid_for.end, spring.lifecycle_status) == (date(2026, 5, 31), "retired")
    assert [offer.offer_id for offer in demo.offers if not offer.say.es or not offer.terms.es] == []
    assert len(demo.offers) == 18
