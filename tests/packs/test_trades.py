"""Policies of three trades, written as data: a gym, an invoicing tool, a newspaper. The prose lies in each pack."""

from pathlib import Path

import pytest

from copilot.offers.expected import check_decisions
from knowledge.lint import lint_pack
from knowledge.pack import Pack, check_pack, load_pack

HERE = Path(__file__).parent
TRADES = ("gym", "invoicing", "newspaper")

pytestmark = pytest.mark.parametrize("trade", TRADES)


def pack_of(trade: str) -> Pack:
    return load_pack(HERE / trade)


def test_the_pack_is_clean(trade: str) -> None:
    pack, problems = check_pack(HERE / trade)
    assert pack is not None
    assert [str(problem) for problem in [*problems, *lint_pack(pack)]] == []


def test_every_step_of_the_policy_decides_as_the_prose_says(trade: str) -> None:
    checked = check_decisions(pack_of(trade))
    assert len(checked) >= 17
    assert {case.says: case.differences for case in checked if case.differences} == {}


def test_each_gate_and_each_offer_has_an_example(trade: str) -> None:
    offers = pack_of(trade).rules["offers"]
    table = (HERE / trade / "decisions.yaml").read_text("utf-8")
    assert [gate.otherwise for gate in offers.gates if f"instead: {gate.otherwise}" not in table] == []  # type: ignore[attr-defined]
    assert [offer.offer_id for offer in offers.offers if f"best: {offer.offer_id}" not in table] == []  # type: ignore[attr-defined]


def test_whoever_reads_spanish_gets_spanish(trade: str) -> None:
    offers = pack_of(trade).rules["offers"]
    assert [offer.offer_id for offer in offers.offers if not (offer.say.es and offer.terms.es)] == []  # type: ignore[attr-defined]
