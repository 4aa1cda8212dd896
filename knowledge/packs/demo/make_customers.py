"""Write the 40 customers of the demo pack to `customers.jsonl` beside this file: the same bytes on every run.

C-1001 to C-1026 are the callers of `calls.jsonl`, one each, written by hand in `callers`; their records stand as
they were just before the call. C-1027 to C-1040 start from a situation in `others` and draw name, state and dates from
a seed of their own, so that changing one leaves the rest alone. All invented.

Conventions: money is a string with two decimals; `monthly` is the price of one unit and `quantity` the units (seats,
lines); `past_due` is unpaid and beyond its due date on TODAY, `current_due` unpaid and not yet due; `open_disputed` is
part of these two. Invoice states are those of TMF678: sent, partiallyPaid, settled. Taxes fall on phone, mobile,
rentals and what is marked taxable, not on internet access or discounts.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Literal

TODAY = date(2026, 11, 20)
SEED = "meridell-2026"
CUSTOMER_COUNT = 40
INVOICE_COUNT = 4
DAYS_TO_PAY = 21
GRACE_DAYS = 5
LATE_FEE = Decimal("8.00")
AUTOPAY_DISCOUNT = Decimal("5.00")
ZERO = Decimal("0.00")
FULL = "full"

TAX_PERCENT = {"TX": "8.25", "CA": "7.25", "NY": "8.875", "MN": "6.875"}
AREA_CODE = {"CA": 628, "TX": 737, "NY": 680, "MN": 651, "MA": 339, "OR": 458, "FL": 689, "AZ": 480}
PRICES: dict[str, tuple[str, str]] = {
    "Pocket 5": ("mobile", "25.00"),
    "Everyday 20": ("mobile", "40.00"),
    "Unlimited Plus": ("mobile", "60.00"),
    "Family Share": ("mobile", "130.00"),
    "Fleet Line": ("mobile", "32.00"),
    "Fleet Line Max": ("mobile", "48.00"),
    "Fiber 300": ("internet", "55.00"),
    "Fiber 600": ("internet", "75.00"),
    "Fiber Gig": ("internet", "95.00"),
    "Rural Wireless 100": ("internet", "45.00"),
    "Business Fiber 500": ("internet", "110.00"),
    "Business Fiber Gig": ("internet", "180.00"),
    "Static IP": ("internet", "15.00"),
    "Desk Basic": ("desk", "18.00"),
    "Desk Pro": ("desk", "28.00"),
    "Desk Complete": ("desk", "38.00"),
    "Desk toll-free number": ("desk", "5.00"),
    "Desk handset rental": ("equipment", "6.00"),
    "Home Phone": ("phone", "22.00"),
    "Modem rental": ("equipment", "10.00"),
    "Paper bill": ("fee", "3.00"),
}
TAXED_PRODUCTS = {"mobile", "phone", "desk", "equipment"}
NUMBERED_PRODUCTS = {"mobile", "phone", "desk"}

CpniApproval = Literal["none", "opt_out", "opt_in"]
AccountStatus = Literal["active", "past_due", "suspended", "disconnected"]
Paid = str | None  # FULL, an amount, or None for nothing


# ---- what is written


@dataclass(frozen=True)
class Agreement:
    """A fixed term, in months, and its last day."""

    term_months: int
    ends_on: str


@dataclass(frozen=True)
class Device:
    """A phone and what is left to pay on it."""

    model: str
    bought_on: str
    instalments_left: int
    instalment: str


@dataclass(frozen=True)
class Service:
    """One subscribed thing; `monthly` is the price of one unit."""

    service_id: str
    product: str
    plan: str
    monthly: str
    quantity: int
    line_status: str
    started_on: str
    agreement: Agreement | None
    device: Device | None
    number: str | None


@dataclass(frozen=True)
class Contact:
    """A person on the account; only an authorised one may change it."""

    name: str
    role: str
    authorised: bool
    phone: str
    email: str


@dataclass(frozen=True)
class Flags:
    """What care must know before it speaks or sells."""

    vulnerable: bool = False
    medical_dependency: bool = False
    dedicated_rep: bool = False
    cpni_contract_clause: bool = False
    marketing_consent: bool = True
    cpni_approval: CpniApproval = "opt_out"
    do_not_call: bool = False


@dataclass(frozen=True)
class PaymentMethod:
    """How bills are paid: last four only, never a number."""

    kind: str
    brand: str | None
    last4: str | None
    expires: str | None


@dataclass(frozen=True)
class Account:
    """A billing account with its services."""

    account_id: str
    status: AccountStatus
    bill_day: int
    autopay: bool
    payment_method: PaymentMethod
    services: tuple[Service, ...]


@dataclass(frozen=True)
class Line:
    """One line of an invoice; a discount is negative."""

    description: str
    amount: Decimal


@dataclass(frozen=True)
class Invoice:
    """A bill; its lines add up to `total`."""

    invoice_id: str
    bill_date: date
    due_date: date
    lines: tuple[Line, ...]
    total: Decimal
    state: str


@dataclass(frozen=True)
class Payment:
    """One attempt to pay, approved or declined."""

    paid_on: date
    amount: Decimal
    method: str
    result: Literal["approved", "declined"]
    decline_code: str | None


@dataclass(frozen=True)
class Balance:
    """What is owed on TODAY."""

    current_due: Decimal
    past_due: Decimal
    unapplied_credits: Decimal
    open_disputed: Decimal
    deposit_held: Decimal
    last_payment_on: date | None


@dataclass(frozen=True)
class Cost:
    """What serving this customer costs: the inputs of the offer arithmetic."""

    variable_cost_monthly: Decimal
    contacts_per_month: str
    cost_per_contact: str


@dataclass(frozen=True)
class Ticket:
    """A trouble ticket, ours or at an outside carrier."""

    ticket_id: str
    carrier: str
    carrier_reference: str | None
    status: str
    symptom: str
    opened_on: str


@dataclass(frozen=True)
class PastOffer:
    """A save offer made before, and what came of it."""

    offer_id: str
    on: str
    outcome: str
    refusal_reason: str | None = None


@dataclass(frozen=True)
class Instalment:
    """One promised part payment."""

    due_on: str
    amount: str
    paid_on: str | None


@dataclass(frozen=True)
class Arrangement:
    """A payment arrangement, down payment first."""

    arrangement_id: str
    opened_on: str
    total: str
    down_payment: str
    status: str
    instalments: tuple[Instalment, ...]


@dataclass(frozen=True)
class Note:
    """A note on the account."""

    on: str
    by: str
    text: str


@dataclass(frozen=True)
class Customer:
    """One line of the file."""

    customer_id: str
    name: str
    segment: str
    language: str
    state: str
    since: str
    contacts: tuple[Contact, ...]
    flags: Flags
    accounts: tuple[Account, ...]
    balance: Balance
    cost: Cost
    invoices: tuple[Invoice, ...]
    payments: tuple[Payment, ...]
    tickets: tuple[Ticket, ...]
    offers_history: tuple[PastOffer, ...]
    arrangements: tuple[Arrangement, ...]
    notes: tuple[Note, ...]


# ---- what is written down by hand


@dataclass(frozen=True)
class Plan:
    """One thing the customer pays for every month; `price` overrides the price list."""

    name: str
    quantity: int = 1
    started_on: str = ""
    line_status: str = "active"
    agreement: Agreement | None = None
    device: Device | None = None
    price: str = ""


@dataclass(frozen=True)
class Extra:
    """A line on one invoice only; `invoice` counts back from the newest, -1."""

    invoice: int
    description: str
    amount: str
    is_taxed: bool = False


@dataclass(frozen=True)
class Story:
    """A customer in the words of a person; `paid` and `declined` run along the invoices, oldest first."""

    name: str
    state: str
    since: str
    bill_day: int
    plans: tuple[Plan, ...]
    paid: tuple[Paid, ...] = (FULL, FULL, FULL, None)
    segment: str = "home"
    language: str = "en"
    people: tuple[tuple[str, str, bool], ...] = ()
    flags: Flags = field(default_factory=Flags)
    account: str = ""
    status: AccountStatus = "active"
    autopay: bool = False
    method: PaymentMethod = PaymentMethod("card", "Visa", "4402", "2028-04")
    extras: tuple[Extra, ...] = ()
    declined: Mapping[int, str] = field(default_factory=dict)
    paid_late_on: Mapping[int, str] = field(default_factory=dict)
    last_bill: date = TODAY
    credits: str = "0.00"
    disputed: str = "0.00"
    deposit: str = "0.00"
    contacts_per_month: str = "0.20"
    tickets: tuple[Ticket, ...] = ()
    offers: tuple[PastOffer, ...] = ()
    arrangements: tuple[Arrangement, ...] = ()
    notes: tuple[Note, ...] = ()


def callers() -> list[Story]:
    """The people of `calls.jsonl`, in the order of the calls: demo-01 is C-1001 and so on."""
    return [*saves_and_money(), *tickets_and_flags(), *business_and_service(), *spanish_and_state_rules()]


# fmt: off
def saves_and_money() -> list[Story]:
    """C-1001 to C-1007: price, cancel, port-out, restoration, declined card, dispute, check by phone."""
    return [
        Story("Denise Okafor", "TX", "2023-03-14", 6, (Plan("Fiber 600"), Plan("Modem rental")), autopay=True,
              account="MC-40718823", method=PaymentMethod("card", "Visa", "8812", "2028-02"),
              offers=(PastOffer("OF-ROUTER", "2025-09-02", "declined", "has a router of her own"),),
              notes=(Note("2026-04-09", "agent L. Brandt",
              "Asked why the bill rose by $5: AutoPay discount is $5 since 2026-04-01."),)),
        Story("Walter Nygaard", "MA", "2025-06-11", 11, (Plan("Pocket 5"),), contacts_per_month="0.05",
              method=PaymentMethod("bank_transfer", None, "5530", None),
              notes=(Note("2026-11-12", "system", "Use in the last three cycles: 0.3, 0.1 and 0.0 GB of 5 GB."),)),
        Story("Gregory Pell", "FL", "2021-08-02", 18,
              (Plan("Family Share", device=Device("Halden Two", "2025-02-20", 3, "25.00")),), autopay=True,
              account="MC-31950647", method=PaymentMethod("card", "Mastercard", "2077", "2027-10"),
              people=(("Gregory Pell", "account holder", True), ("Irene Pell", "authorised user", True)),
              notes=(Note("2025-12-03", "agent S. Mori",
              "Port lock switched on for all four lines at the customer's wish."),)),
        Story("Tamika Broussard", "TX", "2022-05-30", 14, (Plan("Pocket 5", line_status="suspended"),
              Plan("Pocket 5", line_status="suspended", started_on="2024-01-08")), paid=(FULL, "30.00", None, None),
              paid_late_on={1: "2026-10-20"}, status="suspended", credits="10.00",
              method=PaymentMethod("card", "Visa", "3391", "2027-06"),
              notes=(Note("2026-10-02", "system", "Referral credit of $10.00 granted, not yet applied."),
              Note("2026-11-05", "system",
              "Written notice: suspension on 2026-11-12 unless the past-due amount is paid."),
              Note("2026-11-12", "system", "Both lines suspended for nonpayment."))),
        Story("Priya Raman", "NY", "2020-10-19", 25, (Plan("Everyday 20"), Plan("Fiber 300")),
              paid=(FULL, FULL, FULL, None), status="past_due", autopay=True,
              method=PaymentMethod("card", "Visa", "7719", "2026-10"), declined={3: "54"}, account="MC-22861904",
              notes=(Note("2026-11-15", "system",
              "AutoPay declined, code 54 (expired card). Text sent to the number of record."),)),
        Story("Rosa Elena Quintero", "CA", "2022-01-25", 9, (Plan("Everyday 20"),), language="es",
              extras=(Extra(-1, "International day pass, 3 days (24-26 Oct)", "24.00", True),),
              method=PaymentMethod("card", "Mastercard", "6150", "2029-01"), notes=(Note("2026-10-24", "system",
              "Line registered on a partner network in Mexico, 24 to 26 October."),)),
        Story("Harold Whitcomb", "AZ", "2016-07-01", 2,
              (Plan("Home Phone"), Plan("Rural Wireless 100"), Plan("Paper bill")),
              method=PaymentMethod("check_by_phone", None, "4471", None), account="MC-10536288",
              contacts_per_month="0.40", flags=Flags(do_not_call=True, marketing_consent=False),
              people=(("Harold Whitcomb", "account holder", True), ("Lorraine Whitcomb", "spouse", False))),
    ]


def tickets_and_flags() -> list[Story]:
    """C-1008 to C-1013: dispatch, outage, account takeover, BBB, legal threat, hardship."""
    return [
        Story("Ingrid Solvang", "OR", "2019-04-17", 16, (Plan("Home Phone"), Plan("Fiber 300")), autopay=True,
              account="MC-57720319", method=PaymentMethod("bank_transfer", None, "9026", None)),
        Story("Kestrel Print Works", "NY", "2025-03-01", 1,
              (Plan("Business Fiber 500", agreement=Agreement(24, "2027-02-28")), Plan("Static IP")),
              segment="business", people=(("Joel Abernathy", "owner", True), ("Mina Castell", "office manager", True)),
              method=PaymentMethod("bank_transfer", None, "7008", None), paid=(FULL, FULL, FULL, FULL)),
        Story("Caroline Vance", "CA", "2021-11-08", 20,
              (Plan("Unlimited Plus", device=Device("Halden Pro", "2026-03-12", 16, "37.50")),), autopay=True,
              account="MC-66384471", method=PaymentMethod("card", "Visa", "5508", "2028-09"),
              notes=(Note("2026-11-18", "system",
              "E-mail of record changed online. Notice sent by text to the number of record."),
              Note("2026-11-19", "agent R. Whitlow",
              "Caller could not give the account PIN; asked for a SIM change. Refused."))),
        Story("Thomas Keane", "MA", "2022-09-09", 12, (Plan("Fiber Gig"), Plan("Modem rental")), autopay=True,
              method=PaymentMethod("card", "Amex", "1009", "2027-12"), contacts_per_month="1.00",
              tickets=(Ticket("TT-198830", "Meridell field crew", None, "pending",
              "internet drops several times an evening", "2026-10-22"),),
              notes=(Note("2026-10-22", "agent P. Aldous",
              "Evening drops. Opened TT-198830. Promised a $25.00 credit."), Note("2026-11-06", "agent C. Iyer",
              "Second call: credit not on the bill, no visit yet. Said it would be chased."))),
        Story("Bayline Dental Group", "FL", "2025-04-01", 5,
              (Plan("Desk Pro", 12, agreement=Agreement(24, "2027-03-31")),), segment="business",
              paid=(FULL, FULL, FULL, None),
              people=(("Dr. Simon Achebe", "owner", True), ("Carla Winslow", "practice manager", True)),
              extras=(Extra(-4, "Desk Pro x 8, second office", "224.00"),
              Extra(-3, "Desk Pro x 8, second office", "224.00"), Extra(-2, "Desk Pro x 8, second office", "224.00"),
              Extra(-1, "Early termination, Desk Pro x 8, 5 months at 50 %", "560.00")),
              method=PaymentMethod("bank_transfer", None, "3316", None), notes=(Note("2026-10-28", "agent T. Okonjo",
              "Second office closed: 8 seats removed as of 31 October. Fee under the agreement explained."),)),
        Story("Eleanor Voss", "MN", "2014-02-20", 8, (Plan("Home Phone"), Plan("Fiber 300")), status="past_due",
              paid=(FULL, None, None, None), method=PaymentMethod("check_by_phone", None, "2048", None),
              flags=Flags(vulnerable=True, medical_dependency=True, marketing_consent=False), contacts_per_month="0.50",
              notes=(Note("2025-08-14", "agent D. Marsh",
              "Home oxygen monitor uses the phone line. Medical-dependency flag set, letter on file."),
              Note("2026-11-02", "system", "Past-due notice sent. Suspension blocked: medical-dependency flag."))),
    ]


def business_and_service() -> list[Story]:
    """C-1014 to C-1019: renewal, two upsell cases, slow internet, move, feature question."""
    return [
        Story("Harlow & Finch Architects", "TX", "2021-01-04", 15,
              (Plan("Desk Pro", 25, "2025-01-01", agreement=Agreement(24, "2026-12-31")),
              Plan("Desk handset rental", 25)), segment="business",
              people=(("Nadia Farrow", "office manager", True), ("Owen Harlow", "partner", True)),
              flags=Flags(dedicated_rep=True, cpni_contract_clause=True, cpni_approval="opt_in"),
              method=PaymentMethod("bank_transfer", None, "6642", None), contacts_per_month="1.20",
              notes=(Note("2026-11-02", "account rep J. Sorel",
              "Renewal letter sent: agreement ends 31 December 2026."),)),
        Story("Copper Kettle Bakery", "AZ", "2023-06-12", 10, (Plan("Desk Pro", 6), Plan("Business Fiber 500")),
              segment="business", people=(("Lena Ortega", "owner", True),), flags=Flags(cpni_approval="none"),
              autopay=True, method=PaymentMethod("card", "Visa", "9154", "2029-03")),
        Story("Devon Achterberg", "CA", "2024-02-05", 17, (Plan("Fiber 300"),), autopay=True,
              method=PaymentMethod("card", "Visa", "0246", "2027-08"), contacts_per_month="0.80",
              tickets=(Ticket("TT-201556", "Meridell field crew", None, "inProgress",
              "slow in the evenings, packet loss on the drop", "2026-11-11"),)),
        Story("Julián Arce Montoya", "TX", "2024-07-22", 22, (Plan("Rural Wireless 100"), Plan("Modem rental")),
              language="es", paid=(FULL, FULL, FULL, FULL), method=PaymentMethod("card", "Visa", "7730", "2028-11")),
        Story("Alana Petrov", "MA", "2024-05-13", 13, (Plan("Fiber 600"),), autopay=True,
              method=PaymentMethod("card", "Mastercard", "4127", "2029-06")),
        Story("Northpine Physical Therapy", "MN", "2022-10-03", 3, (Plan("Desk Pro", 9), Plan("Desk toll-free number")),
              segment="business",
              people=(("Gwen Tollefson", "front desk lead", True), ("Paul Reinholt", "owner", True)),
              method=PaymentMethod("card", "Visa", "3068", "2027-05")),
    ]


def spanish_and_state_rules() -> list[Story]:
    """C-1020 to C-1026: arrangement, California, Minnesota, seasonal pause, deceased, two calls with agent mistakes."""
    return [
        Story("Yolanda Baptista Cruz", "FL", "2023-11-29", 3,
              (Plan("Unlimited Plus", device=Device("Quill 7", "2025-12-05", 13, "24.20")),), language="es",
              status="past_due", paid=(FULL, None, None, None), method=PaymentMethod("card", "Visa", "8840", "2027-04"),
              declined={1: "51", 2: "51"}, notes=(Note("2026-11-16", "system",
              "Written notice: suspension on 2026-11-24 unless the past-due amount is paid."),)),
        Story("Jonah Merriweather", "CA", "2024-11-19", 19, (Plan("Fiber 300"), Plan("Modem rental")),
              method=PaymentMethod("card", "Mastercard", "9381", "2028-01")),
        Story("Astrid Lindqvist", "MN", "2023-02-07", 7, (Plan("Everyday 20"),),
              method=PaymentMethod("card", "Visa", "5573", "2027-02"),
              notes=(Note("2026-11-08", "system", "Use in the last three cycles: 1.1, 0.8 and 1.3 GB of 20 GB."),)),
        Story("Ernesto Villalobos Peña", "AZ", "2022-12-04", 4, (Plan("Rural Wireless 100"),), language="es",
              method=PaymentMethod("card", "Visa", "1642", "2028-07")),
        Story("June Calloway", "OR", "2009-09-21", 21, (Plan("Home Phone"),), paid=(FULL, FULL, FULL, None),
              status="past_due", method=PaymentMethod("cheque", None, None, None), contacts_per_month="0.10"),
        Story("Brooke Santangelo", "AZ", "2024-08-26", 12, (Plan("Unlimited Plus"),), autopay=True,
              account="MC-59379500",
              method=PaymentMethod("card", "Visa", "2290", "2027-11"), contacts_per_month="1.10",
              notes=(Note("2026-11-10", "agent K. Dunmore",
              "Second contact about voicemail that does not arrive. Promised a call back; none logged."),)),
        Story("Coll Haverford", "MN", "2020-06-08", 8, (Plan("Fiber 300"), Plan("Home Phone")),
              method=PaymentMethod("card", "Visa", "6417", "2028-05")),
    ]


def others() -> list[Story]:
    """C-1027 to C-1040: situations no demo call shows; name, state, dates and account are drawn by `drawn`."""
    return [*failed_payments(), *plain_situations(), *business_situations()]


def failed_payments() -> list[Story]:
    """Declined, suspended, disconnected, or paying off."""
    card = PaymentMethod("card", "Visa", "5104", "2027-01")
    return [
        Story("", "", "2023-01", 0, (Plan("Everyday 20"),), status="past_due", autopay=True, method=card,
              declined={2: "51"}, paid=(FULL, FULL, None, None)),
        Story("", "", "2021-05", 0, (Plan("Fiber 300"), Plan("Home Phone")), status="past_due", autopay=True,
              method=card, declined={2: "14"}, paid=(FULL, FULL, None, None)),
        Story("", "", "2024-09", 0, (Plan("Unlimited Plus", line_status="suspended"),), status="suspended",
              paid=(None, None, None, None), declined={0: "05", 1: "05"}, deposit="60.00", method=card),
        Story("", "", "2022-02", 0, (Plan("Fiber 600", line_status="suspended"),), status="suspended",
              paid=("18.75", None, None, None), paid_late_on={0: "2026-09-14"},
              arrangements=(Arrangement("PA-300214", "2026-09-14", "75.00", "18.75", "broken",
              (Instalment("2026-09-28", "28.12", None), Instalment("2026-10-12", "28.13", None)),),)),
        Story("", "", "2020-03", 0, (Plan("Fiber Gig", line_status="disconnected"),), status="disconnected",
              last_bill=date(2026, 8, 20), paid=(FULL, FULL, FULL, FULL),
              offers=(PastOffer("OF-LOCK-12", "2026-08-14", "declined", "competitor price"),),
              notes=(Note("2026-08-24", "agent L. Brandt", "Cancelled after a competitor's offer. Modem returned."),)),
        Story("", "", "2025-02", 0, (Plan("Everyday 20", line_status="disconnected"),), status="disconnected",
              last_bill=date(2026, 8, 20), paid=(FULL, None, None, None), declined={1: "41", 2: "41"},
              method=PaymentMethod("card", "Mastercard", "6603", "2027-03")),
    ]


def plain_situations() -> list[Story]:
    """Homes: seasonal, vulnerable, disputed, old phone, new customer."""
    return [
        Story("", "", "2018-11", 0, (Plan("Rural Wireless 100", line_status="paused", price="8.00"),),
              offers=(PastOffer("OF-SEASONAL", "2026-07-01", "accepted"),),
              notes=(Note("2026-07-01", "agent S. Mori",
              "Seasonal suspend at $8.00 a month, 1 July to 31 December."),)),
        Story("", "", "2017-03", 0, (Plan("Fiber 300", price="25.00"), Plan("Home Phone")), language="es",
              flags=Flags(vulnerable=True, marketing_consent=False),
              notes=(Note("2026-06-15", "agent D. Marsh", "Connect Assist: Fiber 300 at $25.00, proof seen."),)),
        Story("", "", "2022-08", 0, (Plan("Everyday 20"), Plan("Everyday 20")), disputed="39.00",
              extras=(Extra(-1, "Premium messages (third party)", "39.00"),), notes=(Note("2026-11-12", "agent C. Iyer",
              "Dispute of $39.00 opened; sum set aside, answer due in 10 business days."),)),
        Story("", "", "2019-09", 0, (Plan("Unlimited Plus", device=Device("Osprey 2", "2023-04-18", 0, "0.00")),),
              autopay=True, offers=(PastOffer("OF-PRICE-10X6", "2026-07-14", "accepted"),),
              extras=tuple(Extra(index, "Loyalty discount OF-PRICE-10X6", "-10.00") for index in (-4, -3, -2, -1))),
        Story("", "", "2026-10", 0, (Plan("Fiber 600", agreement=Agreement(12, "2027-10-31")), Plan("Everyday 20")),
              autopay=True, paid=(None,), flags=Flags(cpni_approval="opt_in"),
              notes=(Note("2026-10-30", "agent P. Aldous",
              "New order; satisfaction guarantee of 30 days explained."),)),
    ]


def business_situations() -> list[Story]:
    """Businesses: mobile fleet, early in the term, low use of features."""
    return [
        Story("", "", "2022-04", 0, (Plan("Fleet Line", 14), Plan("Fleet Line Max", 3)), segment="business",
              paid=(FULL, FULL, FULL, None), contacts_per_month="0.90", flags=Flags(cpni_approval="opt_in")),
        Story("", "", "2026-03", 0, (Plan("Business Fiber Gig", agreement=Agreement(24, "2028-02-29")),
              Plan("Static IP", 2), Plan("Desk Complete", 11)), segment="business",
              flags=Flags(dedicated_rep=True, cpni_contract_clause=True), autopay=True,
              tickets=(Ticket("TT-202480", "Coastal Loop", "CL-5521907", "inProgress",
              "intermittent loss on the circuit", "2026-11-16"),)),
        Story("", "", "2025-10", 0, (Plan("Desk Pro", 18, agreement=Agreement(12, "2026-10-31")),), segment="business",
              language="es", offers=(PastOffer("OF-TRAIN", "2026-02-11", "declined", "no time"),),
              contacts_per_month="0.10",
              notes=(Note("2026-11-04", "system", "Seats signed in during the last 30 days: 6 of 18."),)),
    ]

# fmt: on


FIRST_NAMES = {
    "en": (
        "Marta",
        "Elliot",
        "Sunita",
        "Calvin",
        "Joyce",
        "Ren",
        "Adaeze",
        "Piotr",
        "Hollis",
        "Wendy",
        "Omar",
        "Lucille",
    ),
    "es": ("Graciela", "Tomás", "Inés", "Ramiro"),
}
LAST_NAMES = {
    "en": (
        "Ashdown",
        "Kowalczyk",
        "Delacroix",
        "Fenwick",
        "Iyamu",
        "Stroud",
        "Nakahara",
        "Pruitt",
        "Vandermeer",
        "Quill",
        "Haddad",
        "Rowntree",
    ),
    "es": ("Salcedo Rivas", "Montalvo", "Ibarra Luna", "Cárdenas"),
}
BUSINESS_NAMES = ("Lantern Street Couriers", "Ridgeback Outdoor Supply", "Clínica Dental Sonrisa Clara")


def drawn(story: Story, customer_id: str, business_names: Iterator[str]) -> Story:
    """`story` with its blanks filled from a seed that belongs to this customer."""
    rng = random.Random(f"{SEED}:{customer_id}")
    person = f"{rng.choice(FIRST_NAMES[story.language])} {rng.choice(LAST_NAMES[story.language])}"
    is_business = story.segment == "business"
    return Story(
        **{
            **{name: getattr(story, name) for name in story.__dataclass_fields__},
            "name": next(business_names) if is_business else person,
            "people": ((person, "owner", True),) if is_business else (),
            "state": rng.choice(sorted(AREA_CODE)),
            "since": f"{story.since}-{rng.randint(20, 28):02d}",
            "bill_day": rng.randint(1, 19),
        }
    )


# ---- from a story to a record


def cents(amount: Decimal) -> Decimal:
    """`amount` rounded half up to whole cents."""
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def bill_dates(story: Story) -> list[date]:
    """The last four bill dates up to `story.last_bill`, oldest first, none before the customer came."""
    year, month = story.last_bill.year, story.last_bill.month
    if story.bill_day > story.last_bill.day:
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    dates = []
    for _ in range(INVOICE_COUNT):
        dates.append(date(year, month, story.bill_day))
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return [day for day in reversed(dates) if day >= date.fromisoformat(story.since)]


def unit_price(plan: Plan) -> Decimal:
    """The price of one unit a month."""
    return Decimal(plan.price or PRICES[plan.name][1])


def plan_lines(story: Story) -> list[tuple[Line, bool]]:
    """What every invoice of this customer carries, each with whether it is taxed."""
    lines = []
    for plan in story.plans:
        label = plan.name if plan.quantity == 1 else f"{plan.name} x {plan.quantity}"
        lines.append((Line(label, unit_price(plan) * plan.quantity), PRICES[plan.name][0] in TAXED_PRODUCTS))
        if plan.device and plan.device.instalments_left:
            lines.append((Line(f"Device instalment, {plan.device.model}", Decimal(plan.device.instalment)), False))
    if story.autopay:
        lines.append((Line("AutoPay discount", -AUTOPAY_DISCOUNT), False))
    return lines


def tax_line(state: str, lines: Sequence[tuple[Line, bool]]) -> Line:
    """The tax on the taxed `lines`, rounded once."""
    percent = TAX_PERCENT.get(state, "0")
    taxed = sum((line.amount for line, is_taxed in lines if is_taxed), ZERO)
    return Line(f"Taxes ({state} {percent} % of {taxed})", cents(taxed * Decimal(percent) / 100))


def invoice_lines(story: Story, index: int, count: int, is_late: bool) -> tuple[Line, ...]:
    """All lines of invoice `index` of `count`, tax last."""
    lines = plan_lines(story)
    lines += [
        (Line(extra.description, Decimal(extra.amount)), extra.is_taxed)
        for extra in story.extras
        if extra.invoice == index - count
    ]
    if is_late:
        lines.append((Line("Late fee", LATE_FEE), False))
    return (*(line for line, _ in lines), tax_line(story.state, lines))


def paid_on(story: Story, index: int, due: date) -> date:
    """When invoice `index` was paid: as told, on the due date with AutoPay, else three days before; before TODAY."""
    told = story.paid_late_on.get(index)
    day = date.fromisoformat(told) if told else due if story.autopay else due - timedelta(days=3)
    return min(day, TODAY - timedelta(days=1))


def invoices_and_payments(customer_id: str, story: Story) -> tuple[list[Invoice], list[Payment], list[Decimal]]:
    """Invoices, payments and what is still open of each invoice, oldest first."""
    invoices: list[Invoice] = []
    payments: list[Payment] = []
    still_open: list[Decimal] = []
    dates = bill_dates(story)
    is_late = False
    for index, bill_date in enumerate(dates):
        due = bill_date + timedelta(days=DAYS_TO_PAY)
        lines = invoice_lines(story, index, len(dates), is_late)
        total = sum((line.amount for line in lines), ZERO)
        paid, tries = settle(story, index, due, total)
        payments += tries
        still_open.append(total - paid)
        invoices.append(
            Invoice(f"IN-{customer_id[2:]}-{bill_date:%Y%m}", bill_date, due, lines, total, state_of(total, paid))
        )
        in_time = sum(
            (p.amount for p in tries if p.result == "approved" and p.paid_on <= due + timedelta(days=GRACE_DAYS)), ZERO
        )
        is_late = in_time < total
    return invoices, sorted(payments, key=lambda payment: payment.paid_on), still_open


def settle(story: Story, index: int, due: date, total: Decimal) -> tuple[Decimal, list[Payment]]:
    """The sum paid on one invoice, and every attempt, declined ones included."""
    tries = []
    method = f"{story.method.kind} {story.method.last4}" if story.method.last4 else story.method.kind
    if index in story.declined:
        tries.append(Payment(min(due, TODAY), total, method, "declined", story.declined[index]))
    told = story.paid[index]
    paid = ZERO if told is None else total if told == FULL else Decimal(told)
    if paid:
        tries.append(Payment(paid_on(story, index, due), paid, method, "approved", None))
    return paid, tries


def state_of(total: Decimal, paid: Decimal) -> str:
    """The TMF678 state of an invoice."""
    return "settled" if paid == total else "partiallyPaid" if paid else "sent"


def balance_of(
    story: Story, invoices: Sequence[Invoice], payments: Sequence[Payment], still_open: Sequence[Decimal]
) -> Balance:
    """What is owed on TODAY, split at the due date."""
    past = sum((rest for invoice, rest in zip(invoices, still_open, strict=True) if invoice.due_date < TODAY), ZERO)
    approved = [payment.paid_on for payment in payments if payment.result == "approved"]
    return Balance(
        sum(still_open, ZERO) - past,
        past,
        Decimal(story.credits),
        Decimal(story.disputed),
        Decimal(story.deposit),
        max(approved, default=None),
    )


def phone(state: str, customer_number: int, line: int = 0) -> str:
    """A number of the range kept for fiction; line 0 is the customer's number of record."""
    return f"{AREA_CODE[state]}-555-01{(customer_number + 40 * line) % 100:02d}"


