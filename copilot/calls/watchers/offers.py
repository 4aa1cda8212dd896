"""Offers in the agent's mouth: figures unlike those shown; and what becomes of offers where nobody cancels."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from copilot.calls.cards import Card
from copilot.calls.leaving import AGENT_TURNS_TO_ANSWER
from copilot.calls.moment import Moment, Noticed, Reaction
from copilot.calls.offer_words import Figure, Named, named_offer
from copilot.calls.offering import known_offers
from copilot.calls.state import CallState
from copilot.spoken.days import MONTHS, day_in_words

OFFER_SAID = "offer_said:"


def watch(moment: Moment) -> Noticed:
    """An alert for a figure that is not the offer's; outside of cancelling also that it was made, and answered."""
    offers = known_offers(moment.state.advised)
    if not offers:
        return Noticed()
    if moment.turn.speaker == "agent":
        named = named_offer(moment.turn.text, offers, moment.language)
        if named is None:
            return Noticed()
        alerts = (_differs(named, moment),) if named.wrong else ()
        return Noticed(_made(moment, named), alerts)
    return Noticed(_answered(moment)) if moment.turn.speaker == "customer" else Noticed()


def _differs(named: Named, moment: Moment) -> Card:
    offer, wrong = named.offer, named.wrong
    is_spanish = moment.language == "es"
    said = " ".join(_said(figure, moment.language) for figure in wrong)
    if is_spanish:
        title, body = "La cifra no es la de la oferta", f"Usted dijo {said}; la oferta es {offer['name']}"
    else:
        title, body = "That is not the offer", f"You said {said}; the offer is {offer['name']}"
    body = f"{body}{_end(offer, wrong, moment.language)}."
    about = f"{OFFER_SAID}{offer['offer_id']}:{','.join(f'{figure.kind}={figure.value}' for figure in wrong)}"
    reason = ", ".join(f"“{figure.shown.strip()}”" for figure in wrong)
    return Card("alert", title, body, about, reason, (moment.turn.turn_id,), disclosure="account")


def _said(figure: Figure, language: str) -> str:
    """A figure as it is read: $25 a month, 20 percent, for 3 months, until June 30."""
    es = language == "es"
    if figure.kind == "percent":
        return f"{figure.value} %" if es else f"{figure.value}%"
    if figure.kind == "months":
        return f"por {figure.value} meses" if es else f"for {figure.value} months"
    if figure.kind == "date":
        month, day = (int(part) for part in figure.value.split("/"))
        name = MONTHS["es" if es else "en"][month - 1]
        return f"hasta el {day} de {name}" if es else f"until {name} {day}"
    return f"${figure.value}"


def _end(offer: Mapping[str, Any], wrong: Sequence[Figure], language: str) -> str:
    """The true figure where the offer's name does not tell it: the end, or the price of the month."""
    kinds = {figure.kind for figure in wrong}
    told = ""
    if "date" in kinds and offer.get("end_date"):
        end = date.fromisoformat(offer["end_date"])
        told = f", {'hasta el' if language == 'es' else 'until'} {day_in_words(end, language)}"
    if "monthly_price" in kinds:
        told = f", ${offer['monthly_price']} {'al mes' if language == 'es' else 'a month'}{told}"
    return told


# -- outside a cancellation there are no save attempts; an offer is made all the same


def _made(moment: Moment, named: Named) -> tuple[Reaction, ...]:
    state, offer_id = moment.state, named.offer["offer_id"]
    is_cancelling = any(cue.cue_id == "cancel_intent" for cue in state.cues)
    if is_cancelling or any(body["offer_id"] == offer_id and "card_id" not in body for body in state.advised):
        return ()
    body = {"offer_id": offer_id, "attempt": None, "turn_id": moment.turn.turn_id}
    return (Reaction("offer.shown", body),)


def _answered(moment: Moment) -> tuple[Reaction, ...]:
    made = _open_offer(moment.state)
    if made is None:
        return ()
    heard = moment.desk.cue_reader.hears
    outcome = next(
        (name for name in ("refused", "accepted") if heard(f"offer_{name}", moment.turn, moment.language)), None
    )
    if outcome is None:
        return ()
    body = {"offer_id": made["offer_id"], "attempt": None, "outcome": outcome, "turn_id": moment.turn.turn_id}
    return (Reaction("offer.outcome", body),)


def _open_offer(state: CallState) -> Mapping[str, Any] | None:
    """The offer made last, while a yes or no may still answer it."""
    spoken = [body for body in state.advised if "card_id" not in body]
    if not spoken or "outcome" in spoken[-1]:
        return None
    recent = [turn.turn_id for turn in state.turns.values() if turn.speaker == "agent"][-AGENT_TURNS_TO_ANSWER * 2 :]
    return spoken[-1] if spoken[-1]["turn_id"] in recent else None
