"""Whatever a record holds, a decision comes out: without an error, in cents, with "no offer" among it once."""

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from copilot.customer import customer_record
from copilot.errors import BadInput
from copilot.offers import NO_OFFER, CallContext, Desk, evaluate, made_up
from copilot.offers.replay import answer_text
from copilot.offers.requests import OffersAsked, book_of
from knowledge.pack import load_pack

PACKS = Path(__file__).parents[2] / "packs"
BOOKS = {
    trade: book_of(load_pack(trade if trade == "demo" else PACKS / trade))
    for trade in ("demo", "gym", "invoicing", "newspaper")
}
CENTS = re.compile(r"-?\d+\.\d{2}")

amounts = st.integers(0, 10**14 - 1).map(lambda cents: f"{cents // 100}.{cents % 100:02d}") | st.sampled_from(
    ["0.00", "0.01", "19.99", "59.00", "75.00", "999999999999.99"]
)
days = st.dates() | st.sampled_from([date.min, date.max]) | st.dates(date(2023, 1, 1), date(2027, 12, 31))
decision_days = st.just(date(2026, 11, 20)) | st.dates(date(2000, 1, 1), date(2199, 12, 31))
statuses = st.sampled_from(["active", "paused", "suspended", "disconnected"])
words = st.sampled_from(
    ["internet", "mobile", "desk", "membership", "seat", "paper", "Fiber 600", "Full", ""]
) | st.text(max_size=20)


@st.composite
def records(draw: st.DrawFn, book_name: str) -> dict[str, Any]:
    """A record that makes sense, with parts of it replaced by what is well formed and absurd."""
    book = BOOKS[book_name]
    offer_ids = st.sampled_from([offer.offer_id for offer in book.offers.offers]) | st.just("OF-GONE")
    names = [fact.name for fact in book.offers.facts] + ["customer.tenure_months", "account.services", "account.odd"]
    line = st.fixed_dictionaries(
        {"service_id": st.just("S"), "product": words, "plan": words, "monthly": amounts},
        optional={
            "quantity": st.integers(0, 1_000_000),
            "line_status": statuses,
            "agreement": st.fixed_dictionaries({"term_months": st.integers(0, 60), "ends_on": days}),
            "device": st.fixed_dictionaries({"model": words, "bought_on": days}, optional={"instalment": amounts}),
            "use_percent": st.integers(0, 100),
        },
    )
    past = st.fixed_dictionaries(
        {"offer_id": offer_ids, "on": days, "outcome": st.sampled_from(["accepted", "declined", "odd"])},
        optional={"ends_on": days, "value": amounts},
    )
    facts = st.dictionaries(
        st.sampled_from(names),
        st.none() | st.integers() | st.booleans() | st.text(max_size=10) | st.lists(st.text(max_size=5), max_size=3),
        max_size=5,
    )
    sensible = next(made_up.questions(book, date(2026, 11, 20), draw(st.integers(0, 10_000)))).customer
    return sensible.model_dump(mode="json", exclude_unset=True) | draw(
        st.fixed_dictionaries(
            {"customer_id": st.text(min_size=1, max_size=10)},
            optional={
                "segment": st.sampled_from(["home", "business"]),
                "state": words,
                "since": days,
                "left_on": days,
                "accounts": st.lists(
                    st.fixed_dictionaries({"account_id": words, "services": st.lists(line, max_size=4)}), max_size=2
                ),
                "balance": st.fixed_dictionaries({}, optional={"past_due": amounts, "open_disputed": amounts}),
                "cost": st.fixed_dictionaries({"variable_cost_monthly": amounts}),
                "invoices": st.lists(
                    st.fixed_dictionaries(
                        {"invoice_id": words, "bill_date": days, "due_date": days, "total": amounts},
                        optional={"state": st.sampled_from(["sent", "settled"])},
                    ),
                    max_size=2,
                ),
                "payments": st.lists(st.fixed_dictionaries({"paid_on": days, "amount": amounts}), max_size=2),
                "offers_history": st.lists(past, max_size=4),
                "tickets": st.lists(
                    st.fixed_dictionaries({"ticket_id": words}, optional={"fault_proven_on": days}), max_size=2
                ),
                "facts": facts,
            },
        )
    )


@st.composite
def questions(draw: st.DrawFn) -> tuple[str, dict[str, Any], CallContext, date, str]:
    name = draw(st.sampled_from(sorted(BOOKS)))
    call = CallContext(
        reason=draw(st.sampled_from([*BOOKS[name].known_reasons, "", "unheard-of"])),
        channel=draw(st.sampled_from(["phone", "chat", "email", "store", "web"])),
        cues=tuple(draw(st.lists(st.sampled_from(["deceased", "price", "x"]), max_size=2))),
        auth_level=draw(st.sampled_from(["password", "authenticated", "identified", "none"])),
        save_attempts=draw(st.sampled_from([0, 0, 0, 1])),
        may_offer=draw(st.sampled_from([True, True, True, False])),
        is_vulnerable=draw(st.sampled_from([False, False, False, True])),
    )
    return name, draw(records(name)), call, draw(decision_days), draw(st.sampled_from(["en", "es"]))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(questions())
@example(("demo", {"customer_id": "x", "since": date.max}, CallContext("price"), date(2026, 11, 20), "en"))
def test_every_record_gets_a_decision(question: tuple[str, dict[str, Any], CallContext, date, str]) -> None:
    name, record, call, on, language = question
    found = evaluate(customer_record(record), call, Desk(BOOKS[name]), on, language=language)
    told = json.loads(answer_text(found))
    ids = [each["offer_id"] for each in told["decisions"]]
    assert len(set(ids)) == len(ids) == len(BOOKS[name].offers.offers) + 1
    assert [each.offer_id for each in found.ranked].count(NO_OFFER) == 1
    assert NO_OFFER not in [each.offer_id for each in found.refused]
    assert {each.eligible for each in found.ranked} == {True}
    for each in told["decisions"]:
        assert each["eligible"] == all(rule["holds"] for rule in each["derivation"])
        for amount in ("V0", "C", "dEV", "C_max", "cannibalisation"):
            assert each[amount] is None or CENTS.fullmatch(each[amount]), (amount, each[amount])
        assert "{" not in each["say"] + each["terms"]


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(questions())
def test_a_question_that_was_stored_as_json_gets_the_same_bytes(
    question: tuple[str, dict[str, Any], CallContext, date, str],
) -> None:
    name, record, call, on, language = question
    desk = Desk(BOOKS[name])
    asked = OffersAsked.model_validate(
        {"customer": record, "reason": BOOKS[name].known_reasons[0], "cues": call.cues, "on": on, "language": language}
    )
    again = OffersAsked.model_validate_json(json.dumps(asked.model_dump(mode="json", exclude_unset=True)))
    stored = replace(desk, book=type(desk.book).of_text(desk.book.as_text))
    assert answer_text(again.answer(stored, on)) == answer_text(asked.answer(desk, on))


@pytest.mark.parametrize("facts", [{"account.x": 1.5}, {"account.x": {"a": 1}}, ["account.x"], "account.x"])
def test_facts_that_are_none_are_refused_without_an_exception_of_another_kind(facts: object) -> None:
    with pytest.raises(BadInput, match=r"^Customer record, facts"):
        customer_record({"customer_id": "x", "facts": facts})
