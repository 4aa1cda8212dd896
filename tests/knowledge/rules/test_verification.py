from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from knowledge.pack import check_pack, house_verification, load_pack
from knowledge.rules.verification import VerificationFile, plain_name
from tests.knowledge.small_pack import SmallPack

HEAD: dict[str, Any] = {"as_of": "2026-11-20", "source": "these tests"}
METHOD = {"id": "pin", "title": {"en": "the PIN"}, "reaches": "password"}


def refusal(**parts: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        VerificationFile.model_validate(HEAD | parts)
    return "; ".join(error["msg"] for error in caught.value.errors())


def test_the_demo_pack_holds_every_cpni_rule_with_its_source_and_status() -> None:
    rules = load_pack("demo").verification.rules
    assert [rule.id for rule in rules] == [f"CPNI-{number:02}" for number in range(1, 19)]
    assert all(rule.source and rule.requirement for rule in rules)
    assert [rule.id for rule in rules if rule.needs_counsel] == ["CPNI-18"]


def test_a_pack_without_the_file_gets_the_defaults_of_the_house(tmp_path: Path) -> None:
    pack = SmallPack.in_folder(tmp_path / "pack")
    pack.document("returns")
    verification = load_pack(pack.folder).verification
    assert verification == house_verification()
    assert {need.disclosure: need.level for need in verification.needs} == {
        "account": "authenticated",
        "call_detail": "password",
    }
    assert set(verification.vocabulary) == {"account", "call_detail"}


def test_what_a_packs_file_leaves_out_is_taken_from_the_house(tmp_path: Path) -> None:
    pack = SmallPack.in_folder(tmp_path / "pack")
    pack.document("returns")
    pack.write("rules/verification.yaml", "as_of: 2026-11-20\nsource: these tests\nmax_failed_attempts: 2\n")
    verification = load_pack(pack.folder).verification
    assert verification.max_failed_attempts == 2
    assert verification.methods == house_verification().methods


def test_every_wording_and_phrase_of_the_house_speaks_both_languages() -> None:
    house = house_verification()
    words = [method.title for method in house.methods] + [item.title for item in house.no_proof]
    words += [words for card in house.warnings.values() for words in (card.title, card.body)]
    assert all(word.es for word in words)
    named = [method.phrases for method in house.methods] + [item.phrases for item in house.no_proof]
    named += [phrases for c in house.vocabulary.values() for phrases in (c.says, c.with_figure, c.unless)]
    named += [house.asks_proof, house.hint_talk, house.denies]
    assert all(set(phrases) in (set(), {"en", "es"}) for phrases in named)


def test_a_name_that_two_methods_share_is_refused() -> None:
    other = {**METHOD, "id": "passcode", "also_called": ["PIN"]}
    assert "'pin' is named by pin and by passcode; allowed is one" in refusal(methods=[METHOD, other])


def test_what_proves_nothing_cannot_be_a_method_as_well() -> None:
    no_proof = {"id": "ssn", "title": {"en": "the SSN"}, "kind": "biographical", "phrases": {}, "also_called": ["pin"]}
    assert "'pin' is named by pin and by ssn" in refusal(methods=[METHOD], no_proof=[no_proof])


def test_a_rule_that_is_not_in_the_file_is_named() -> None:
    rule = {"id": "CPNI-01", "basis": "law", "status": "in_force", "source": ["47 CFR"], "as_of": "2026-06-30"}
    rule |= {"trigger": "account facts", "requirement": "hidden"}
    says = refusal(rules=[rule], methods=[{**METHOD, "rule": "CPNI-99"}])
    assert "'CPNI-99' is not a rule of this file; known are: CPNI-01" in says


def test_a_phrase_that_does_not_compile_is_quoted() -> None:
    assert "phrase 'pin (please' opens a bracket" in refusal(methods=[{**METHOD, "phrases": {"en": ["pin (please"]}}])


@pytest.mark.parametrize(
    "wrong", [{"max_failed_attempts": 0}, {"unnamed_method_reaches": "sure"}, {"vocabulary": {"public": {}}}]
)
def test_a_wrong_value_is_named(wrong: dict[str, Any]) -> None:
    assert refusal(**wrong)


def test_a_problem_names_file_and_line(tmp_path: Path) -> None:
    pack = SmallPack.in_folder(tmp_path / "pack")
    pack.document("returns")
    pack.write(
        "rules/verification.yaml",
        "as_of: 2026-11-20\nsource: x\nneeds:\n  - {disclosure: account, level: sure, lighter_level: none}\n",
    )
    _, problems = check_pack(pack.folder)
    assert [(p.file, p.line) for p in problems if not p.is_warning] == [("rules/verification.yaml", 4)]


@pytest.mark.parametrize("name", ["One-time code", "one_time_code", "ONE TIME CODE", "one  time-code"])
def test_a_method_has_one_name_however_it_is_written(name: str) -> None:
    assert plain_name(name) == "one_time_code"
