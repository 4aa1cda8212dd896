"""The search endpoint."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel

from copilot.service.access import at_least
from copilot.service.hall import Hall
from copilot.service.reader import Reader, Withheld
from copilot.store import Identity
from knowledge.documents import Disclosure
from knowledge.retriever import Filters, Hit, Retriever

router = APIRouter(prefix="/v1", tags=["search"])


class Found(BaseModel):
    """A passage, where it stands, and when it holds."""

    rank: int
    score: float
    doc_id: str
    passage_id: str
    title: str
    heading: str
    text: str
    kind: str
    disclosure: Disclosure
    language: str
    effective_from: date | None
    effective_to: date | None

    @classmethod
    def of(cls, hit: Hit) -> "Found":
        """A hit of the retriever in the form of the API."""
        document, passage = hit.document, hit.passage
        return cls(
            rank=hit.rank,
            score=round(hit.score, 4),
            doc_id=document.doc_id,
            passage_id=passage.passage_id,
            title=document.title,
            heading=passage.heading,
            text=passage.text,
            kind=document.kind,
            disclosure=document.disclosure,
            language=document.language,
            effective_from=document.effective_from,
            effective_to=document.effective_to,
        )


class SearchResult(BaseModel):
    """Passages, best first, and what was left out of them."""

    results: list[Found]
    withheld: list[Withheld] = []


@router.get("/search")
def search(
    request: Request,
    identity: Annotated[Identity, Depends(at_least("agent"))],
    q: Annotated[str, Query(min_length=1, max_length=2000)],
    k: Annotated[int, Query(ge=1, le=100)] = 10,
    as_of: date | None = None,
    language: Annotated[str | None, Query(pattern=r"^[a-z]{2}$")] = None,
    kind: str | None = None,
    call_id: Annotated[str | None, Query(max_length=200)] = None,
) -> SearchResult:
    """Search the documents of the business; internal ones are for supervisors.

    With `call_id`, what the caller of that call is not verified for is left out and counted in `withheld`. Without
    it, records of accounts and calls are for supervisors only.
    """
    hall: Hall = request.app.state.hall
    retriever: Retriever = hall.retriever(identity.tenant)
    filters = Filters(
        as_of=as_of,
        languages=(language,) if language else (),
        kinds=(kind,) if kind else (),
    )

    def find(among: Filters) -> list[Hit]:
        return retriever.search(q, filters=among, k=k)

    hits, withheld = Reader.of(hall, identity, call_id).search(find, filters)
    return SearchResult(results=[Found.of(hit) for hit in hits], withheld=withheld)
