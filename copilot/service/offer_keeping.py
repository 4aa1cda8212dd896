"""What came of offers in live calls goes into the books beside the calls: decisions, what was made, what was answered.

That an offer was taken or not is recorded at hang-up: people change their minds.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from copilot.calls.live import LiveCalls
from copilot.calls.offering import WITHHELD
from copilot.errors import CopilotError
from copilot.offer_advice import PackOffers
from copilot.service.keeping import CallKeeper
from copilot.store import Decisions, Event, Outcome, Outcomes, OutcomeStatus

CALLS_REMEMBERED = 5000
_ANSWERS: Mapping[str, OutcomeStatus] = {"accepted": "accepted", "refused": "refused", "stopped": "refused"}
_OFFERS = ("offer.shown", "offer.outcome")

_logger = logging.getLogger(__name__)


class OfferKeeping(CallKeeper):
    """Keeps the books of one tenant's calls."""

    def __init__(self, live: LiveCalls, offers: PackOffers, outcomes: Outcomes, decisions: Decisions) -> None:
        super().__init__("offers")
        self._live, self._offers = live, offers
        self._outcomes, self._decisions = outcomes, decisions
        self._seen: dict[str, int] = {}
        self.start()

    def look_at(self, call_id: str) -> None:
        """Record what is new in a call: offers shown, made and answered."""
        after = self._seen.get(call_id, 0)
        new = self._live.recent_events(call_id, after) or self._live.events(call_id, after)
        if not new:
            return
        is_over = any(event.type in ("call.ended", "note.updated") for event in new)
        if after == 0 or is_over or any(event.type in _OFFERS for event in new):
            self._record(call_id, self._live.events(call_id))
        self._seen.pop(call_id, None)
        self._seen[call_id] = new[-1].seq
        while len(self._seen) > CALLS_REMEMBERED:
            self._seen.pop(next(iter(self._seen)))

    def _record(self, call_id: str, events: Sequence[Event]) -> None:
        for event in events:
            if event.type in _OFFERS and "decision_id" in event.body:
                self._offers.store(event.body["decision_id"], self._decisions)
        for outcome in outcomes_of(call_id, events):
            try:
                self._outcomes.record(outcome)
            except CopilotError:  # a person recorded it otherwise
                _logger.warning("the outcome of an offer of a call is known otherwise; it stays")


def outcomes_of(call_id: str, events: Sequence[Event]) -> list[Outcome]:
    """What is to be recorded of a call by now, an outcome for each offer made or withheld, under `call_id/offer_id`."""
    customer_id = next((event.body["customer_id"] for event in events if event.type == "call.started"), None)
    if not customer_id:
        return []
    told = {body["offer_id"]: body for body in _decided(events)}
    reasons = _refusals(events)
    has_ended = any(event.type == "call.ended" for event in events)
    found: dict[str, Outcome] = {}
    for event in events:
        offer_id = str(event.body.get("offer_id"))
        if event.type not in _OFFERS or "card_id" in event.body or offer_id not in told:
            continue
        status = _status(event, has_ended=has_ended)
        before = found.get(offer_id)
        if before is None:
            found[offer_id] = _outcome(call_id, customer_id, told[offer_id], event, status)
        elif status != "shown":
            found[offer_id] = replace(before, status=status)
    return [
        replace(each, refusal_reason=reasons.get(each.offer_id)) if each.status == "refused" else each
        for each in found.values()
    ]


def _status(event: Event, *, has_ended: bool) -> OutcomeStatus:
    outcome = event.body.get("outcome", "")
    if outcome == WITHHELD:
        return "withheld"
    return _ANSWERS.get(outcome, "shown") if has_ended else "shown"


def _outcome(call_id: str, customer_id: str, told: Mapping[str, Any], event: Event, status: OutcomeStatus) -> Outcome:
    return Outcome(
        outcome_id=f"{call_id}/{told['offer_id']}",
        customer_id=customer_id,
        offer_id=told["offer_id"],
        reason=told["churn_reason"],
        status=status,
        tenure_months=told["tenure_months"],
        shown_at=datetime.fromisoformat(event.at),
        segment=told["segment"],
        call_id=call_id,
    )


def _decided(events: Sequence[Event]) -> Iterator[Mapping[str, Any]]:
    """Every offer decided to be possible in the call, with its reason; those shown come behind the options, and win."""
    bodies = [event.body for event in events if event.type in _OFFERS and "decision_id" in event.body]
    for body in bodies:
        yield from ({**body, "offer_id": option["offer_id"]} for option in body.get("options", ()))
    yield from bodies


def _refusals(events: Sequence[Event]) -> Mapping[str, str]:
    """Why each offer was refused, as the note has it."""
    note = next((event.body for event in reversed(events) if event.type == "note.updated"), {})
    talks = (talk for talk in note.get("offers", ()) if talk.get("offer_id") and talk.get("refusal_reason"))
    return {talk["offer_id"]: talk["refusal_reason"]["text"][:500] for talk in talks}
