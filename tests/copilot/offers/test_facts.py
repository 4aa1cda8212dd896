from datetime import date

import pytest

from copilot.offers import Book, CallContext, facts_of
from copilot.offers.facts import months_between
from copilot.offers.requests import book_of
from knowledge.conditions import FACTS, NEVER
from knowledge.pack import Pack
from tests.copilot.offers.desk import TODAY, a_customer, fiber


@pytest.fixture
def book(demo_pack: Pack) -> Book:
    return book_of(demo_pack)


def test_every_fact_of_the_vocabulary_is_there(book: Book) -> None:
    of_the_offer = {name for name in FACTS if name.startswith("offer.")}
    assert facts_of(a_customer(), CallContext("price"), book, TODAY).keys() == FACTS.keys() - of_the_offer


def test_what_a_record_implies(book: Book) -> None:
    facts = facts_of(a_customer(), CallContext("price", cues=("price",)), book, TODAY)
    expected = {
        "customer.tenure_months": 30,
        "account.status": "active",
        "account.services": ["internet"],
        "account.plans": ["fiber-600"],
        "account.monthly_cents": 7500,
        "account.internet_cents": 7500,
        "account.days_since_price_offer": NEVER,
        "account.has_smaller_plan": False,
        "call.cues": ["price"],
    }
    assert {name: facts[name] for name in expected} == expected


def test_a_discount_on_the_bill_lowers_the_monthly_charges(book: Book) -> None:
    invoice = {
        "invoice_id": "I",
        "bill_date": "2026-11-01",
        "due_date": "2026-11-22",
        "total": "70.00",
        "lines": [
            {"description": "Fiber 600", "amount": "75.00"},
            {"description": "AutoPay discount", "amount": "-5.00"},
        ],
    }
    assert facts_of(a_customer(invoices=[invoice]), CallContext("price"), book, TODAY)["account.monthly_cents"] == 7000


def test_a_smaller_plan_is_known_where_the_use_is(book: Book) -> None:
    light = a_customer(accounts=[{"account_id": "A", "services": [fiber(use_percent=45)]}])  # 270 of 600 Mbps
    heavy = a_customer(accounts=[{"account_id": "A", "services": [fiber(use_percent=60)]}])
    assert facts_of(light, CallContext("price"), book, TODAY)["account.has_smaller_plan"] is True
    assert facts_of(heavy, CallContext("price"), book, TODAY)["account.has_smaller_plan"] is False


def test_past_offers_count_in_days_and_in_money(book: Book) -> None:
    past = [{"offer_id": "OF-PRICE-10X6", "on": "2026-08-22", "outcome": "accepted"}]
    facts = facts_of(a_customer(offers_history=past), CallContext("price"), book, TODAY)
    assert facts["account.days_since_price_offer"] == 90
    assert facts["account.price_offers_running"] == 1  # until 22 February
    assert facts["account.concessions_12m_cents"] == 6000  # 10.00 x 6
    assert facts["account.offers_taken"] == ["OF-PRICE-10X6"]


def test_the_record_may_state_a_fact_itself(book: Book) -> None:
    facts = facts_of(a_customer(facts={"account.use_percent": 12}), CallContext("price"), book, TODAY)
    assert facts["account.use_percent"] == 12


@pytest.mark.parametrize(
    ("begin", "end", "months"),
    [
        (date(2026, 1, 31), date(2026, 2, 28), 1),
        (date(2026, 1, 15), date(2026, 2, 14), 0),
        (date(2024, 2, 29), date(2025, 2, 28), 12),
        (date(2026, 5, 1), date(2026, 4, 1), 0),
    ],
)
def test_only_full_months_count(begin: date, end: date, months: int) -> None:
    assert months_between(begin, end) == months
