from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.connect.minor_units import exponent_of, from_minor, in_cents, to_minor
from copilot.connect.protocol import BadSignature, ConnectFailed, NoSuchRecord, Refused
from copilot.connect.signatures import _seal
from copilot.connect.systems.stripe_like import StripeSystem, build
from copilot.errors import ConfigError
from tests.copilot.connect.systems.serving import Asked, FakeSystem, Mishap, Told, serving

ENVIRON = {"STRIPE_KEY": "rk_test_1", "STRIPE_HOOK": "whsec_1"}
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
OCT_1 = int(datetime(2026, 10, 1, 8, tzinfo=UTC).timestamp())
CURRENCIES = st.sampled_from(["USD", "eur", "JPY", "KRW", "KWD", "bhd", "ISK", "UGX", "MXN"])


def invoice(number: int, **changed: Any) -> dict[str, Any]:
    return {
        "id": f"in_{number}",
        "customer": "cus_1",
        "currency": "usd",
        "created": OCT_1 + number,
        "due_date": OCT_1 + 20 * 86400,
        "status": "open",
        "amount_paid": 0,
        "total": 8410,
        "lines": {"data": [{"description": "Fiber 300", "amount": 8000}], "has_more": False},
        "total_discount_amounts": [{"amount": 200}],
        "total_taxes": [{"amount": 610, "tax_behavior": "exclusive"}, {"amount": 99, "tax_behavior": "inclusive"}],
        **changed,
    }


def charge(number: int, **changed: Any) -> dict[str, Any]:
    return {
        "id": f"ch_{number}",
        "customer": "cus_1",
        "currency": "usd",
        "created": OCT_1 + 86400,
        "amount": 8410,
        "status": "succeeded",
        "payment_method_details": {"type": "card", "card": {"brand": "visa", "last4": "4242"}},
        **changed,
    }


class Stripe(FakeSystem):
    """Lists with has_more and starting_after, pages of two whatever the limit."""

    def __init__(self) -> None:
        super().__init__()
        self.customers: dict[str, dict[str, Any]] = {
            "cus_1": {
                "id": "cus_1",
                "name": "Dana Whitfield",
                "email": "dana@example.org",
                "phone": "+15550100142",
                "preferred_locales": ["es-MX"],
                "metadata": {"account_id": "A-1001", "plan": "Fiber 300"},
            },
            "cus_2": {"id": "cus_2", "name": "Other", "email": "dana@example.org", "metadata": {}},
            "cus_3": {"id": "cus_3", "deleted": True},
        }
        self.rows: dict[str, list[dict[str, Any]]] = {
            "invoices": [],
            "charges": [],
            "payment_intents": [],
            "subscriptions": [],
        }
        self.lines: list[dict[str, Any]] = []
        self._seen: dict[str, Told] = {}

    def answer(self, asked: Asked) -> Told:
        if asked.headers.get("authorization") != "Bearer rk_test_1":
            return Told({"error": {"message": "Invalid API Key"}}, 401)
        steps = asked.path.removeprefix("/v1/").split("/")
        if steps == ["customers", "search"]:
            return self._search(asked)
        if steps == ["customers"]:
            wanted = asked.query.get("email")
            return self._page(asked, [one for one in self.customers.values() if wanted in (None, one.get("email"))])
        if steps[0] == "customers":
            return self._customer(asked, steps[1])
        return self._page(asked, self.lines if len(steps) == 3 else self.rows[steps[0]])

    def _page(self, asked: Asked, rows: list[dict[str, Any]]) -> Told:
        ids = [row["id"] for row in rows]
        start = ids.index(asked.query["starting_after"]) + 1 if "starting_after" in asked.query else 0
        return Told({"object": "list", "data": rows[start : start + 2], "has_more": bool(rows[start + 2 :])})

    def _search(self, asked: Asked) -> Told:
        hits = [one for one in self.customers.values() if str(one.get("phone")) in asked.query["query"]]
        page = int(asked.query.get("page", 0))
        more = bool(hits[page + 1 :])
        return Told({"data": hits[page : page + 1], "has_more": more, "next_page": str(page + 1) if more else None})

    def _customer(self, asked: Asked, customer_id: str) -> Told:
        there = self.customers.get(customer_id)
        if there is None:
            return Told({"error": {"code": "resource_missing"}}, 404)
        key = asked.headers.get("idempotency-key", "")
        if asked.method == "POST" and key not in self._seen:
            for name, value in asked.form.items():
                if name.startswith("metadata["):
                    there["metadata"][name[9:-1]] = value
                else:
                    there[name] = value
            self._seen[key] = Told(there)
        return Told(there)


