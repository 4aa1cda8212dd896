"""What the desk has at hand in a call: the pack's cues, flags and scripts, and the search over its documents."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from copilot.calls.cues import CueReader
from copilot.calls.gates import Gates
from copilot.calls.offering import OfferAdvice
from copilot.guard.verification import Rulebook
from copilot.transcript import Turn
from knowledge.documents import Audience, Document
from knowledge.pack import Pack
from knowledge.quotes import stems_of
from knowledge.retriever import ContextTurn, Filters, Hit
from knowledge.rules.flags import Flag, FlagsFile
from knowledge.scripts import Script, script_of
from knowledge.words import stems

CALL_STARTED = "call_started"
NO_CUSTOMER = ""  # in a filter: records of no customer at all
AUDIENCES: tuple[Audience, ...] = ("public", "agent")  # internal documents never reach the sidebar of an agent
HOLDER = "account holder"  # the role of a contact in a customer record
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

    def __init__(self, pack: Pack, search: Search | None, offers: OfferAdvice | None = None) -> None:
        self.pack = pack
        self.offers = offers
        self.cue_reader = CueReader(pack.cues)
        self.rulebook = Rulebook(pack.verification, cpni=pack.head.regimes.cpni)
        self.gates = Gates(pack)
        self._search = search
        self._customers = dict(pack.customers)
        flags = pack.rules.get("flags")
        self.flags: Mapping[str, Flag] = (
            {flag.flag_id: flag for flag in flags.flags} if isinstance(flags, FlagsFile) else {}
        )
        scripts = (script_of(document) for document in pack.documents if document.kind == "script")
        self.scripts: Mapping[str, Script] = {script.doc_id: script for script in scripts}

    def refresh(self) -> None:
        """Find what was indexed since the last call, by this process or another one."""
        if self._search is not None:
            self._search.refresh()
        if self.offers is not None:
            self.offers.refresh()

    def add_customer(self, record: Mapping[str, Any]) -> None:
        """Know one more customer, by the record's `customer_id`."""
        self._customers[record["customer_id"]] = record
        if self.offers is not None:
            self.offers.add_customer(record)

    def customer(self, customer_id: str | None) -> Mapping[str, Any]:
        """The record of a customer; empty when the pack does not know them."""
        return self._customers.get(customer_id or "", {})

    def jurisdictions_of(self, customer_id: str | None) -> tuple[str, ...]:
        """The whole country, and the customer's state where the pack knows the customer."""
        state = self.customer(customer_id).get("state")
        return ("US", f"US-{state}") if state else ("US",)

    def flags_of(self, customer_id: str | None) -> frozenset[str]:
        """The flags that are set on the customer's record."""
        flags = self.customer(customer_id).get("flags") or {}
        return frozenset(name for name, is_set in flags.items() if is_set is True)

    def authorised_users(self, customer_id: str | None) -> list[str]:
        """The names of those who may speak for the customer besides the account holder."""
        contacts = self.customer(customer_id).get("contacts") or ()
        return [
            contact["name"]
            for contact in contacts
            if contact.get("authorised") is True and contact.get("role") != HOLDER and contact.get("name")
        ]

    def script_for(
        self,
        now: Collection[str],
        before: Collection[str],
        *,
        language: str,
        jurisdictions: Sequence[str],
        on: date,
        may_sell: bool = True,
    ) -> tuple[Script, list[str]] | None:
        """The script that fits the cues just heard best, and the cues it fits; None when none fits.

        A cue just heard counts twice a cue from before; the caller's language and state decide between equals.
        Without `may_sell`, scripts that offer something stay away; and so they do where only a reason was heard ("too
        expensive") and none of the wishes they are for.
        """
        best: tuple[tuple[float, ...], Script, list[str]] | None = None
        for one in self.scripts.values():
            script = one.document
            if one.sells and not (may_sell and self._is_asked_for(script, now, before)):
                continue
            fits_now = [cue for cue in script.triggers if cue in now]
            if not fits_now or not _holds(script, jurisdictions, on):
                continue
            fits_before = [cue for cue in script.triggers if cue in before and cue not in now]
            weight = 2 * len(fits_now) + len(fits_before)
            is_local = any(place in jurisdictions and place != "US" for place in script.jurisdiction)
            first_place = -min(script.triggers.index(cue) for cue in fits_now)
            rank = (script.language == language, is_local, weight, first_place, -len(script.triggers))
            if best is None or rank > best[0]:
                best = (rank, one, fits_now + fits_before)
        return (best[1], best[2]) if best else None

    def _is_asked_for(self, script: Document, now: Collection[str], before: Collection[str]) -> bool:
        cues = self.cue_reader.by_id
        wishes = [cue for cue in script.triggers if cue in cues and cues[cue].kind == "intent"]
        return not wishes or any(wish in now or wish in before for wish in wishes)

    def must_says(self) -> Iterator[tuple[str, str]]:
        """Every line of every script to be said word for word, with its language."""
        for script in self.scripts.values():
            yield from ((line, script.language) for step in script.steps for line in step.must_say)

    def base_of(self, doc_id: str) -> str:
        """The id that a script and its variants in other languages have in common."""
        script = self.scripts.get(doc_id)
        return script.variant_of or doc_id if script else doc_id

    def variant(self, doc_id: str, language: str, *, jurisdictions: Sequence[str], on: date) -> Script | None:
        """The script that says the same in this language, as `variant_of` in its front matter has it."""
        family = (one for one in self.scripts.values() if self.base_of(one.doc_id) == self.base_of(doc_id))
        return next(
            (one for one in family if one.language == language and _holds(one.document, jurisdictions, on)), None
        )

    def passages_for(
        self,
        matter: str,
        before: Sequence[Turn],
        *,
        language: str,
        jurisdictions: Sequence[str],
        on: date,
        min_score: float,
        customer_id: str | None = None,
    ) -> list[Hit]:
        """Passages for a matter just raised, in the light of the turns before it, none below `min_score`.

        A passage must share a word of weight with the matter itself: what went before may lead, but not alone.
        Documents in the caller's language come first; those of other languages only when it has none to show.
        Scripts come up by their cues instead. Records of other customers are never found.
        """
        if self._search is None:
            return []
        context = [ContextTurn(text=earlier.text, speaker=earlier.speaker) for earlier in before[-CONTEXT_TURNS:]]
        places = tuple(jurisdictions)
        wanted = stems_of(matter, language)
        shared = SHARED_WORDS.get(language, SHARED_WORDS_ELSEWHERE)
        for languages in ((language,), ()):
            filters = Filters(on, AUDIENCES, languages, jurisdictions=places, of_customer=customer_id or NO_CUSTOMER)
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