def services_of(customer_id: str, story: Story) -> tuple[Service, ...]:
    """The plans as services; phone lines get numbers, the first one the number of record."""
    services, lines = [], 0
    for position, plan in enumerate(story.plans, start=1):
        product = PRICES[plan.name][0]
        number = phone(story.state, int(customer_id[2:]) - 1000, lines) if product in NUMBERED_PRODUCTS else None
        lines += number is not None
        services.append(
            Service(
                f"SV-{customer_id[2:]}-{position}",
                product,
                plan.name,
                str(unit_price(plan)),
                plan.quantity,
                plan.line_status,
                plan.started_on or story.since,
                plan.agreement,
                plan.device,
                number,
            )
        )
    return tuple(services)


def contacts_of(customer_id: str, story: Story) -> tuple[Contact, ...]:
    """The people on the account; a home without a list has its holder alone."""
    people = story.people or ((story.name, "account holder", True),)
    number = int(customer_id[2:]) - 1000
    return tuple(
        Contact(name, role, authorised, phone(story.state, number, line), email_of(name))
        for line, (name, role, authorised) in enumerate(people)
    )


def email_of(name: str) -> str:
    """An address in the domain kept for examples, plain ASCII."""
    plain = name.lower().translate(str.maketrans("áéíóúñ", "aeioun")).replace("dr. ", "")
    return f"{'.'.join(plain.split())}@example.com"


