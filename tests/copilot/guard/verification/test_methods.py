import pytest

from copilot.errors import BadInput
from copilot.guard.verification import Claim, Rulebook, Standing, accept
from knowledge.rules.verification import Level

BOTH_FLAGS = ("dedicated_rep", "cpni_contract_clause")


def refusal(rulebook: Rulebook, claim: Claim, standing: Standing = Standing()) -> str:  # noqa: B008  # frozen
    with pytest.raises(BadInput) as caught:
        accept(claim, standing, rulebook)
    return str(caught.value)


@pytest.mark.parametrize(
    ("method", "level"),
    [("pin", "password"), ("PIN", "authenticated"), ("one-time code", "authenticated"), ("name", "identified")],
)
def test_a_method_may_claim_what_it_gives(rulebook: Rulebook, method: str, level: Level) -> None:
    assert accept(Claim(level, method, "voice"), Standing(), rulebook).method == method


def test_a_one_time_code_does_not_reach_the_password_level(rulebook: Rulebook) -> None:
    says = refusal(rulebook, Claim("password", "one_time_code", "voice"))
    assert "'one_time_code' reaches 'authenticated', not 'password'" in says
    assert "none, identified, authenticated" in says


def test_a_level_reached_before_may_be_named_again_with_a_weaker_method(rulebook: Rulebook) -> None:
    accepted = accept(Claim("password", "callback", "voice"), Standing("password"), rulebook)
    assert accepted.releases == ("call_detail",)


@pytest.mark.parametrize("method", ["ssn_last_four", "date_of_birth", "Mother's maiden name", "address", "bill_amount"])
@pytest.mark.parametrize("level", ["identified", "authenticated", "password"])
def test_biographical_and_account_data_are_refused_as_a_method(rulebook: Rulebook, method: str, level: Level) -> None:
    says = refusal(rulebook, Claim(level, method, "voice"))
    assert "proves nothing" in says
    assert "PIN" in says


def test_an_account_number_finds_the_account_and_proves_nothing(rulebook: Rulebook) -> None:
    assert accept(Claim("identified", "account_number", "voice"), Standing(), rulebook).releases == ()
    assert "reaches 'identified'" in refusal(rulebook, Claim("authenticated", "account_number", "voice"))


def test_an_unknown_method_is_refused_and_the_known_ones_are_named(rulebook: Rulebook) -> None:
    says = refusal(rulebook, Claim("authenticated", "gut feeling", "voice"))
    assert "'gut feeling' is not known; there are: pin, one_time_code" in says


def test_cpni_07_a_photo_id_counts_in_a_store_only(rulebook: Rulebook) -> None:
    assert accept(Claim("password", "photo_id", "store"), Standing(), rulebook).method == "photo_id"
    assert "counts in store; this contact is 'voice'" in refusal(rulebook, Claim("password", "photo_id", "voice"))


@pytest.mark.parametrize("flags", [(), ("dedicated_rep",), ("cpni_contract_clause",)])
def test_cpni_09_the_business_exception_needs_both_flags(rulebook: Rulebook, flags: tuple[str, ...]) -> None:
    claim = Claim("authenticated", "contract_procedure", "voice", flags)
    says = refusal(rulebook, claim)
    assert all(flag in says for flag in BOTH_FLAGS)


def test_cpni_09_with_both_flags_the_agreed_procedure_counts(rulebook: Rulebook) -> None:
    claim = Claim("password", "account_rep", "voice", BOTH_FLAGS)
    assert accept(claim, Standing(), rulebook).method == "account_rep"


def test_a_report_without_a_method_is_a_persons_word(rulebook: Rulebook) -> None:
    assert accept(Claim("password", None, "voice"), Standing(), rulebook).method is None


def test_a_failure_may_name_any_method(rulebook: Rulebook) -> None:
    assert accept(Claim("none", "ssn", "voice"), Standing(), rulebook).method == "ssn"


@pytest.mark.parametrize("method", ["date_of_birth", "work order and postcode"])
def test_without_the_cpni_regime_a_way_of_ones_own_authenticates_and_goes_no_further(
    lighter: Rulebook, method: str
) -> None:
    assert accept(Claim("authenticated", method, "voice"), Standing(), lighter).method == method
    assert "reaches 'authenticated' at most" in refusal(lighter, Claim("password", method, "voice"))


def test_without_the_cpni_regime_a_known_method_still_claims_no_more_than_it_gives(lighter: Rulebook) -> None:
    assert "reaches 'authenticated'" in refusal(lighter, Claim("password", "one_time_code", "voice"))
