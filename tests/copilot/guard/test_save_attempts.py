"""Save-attempt law: the rules of the domain handbook, section 4, one by one, and the gate they make."""

from dataclasses import replace
from datetime import date

import pytest

from copilot.guard.save_attempts import (
    DISCLOSURE_FIRST,
    FORBIDDEN,
    NONE_LEFT,
    PERMISSION_FIRST,
    PERMISSION_UNCLEAR,
    SAID_NO,
    Counted,
    Leaver,
    OfferGate,
    Standing,
    attempts_left,
    may_offer,
    obstruction_signs,
    rule_for,
)
from knowledge.pack import Pack
from knowledge.rules.save_rules import SaveRule, SaveRulesFile

TODAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def rules(demo_pack: Pack) -> SaveRulesFile:
    found = demo_pack.rules["save_rules"]
    assert isinstance(found, SaveRulesFile)
    return found


def gate(rules: SaveRulesFile, leaver: Leaver, standing: Standing, *, house_limit: int = 1) -> OfferGate:
    rule = rule_for(rules, leaver, TODAY)
    return may_offer(rule, standing, house_limit=house_limit, permission_question=rules.permission_question)


@pytest.mark.parametrize(
    ("leaver", "day", "rule_id"),
    [
        (Leaver("CA"), date(2025, 6, 30), "US-DEFAULT"),
        (Leaver("CA"), date(2025, 7, 1), "US-CA"),
        (Leaver("MN"), date(2024, 12, 31), "US-DEFAULT"),
        (Leaver("MN"), date(2025, 1, 1), "US-MN"),
        (Leaver("NY"), date(2025, 11, 4), "US-DEFAULT"),
        (Leaver("NY"), date(2025, 11, 5), "US-NY"),
        (Leaver("MA"), date(2025, 9, 1), "US-DEFAULT"),
        (Leaver("MA"), date(2025, 9, 2), "US-MA"),
        (Leaver("CT"), date(2026, 6, 30), "US-DEFAULT"),
        (Leaver("CT"), date(2026, 7, 1), "US-CT"),
        (Leaver("VA"), TODAY, "US-VA"),
        (Leaver("TX"), TODAY, "US-DEFAULT"),
        (Leaver("TX", online_sale=True), TODAY, "US-FED-ROSCA"),
        (Leaver("CA", segment="business"), TODAY, "US-DEFAULT"),
        (Leaver("MN", segment="business"), TODAY, "US-DEFAULT"),
        (Leaver("CA", contract_from=date(2025, 6, 30)), TODAY, "US-DEFAULT"),
        (Leaver("CA", contract_from=date(2025, 7, 1)), TODAY, "US-CA"),
        (Leaver(), TODAY, "US-DEFAULT"),
    ],
)
def test_the_rule_that_reaches_the_customer(rules: SaveRulesFile, leaver: Leaver, day: date, rule_id: str) -> None:
    assert rule_for(rules, leaver, day).id == rule_id


def test_an_unknown_state_takes_the_packs_conservative_one(rules: SaveRulesFile) -> None:
    assert rule_for(rules, Leaver(None), TODAY, unknown_state="MN").id == "US-MN"
    assert rule_for(rules, Leaver("TX"), TODAY, unknown_state="MN").id == "US-DEFAULT"


@pytest.mark.parametrize(
    ("state", "regulated", "applied", "rule_id"),
    [
        ("VA", True, True, "US-DEFAULT"),
        ("VA", False, True, "US-VA"),
        ("VA", True, False, "US-VA"),
        ("CA", True, True, "US-DEFAULT"),
        ("CA", True, False, "US-CA"),
        ("NY", True, True, "US-DEFAULT"),
        ("MN", True, True, "US-MN"),
    ],
)
def test_regulated_services_are_exempt_only_where_the_law_says_so_and_counsel_agreed(
    rules: SaveRulesFile, state: str, regulated: bool, applied: bool, rule_id: str
) -> None:
    file = rules.model_copy(update={"apply_exemptions": applied})
    assert rule_for(file, Leaver(state, service_regulated=regulated), TODAY).id == rule_id


def test_california_wants_its_sentence_and_then_permission(rules: SaveRulesFile) -> None:
    first = gate(rules, Leaver("CA"), Standing())
    assert (first.may_offer, first.left, first.why_not) == (False, 1, (DISCLOSURE_FIRST, PERMISSION_FIRST))
    assert [words.en for words in first.must_say_first] == [
        "You may complete the cancellation at any time by saying so.",
        rules.permission_question.en,
    ]
    read = gate(rules, Leaver("CA"), Standing(disclosure_read=True))
    assert read.why_not == (PERMISSION_FIRST,)
    assert gate(rules, Leaver("CA"), Standing(disclosure_read=True, permission="given")).may_offer
    assert not gate(rules, Leaver("CA"), Standing(permission="given")).may_offer


