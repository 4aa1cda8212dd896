from random import Random

from copilot.offers.estimates import Share
from copilot.offers.exploring import Arm, choose, pick, simulate
from knowledge.pack import Pack
from tests.copilot.offers.desk import a_customer, decide

ARMS = [Arm("A", 400, 45), Arm("B", 400, 45), Arm("C", 400, 45)]


def test_the_better_offer_is_found_and_exploring_costs_little() -> None:
    result = simulate(ARMS, {"A": 0.30, "B": 0.45, "C": 0.35}, rounds=2000, seed=7)
    assert result.best == "B"
    assert result.share_of_best > 0.75
    assert result.regret < 0.06 * result.gain_of_best


def test_where_nothing_differs_nothing_is_lost() -> None:
    assert simulate(ARMS, {"A": 0.4, "B": 0.4, "C": 0.4}, rounds=500, seed=7).regret < 1e-6


def test_a_dear_offer_must_keep_more_customers_to_be_shown() -> None:
    dear = [Arm("cheap", 400, 0), Arm("dear", 400, 300)]
    assert simulate(dear, {"cheap": 0.3, "dear": 0.4}, rounds=1000, seed=7).best == "cheap"


def test_the_same_seed_gives_the_same_simulation() -> None:
    odds = {"A": 0.3, "B": 0.4, "C": 0.5}
    assert simulate(ARMS, odds, rounds=300, seed=3) == simulate(ARMS, odds, rounds=300, seed=3)


def test_well_known_shares_leave_little_to_chance() -> None:
    known = {"A": Share(300, 1000), "B": Share(450, 1000), "C": Share(350, 1000)}
    chance = Random(1)
    assert [choose(ARMS, known, chance).offer_id for _ in range(50)] == ["B"] * 50


def test_only_eligible_offers_that_gain_are_tried(demo_pack: Pack) -> None:
    found = decide(demo_pack, a_customer())
    eligible = {each.offer_id for each in found.ranked}
    chance = Random(1)
    tried = {pick(found, {}, chance) for _ in range(200)}
    assert tried <= eligible - {"NO_OFFER"}
    assert len(tried) > 1
    assert pick(decide(demo_pack, a_customer(), "moving_no_service"), {}, chance) == "NO_OFFER"
