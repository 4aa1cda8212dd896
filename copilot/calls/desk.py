"""What the desk has at hand in a call: the pack's cues, flags and scripts, and the search over its documents."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from copilot.calls.cues import CueReader
from copilot.calls.gates import Gates
from copilot.transcript import Turn
from knowledge.documents import Audience, Document
from knowledge.pack import Pack
from knowledge.quotes import stems_of
from knowledge.retriever import ContextTurn, Filters, Hit
from knowledge.rules.flags import Flag, FlagsFile
from knowledge.words import stems

CALL_STARTED = "call_started"
AUDIENCES: tuple[Audience, ...] = ("public", "agent")  # internal documents never reach the sidebar of an agent
CONTEXT_TURNS = 6
PASSAGES = 5
# Words of weight a passage shares with what it answers. The local embedder knows English only: elsewhere words decide.
SHARED_WORDS = {"en": 1}
SHARED_WORDS_ELSEWHERE = 2


class Search(Protocol):
    """What the desk needs of a retriever."""

    def search(self, query: str, *, context: Sequence[ContextTurn] = (), filters: Filters, k: int = 10) -> list[Hit]:
        """Passages for a query, best first."""
        ...

    def refresh(self) -> bool:
        """Take in what was indexed since; whether there was anything."""
        ...


class Desk:
    """A pack made ready for live calls."""

    def __init__(self, pack: Pack, search: Search | None) -> None:
        self.pack = pack
        self.cue_reader = CueReader(pack.cues)
        self.gates = Gates(pack)
        self._search = search
        self._customers = dict(pack.customers)
        flags = pack.rules.get("flags")
        self.flags: Mapping[str, Flag] = (
            {flag.flag_id: flag for flag in flags.flags} if isinstance(flags, FlagsFile) else {}
        )
        self._scripts = [document for document in pack.documents if document.kind == "script" and document.triggers]

    def refresh(self) -> None:
        """Find what was indexed since the last call, by this process or another one."""
        if self._search is not None:
            self._search.refresh()

    def add_customer(self, record: Mapping[str, Any]) -> None:
        """Know one more customer, by the record's `customer_id`."""
        self._customers[record["customer_id"]] = record

    def customer(self, customer_id: str | None) -> Mapping[str, Any]:
        """The record of a customer; empty when the pack does not know them."""
        return self._customers.get(customer_id or "", {})

    def jurisdictions_of(self, customer_id: str | None) -> tuple[str, ...]:
        """The whole country, and the customer's state where the pack knows the customer."""
        state = self.customer(customer_id).get("state")
        return ("US", f"US-{state}") if state else ("US",)

    def script_for(
        self, now: Collection[str], before: Collection[str], *, language: str, jurisdictions: Sequence[str], on: date
    ) -> tuple[Document, list[str]] | None:
        """The script that fits the cues just heard best, and the cues it fits; None when none fits.

        A cue just heard counts twice a cue from before; the caller's language and state decide between equals.
        """
        best: tuple[tuple[float, ...], Document, list[str]] | None = None
        for script in self._scripts:
            fits_now = [cue for cue in script.triggers if cue in now]
            if not fits_now or not _holds(script, jurisdictions, on):
                continue
            fits_before = [cue for cue in script.triggers if cue in before and cue not in now]
            weight = 2 * len(fits_now) + len(fits_before)
            is_local = any(place in jurisdictions and place != "US" for place in script.jurisdiction)
            first_place = -min(script.triggers.index(cue) for cue in fits_now)
            rank = (script.language == language, is_local, weight, first_place, -len(script.triggers))
            if best is None or rank > best[0]:
                best = (rank, script, fits_now + fits_before)
        return (best[1], best[2]) if best else None

    def passages_for(
        self,
        matter: str,
        before: Sequence[Turn],
        *,
        language: str,
        jurisdictions: Sequence[str],
        on: date,
        min_score: float,
    ) -> list[Hit]:
        """Passages for a matter just raised, in the light of the turns before it, none below `min_score`.

        A passage must share a word of weight with the matter itself: what went before may lead, but not alone.
        Documents in the caller's language come first; those of other languages only when it has none to show.
        Scripts come up by their cues instead.
        """
        if self._search is None:
            return []
        context = [ContextTurn(text=earlier.text, speaker=earlier.speaker) for earlier in before[-CONTEXT_TURNS:]]
        places = tuple(jurisdictions)
        wanted = stems_of(matter, language)
        shared = SHARED_WORDS.get(language, SHARED_WORDS_ELSEWHERE)
        for languages in ((language,), ()):
            filters = Filters(as_of=on, audiences=AUDIENCES, languages=languages, jurisdictions=places)
            hits = self._search.search(matter, context=context, filters=filters, k=PASSAGES)
            good = [
                hit
                for hit in hits
                if hit.score >= min_score
                and hit.document.kind != "script"
                and len(wanted & set(stems(hit.passage.index_text, hit.document.language))) >= shared
            ]
            if good:
                return good
        return []


def _holds(script: Document, jurisdictions: Sequence[str], on: date) -> bool:
    is_here = not script.jurisdiction or any(place in jurisdictions for place in script.jurisdiction)
    has_begun = script.effective_from is None or script.effective_from <= on
    has_ended = script.effective_to is not None and script.effective_to < on
    return is_here and has_begun and not has_ended and script.audience in AUDIENCES
