"""Conditions: what they decide, and what is refused before any call needs them."""

from datetime import UTC, date, datetime

import pytest

from knowledge.conditions import FACTS, Fact, FactValue, compile_condition, flatten_facts
from knowledge.errors import ConditionError


def holds(expr: str, facts: dict[str, FactValue]) -> bool:
    return compile_condition(expr).holds(facts)


def test_all_parts_of_a_condition_must_hold() -> None:
    expr = 'customer.tenure_months >= 12 && "internet" in account.services'
    assert holds(expr, {"customer.tenure_months": 12, "account.services": ["internet"]})
    assert not holds(expr, {"customer.tenure_months": 11, "account.services": ["internet"]})
    assert not holds(expr, {"customer.tenure_months": 12, "account.services": ("mobile",)})


def test_money_is_compared_in_whole_cents() -> None:
    assert holds("account.monthly_cents >= 5500", {"account.monthly_cents": 5500})
    assert not holds("account.monthly_cents >= 5500", {"account.monthly_cents": 5499})


def test_a_day_is_its_midnight_in_utc() -> None:
    expr = "today <= timestamp('2026-05-31T00:00:00Z')"
    assert holds(expr, {"today": date(2026, 5, 31)})
    assert not holds(expr, {"today": date(2026, 6, 1)})
    assert not holds(expr, {"today": datetime(2026, 5, 31, 0, 1, tzinfo=UTC)})


def test_a_condition_knows_the_facts_it_asks_for() -> None:
    condition = compile_condition('account . monthly_cents > 0 || customer.segment == "today"')
    assert [fact.name for fact in condition.facts] == ["customer.segment", "account.monthly_cents"]


def test_the_name_of_a_list_item_is_not_taken_for_a_fact() -> None:
    condition = compile_condition("account.services.exists(service, service.startsWith('mob'))")
    assert [fact.name for fact in condition.facts] == ["account.services"]


def test_the_same_text_is_compiled_once() -> None:
    assert compile_condition("customer.tenure_months > 1") is compile_condition("customer.tenure_months > 1")


def test_a_pack_may_declare_facts_of_its_own_trade() -> None:
    classes_left = Fact("account.classes_left", "whole", "classes left on the pass")
    assert compile_condition("account.classes_left > 3", (classes_left,)).holds({"account.classes_left": 4})
    with pytest.raises(ConditionError, match=r"'account\.classes_left', which is not a fact"):
        compile_condition("account.classes_left > 3")


def test_nested_facts_get_their_full_names() -> None:
    nested = {"customer": {"state": "CA"}, "today": date(2026, 11, 20)}
    assert flatten_facts(nested) == {"customer.state": "CA", "today": date(2026, 11, 20)}


@pytest.mark.parametrize(
    ("expr", "says"),
    [
        (
            "customer.tenur_months >= 12",
            r"'customer\.tenur_months'.*known are: .*mean 'customer\.tenure_months'",
        ),
        ("customer.segment == home", r"'home', which is not a fact; known are: today, customer\..*stand in quotes"),
        ("customer.close_account()", r"which is not a fact|cannot be used"),
        ("customer.tenure_months >=", r"not valid CEL at line 1, character 26: .*Allowed are comparisons"),
        ("account.monthly_cents >= 55.00", r"\(int, double\).*money in cents"),
        ('customer.tenure_months >= "12"', r"\(int, string\).*texts in quotes with texts"),
        ("account.monthly_cents", r"kind INT, allowed is yes or no"),
        ("", r"has 0 characters; allowed are 1 to 500"),
        ("true" + " && true" * 100, r"has 804 characters; allowed are 1 to 500"),
        ("(" * 200 + "true" + ")" * 200, r"recursion limit.*more simply"),
        ("account.monthly_cents > 99999999999999999999", r"invalid int literal.*more simply"),
    ],
)
def test_a_wrong_condition_is_refused_with_the_remedy(expr: str, says: str) -> None:
    with pytest.raises(ConditionError, match=f"(?s){says}"):
        compile_condition(expr)


def test_a_missing_fact_is_named_and_not_guessed() -> None:
    with pytest.raises(ConditionError, match=r"needs the fact 'customer\.tenure_months' \(full months"):
        holds("customer.tenure_months >= 12", {})


@pytest.mark.parametrize("value", [12.0, True, "12", None, 2**63, ["12"]])
def test_a_fact_of_another_kind_is_refused(value: object) -> None:
    with pytest.raises(ConditionError, match="allowed is a whole number"):
        compile_condition("customer.tenure_months >= 12").holds({"customer.tenure_months": value})  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("expr", "facts"),
    [
        ("customer.is_vulnerable", {"customer.is_vulnerable": 1}),
        ('customer.state == "CA"', {"customer.state": 6}),
        ('"a" in call.cues', {"call.cues": "abc"}),
        ('"a" in call.cues', {"call.cues": [1]}),
        ("today > timestamp('2026-01-01T00:00:00Z')", {"today": "2026-11-20"}),
        ("today > timestamp('2026-01-01T00:00:00Z')", {"today": datetime(2026, 11, 20)}),  # noqa: DTZ001 the fault tested
    ],
)
def test_every_kind_of_fact_is_checked(expr: str, facts: dict[str, FactValue]) -> None:
    with pytest.raises(ConditionError, match="allowed is"):
        holds(expr, facts)


def test_a_calculation_that_fails_is_an_error_and_not_a_no() -> None:
    with pytest.raises(ConditionError, match=r"could not be decided: .*zero"):
        holds("account.monthly_cents / account.desk_seats > 5", {"account.monthly_cents": 100, "account.desk_seats": 0})


def test_every_fact_has_a_meaning() -> None:
    assert [name for name, fact in FACTS.items() if fact.name != name or not fact.says] == []
