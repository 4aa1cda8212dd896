"""consent.yaml: the house's and the demo's are valid, and mistakes are answered with value, allowed and remedy."""

import copy
from collections.abc import Callable
from datetime import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from knowledge.pack import check_pack, house_consent, load_pack
from knowledge.rules.consent import ConsentFile
from tests.knowledge.small_pack import SmallPack

HOUSE = Path(__file__).parents[3] / "knowledge" / "house" / "consent.yaml"


def refusal(spoil: Callable[[dict[str, Any]], object]) -> str:
    data = copy.deepcopy(yaml.safe_load(HOUSE.read_text("utf-8")))
    spoil(data)
    with pytest.raises(ValidationError) as caught:
        ConsentFile.model_validate(data)
    return " | ".join(error["msg"] for error in caught.value.errors())


def test_a_pack_without_the_file_takes_the_houses(tmp_path: Path) -> None:
    small = SmallPack.in_folder(tmp_path / "small")
    assert load_pack(small.folder).consent == house_consent()
    assert load_pack("demo").consent != house_consent()


def test_calls_are_made_from_eight_to_nine_in_the_evening_and_consent_ends_within_ten_business_days() -> None:
    (hours,) = house_consent().calling_hours
    assert (hours.opens, hours.closes) == (time(8), time(21))
    assert house_consent().revocation.business_days == 10


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (
            lambda d: d["calling_hours"][0].update(opens="8"),
            "'8' is not a time of day; allowed is hour:minute in quotes",
        ),
        (lambda d: d["calling_hours"][0].update(closes="07:00"), "closes 07:00 is not after opens 08:00"),
        (lambda d: d["calling_hours"].append(d["calling_hours"][0]), "rule 'US' stands twice"),
        (lambda d: d["dispatch"].update(yes_after=["prize"]), "'prize' is no element; there are: reason, window"),
        (lambda d: d["dispatch"].update(required_fields=["shoe_size"]), "'shoe_size' is not accepted"),
        (lambda d: d["answers"]["agrees"].update(en=["(yes|yeah"]), "opens a bracket and never closes it"),
        (lambda d: d["recording"].pop("missing"), "missing is missing and must be given"),
    ],
)
def test_mistakes_are_explained(spoil: Callable[[dict[str, Any]], object], says: str) -> None:
    assert says in refusal(spoil)


def test_a_cue_that_nobody_listens_for_is_named_with_its_line(tmp_path: Path) -> None:
    small = SmallPack.in_folder(tmp_path / "small")
    text = HOUSE.read_text("utf-8").replace("booked: [visit_booked]", "booked: [visit_bookt]")
    small.write("rules/consent.yaml", text)
    _, problems = check_pack(small.folder)
    (problem,) = [problem for problem in problems if problem.file == "rules/consent.yaml"]
    assert "'visit_bookt' is not a cue of cues.yaml" in problem.message
    line = 1 + text[: text.index("visit_bookt")].count("\n")
    assert problem.line == line


def test_a_stop_phrase_and_a_state_that_do_not_exist_are_refused(tmp_path: Path) -> None:
    demo = Path(__file__).parents[3] / "knowledge" / "packs" / "demo"
    small = SmallPack.in_folder(tmp_path / "small")
    rules = (demo / "rules" / "save_rules.yaml").read_text("utf-8").replace("just cancel (it|)", "just cancel (it|")
    small.write("rules/save_rules.yaml", rules)
    head = (
        (small.folder / "pack.toml").read_text("utf-8").replace("[house]", '[house]\nconservative_default_state = "ZZ"')
    )
    small.write("pack.toml", head)
    _, problems = check_pack(small.folder)
    told = "\n".join(str(problem) for problem in problems)
    assert "'just cancel (it|' opens a bracket" in told
    assert "'ZZ' is not a state code" in told
