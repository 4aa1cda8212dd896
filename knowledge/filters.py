"""Which documents may be found: valid on a day, for these readers, languages, kinds and places."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from knowledge.documents import Audience, Disclosure, Document


@dataclass(frozen=True, slots=True)
class Filters:
    """What a document must be; an empty tuple asks nothing.

    Attributes:
        as_of: the day on which it must hold; today when None.
        audiences: who is to read it: any of these.
        languages: "es" also takes "es-MX".
        kinds: policy, script, product ...
        jurisdictions: where the customer is: "US-CA" takes documents for US-CA, for US, and for everywhere.
        disclosures: how much it may tell of an account: any of these.
        of_customer: whose records may be found, "" for nobody's; None asks nothing. Documents about no customer stay.
    """

    as_of: date | None = None
    audiences: tuple[Audience, ...] = ()
    languages: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    jurisdictions: tuple[str, ...] = ()
    disclosures: tuple[Disclosure, ...] = ()
    of_customer: str | None = None


def allowed_documents(documents: Sequence[Document], filters: Filters, as_of: date) -> NDArray[np.bool_]:
    """One boolean a document: whether it is valid on `as_of` and passes the filters.

    A document that another one valid on that day names in `supersedes` has ended, whatever its own dates say.
    """
    superseded = _superseded(documents, as_of)
    return np.array(
        [
            holds_on(document, as_of) and document.doc_id not in superseded and _passes(document, filters)
            for document in documents
        ],
        dtype=np.bool_,
    )


def holds_on(document: Document, day: date) -> bool:
    """Whether `day` lies in the document's dates, first and last day included."""
    return (document.effective_from or date.min) <= day <= (document.effective_to or date.max)


def _superseded(documents: Sequence[Document], as_of: date) -> set[str]:
    successors: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        if document.supersedes and document.supersedes != document.doc_id:
            successors[document.supersedes].append(document)
    return {doc_id for doc_id, later in successors.items() if any(holds_on(document, as_of) for document in later)}


def _passes(document: Document, filters: Filters) -> bool:
    return (
        (not filters.audiences or document.audience in filters.audiences)
        and (not filters.languages or any(_is_within(document.language, wanted) for wanted in filters.languages))
        and (not filters.kinds or document.kind in filters.kinds)
        and (not filters.disclosures or document.disclosure in filters.disclosures)
        and (filters.of_customer is None or document.customer_id in (None, filters.of_customer))
        and (not filters.jurisdictions or not document.jurisdiction or _holds_in(document, filters.jurisdictions))
    )


def _holds_in(document: Document, places: Sequence[str]) -> bool:
    return any(_is_within(place, area) for place in places for area in document.jurisdiction)


def _is_within(part: str, whole: str) -> bool:
    """Whether "US-CA" is "US" or a part of it."""
    return f"{part}-".casefold().startswith(f"{whole}-".casefold())
