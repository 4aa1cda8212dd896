import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from copilot.errors import BadInput
from copilot.offers import NO_OFFER, CallContext, Desk, evaluate, is_held_out, rules
from copilot.offers.economics import NOTHING
from copilot.offers.requests import OffersAsked, book_of
from copilot.offers.rules import offer_facts
from knowledge.pack import Pack
from knowledge.rules.offers import OfferCondition
from tests.copilot.offers.desk import TODAY, a_customer, decide, decision, fiber, refusals, without_holdout

D = Decimal


def test_eligible_offers_are_ranked_by_gain_and_no_offer_is_among_them(demo_pack: Pack) -> None:
    found = decide(demo_pack, a_customer())
    gains = [each.value.gain for each in found.ranked]
    assert gains == sorted(gains, reverse=True)
    assert [each.offer_id for each in found.ranked][:3] == ["OF-LOCK-12", "OF-PRICE-15X3", "OF-PRICE-10X6"]
    assert found.ranked[-1].offer_id == NO_OFFER


def test_an_offer_that_loses_money_ranks_behind_saying_nothing(demo_pack: Pack) -> None:
    dear_to_serve = a_customer(cost={"variable_cost_monthly": "65.00"})
    found = decide(demo_pack, dear_to_serve, "quality_outage", cues=())
    router = decision(found, "OF-ROUTER")  # 0.25 x 102.46 (10.00 a month) - 0.45 x 65.00 - 4.50
    assert router.eligible
    assert router.value.gain == D("-8.14")
    assert found.best.offer_id == NO_OFFER


def test_every_refusal_names_the_rule_and_the_values(demo_pack: Pack) -> None:
    new = a_customer(since="2026-04-01")
    found = decide(demo_pack, new)
    assert refusals(found, "OF-PRICE-15X3")["tenure"] == "tenure_months 7 < 24 (customer for at least 24 months)"
    assert "segment" in refusals(found, "OF-EXTEND-20")


@pytest.mark.parametrize(
    ("changes", "call", "offer_id", "rule"),
    [
        ({}, {"reason": "low_usage"}, "OF-PRICE-10X6", "reason"),
        ({}, {"channel": "email"}, "OF-PRICE-10X6", "channel"),
        ({}, {"auth_level": "identified"}, "OF-PRICE-10X6", "verification"),
        ({}, {"may_offer": False, "why_not": "no attempts left"}, "OF-PRICE-10X6", "save_attempt_law"),
        ({}, {"is_vulnerable": True}, "OF-PRICE-10X6", "vulnerable"),
        ({"flags": {"cpni_approval": ""}}, {}, "OF-BUNDLE-10", "cpni_approval"),
        (
            {"offers_history": [{"offer_id": "OF-LOCK-12", "on": "2026-09-20", "outcome": "declined"}]},
            {},
            "OF-LOCK-12",
            "cooldown",
        ),
        (
            {"offers_history": [{"offer_id": "OF-BUNDLE-10", "on": "2020-01-01", "outcome": "accepted"}]},
            {},
            "OF-BUNDLE-10",
            "once_per_account",
        ),
        (
            {"offers_history": [{"offer_id": "OF-PRICE-10X6", "on": "2026-10-01", "outcome": "accepted"}]},
            {},
            "OF-PRICE-15X3",
            "running_concessions",
        ),
        (
            {"offers_history": [{"offer_id": "OF-PRICE-10X6", "on": "2026-10-01", "outcome": "accepted"}]},
            {},
            "OF-PRICE-15X3",
            "stacking",
        ),
        (
            {
                "offers_history": [
                    {"offer_id": "OF-PRICE-10X6", "on": "2025-12-01", "outcome": "accepted", "value": "175.00"}
                ]
            },
            {},
            "OF-PRICE-15X3",
            "concession_cap",  # 175.00 + 45.00 > 20 % of 12 x 75.00 = 180.00
        ),
        ({"cost": {"variable_cost_monthly": "45.00"}}, {}, "OF-PRICE-15X3", "margin_floor"),  # (60 - 45) / 60 = 25 %
    ],
)
def test_each_gate_and_guard_rail_refuses(
    demo_pack: Pack, changes: dict[str, Any], call: dict[str, Any], offer_id: str, rule: str
) -> None:
    assert rule not in refusals(decide(demo_pack, a_customer()), offer_id)
    assert rule in refusals(decide(demo_pack, a_customer(**changes), **call), offer_id)


def test_a_gate_of_the_pack_comes_before_every_offer(demo_pack: Pack) -> None:
    found = decide(demo_pack, a_customer(), cues=("deceased",))
    assert found.instead == "clean_exit"
    assert [each.offer_id for each in found.ranked] == [NO_OFFER]


def test_a_vulnerable_customer_keeps_what_takes_pressure_off(demo_pack: Pack) -> None:
    suspended = a_customer(
        accounts=[{"account_id": "A", "status": "suspended", "services": [fiber(line_status="suspended")]}],
        flags={"vulnerable": True},
        balance={"past_due": "90.00"},
    )
    eligible = {each.offer_id for each in decide(demo_pack, suspended, "nonpayment").ranked}
    assert "OF-PAYPLAN" in eligible
    assert "OF-PRICE-10X6" not in eligible


def test_a_reason_for_a_clean_exit_is_offered_nothing(demo_pack: Pack) -> None:
    found = decide(demo_pack, a_customer(), "moving_no_service")
    assert found.best.offer_id == NO_OFFER
    assert found.advice.startswith("Check the new address")


