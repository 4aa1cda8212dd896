import pytest

from copilot.guard.verification import Rulebook, Standing, may_show, open_classes
from knowledge.rules.verification import Level


@pytest.mark.parametrize(("level", "is_open"), [("none", False), ("identified", False), ("authenticated", True)])
def test_cpni_01_account_facts_wait_for_authentication(rulebook: Rulebook, level: Level, is_open: bool) -> None:
    permission = may_show("account", Standing(level), rulebook)
    assert (permission.allowed, permission.needs) == (is_open, "authenticated")
    assert "CPNI-01" in permission.reason
    assert level in permission.reason


@pytest.mark.parametrize(("level", "is_open"), [("none", False), ("authenticated", False), ("password", True)])
def test_cpni_02_call_details_wait_for_the_password(rulebook: Rulebook, level: Level, is_open: bool) -> None:
    assert may_show("call_detail", Standing(level), rulebook).allowed is is_open


def test_cpni_02_a_call_back_to_the_number_of_record_opens_call_details_and_nothing_else(rulebook: Rulebook) -> None:
    called_back = Standing().after("identified", ["call_detail"])
    assert open_classes(called_back, rulebook) == ("public", "call_detail")


def test_a_failed_verification_closes_what_a_release_path_had_opened(rulebook: Rulebook) -> None:
    assert open_classes(Standing().after("authenticated", ["call_detail"]).after("none"), rulebook) == ("public",)


def test_without_the_cpni_regime_the_lighter_levels_hold(lighter: Rulebook) -> None:
    assert open_classes(Standing("none"), lighter) == ("public",)
    assert open_classes(Standing("identified"), lighter) == ("public", "account")
    assert open_classes(Standing("authenticated"), lighter) == ("public", "account", "call_detail")


def test_a_class_the_rules_say_nothing_about_needs_the_highest_level(rulebook: Rulebook) -> None:
    silent = Rulebook(rulebook.rules.model_copy(update={"needs": ()}), cpni=True)
    assert not may_show("account", Standing("authenticated"), silent).allowed
    assert may_show("account", Standing("password"), silent).allowed