def stripe(url: str, **changed: Any) -> StripeSystem:
    told = {"kind": "stripe_like", "url": url, "key_variable": "STRIPE_KEY", "timeout_s": 5, **changed}
    system = build("billing", told, base=Path(), environ=ENVIRON)
    assert isinstance(system, StripeSystem)
    return system


def test_customers_are_found_in_every_documented_way() -> None:
    fake = Stripe()
    fake.customers["cus_2"]["phone"] = "+15550100142"
    with serving(fake) as url:
        system = stripe(url)
        (one,) = system.find("id", "cus_1")
        assert [found.object_id for found in system.find("email", "dana@example.org")] == ["cus_1", "cus_2"]
        assert [found.object_id for found in system.find("phone", "+15550100142")] == ["cus_1", "cus_2"]
        system.find("account", "A'1\\")
        assert [system.find("id", "cus_9"), system.find("id", "cus_3"), system.find("email", " ")] == [[], [], []]
    assert (one.record.name, one.record.language, one.fields["metadata.plan"]) == ("Dana Whitfield", "es", "Fiber 300")
    searched = [asked.query["query"] for asked in fake.asked if "query" in asked.query]
    assert searched == ["phone:'+15550100142'"] * 2 + ["metadata['account_id']:'A\\'1\\\\'"]


def test_invoices_add_up_and_come_from_all_pages() -> None:
    fake = Stripe()
    fake.rows["invoices"] = [
        invoice(1),
        invoice(2, status="paid", due_date=None),
        invoice(3, amount_paid=100),
        invoice(4, status="draft", lines={"data": [], "has_more": True}),
        invoice(5, status="void"),
    ]
    fake.lines = [{"id": f"il_{n}", "description": f"Line {n}", "amount": 1600} for n in range(5)]
    with serving(fake) as url:
        bills = stripe(url).billing("cus_1")
    assert bills.problems == ()
    assert [each.invoice_id for each in bills.invoices] == ["in_1", "in_2", "in_3", "in_4", "in_5"]
    assert [each.state for each in bills.invoices] == ["sent", "settled", "partiallyPaid", "new", "void"]
    for each in bills.invoices:
        assert sum(line.amount for line in each.lines) == each.total == Decimal("84.10")
    first, second = bills.invoices[:2]
    assert (first.bill_date, first.due_date, second.due_date) == (
        date(2026, 10, 1),
        date(2026, 10, 21),
        date(2026, 10, 1),
    )
    assert bills.currency_of["in_1"] == "USD"


def test_amounts_follow_their_currency_and_none_is_rounded() -> None:
    fake = Stripe()
    plain = {"lines": {"data": []}, "total_discount_amounts": [], "total_taxes": []}
    fake.rows["invoices"] = [
        invoice(1, currency="jpy", total=500, **plain),
        invoice(2, currency="kwd", total=1230, **plain),
        invoice(3, currency="kwd", total=1234, **plain),
        invoice(4, currency="isk", total=50000, **plain),
        invoice(5, total=-1999, **plain),
    ]
    with serving(fake) as url:
        bills = stripe(url).billing("cus_1")
    totals = {each.invoice_id: str(each.total) for each in bills.invoices}
    assert totals == {"in_1": "500.00", "in_2": "1.23", "in_4": "500.00", "in_5": "-19.99"}
    assert bills.problems == ("invoice in_3: more than two decimals",)


def test_every_attempt_to_pay_is_told_with_the_issuers_code() -> None:
    fake = Stripe()
    failed = {"status": "failed", "failure_code": "card_declined"}
    fake.rows["charges"] = [
        charge(1),
        charge(2, **failed),
        charge(3, **failed, outcome={"reason": "do_not_honor"}),
        charge(4, **failed),
        charge(5, refunded=True),
        charge(6, status="pending", payment_method_details={"type": "us_bank_account"}),
    ]
    error = {"type": "card_error", "code": "card_declined", "decline_code": "insufficient_funds", "charge": "ch_2"}
    lost = {"code": "authentication_required", "payment_method": {"type": "card", "card": {"brand": "mastercard"}}}
    intent = {"customer": "cus_1", "currency": "usd", "created": OCT_1, "amount": 500}
    fake.rows["payment_intents"] = [
        {"id": "pi_1", **intent, "last_payment_error": error},
        {"id": "pi_2", **intent, "last_payment_error": lost},
        {"id": "pi_3", **intent, "last_payment_error": None},
    ]
    with serving(fake) as url:
        payments = stripe(url).billing("cus_1").payments
    assert [(each.result, each.decline_code) for each in payments] == [
        ("approved", None),
        ("declined", "insufficient_funds"),
        ("declined", "do_not_honor"),
        ("declined", "card_declined"),
        ("refunded", None),
        ("pending", None),
        ("declined", "authentication_required"),
    ]
    assert [each.method for each in payments[4:]] == ["card visa", "us_bank_account", "card mastercard"]
    assert payments[-1].amount == Decimal("5.00")


