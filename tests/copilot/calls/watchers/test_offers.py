import pytest
from sqlalchemy import Engine

from copilot.calls.desk import Desk
from copilot.calls.live import LiveCalls
from copilot.feeds import read_transcripts
from copilot.offer_advice import offers_of
from copilot.store import EventLog
from knowledge.pack import PACKS, Pack
from tests.copilot.calls.offer_calls import TEMPTED, TO_THE_MOMENT, OfferCall


@pytest.fixture
def call(database: Engine, demo_pack: Pack) -> OfferCall:
    return OfferCall(database, demo_pack).say(*TO_THE_MOMENT)


def test_a_wrong_amount_is_told_once_with_the_true_one(call: OfferCall) -> None:
    call.say(("agent", "I can take twenty-five dollars off each month for six months."))
    assert call.alerts() == ["You said $25; the offer is $10 off for 6 months."]
    call.say(("customer", "Really?"), ("agent", "Yes, twenty-five dollars off each month for six months."))
    assert len(call.alerts()) == 1


def test_a_wrong_amount_is_told_in_spanish(database: Engine, demo_pack: Pack) -> None:
    call = OfferCall(database, demo_pack, "C-1001", language="es").say(
        ("customer", "Quiero cancelar el internet, está muy caro."),
        ("agent", "¿Me permite decirle una cosa antes?"),
        ("customer", "Sí, dígame."),
        ("agent", "Puedo descontarle veinticinco dólares al mes durante seis meses."),
    )
    assert call.alerts() == ["Usted dijo $25; la oferta es $10 menos por 6 meses."]


def test_a_wrong_end_names_the_true_one(call: OfferCall) -> None:
    call.say(("agent", "It's fifteen dollars off a month until August 20, 2027."))
    assert call.alerts() == ["You said until August 20; the offer is $15 off for 3 months, until February 20, 2027."]


def test_before_an_offer_was_shown_figures_are_not_judged(database: Engine, demo_pack: Pack) -> None:
    call = OfferCall(database, demo_pack, verified=False)
    call.say(*TO_THE_MOMENT, ("agent", "I can take twenty-five dollars off each month for six months."))
    assert call.alerts() == []


def test_only_the_agent_is_held_to_the_offer(call: OfferCall) -> None:
    call.say(("customer", "My neighbour has twenty-five dollars off each month for six months."))
    assert call.alerts() == []


def test_the_attempt_the_outcome_and_the_note_name_the_offer(call: OfferCall) -> None:
    call.say(
        ("agent", "I can take ten dollars off a month for six months."),
        ("customer", "That is not enough, I already signed with the others."),
    )
    attempt = next(body for body in call.bodies("offer.shown") if body.get("attempt") == 1)
    assert attempt["offer_id"] == "OF-PRICE-10X6"
    (outcome,) = call.bodies("offer.outcome")
    assert (outcome["offer_id"], outcome["outcome"]) == ("OF-PRICE-10X6", "refused")
    (talk,) = call.live.end("c")["offers"]
    assert (talk["offer_id"], talk["outcome"]) == ("OF-PRICE-10X6", "refused")
    assert talk["refusal_reason"]["text"].startswith("That is not enough")


def test_an_agent_who_goes_on_to_another_offer_is_answered_to_that_one(call: OfferCall) -> None:
    call.say(
        ("agent", "I can take ten dollars off a month for six months."),
        ("customer", "Hmm."),
        ("agent", "Or fifteen dollars off each month for three months."),
        ("customer", "Okay, let's do that."),
    )
    (outcome,) = call.bodies("offer.outcome")
    assert (outcome["offer_id"], outcome["outcome"]) == ("OF-PRICE-15X3", "accepted")


def test_words_that_fit_no_offer_name_none(call: OfferCall) -> None:
    call.say(("agent", "I can give you a free hot tub for the month."))
    attempt = next(body for body in call.bodies("offer.shown") if body.get("attempt") == 1)
    assert attempt["offer_id"] is None


def test_where_nobody_cancels_an_offer_is_made_and_answered_all_the_same(database: Engine, demo_pack: Pack) -> None:
    call = OfferCall(database, demo_pack).say(
        TEMPTED, ("agent", "I can lock your price for 12 months."), ("customer", "Okay, let's do that.")
    )
    card, made = call.bodies("offer.shown")
    assert "card_id" in card
    assert (made["offer_id"], made["attempt"]) == ("OF-LOCK-12", None)
    (outcome,) = call.bodies("offer.outcome")
    assert (outcome["offer_id"], outcome["outcome"], outcome["attempt"]) == ("OF-LOCK-12", "accepted", None)
    call.say(("customer", "It is still too expensive, what else can you do for me?"))
    assert call.offers() == ["OF-LOCK-12"]  # taken: nothing more is sold


def test_a_yes_long_after_answers_something_else(database: Engine, demo_pack: Pack) -> None:
    call = OfferCall(database, demo_pack).say(TEMPTED, ("agent", "I can lock your price for 12 months."))
    for _ in range(5):
        call.say(("customer", "Hold on."), ("agent", "Of course."))
    call.say(("customer", "Okay, let's do that."))
    assert call.bodies("offer.outcome") == []


EXPECTED = {
    "demo-01-price-save": ["OF-LOCK-12"],
    "demo-04-restore": ["OF-PAYPLAN"],
    "demo-14-business-renewal": ["OF-TRIAL-COMPLETE"],
    "demo-20-arreglo-de-pago-es": ["OF-PAYPLAN"],
    "demo-23-pausa-temporada-es": ["OF-PAUSE-3"],
}


def test_the_demo_calls_show_these_offers_and_no_false_alarm(database: Engine, demo_pack: Pack) -> None:
    """Every caller is verified early on, which opens more than the calls themselves do."""
    live = LiveCalls(EventLog(database), Desk(demo_pack, None, offers_of(demo_pack)))
    offered: dict[str, list[str]] = {}
    alarms: list[str] = []
    for one in read_transcripts(PACKS / "demo" / "calls.jsonl"):
        live.start(one)
        live.add_turns(one.call_id, one.turns[:5])
        live.report_auth(one.call_id, "authenticated", "one_time_code")
        live.add_turns(one.call_id, one.turns[5:])
        cards = [event.body for event in live.events(one.call_id) if event.type == "card.shown"]
        if shown := [card["offer"]["offer_id"] for card in cards if card["kind"] == "offer"]:
            offered[one.call_id] = shown
        alarms += [card["body"] for card in cards if card["about"].startswith("offer_said:")]
    assert offered == EXPECTED
    assert alarms == []
