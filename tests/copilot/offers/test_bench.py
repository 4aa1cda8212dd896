from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path

import pytest

from copilot.offers import Desk
from copilot.offers.bench import bench_offers, explore, objections
from copilot.offers.made_up import questions, widened
from copilot.offers.requests import book_of
from knowledge.pack import Pack, load_pack
from tests.copilot.offers.desk import TODAY, a_customer, decide

PACKS = Path(__file__).parents[2] / "packs"


@pytest.mark.parametrize("trade", ["demo", "gym", "invoicing", "newspaper"])
def test_no_ineligible_offer_is_ranked_and_decisions_can_be_made_again(trade: str) -> None:
    pack = load_pack(trade if trade == "demo" else PACKS / trade)
    bench = bench_offers(book_of(pack), pack.head.as_of, customers=150, offers=30, replays=10, seed=7)
    assert bench.is_good, str(bench)
    assert (bench.decided, bench.offers, bench.replayed) == (150 * 30, 30, 10)
    assert bench.eligible > 0


def test_the_second_reading_objects_where_the_rules_refuse(demo_pack: Pack) -> None:
    """Seen from the other side: where the rules give reasons other than money, the second reading objects, too."""
    book = widened(book_of(demo_pack), 30)
    by_money = {"margin_floor", "concession_cap", "running_concessions", "stacking", "holdout"}
    compared = 0
    for asked in islice(questions(book, TODAY, 3), 40):
        found = asked.answer(Desk(book), TODAY)
        for each in found.refused:
            offer = next(offer for offer in book.offers.offers if offer.offer_id == each.offer_id)
            refused_by = {rule.rule for rule in each.rules if not rule.holds} - by_money
            assert bool(refused_by) == bool(list(objections(offer, asked, book, TODAY))), each.offer_id
            compared += 1
    assert compared > 1000


def test_a_bench_finds_an_offer_that_is_ranked_and_should_not_be(
    demo_pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("copilot.offers.bench.objections", lambda *_: iter(["reason"]))
    bench = bench_offers(book_of(demo_pack), TODAY, customers=60, replays=0)
    assert not bench.is_good
    assert bench.wrongly_ranked[0].endswith(": reason")


def test_the_same_seed_draws_the_same_customers_and_another_draws_others(demo_pack: Pack) -> None:
    book = book_of(demo_pack)
    first, again, other = (list(islice(questions(book, TODAY, seed), 5)) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_a_book_is_widened_to_offers_that_are_valid_and_differ(demo_pack: Pack) -> None:
    book = widened(book_of(demo_pack), 30)
    assert len({offer.offer_id for offer in book.offers.offers}) == 30
    assert type(book).of_text(book.as_text).offers == book.offers
    assert len(widened(book, 5).offers.offers) == 5


def test_thompson_sampling_loses_less_than_showing_by_lot(demo_pack: Pack) -> None:
    explored = explore(decide(demo_pack, a_customer()), seed=1)
    assert explored is not None
    assert 0 <= explored.regret < explored.regret_always_random
    assert explore(replace(decide(demo_pack, a_customer()), ranked=()), seed=1) is None


def test_the_day_of_the_pack_decides_what_is_on_offer(demo_pack: Pack) -> None:
    long_ago = bench_offers(book_of(demo_pack), date(2020, 1, 1), customers=30, replays=0)
    assert (long_ago.eligible, long_ago.nothing_offered) == (0, 30)