def test_subscriptions_are_told_in_their_own_words() -> None:
    fake = Stripe()
    fake.rows["subscriptions"] = [
        {"id": "sub_1", "status": "past_due", "cancel_at_period_end": False},
        {"id": "sub_2", "status": "active", "cancel_at_period_end": True},
        {"id": "sub_3", "status": "canceled"},
    ]
    with serving(fake) as url:
        told = stripe(url).billing("cus_1").subscriptions
        assert fake.asked[-1].query["status"] == "all"
    assert [(each.subscription_id, each.status, each.cancels_at_period_end) for each in told] == [
        ("sub_1", "past_due", False),
        ("sub_2", "active", True),
        ("sub_3", "canceled", False),
    ]


HOSTILE: list[dict[str, Any]] = [
    {"total": "84.10"},
    {"total": 84.1},
    {"total": True},
    {"total": None},
    {"total": 10**30},
    {"currency": None},
    {"currency": "dollars"},
    {"created": "yesterday"},
    {"created": -5},
    {"created": 10**15},
    {"due_date": []},
    {"lines": {"data": [{"description": "x", "amount": "y"}]}},
]


@pytest.mark.parametrize("changed", HOSTILE, ids=str)
def test_a_row_of_another_form_is_a_problem_and_the_others_are_told(changed: dict[str, Any]) -> None:
    fake = Stripe()
    fake.rows["invoices"] = [invoice(1, **changed), invoice(2)]
    fake.rows["charges"] = [charge(1, amount=None), charge(2, amount=-5), charge(3)]
    with serving(fake) as url:
        bills = stripe(url).billing("cus_1")
    assert [each.invoice_id for each in bills.invoices] == ["in_2"]
    assert len(bills.payments) == 1
    assert [problem.split(":")[0] for problem in bills.problems] == ["invoice in_1", "charge ch_1", "charge ch_2"]


def test_a_long_description_with_markup_stays_a_text_of_bounded_length() -> None:
    fake = Stripe()
    fake.rows["invoices"] = [invoice(1, lines={"data": [{"description": "<script>" + "x" * 9000, "amount": 8000}]})]
    with serving(fake) as url:
        (told,) = stripe(url).billing("cus_1").invoices
    assert told.lines[0].description == "<script>" + "x" * 492


def test_an_unknown_or_deleted_customer_has_no_bills() -> None:
    with serving(Stripe()) as url:
        for customer_id in ("cus_9", "cus_3"):
            with pytest.raises(NoSuchRecord):
                stripe(url).billing(customer_id)


def test_a_list_that_promises_more_and_gives_nothing_is_given_up() -> None:
    fake = Stripe()
    fake.mishaps.append(Mishap(data={"data": [], "has_more": True}))
    with serving(fake) as url, pytest.raises(Refused, match="go on from"):
        stripe(url).find("email", "dana@example.org")


@pytest.mark.parametrize("data", [None, [], "text", 5, {"data": 5}, {"data": [None, 1]}])
def test_an_answer_of_another_form_is_nobody_or_an_error_of_ours(data: Any) -> None:
    fake = Stripe()
    fake.mishaps.append(Mishap(data=data))
    with serving(fake) as url:
        assert stripe(url).find("email", "dana@example.org") == []
        fake.mishaps.append(Mishap(data=[]))
        with pytest.raises(ConnectFailed):
            stripe(url).current("customer", "cus_1", "name")


