"""Messages that we begin: a declined card, a renewal, a customer who left; first whether we may, then the words.

Whether is data and code: hours where the customer is (consent.yaml and channels.yaml, the narrower holds), do-not-call,
opt-out, consent to marketing, and approval to use what the account tells for marketing. A message about a failed
payment is service, not marketing: it needs no marketing consent, and still no call at night and nothing after an
opt-out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from copilot.customer import CustomerRecord, customer_record
from copilot.errors import BadInput
from copilot.guard.calling_hours import may_call_now
from copilot.money import in_words
from copilot.replies.checks import without_quotes
from copilot.replies.limits import excess, limit_of
from copilot.replies.model import Check
from copilot.replies.understanding import channels_of
from copilot.replies.wordings import say
from copilot.spoken.days import day_in_words
from knowledge.pack import Pack
from knowledge.phrases import plain_words

Kind = Literal["declined_card", "renewal", "win_back"]
KINDS: tuple[Kind, ...] = get_args(Kind)
WAYS = ("call", "sms", "email")
MARKETING = frozenset({"renewal", "win_back"})


@dataclass(frozen=True)
class Outreach:
    """A message we may send or not: the checks say why, `text` is empty when we may not."""

    kind: Kind
    way: str
    customer_id: str
    language: str
    text: str
    checks: tuple[Check, ...]

    @property
    def is_allowed(self) -> bool:
        """Whether no blocking check failed."""
        return not any(not check.passed and check.severity == "blocking" for check in self.checks)


def outreach(
    kind: str, way: str, record: Mapping[str, Any], pack: Pack, *, local: datetime, last_message: str = ""
) -> Outreach:
    """The message for a customer, if we may send it now.

    Args:
        kind: declined_card, renewal or win_back.
        way: call, sms or email.
        record: of the customer.
        pack: hours, limits, brand, contacts.
        local: date and time where the customer is.
        last_message: what they wrote last, where a word of it may revoke their consent.

    Raises:
        BadInput: an unknown kind or way, or a record that is wrong.
    """
    found = next((each for each in KINDS if each == kind), None)
    if found is None or way not in WAYS:
        raise BadInput(f"kind is {kind!r} by {way!r}; allowed are: {', '.join(KINDS)} by {', '.join(WAYS)}.")
    customer = customer_record(record)
    language = "es" if customer.language.startswith("es") else "en"
    text = _text(found, customer, pack, language)
    checks = (*_whether(found, way, customer, pack, local, last_message), _fits(text, way, pack))
    allowed = all(check.passed for check in checks if check.severity == "blocking")
    return Outreach(found, way, customer.customer_id, language, text if allowed else "", checks)


def _whether(
    kind: Kind, way: str, customer: CustomerRecord, pack: Pack, local: datetime, last_message: str
) -> Iterator[Check]:
    flags, rules = customer.flags, channels_of(pack).outreach
    if way in ("call", "sms"):
        window = may_call_now(local, pack.consent.calling_hours, state=customer.state)
        at = local.strftime("%H:%M")
        in_hours = window.may_call and rules.from_time <= at < rules.to_time
        opens = max(window.opens.strftime("%H:%M"), rules.from_time)
        closes = min(window.closes.strftime("%H:%M"), rules.to_time)
        yield _check("calling_hours", not in_hours, f"it is {at} there; allowed is {opens} to {closes}")
    said = plain_words(without_quotes(last_message)).strip(" .")
    revoked = said in {plain_words(word).strip(" .") for word in rules.revoke_words}
    yield _check("opt_out", revoked, f"they wrote {said!r}: consent is revoked, honour it at once")
    if kind in MARKETING:
        yield _check("marketing_consent", not flags.marketing_consent, "there is no consent to marketing")
        yield _check("do_not_call", way != "email" and flags.do_not_call, "the number is on the do-not-call list")
        needs_cpni = pack.head.regimes.cpni and flags.cpni_approval not in ("opt_in", "opt_out")
        yield _check("cpni_approval", needs_cpni, "what the account tells may not be used for marketing")
        yield _check("vulnerable", flags.vulnerable, "a vulnerable customer is not sold to by message")
    if kind == "declined_card":
        declined = any(payment.result != "approved" for payment in customer.payments[-1:])
        yield _check("reason", not declined and not customer.balance.past_due, "no payment of theirs has failed")
    if kind == "win_back":
        yield _check("reason", customer.left_on is None, "they have not left")


def _text(kind: Kind, customer: CustomerRecord, pack: Pack, language: str) -> str:
    house = pack.head.house
    contact = house.contacts[0].value if house.contacts else ""
    due, ends = customer.balance.past_due or customer.balance.current_due, _ends(customer)
    values = {
        "brand": house.brand,
        "amount": in_words(due),
        "contact": contact,
        "ends": day_in_words(ends, language) if ends else "",
    }
    name = "renewal_open" if kind == "renewal" and not ends else kind
    return say("outreach", name, language, **values)


def _ends(customer: CustomerRecord) -> Any:
    dates = [line.agreement.ends_on for line in customer.lines if line.agreement]
    return min(dates, default=None)


def _fits(text: str, way: str, pack: Pack) -> Check:
    channel = channels_of(pack).channel(way) if way != "call" else None
    over = excess(text, limit_of(channel, "private_message")) if channel else 0
    return _check("limit", bool(over), f"{over} over the limit")


def _check(name: str, is_wrong: bool, detail: str) -> Check:
    return Check(name, not is_wrong, "blocking", detail if is_wrong else "")
