"""The right moment for an offer: the reason known, the caller verified, the law's gate open, nobody in need of care.

An offer is shown once; another one only when the customer asks, gives another reason, or has refused the last.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from copilot.calls.cards import Card
from copilot.calls.care import may_sell
from copilot.calls.desk import Desk
from copilot.calls.leaving import Leaving, leaving_of
from copilot.calls.moment import Moment, Reaction
from copilot.calls.offering import WITHHELD, Occasion, OfferAdvice, Suggestion, card_of, shown_offers, withheld_body
from copilot.calls.state import CallState, Raised, with_reactions
from copilot.guard.verification import may_show

# A save offer is for somebody who may leave, or asks for a better price: who only complains is helped, not sold to.
# Who cannot pay is lost without asking to leave (`OfferAdvice.lost_unwillingly`).
MAY_LEAVE = frozenset({"cancel_intent", "port_out", "renewal", "competitor"})
ASKS_FOR_ONE = frozenset({"offer_wanted", "price"})  # both
LEAVING = frozenset({"cancel_intent", "port_out"})  # from here on save-attempt law holds
CHANNELS = {"voice": "phone", "phone": "phone", "email": "email", "store": "store", "web": "web"}


@dataclass(frozen=True)
class OfferNow:
    """A card to show, or the note that this customer is left alone; mostly neither."""

    card: Card | None = None
    withheld: Reaction | None = None


NOTHING = OfferNow()


def offer_now(moment: Moment, reactions: Sequence[Reaction]) -> OfferNow:
    """The offer for this moment, after everything the turn set off."""
    advice, customer_id = moment.desk.offers, moment.state.customer_id
    if advice is None or customer_id is None or not advice.knows(customer_id):
        return NOTHING
    if not _may_matter(moment, advice) or not may_sell(moment):
        return NOTHING
    state = with_reactions(moment.state, moment.turn, ((each.type, each.body) for each in reactions))
    reasons = reasons_heard(state, advice)
    if not may_show("account", state.standing, moment.desk.rulebook).allowed:
        return NOTHING
    if any(raised.cue_id in advice.clean_exits for raised in reasons):
        return NOTHING
    return _offered(moment, state, advice, reasons)


def _may_matter(moment: Moment, advice: OfferAdvice) -> bool:
    """Whether a reason and the thought of leaving were heard at all: most turns end here."""
    heard = moment.state.cue_ids | moment.heard_ids
    may_leave = not heard.isdisjoint(MAY_LEAVE | advice.lost_unwillingly) or heard >= ASKS_FOR_ONE
    return may_leave and not heard.isdisjoint(advice.reasons)


def reasons_heard(state: CallState, advice: OfferAdvice) -> list[Raised]:
    """The cues that are churn reasons of the pack, in the order they were heard."""
    return [raised for raised in state.cues if raised.cue_id in advice.reasons]


def occasion_of(
    state: CallState, desk: Desk, reason: str, leaving: Leaving | None, *, on: date, language: str
) -> Occasion:
    """What decides the offers of a call as it stands; `leaving` is from `gate_of`."""
    refused = [body for body in (*state.attempts.values(), *state.advised) if body.get("outcome") == "refused"]
    kinds = ("intent", "reason", "flag")
    standing, gate = (leaving.standing, leaving.gate) if leaving else (None, None)
    return Occasion(
        call_id=state.call_id,
        customer_id=state.customer_id or "",
        reason=reason,
        channel=CHANNELS.get(state.channel, "chat"),
        cues=tuple(dict.fromkeys(cue.cue_id for cue in state.cues if cue.kind in kinds)),
        auth_level=state.auth_level,
        save_attempts=len(state.attempts),
        has_permission=standing is not None and standing.permission == "given",
        may_offer=gate is None or gate.may_offer,
        why_not=gate.why_not if gate else (),
        is_vulnerable="vulnerable" in state.cue_ids or "vulnerable" in desk.flags_of(state.customer_id),
        on=on,
        language=language,
        not_again=tuple(dict.fromkeys(body["offer_id"] for body in refused if body.get("offer_id"))),
    )


def gate_of(state: CallState, desk: Desk, on: date) -> Leaving | None:
    """How the call stands by the save rules; moving a number away is leaving, too. None without save rules."""
    return leaving_of(state, desk, on, **({"requested": True} if state.cue_ids & LEAVING else {}))


def _offered(moment: Moment, state: CallState, advice: OfferAdvice, reasons: Sequence[Raised]) -> OfferNow:
    leaving = gate_of(state, moment.desk, moment.on)
    if leaving and (not leaving.gate.may_offer or leaving.has_open_attempt or leaving.is_settled):
        return NOTHING
    if is_accepted(state) or any(body.get("outcome") == WITHHELD for body in state.advised):
        return NOTHING
    for raised in _due(moment, state, reasons):
        occasion = occasion_of(state, moment.desk, raised.cue_id, leaving, on=moment.on, language=moment.language)
        found = advice.suggest(occasion)
        if found is not None:
            return _shown(moment, raised, occasion, found)
    return NOTHING


def _shown(moment: Moment, raised: Raised, occasion: Occasion, found: Suggestion) -> OfferNow:
    if found.withheld:
        body = withheld_body(found, raised.cue_id, moment.turn.turn_id)
        return OfferNow(withheld=Reaction("offer.outcome", body))
    heard = f"“{raised.words}”" if raised.words else raised.label
    return OfferNow(card=card_of(found, heard, moment.turn.turn_id, occasion))


def _due(moment: Moment, state: CallState, reasons: Sequence[Raised]) -> Iterator[Raised]:
    """The reasons that call for an offer now: all before the first card, later a new one, or all when asked again."""
    shown = shown_offers(state.advised)
    if not shown or "offer_wanted" in moment.heard_ids or _is_refused(state, shown[0]["offer_id"]):
        yield from reasons
        return
    if "offer_presented" in state.cue_ids:  # the agent is at it
        return
    answered = {body["churn_reason"] for body in shown}
    first = state.turn_seq.get(shown[0]["turn_id"], 0)
    yield from (
        raised for raised in reasons if raised.cue_id not in answered and state.turn_seq.get(raised.turn_id, 0) > first
    )


def is_accepted(state: CallState) -> bool:
    """Whether an offer outside a cancellation was taken."""
    return any(body.get("outcome") == "accepted" for body in state.advised)


def _is_refused(state: CallState, offer_id: str) -> bool:
    answers = (*state.attempts.values(), *state.advised)
    return any(body.get("offer_id") == offer_id and body.get("outcome") == "refused" for body in answers)
