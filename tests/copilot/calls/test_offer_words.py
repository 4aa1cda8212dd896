from typing import Any

import pytest

from copilot.calls.offer_words import named_offer

TEN: dict[str, Any] = {
    "offer_id": "TEN",
    "name": "$10 off for 6 months",
    "monthly_off": "10.00",
    "months": 6,
    "price_now": "85.00",
    "end_date": "2027-05-20",
}
FIFTEEN: dict[str, Any] = {
    **TEN,
    "offer_id": "FIFTEEN",
    "name": "$15 off for 3 months",
    "monthly_off": "15.00",
    "months": 3,
}
LOCK: dict[str, Any] = {"offer_id": "LOCK", "name": "12-month price lock", "months": 12, "price_now": "85.00"}
SHARE: dict[str, Any] = {
    "offer_id": "SHARE",
    "name": "20 percent off for 3 months",
    "percent_off": "20",
    "monthly_off": "17.10",
    "months": 3,
    "price_now": "85.50",
}
PAUSE: dict[str, Any] = {"offer_id": "PAUSE", "name": "Pause", "monthly_price": "5.00", "months": 3, "months_min": 1}
CREDIT: dict[str, Any] = {"offer_id": "CREDIT", "name": "$25 goodwill credit", "once_off": "25.00"}


@pytest.mark.parametrize(
    ("said", "offers", "wrong"),
    [
        ("I can take twenty-five dollars off each month for six months.", [TEN], [("amount", "25")]),
        ("i can take twenty five dollars off a month for six months", [TEN, FIFTEEN], [("amount", "25")]),
        ("That's $10 off a month for 12 months.", [TEN], [("months", "12")]),
        ("It's ten dollars off a month until August 20, 2027.", [TEN], [("date", "8/20")]),
        ("I can do 25 percent off for 3 months.", [SHARE], [("percent", "25")]),
        ("What I have is fifteen off your bill for six months.", [FIFTEEN], [("months", "6")]),
        ("We can pause it for 8 dollars a month.", [PAUSE], [("monthly_price", "8")]),
        ("I am putting a credit of 50 dollars on your next bill.", [CREDIT], [("credit", "50")]),
    ],
)
def test_figures_that_differ_are_told(said: str, offers: list[dict[str, Any]], wrong: list[tuple[str, str]]) -> None:
    named = named_offer(said, offers, "en")
    assert named is not None
    assert [(figure.kind, figure.value) for figure in named.wrong] == wrong


@pytest.mark.parametrize(
    ("said", "offers", "wrong"),
    [
        ("Puedo descontarle veinticinco dólares al mes por seis meses.", [TEN], [("amount", "25")]),
        ("Son diez dólares menos al mes durante doce meses.", [TEN], [("months", "12")]),
        ("Le doy un veinticinco por ciento de descuento por tres meses.", [SHARE], [("percent", "25")]),
        ("Podemos pausar su servicio por ocho dólares al mes.", [PAUSE], [("monthly_price", "8")]),
    ],
)
def test_figures_that_differ_are_told_in_spanish(
    said: str, offers: list[dict[str, Any]], wrong: list[tuple[str, str]]
) -> None:
    named = named_offer(said, offers, "es")
    assert named is not None
    assert [(figure.kind, figure.value) for figure in named.wrong] == wrong


@pytest.mark.parametrize(
    ("said", "offers", "offer_id"),
    [
        ("I can take ten dollars off each month for six months.", [TEN], "TEN"),
        ("It's ten dollars off a month until the June bill.", [TEN], "TEN"),
        ("It's ten dollars off a month until June 6.", [TEN], "TEN"),  # the last bill, 17 days on
        ("Fifteen dollars off for three months, or ten off a month for six.", [FIFTEEN, TEN], "FIFTEEN"),
        ("That is sixty dollars off in all.", [TEN], "TEN"),  # 6 x 10
        ("Twenty percent off, about seventeen dollars off a month.", [SHARE], "SHARE"),
        ("I can lock your price for 12 months.", [LOCK], "LOCK"),
        ("We can pause it for two months at five dollars a month.", [PAUSE], "PAUSE"),
        ("Not twenty-five, sorry: ten dollars off a month.", [TEN], "TEN"),
    ],
)
def test_an_offer_told_right_is_known_and_nothing_is_said(
    said: str, offers: list[dict[str, Any]], offer_id: str
) -> None:
    named = named_offer(said, offers, "en")
    assert named is not None
    assert (named.offer["offer_id"], named.wrong) == (offer_id, ())


@pytest.mark.parametrize(
    "said",
    [
        "Your bill is eighty-five dollars a month.",
        "Seventy-five for Fiber six hundred, ten for the modem, minus five for AutoPay.",
        "You keep five dollars off with AutoPay.",
        "You had twenty dollars off until March.",
        "I can't do 25 dollars off.",
        "They would give you 25 dollars off for a year.",
        "You'll see a credit of 12 dollars for the outage.",
        "A credit of 12 dollars is on its way.",
        "The spring promotion was $20 off for 4 months.",
        "If it were 25 dollars off, would that help?",
        "Members get up to 30% off on select plans.",
        "The plan is fifty-five for the first year.",
        "Your number is 555 0100, and the fee is twenty dollars.",
        "",
    ],
)
def test_other_figures_are_passed_over(said: str) -> None:
    assert named_offer(said, [TEN, FIFTEEN], "en") is None


def test_without_offers_nothing_is_named() -> None:
    assert named_offer("I can take 25 dollars off each month.", [], "en") is None


def test_a_long_turn_is_read_in_time() -> None:
    assert named_offer("off 25 dollars until the " * 2000, [TEN], "en") is None
