"""Policies for letters: the sentence of a document in force that answers a point best."""

from datetime import date

from copilot.replies.model import Citation
from knowledge.filters import Filters
from knowledge.quotes import best_sentences
from knowledge.retriever import Retriever

KINDS = ("policy", "product")
MIN_SCORE = 0.5
"""Below it a passage is about something else more often than not; a letter had rather quote nothing."""
MIN_COVERAGE = 0.35
LONGEST = 300


class Policies:
    """Looks policies up in the index; implements `Passages` of the letters."""

    def __init__(self, retriever: Retriever) -> None:
        self._retriever = retriever

    def policy_for(self, question: str, language: str, on: date) -> Citation | None:
        """The sentence of a public policy in force on the day that answers best; None when none does."""
        filters = Filters(on, ("public",), (language,), KINDS)
        for hit in self._retriever.search(question, filters=filters, k=3):
            if hit.score < MIN_SCORE or hit.coverage < MIN_COVERAGE:
                continue
            quote = next(iter(best_sentences(hit.passage, question, language=language)), "")
            if 0 < len(quote) <= LONGEST:
                since = hit.document.effective_from
                return Citation("passage", hit.passage.passage_id, quote, since.isoformat() if since else "")
        return None