def account_of(customer_id: str, story: Story) -> Account:
    """The one billing account of the customer."""
    rng = random.Random(f"{SEED}:account:{customer_id}")
    account_id = story.account or f"MC-{rng.randint(10_000_000, 79_999_999)}"
    return Account(
        account_id, story.status, story.bill_day, story.autopay, story.method, services_of(customer_id, story)
    )


def cost_of(customer_id: str, story: Story) -> Cost:
    """Variable cost: 30 to 42 % of the plans, drawn once per customer."""
    share = Decimal(random.Random(f"{SEED}:cost:{customer_id}").randint(30, 42)) / 100
    monthly = sum((unit_price(plan) * plan.quantity for plan in story.plans), ZERO)
    return Cost(cents(monthly * share), story.contacts_per_month, "4.50")


def record(customer_id: str, story: Story) -> Customer:
    """The whole record of one customer."""
    invoices, payments, still_open = invoices_and_payments(customer_id, story)
    return Customer(
        customer_id=customer_id,
        name=story.name,
        segment=story.segment,
        language=story.language,
        state=story.state,
        since=story.since,
        contacts=contacts_of(customer_id, story),
        flags=story.flags,
        accounts=(account_of(customer_id, story),),
        balance=balance_of(story, invoices, payments, still_open),
        cost=cost_of(customer_id, story),
        invoices=tuple(invoices),
        payments=tuple(payments),
        tickets=story.tickets,
        offers_history=story.offers,
        arrangements=story.arrangements,
        notes=story.notes,
    )