def test_only_a_customers_own_fields_are_written_and_a_repeated_key_writes_once() -> None:
    fake = Stripe()
    with serving(fake) as url:
        system = stripe(url, version="2026-06-30.basil")
        assert system.current("customer", "cus_1", "metadata.plan") == "Fiber 300"
        system.write_field("wb-1", "customer", "cus_1", "metadata.plan", "Fiber 100")
        system.write_field("wb-1", "customer", "cus_1", "metadata.plan", "Fiber 50")
        system.write_field("wb-2", "customer", "cus_1", "phone", "+1 555&metadata[x]=1")
        for field in ("balance", "metadata", "metadata.", "metadata.a.b", "metadata.a]b", "invoice_settings.footer"):
            with pytest.raises(Refused):
                system.write_field("wb-3", "customer", "cus_1", field, "x")
        with pytest.raises(Refused):
            system.write_field("wb-4", "ticket", "cus_1", "name", "text")
        with pytest.raises(Refused):
            system.add_note("wb-4", "customer", "cus_1", "text")
    assert fake.customers["cus_1"]["metadata"] == {"account_id": "A-1001", "plan": "Fiber 100"}
    assert fake.customers["cus_1"]["phone"] == "+1 555&metadata[x]=1"
    assert fake.asked[0].headers["stripe-version"] == "2026-06-30.basil"


def test_check_asks_for_one_customer_and_names_a_wrong_key() -> None:
    with serving(Stripe()) as url:
        assert stripe(url).check() == []
        wrong = {"kind": "stripe_like", "url": url, "key_variable": "STRIPE_KEY"}
        with pytest.raises(Refused, match="401"):
            build("billing", wrong, base=Path(), environ={"STRIPE_KEY": "sk_live_x"}).check()
    with pytest.raises(ConfigError, match="key_variable"):
        stripe("http://127.0.0.1:9", key_variable="sk_live_51:abc")


def test_an_event_must_be_signed_with_one_of_the_secrets_and_be_fresh() -> None:
    body = b'{"type":"customer.updated","data":{"object":{"id":"cus_1"}}}'
    stamp = str(int(NOW.timestamp()) - 299)

    def header(stamp: str = stamp, secret: str = "whsec_1", signed: bytes = body) -> dict[str, str]:
        seal = _seal(secret, f"{stamp}.".encode() + signed).hex()
        return {"stripe-signature": f"t={stamp},v1={'0' * 64},v1={seal},v0=x"}

    system = stripe("http://127.0.0.1:9", webhook_variable="STRIPE_HOOK")
    assert system.changed(header(), body, NOW) == [("customer", "cus_1")]
    good = header()["stripe-signature"]
    wrong = [
        {},
        {"stripe-signature": ""},
        {"stripe-signature": good.replace("v1=", "v0=")},
        {"stripe-signature": f"t=1,{good}"},
        header(str(int(NOW.timestamp()) - 301)),
        header(str(int(NOW.timestamp()) + 301)),
        header(secret="other"),
        header(signed=body[:-1]),
    ]
    for each in wrong:
        with pytest.raises(BadSignature):
            system.changed(each, body, NOW)
    for other in (b"{", b"[]", b'{"type":"invoice.paid","data":{"object":{"id":"in_1"}}}'):
        assert system.changed(header(signed=other), other, NOW) == []
    with pytest.raises(Refused, match="webhook_variable"):
        stripe("http://127.0.0.1:9").changed(header(), body, NOW)


@given(st.integers(-(10**15), 10**15), CURRENCIES)
def test_minor_units_become_an_amount_and_the_same_units_again(units: int, currency: str) -> None:
    amount = from_minor(units, currency)
    assert to_minor(amount, currency) == units
    assert amount * 10 ** exponent_of(currency) == units
    assert isinstance(amount, Decimal)


@given(st.decimals(-(10**9), 10**9, places=4), CURRENCIES)
def test_an_amount_that_is_no_whole_number_of_units_is_refused(amount: Decimal, currency: str) -> None:
    step = Decimal(1).scaleb(-exponent_of(currency))
    if amount % step == 0:
        assert from_minor(to_minor(amount, currency), currency) == amount
    else:
        with pytest.raises(ValueError, match="whole number"):
            to_minor(amount, currency)


@given(st.integers(-(10**12), 10**12), CURRENCIES)
def test_cents_are_exact_or_refused(units: int, currency: str) -> None:
    if exponent_of(currency) == 3 and units % 10:
        with pytest.raises(ValueError, match="two decimals"):
            in_cents(units, currency)
    else:
        cents = in_cents(units, currency)
        assert (to_minor(cents, currency), -cents.as_tuple().exponent) == (units, 2)  # type: ignore[operator]


def test_known_amounts() -> None:
    assert [
        str(from_minor(*each)) for each in ((1999, "usd"), (500, "JPY"), (1230, "kwd"), (5, "USD"), (-1, "EUR"))
    ] == [
        "19.99",
        "500",
        "1.230",
        "0.05",
        "-0.01",
    ]
