"""A pack's own examples, on the gym of tests/packs."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from copilot.errors import BadInput
from copilot.offers.expected import check_decisions
from knowledge.pack import load_pack

GYM = Path(__file__).parents[2] / "packs" / "gym"
Differing = Callable[[str], list[tuple[int, tuple[str, ...]]]]

EXAMPLE = """\
cases:
  - says: "24 months: 25 percent"
    customer: G-01
    call: {reason: price}
    expect: {best: GYM-25-OFF, approval: club-manager}
"""


@pytest.fixture
def differing(tmp_path: Path) -> Differing:
    """The line and the differences of the examples in a gym whose decisions.yaml is this text."""
    shutil.copytree(GYM, tmp_path / "gym")

    def decide(text: str) -> list[tuple[int, tuple[str, ...]]]:
        (tmp_path / "gym" / "decisions.yaml").write_text(text, "utf-8")
        return [(case.line, case.differences) for case in check_decisions(load_pack(tmp_path / "gym"))]

    return decide


def test_an_example_that_comes_out_as_written_has_no_differences(differing: Differing) -> None:
    assert differing(EXAMPLE) == [(2, ())]


@pytest.mark.parametrize(
    ("changed", "to", "says"),
    [
        (
            "best: GYM-25-OFF",
            "best: GYM-10-OFF",
            "best is GYM-25-OFF, expected GYM-10-OFF; against it: tenure: a member for 6 to 23 months: no (tenure",
        ),
        ("club-manager", "desk", "approval is club-manager (25.0 % for 3 months in the tier everybody), expected desk"),
        ("club-manager", "club-manager, instead: no_offers", "instead is nothing, expected no_offers"),
        ("club-manager", "club-manager, say: Hello", "say is 'As a long-standing member you would pay $44.25 a month"),
        (
            "club-manager",
            "club-manager, refused: {GYM-FREEZE: tenure}",
            "GYM-FREEZE is not refused by tenure; against it: reason",
        ),
    ],
)
def test_each_difference_is_told_with_its_reason(differing: Differing, changed: str, to: str, says: str) -> None:
    ((line, (difference,)),) = differing(EXAMPLE.replace(changed, to))
    assert line == 2
    assert difference.startswith(says)


@pytest.mark.parametrize(
    ("changed", "to", "says"),
    [
        ("G-01", "G-99", "decisions.yaml:2: no customer 'G-99' in customers.jsonl; there are: G-01, "),
        ("GYM-25-OFF", "GYM-99", "decisions.yaml:2: no offer 'GYM-99' in offers.yaml."),
        ("reason: price", "reason: prise", "decisions.yaml:2: No churn reason 'prise'; known are: crowded, "),
        ("reason: price", "reason: price, channel: fax", "decisions.yaml:2: call.channel: Input should be 'phone'"),
        ("expect:", "expected:", "decisions.yaml:2: cases.0.expect: Field required."),
        ("approval:", "aproval:", "decisions.yaml:5: cases.0.expect.aproval: Extra inputs are not permitted."),
        ("cases:", "cases: [", "decisions.yaml"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(differing: Differing, changed: str, to: str, says: str) -> None:
    with pytest.raises(BadInput) as caught:
        differing(EXAMPLE.replace(changed, to))
    assert says in str(caught.value)


def test_nobody_is_held_out_of_an_example_by_chance(differing: Differing, tmp_path: Path) -> None:
    file = tmp_path / "gym" / "rules" / "offers.yaml"
    file.write_text(file.read_text("utf-8").replace('holdout_percent: "0"', 'holdout_percent: "100"'), "utf-8")
    assert differing(EXAMPLE) == [(2, ())]


def test_a_pack_without_examples_says_where_the_form_is(tmp_path: Path) -> None:
    shutil.copytree(GYM, tmp_path / "gym")
    (tmp_path / "gym" / "decisions.yaml").unlink()
    with pytest.raises(BadInput, match="Write one; docs/retention-policy-as-a-pack"):
        check_decisions(load_pack(tmp_path / "gym"))
