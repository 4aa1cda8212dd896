"""Calls in which offers are shown, over the demo pack, its customers and its offers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from copilot.calls.desk import Desk
from copilot.calls.live import LiveCalls
from copilot.offer_advice import offers_of
from copilot.store import EventLog
from copilot.transcript import Speaker, Transcript, Turn
from knowledge.pack import Pack

DAY = datetime.fromisoformat("2026-11-20T09:00:00-06:00")
Line = tuple[Speaker, str]


class OfferCall:
    """A call with a customer of the demo pack on 2026-11-20; the caller is verified unless `verified` is false."""

    def __init__(
        self,
        database: Engine,
        pack: Pack,
        customer_id: str = "C-1001",
        *,
        verified: bool = True,
        language: str = "en",
        call_id: str = "c",
        record: Mapping[str, Any] | None = None,
    ) -> None:
        self.call_id = call_id
        self.database = database
        self.live = LiveCalls(EventLog(database), Desk(pack, None, offers_of(pack)))
        if record is not None:
            self.live.desk.add_customer(record)
        self.live.start(Transcript(call_id, language=language, started_at=DAY, customer_id=customer_id))
        if verified:
            self.verify()

    def verify(self) -> None:
        self.live.report_auth(self.call_id, "authenticated", "one_time_code")

    def say(self, *lines: Line) -> "OfferCall":
        first = len(self.live.turns(self.call_id)) + 1
        turns = [Turn(f"t{place}", who, text) for place, (who, text) in enumerate(lines, start=first)]
        self.live.add_turns(self.call_id, turns)
        return self

    def bodies(self, *types: str) -> list[dict[str, Any]]:
        return [dict(event.body) for event in self.live.events(self.call_id) if event.type in types]

    def offers(self) -> list[str]:
        """The offers on cards, in order."""
        return [card["offer"]["offer_id"] for card in self.cards()]

    def cards(self) -> list[dict[str, Any]]:
        return [card for card in self.bodies("card.shown") if card["kind"] == "offer"]

    def alerts(self) -> list[str]:
        """What is said about figures that differ."""
        return [card["body"] for card in self.bodies("card.shown") if card["about"].startswith("offer_said:")]


CANCEL: Line = ("customer", "Hi, I want to cancel my internet.")
WHY: Line = ("agent", "I can do that. What is the reason?")
PRICE: Line = ("customer", "It is too expensive for me.")
TEMPTED: Line = ("customer", "It is too expensive, the other guys charge fifty.")
ASK: Line = ("agent", "Is it okay if I mention one option before I cancel?")
YES: Line = ("customer", "Sure, go ahead.")
TO_THE_MOMENT = (CANCEL, WHY, PRICE, ASK, YES)
