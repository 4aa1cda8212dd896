"""The line of an offer in a model's words, by a server over real HTTP: nothing is added, nothing is lost."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from copilot.errors import ModelFailed
from copilot.guard.grounding import gazetteer_of, house_names_of
from copilot.guard.masking import policy_for
from copilot.models.breaker import Breaker
from copilot.models.chat import ChatModel
from copilot.models.patience import Surroundings
from copilot.offers import CallContext, Decision, evaluate
from copilot.offers.worded import WordedOffer, word_offer, wording_faults
from knowledge.pack import Pack
from tests.copilot.models.conftest import model_at
from tests.copilot.models.hostile import TAILS, WHOLE
from tests.copilot.models.local_server import Behaviour, LocalServer, fails, says, serving
from tests.copilot.offers.desk import TODAY, a_customer, decide, decision, without_holdout

IMPATIENT = Surroundings(sleep=lambda _seconds: None, chance=lambda: 0.0)


@pytest.fixture
def answering() -> Iterator[Any]:
    """A model at a server that behaves so."""
    with ExitStack() as open_servers:

        def start(behaviour: Behaviour) -> tuple[ChatModel, LocalServer]:
            server = open_servers.enter_context(serving(behaviour))
            breaker = Breaker(IMPATIENT.clock, failures_to_open=10**9)
            return model_at(server, around=IMPATIENT, breaker=breaker), server

        yield start


@pytest.fixture(scope="module")
def ten_off(demo_pack: Pack) -> Decision:
    """$10 off for 6 months, $65.00 until May 20, 2027, and $75.00 after that."""
    return decision(decide(demo_pack, a_customer()), "OF-PRICE-10X6")


def worded(model: ChatModel, made: Decision, pack: Pack, language: str = "en") -> WordedOffer | None:
    return word_offer(
        model,
        made,
        reason="price",
        language=language,
        policy=policy_for(pack.head.redaction.kinds),
        gazetteer=gazetteer_of(pack),
        known_names=house_names_of(pack),
    )


def line(text: str) -> Behaviour:
    return says(json.dumps({"say": text}))


GOOD = "For 6 months I can take 10 dollars off each month. That is $65.00 until May 20, 2027, and $75.00 after that."


def test_an_honest_wording_is_read_out_with_its_model_and_prompt(
    ten_off: Decision, demo_pack: Pack, answering: Any
) -> None:
    model, server = answering(line(GOOD))
    assert worded(model, ten_off, demo_pack) == WordedOffer(GOOD, model.name, "offer_wording", 1)
    assert ten_off.say in str(server.bodies[-1], "utf-8")


@pytest.mark.parametrize(
    ("text", "because"),
    [
        (GOOD.replace("10 dollars", "15 dollars"), "another amount"),
        (GOOD.replace("6 months", "12 months"), "another length"),
        (GOOD.replace("May 20", "May 30"), "another day"),
        (GOOD.replace("$65.00", "$75.00").replace("and $75.00", "and $65.00"), "two sums changed places"),
        ("I can take 10 dollars off each month for 6 months.", "the price and its end are lost"),
        (GOOD + " Your price will never go up again.", "a promise"),
        (GOOD + " I have already applied it.", "a deed"),
        (GOOD + " You also get Fiber Gig for free.", "another offer"),
        (
            GOOD + " This is the best offer in the country and you should take it now.",
            "pressed",
        ),
        ("Please hold.", "nothing of the line"),
    ],
)
def test_a_wording_that_adds_or_loses_something_is_thrown_away(
    text: str, because: str, ten_off: Decision, demo_pack: Pack, answering: Any
) -> None:
    assert worded(answering(line(text))[0], ten_off, demo_pack) is None, because
    assert list(wording_faults(text, ten_off, language="en"))


@pytest.mark.parametrize("lie", [*(GOOD[:-1] + tail for tail in TAILS), *(f"{GOOD} {whole}" for whole in WHOLE)])
def test_no_lie_of_a_hostile_model_is_read_out(lie: str, ten_off: Decision, demo_pack: Pack, answering: Any) -> None:
    assert worded(answering(line(lie))[0], ten_off, demo_pack) is None


@pytest.mark.parametrize("behaviour", [fails(500), says("no JSON"), says('{"say": ""}'), says("")])
def test_a_model_that_gives_nothing_usable_fails(
    behaviour: Behaviour, ten_off: Decision, demo_pack: Pack, answering: Any
) -> None:
    with pytest.raises(ModelFailed):
        worded(answering(behaviour)[0], ten_off, demo_pack)


def test_nothing_is_asked_for_what_may_not_be_offered(demo_pack: Pack, answering: Any) -> None:
    model, server = answering(line(GOOD))
    found = decide(demo_pack, a_customer())
    assert worded(model, decision(found, "OF-SPRING26"), demo_pack) is None
    assert worded(model, decision(found, "NO_OFFER"), demo_pack) is None
    assert server.bodies == []


def test_a_spanish_line_is_worded_in_spanish(demo_pack: Pack, answering: Any) -> None:
    context = CallContext("price", auth_level="authenticated")
    found = evaluate(a_customer(), context, without_holdout(demo_pack), TODAY, language="es")
    made = decision(found, "OF-LOCK-12")
    assert "sin contrato" in made.say
    assert list(wording_faults(made.say, made, language="es")) == []
    assert list(wording_faults(made.say.replace("sin contrato", "con contrato"), made, language="es"))


def test_the_packs_own_lines_pass_their_check(demo_pack: Pack) -> None:
    found = decide(demo_pack, a_customer())
    lines = [each for each in found.ranked if each.say]
    assert len(lines) >= 3
    assert [list(wording_faults(each.say, each, language="en")) for each in lines] == [[] for _ in lines]
