from dataclasses import replace
from datetime import date

import pytest

from copilot.offers import Book, CallContext, facts_of
from copilot.offers.facts import months_between
from copilot.offers.requests import book_of
from knowledge.conditions import FACTS, NEVER
from knowledge.pack import Pack
from knowledge.rules.offers import FactDeclaration
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


def declaring(book: Book, *facts: dict[str, object]) -> Book:
    declared = tuple(FactDeclaration.model_validate({"says": "of this trade", **fact}) for fact in facts)
    return replace(book, offers=book.offers.model_copy(update={"facts": declared}))


def test_a_pack_counts_units_and_charges_over_the_services_it_names(book: Book) -> None:
    seats = declaring(
        book,
        {"name": "account.seats", "kind": "whole", "sum_of": {"what": "quantity", "services": ["seat", "guest"]}},
        {"name": "account.seat_cents", "kind": "whole", "sum_of": {"what": "charge", "services": ["seat"]}},
    )
    lines = [
        fiber(service_id="1", product="seat", monthly="12.50", quantity=8),
        fiber(service_id="2", product="guest", monthly="0.00", quantity=3),
        fiber(service_id="3", product="seat", monthly="12.50", quantity=9, line_status="disconnected"),
        fiber(service_id="4", product="support", monthly="99.00"),
    ]
    customer = a_customer(accounts=[{"account_id": "A", "services": lines}])
    facts = facts_of(customer, CallContext("price"), seats, TODAY)
    assert (facts["account.seats"], facts["account.seat_cents"]) == (11, 10000)


def test_what_the_record_states_wins_over_a_sum(book: Book) -> None:
    seats = declaring(
        book, {"name": "account.seats", "kind": "whole", "sum_of": {"what": "quantity", "services": ["seat"]}}
    )
    facts = facts_of(a_customer(facts={"account.seats": 40}), CallContext("price"), seats, TODAY)
    assert facts["account.seats"] == 40


def test_a_stated_day_is_a_date_where_the_pack_says_so_and_what_is_null_is_unknown(book: Book) -> None:
    dated = declaring(book, {"name": "account.last_visit", "kind": "date"}, {"name": "account.code", "kind": "text"})
    stated = {"account.last_visit": "2026-11-01", "account.code": "2026-11-01", "account.visits": None}
    facts = facts_of(a_customer(facts=stated), CallContext("price"), dated, TODAY)
    assert (facts["account.last_visit"], facts["account.code"]) == (date(2026, 11, 1), "2026-11-01")
    assert "account.visits" not in facts
    nonsense = facts_of(a_customer(facts={"account.last_visit": "soon"}), CallContext("price"), dated, TODAY)
    assert nonsense["account.last_visit"] == "soon"


def test_offers_count_as_made_whether_they_were_taken_or_not(book: Book) -> None:
    past = [
        {"offer_id": "OF-LOCK-12", "on": "2026-11-10", "outcome": "declined"},
        {"offer_id": "OF-GONE", "on": "2025-11-21", "outcome": "accepted"},
        {"offer_id": "OF-GONE", "on": "2025-11-20", "outcome": "accepted"},  # a year ago to the day: no longer
    ]
    facts = facts_of(a_customer(offers_history=past), CallContext("price"), book, TODAY)
    assert (facts["account.offers_made_12m"], facts["account.days_since_offer"]) == (2, 10)


def test_an_agreement_without_an_end_is_a_long_one(book: Book) -> None:
    line = fiber(agreement={"term_months": 0, "ends_on": "9999-12-31"})
    facts = facts_of(a_customer(accounts=[{"account_id": "A", "services": [line]}]), CallContext("price"), book, TODAY)
    assert facts["account.agreement_months_left"] == (9999 - 2026) * 12 + 1


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
