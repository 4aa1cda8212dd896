"""Contacts as the event log and the notes tell them: what the figures count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

CANCEL_CUES = frozenset({"cancel_intent", "port_out"})
REASON_CUE = "reason"
"""The kind of the cues that tell why somebody leaves."""
CANCEL_CODES = frozenset({"RET_CANCEL", "RET_PORT_OUT"})
Verdict = Literal["useful", "not_useful", "dismissed"]
_VERDICTS: Mapping[str, Verdict] = {"useful": "useful", "not_useful": "not_useful", "dismissed": "dismissed"}


@dataclass(frozen=True)
class Card:
    """A card that was shown, and the last thing the agent said of it."""

    card_id: str
    kind: str
    title: str
    verdict: Verdict | None = None


@dataclass(frozen=True)
class Contact:
    """One call or chat; `note` is its account note, empty while it runs.

    `churn_reason` is that of the offers put before the agent, else the first one heard; `at_risk` the monthly bill of
    the customer, as far as an offer card told it.
    """

    call_id: str
    at: datetime
    channel: str = "voice"
    language: str = "en"
    customer_id: str | None = None
    agent: str | None = None
    has_ended: bool = False
    cues: frozenset[str] = frozenset()
    cards: Sequence[Card] = ()
    churn_reason: str | None = None
    at_risk: Decimal = Decimal(0)
    note: Mapping[str, Any] = field(default_factory=dict)

    @property
    def wants_to_leave(self) -> bool:
        """Whether the customer asked to cancel or to take the number elsewhere."""
        return bool(self.cues & CANCEL_CUES) or self.note.get("reason_code") in CANCEL_CODES

    @property
    def outcome(self) -> str | None:
        """The outcome code of the note."""
        return self.note.get("outcome_code")

    @property
    def reason(self) -> str | None:
        """The reason code of the note."""
        return self.note.get("reason_code")


def contact_of(
    call_id: str,
    at: datetime,
    events: Sequence[Mapping[str, Any]],
    *,
    channel: str = "voice",
    language: str | None = None,
    customer_id: str | None = None,
    agent: str | None = None,
) -> Contact:
    """A contact from its events, each `{type, body}` in order; turns are not needed.

    Args:
        call_id: of the call.
        at: when it began.
        events: cue.raised, card.shown, card.dismissed, offer.shown, note.updated, call.ended.
        channel: voice, chat …
        language: as announced.
        customer_id: as announced.
        agent: who took it, as another system says; else whoever signed the note.
    """
    told = _Told()
    for event in events:
        told.take(event["type"], event["body"])
    return Contact(
        call_id,
        at,
        channel,
        (language or "en")[:2],
        customer_id,
        agent or told.note.get("signed_by"),
        told.has_ended,
        frozenset(told.cues),
        tuple(told.cards.values()),
        told.reason or told.heard or None,
        told.at_risk,
        told.note,
    )


@dataclass
class _Told:
    """What the events told so far."""

    note: Mapping[str, Any] = field(default_factory=dict)
    cues: set[str] = field(default_factory=set)
    cards: dict[str, Card] = field(default_factory=dict)
    has_ended: bool = False
    reason: str = ""
    heard: str = ""
    at_risk: Decimal = Decimal(0)

    def take(self, kind: str, body: Mapping[str, Any]) -> None:
        """Take in one event."""
        match kind:
            case "cue.raised":
                self.cues.add(str(body.get("cue_id")))
                if body.get("kind") == REASON_CUE:
                    self.heard = self.heard or str(body["cue_id"])
            case "card.shown":
                card_id = str(body.get("card_id"))
                self.cards[card_id] = Card(card_id, str(body.get("kind", "")), str(body.get("title", "")))
            case "card.dismissed":
                _judge(self.cards, str(body.get("card_id")), body)
            case "offer.shown" if body.get("churn_reason"):
                self.reason = str(body["churn_reason"])
                self.at_risk = Decimal(str((body.get("offer") or {}).get("price_now") or 0))
            case "note.updated":
                self.note = body
            case "call.ended":
                self.has_ended = True


def _judge(cards: dict[str, Card], card_id: str, body: Mapping[str, Any]) -> None:
    verdict = _VERDICTS.get(str(body.get("verdict")))
    if card_id in cards and verdict is not None:
        shown = cards[card_id]
        cards[card_id] = Card(shown.card_id, shown.kind, shown.title, verdict)