def test_a_smaller_plan_costs_the_difference_for_good(demo_pack: Pack) -> None:
    light = a_customer(accounts=[{"account_id": "A", "services": [fiber(use_percent=45)]}])
    found = decision(decide(demo_pack, light), "OF-RIGHTSIZE")
    assert found.eligible
    assert "Fiber 300 at $55.00 a month" in found.say
    assert found.value.cost == D("204.92")  # 20.00 a month for 12 months, each weighed by survival and discount


def test_a_free_month_is_weighed_over_the_agreement_it_buys(demo_pack: Pack) -> None:
    desk = [{"service_id": "S", "product": "desk", "plan": "Desk Pro", "monthly": "28.00", "quantity": 25}]
    business = a_customer(segment="business", accounts=[{"account_id": "A", "services": desk}])
    found = decision(decide(demo_pack, business, "contract_terms"), "OF-RENEW-24")
    assert found.eligible
    assert found.margin_after == D("95.31")  # 700 - 700/24 = 670.83; (670.83 - 31.45) / 670.83


def test_words_are_filled_in_and_spoken_in_the_customers_language(demo_pack: Pack) -> None:
    desk = Desk(book_of(demo_pack))
    spanish = evaluate(a_customer(), CallContext("price", auth_level="password"), desk, TODAY, language="es")
    offer = decision(spanish, "OF-PRICE-10X6")
    assert offer.say == (
        "Puedo descontarle 10 dólares al mes durante 6 meses. Serían $65.00 hasta el 20 de mayo de 2027 "
        "y después $75.00."
    )


def test_a_thin_margin_needs_the_lead(demo_pack: Pack) -> None:
    thin = a_customer(cost={"variable_cost_monthly": "36.00"})  # (60 - 36) / 60 = 40 %
    assert decision(decide(demo_pack, thin), "OF-PRICE-15X3").approval.role == "lead"
    assert decision(decide(demo_pack, a_customer()), "OF-PRICE-15X3").approval.role == "agent"


def test_the_holdout_is_a_share_of_customers_and_always_the_same_ones(demo_pack: Pack) -> None:
    desk, facts = Desk(book_of(demo_pack)), {"customer.is_vulnerable": False}
    customers = [a_customer(customer_id=f"T-{number}") for number in range(2000)]
    held_out = [customer for customer in customers if is_held_out(customer, dict(facts), desk)]
    assert 70 <= len(held_out) <= 130  # 5 % of 2,000, give or take three standard deviations
    assert held_out == [customer for customer in customers if is_held_out(customer, dict(facts), desk)]
    assert not is_held_out(held_out[0], {"customer.is_vulnerable": True}, desk)
    found = evaluate(held_out[0], CallContext("price", auth_level="authenticated"), desk, TODAY)
    assert found.best.offer_id == NO_OFFER
    assert "holdout" in refusals(found, "OF-PRICE-10X6")


def test_the_same_question_gives_the_same_bytes(demo_pack: Pack) -> None:
    first, second = (json.dumps(decide(demo_pack, a_customer()).as_json()) for _ in range(2))
    assert first == second


def test_the_derivation_reproduces_every_decision(demo_pack: Pack) -> None:
    decided = 0
    for raw in demo_pack.customers.values():
        for reason in ("price", "competitor", "nonpayment", "temporary_need"):
            found = decide(demo_pack, a_customer(**raw), reason).as_json()
            for each in found["decisions"]:  # type: ignore[attr-defined]
                assert each["eligible"] == all(rule["holds"] for rule in each["derivation"])
                decided += 1
    assert decided > 2000


def test_a_reason_that_no_offer_answers_is_known_and_nothing_is_offered(demo_pack: Pack) -> None:
    asked = OffersAsked.model_validate({"customer": a_customer(), "reason": "fraud_closed"})
    found = asked.answer(without_holdout(demo_pack), TODAY)
    assert [each.offer_id for each in found.ranked] == [NO_OFFER]
    with pytest.raises(BadInput, match="No churn reason 'frod_closed'; known are: billing_error_surprise, "):
        asked.model_copy(update={"reason": "frod_closed"}).answer(without_holdout(demo_pack), TODAY)


def test_a_policy_with_an_order_of_its_own_is_taken_at_its_word(demo_pack: Pack) -> None:
    desk = without_holdout(demo_pack)
    offers = desk.book.offers.model_copy(update={"choose": "first_by_priority"})
    ordered = Desk(replace(desk.book, offers=offers))
    dear_to_serve = a_customer(cost={"variable_cost_monthly": "65.00"})
    call = CallContext("quality_outage", auth_level="authenticated")
    found = evaluate(dear_to_serve, call, ordered, TODAY)
    assert found.best.offer_id == "OF-ROUTER"  # by value it ranks behind saying nothing: its gain is below zero
    assert found.best.value.gain < 0
    assert found.ranked[-1].offer_id == NO_OFFER


def test_a_test_whose_fact_nobody_knows_does_not_hold_and_says_which(demo_pack: Pack) -> None:
    facts = {"customer.tenure_months": 30, "account.internet_cents": 7500}
    condition = OfferCondition(id="x", cel="account.mobile_cents >= 5500", says="a plan of $55")
    result = rules.tested(condition, facts, without_holdout(demo_pack).book.offers)
    assert (result.holds, result.says) == (False, "unknown: a plan of $55 (account.mobile_cents is not in the record)")
    assert result.values == {"account.mobile_cents": "unknown"}


def test_what_an_offer_gains_may_be_asked_in_its_approval(demo_pack: Pack) -> None:
    facts = offer_facts({}, NOTHING, ())
    assert facts == {"offer.margin_after_percent": 100, "offer.cost_cents": 0, "offer.gain_cents": 0}
