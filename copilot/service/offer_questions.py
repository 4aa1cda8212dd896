"""What `POST /v1/offers/evaluate` takes: a record, a customer of the pack, or a call, which then says all the rest."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import Field

from copilot.calls.live import LiveCalls
from copilot.customer import CustomerRecord, customer_record
from copilot.errors import BadInput, NotFound
from copilot.guard.verification import Permission, Standing, may_show
from copilot.offer_advice import asked_of
from copilot.offers import Desk, Evaluation
from copilot.offers.law import under_law
from copilot.offers.requests import Contact, OffersAsked

# What may be said of an offer to somebody who may not hear the account: rules that look at the call and the pack alone.
_NOT_OF_THE_ACCOUNT = frozenset(
    {"lifecycle", "valid_for", "reason", "channel", "verification", "save_attempt_law", "clean_exit"}
)
_STANDS_WITH_A_CALL = frozenset({"call_id", "customer", "customer_id", "reason", "language", "contacts_30d", "worded"})


class EvaluateIn(Contact):
    """Whose offers are asked for: give `customer`, or `customer_id`, or `call_id`.

    With `call_id` cues, verification, language, channel, save attempts, permission and what the law says come from the
    call, the customer from its `customer_id`, and the reason from what was heard unless it is given.
    """

    customer: CustomerRecord | None = None
    customer_id: str | None = Field(default=None, min_length=1, max_length=200)
    call_id: str | None = Field(default=None, min_length=1, max_length=200)
    reason: str | None = Field(default=None, description="a churn reason of the pack, e.g. price")
    worded: bool = Field(default=False, description="have the line of the best offer worded by the language model, too")


@dataclass(frozen=True)
class Question:
    """A question that can be decided, and whether the account may be talked about."""

    asked: OffersAsked
    permission: Permission

    def shown(self, found: Evaluation) -> Mapping[str, Any]:
        """The answer, without anything of the account where the caller may not hear it."""
        told = found.as_json()
        if self.permission.allowed:
            return {"hidden": False, **told}
        decisions = [_without_account(each) for each in told["decisions"]]  # type: ignore[attr-defined]  # a list
        return {
            "hidden": True,
            "needs": self.permission.needs,
            "why": f"{self.permission.reason}. Verify the caller, then ask again.",
            "customer_id": found.customer_id,
            "reason": found.reason,
            "on": found.on.isoformat(),
            "best": None,
            "decisions": decisions,
        }


def question_of(body: EvaluateIn, live: LiveCalls, desk: Desk) -> Question:
    """The question to decide.

    Raises:
        BadInput: nobody or somebody twice is asked for, the call has no customer or no reason yet, or the body says
            what the call says.
        NotFound: the call or the customer is not known.
    """
    if body.call_id is not None:
        return _of_call(body, body.call_id, live, desk)
    if (body.customer is None) == (body.customer_id is None):
        raise BadInput("Give one of customer (a record), customer_id (of the pack) or call_id (of a call).")
    if body.reason is None:
        raise BadInput(
            f"Give reason, why they may leave; the pack's offers answer: {', '.join(desk.book.known_reasons)}."
        )
    given = body.model_dump(exclude_unset=True, exclude={"customer", "customer_id", "call_id", "worded"})
    pack, today = live.desk.pack, datetime.now(UTC).date()
    if body.customer is not None:
        asked = under_law(OffersAsked(customer=body.customer, **given), pack, today)
        return Question(asked, Permission(True, "none", "a record was given"))
    # Whoever asks for a record of the pack says how far the caller is verified; left out, not at all.
    given.setdefault("auth_level", "none")
    asked = under_law(OffersAsked(customer=_known(body.customer_id or "", live), **given), pack, today)
    return Question(asked, may_show("account", Standing(asked.auth_level), live.desk.rulebook))


def _of_call(body: EvaluateIn, call_id: str, live: LiveCalls, desk: Desk) -> Question:
    twice = sorted(body.model_fields_set - _STANDS_WITH_A_CALL)
    if twice:
        raise BadInput(f"{', '.join(twice)}: the call {call_id!r} says that itself. Leave out what the call knows.")
    occasion, standing = live.offer_occasion(call_id, body.reason)
    if occasion is None:
        known = ", ".join(desk.book.known_reasons)
        raise BadInput(f"In call {call_id!r} no reason was heard so far. Give reason, one of: {known}.")
    asked = asked_of(occasion, _customer_of(body, call_id, live))
    own = {str(name): getattr(body, name) for name in ("language", "contacts_30d") if name in body.model_fields_set}
    return Question(asked.model_copy(update=own), may_show("account", standing, live.desk.rulebook))


def _customer_of(body: EvaluateIn, call_id: str, live: LiveCalls) -> CustomerRecord:
    """The customer of a call; a record or an id given with it is of the same one, or of a call that names nobody."""
    of_call = live.standing(call_id)[1]
    given = body.customer.customer_id if body.customer else body.customer_id
    if given is not None and of_call not in (None, given):
        raise BadInput(f"Call {call_id!r} is about {of_call!r}, not {given!r}. Leave the customer out.")
    if of_call is None and given is None:
        raise BadInput(f"Call {call_id!r} names no customer. Give customer_id or customer.")
    return body.customer or _known(of_call or given or "", live)


def _known(customer_id: str, live: LiveCalls) -> CustomerRecord:
    record = live.desk.customer(customer_id)
    if not record:
        raise NotFound(f"No customer {customer_id!r} in the pack. Give the record as customer.")
    return customer_record(record)


def _without_account(decision: Mapping[str, Any]) -> dict[str, Any]:
    rules = [rule for rule in decision["derivation"] if rule["rule"] in _NOT_OF_THE_ACCOUNT and not rule["holds"]]
    return {
        **{name: decision[name] for name in ("offer_id", "name", "offer_type")},
        "eligible": False,
        "hidden": True,
        "reasons": [f"{rule['rule']}: {rule['says']}" for rule in rules],
    }
