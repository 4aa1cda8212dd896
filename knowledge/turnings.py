"""When documents begin or end to hold: what is new to whoever works with them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from knowledge.documents import Document


@dataclass(frozen=True)
class Turning:
    """The first or the last day on which a document holds."""

    on: date
    change: Literal["begins", "ends"]
    document: Document


def turnings(documents: Iterable[Document], first: date, last: date) -> list[Turning]:
    """The turnings from one day to another, both included, by day and document."""
    found = [
        Turning(on, change, document) for document in documents for on, change in _days(document) if first <= on <= last
    ]
    return sorted(found, key=lambda each: (each.on, each.document.doc_id))


def _days(document: Document) -> Iterable[tuple[date, Literal["begins", "ends"]]]:
    if document.effective_from is not None:
        yield document.effective_from, "begins"
    if document.effective_to is not None:
        yield document.effective_to, "ends"