def customers() -> list[Customer]:
    """All forty, checked."""
    names = iter(BUSINESS_NAMES)
    stories = callers()
    stories += [drawn(story, f"C-{1001 + len(stories) + offset}", names) for offset, story in enumerate(others())]
    records = [record(f"C-{1001 + index}", story) for index, story in enumerate(stories)]
    check(records)
    return records


# ---- what must hold


def require(holds: bool, complaint: str) -> None:
    """Stop with `complaint` unless it `holds`; unlike an assertion this survives `python -O`."""
    if not holds:
        raise ValueError(complaint)


def check(records: Sequence[Customer]) -> None:
    """Stop with a plain sentence when the data contradicts itself."""
    require(len(records) == CUSTOMER_COUNT, f"{len(records)} customers, not {CUSTOMER_COUNT}")
    accounts = [customer.accounts[0].account_id for customer in records]
    numbers = [service.number for customer in records for service in customer.accounts[0].services if service.number]
    for label, values in (
        ("account", accounts),
        ("number", numbers),
        ("name", [customer.name for customer in records]),
    ):
        require(len(set(values)) == len(values), f"a {label} is used twice")
    for customer in records:
        check_money(customer)


def check_money(customer: Customer) -> None:
    """Lines add up to totals, open invoices to the balance, and the status fits what is owed."""
    for invoice in customer.invoices:
        require(
            sum(line.amount for line in invoice.lines) == invoice.total, f"{invoice.invoice_id}: lines do not add up"
        )
        require(invoice.lines[-1].description.startswith("Taxes"), f"{invoice.invoice_id}: no tax line")
    billed = sum((invoice.total for invoice in customer.invoices), ZERO)
    paid = sum((payment.amount for payment in customer.payments if payment.result == "approved"), ZERO)
    balance = customer.balance
    require(
        billed - paid == balance.current_due + balance.past_due,
        f"{customer.customer_id}: balance does not follow from the invoices",
    )
    require(
        balance.open_disputed <= balance.current_due + balance.past_due,
        f"{customer.customer_id}: disputes more than is owed",
    )
    if customer.accounts[0].status in ("active", "past_due"):
        require(
            (balance.past_due > 0) == (customer.accounts[0].status == "past_due"),
            f"{customer.customer_id}: status does not fit the balance",
        )


def main() -> None:
    """Write the file and say what was written."""
    target = Path(__file__).with_name("customers.jsonl")
    lines = [json.dumps(asdict(customer), ensure_ascii=False, default=str) for customer in customers()]
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(lines)} customers written to {target}\n")


if __name__ == "__main__":
    main()