def test_minnesota_forbids_offers_until_the_cancellation_is_complete(rules: SaveRulesFile) -> None:
    before = gate(rules, Leaver("MN"), Standing(permission="given", disclosure_read=True))
    assert (before.may_offer, before.left, before.why_not, before.must_say_first) == (False, 0, (FORBIDDEN,), ())
    assert not gate(rules, Leaver("MN"), Standing(invited=True, permission="given")).may_offer
    after = gate(rules, Leaver("MN"), Standing(completed=True))
    assert (after.left, after.why_not) == (1, (PERMISSION_FIRST,))
    assert gate(rules, Leaver("MN"), Standing(completed=True, permission="given")).may_offer


def test_where_asking_afterwards_is_not_allowed_either_the_gate_stays_shut(rules: SaveRulesFile) -> None:
    rule = rule_for(rules, Leaver("MN"), TODAY).model_copy(update={"may_ask_after_completion": False})
    shut = may_offer(rule, Standing(completed=True), house_limit=1, permission_question=rules.permission_question)
    assert (shut.may_offer, shut.left, shut.why_not) == (False, 0, (FORBIDDEN,))


@pytest.mark.parametrize("state", ["NY", "MA", "CT", "VA", "TX", None])
def test_elsewhere_one_offer_with_permission_is_policy(rules: SaveRulesFile, state: str | None) -> None:
    assert gate(rules, Leaver(state), Standing()).why_not == (PERMISSION_FIRST,)
    assert gate(rules, Leaver(state), Standing(permission="unclear")).why_not == (PERMISSION_UNCLEAR,)
    assert gate(rules, Leaver(state), Standing(permission="given")).may_offer
    assert gate(rules, Leaver(state), Standing(permission="given", made=1)).why_not == (NONE_LEFT,)


@pytest.mark.parametrize("state", ["CA", "MN", "TX"])
def test_a_no_shuts_the_gate_everywhere_and_nothing_said_opens_it(rules: SaveRulesFile, state: str) -> None:
    shut = gate(rules, Leaver(state), Standing(permission="refused", disclosure_read=True, completed=True))
    assert (shut.may_offer, shut.left, shut.must_say_first) == (False, 0, ())
    assert SAID_NO in shut.why_not


def test_an_offer_the_customer_asks_for_is_not_one_attempt_too_many(rules: SaveRulesFile) -> None:
    assert gate(rules, Leaver("TX"), Standing(made=1, permission="given", invited=True)).may_offer


def test_a_flag_that_stops_offers_is_named(rules: SaveRulesFile) -> None:
    stopped = gate(rules, Leaver("TX"), Standing(permission="given", flags=("vulnerable",)))
    assert (stopped.may_offer, stopped.left, stopped.why_not) == (False, 0, ("flag:vulnerable",))


def test_before_a_request_to_cancel_only_flags_and_a_no_hold_offers_back(rules: SaveRulesFile) -> None:
    assert gate(rules, Leaver("MN"), Standing(requested=False)).may_offer
    assert not gate(rules, Leaver("MN"), Standing(requested=False, permission="refused")).may_offer
    assert not gate(rules, Leaver("TX"), Standing(requested=False, flags=("safety",))).may_offer


@pytest.mark.parametrize(
    ("law", "house", "made", "left"), [(None, 2, 0, 2), (1, 2, 0, 1), (3, 2, 1, 1), (1, 0, 0, 0), (1, 1, 5, 0)]
)
def test_the_lower_of_law_and_house_counts(
    rules: SaveRulesFile, law: int | None, house: int, made: int, left: int
) -> None:
    rule: SaveRule = rules.default.model_copy(update={"max_save_attempts": law})
    assert attempts_left(rule, Standing(made=made), house_limit=house) == left


def test_signs_of_obstruction_count_from_above_what_is_allowed(rules: SaveRulesFile) -> None:
    none = Counted(transfers=0, longest_hold_s=120, pitches=2, reasons_asked=1)
    assert obstruction_signs(rules.obstruction, none) == []
    for more, sign in (
        (replace(none, transfers=1), "transfer"),
        (replace(none, longest_hold_s=120.5), "long-hold"),
        (replace(none, pitches=3), "third-pitch"),
        (replace(none, reasons_asked=2), "reason-again"),
    ):
        assert [found.id for found in obstruction_signs(rules.obstruction, more)] == [sign]
