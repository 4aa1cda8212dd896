"""What the reviewers' console asks besides the queue: who one is, words for codes, sources, live checks of a text."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, get_args

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from copilot.guard.masking import mask_values
from copilot.replies.checks import KIND_OF_CLASS
from copilot.replies.limits import excess, length, limit_of
from copilot.replies.understanding import channels_of
from copilot.review.proposing import reply_proposals
from copilot.review.scoring import SUBJECTS
from copilot.service.access import at_least
from copilot.service.files import DOCX, file_response
from copilot.service.hall import Hall
from copilot.store import Identity
from copilot.store.reviews import Status
from copilot.wordprocessing import Block, as_docx
from knowledge.pack import Pack
from knowledge.rules.channels import Counting
from knowledge.rules.flags import Route
from knowledge.rules.scorecard import ScorecardFile

router = APIRouter(prefix="/v1/console", tags=["consoles"])
Agent = Annotated[Identity, Depends(at_least("agent"))]
Reviewer = Annotated[Identity, Depends(at_least("reviewer"))]
PLAIN: Counting = "characters"  # how a text is counted where its channel has no limit


class TextIn(BaseModel):
    """A text that somebody is about to save."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(max_length=20_000)


@router.get("/me")
def me(request: Request, identity: Agent) -> dict[str, str]:
    """Who the token is: how audits name them, their role, their tenant, and the pack they work with."""
    hall: Hall = request.app.state.hall
    hall.case_desk(identity.tenant)  # refuses the tokens of other tenants
    pack = hall.parts.pack
    return {"name": identity.name, "role": identity.role, "tenant": identity.tenant, "brand": pack.head.house.brand}


@router.get("/words")
def words(request: Request, identity: Reviewer) -> dict[str, Any]:
    """What the console offers to choose from: reasons, channels, routes, ways out, the scorecard."""
    hall: Hall = request.app.state.hall
    desk, pack = hall.reply_review(identity.tenant), hall.parts.pack
    card = pack.rule_file(ScorecardFile)
    return {
        "reasons": [each.model_dump(mode="json") for each in card.corrections] if card else [],
        "sections": [each.model_dump(mode="json") for each in card.sections] if card else [],
        "subjects": list(SUBJECTS),
        "channels": [each.channel for each in channels_of(pack).channels],
        "statuses": list(get_args(Status)),
        "routes": list(get_args(Route)),
        "adapters": list(desk.senders),
    }


@router.get("/drafts/{draft_id}/sources")
def sources(draft_id: str, request: Request, identity: Reviewer) -> list[dict[str, Any]]:
    """What the sentences of a draft rest on, each source once, with the sentences that use it."""
    hall: Hall = request.app.state.hall
    item = hall.reply_review(identity.tenant).review.reviews.get(draft_id)
    return list(_sources(item.draft, hall.parts.pack))


@router.post("/drafts/{draft_id}/check")
def check(draft_id: str, body: TextIn, request: Request, identity: Reviewer) -> dict[str, Any]:
    """The checks of a text in the place of the draft's, and how long it is as the channel counts; stores nothing.

    The text is masked first, as saving does: `masked` says whether something was.
    """
    hall: Hall = request.app.state.hall
    desk = hall.reply_review(identity.tenant)
    item = desk.review.reviews.get(draft_id)
    text = str(mask_values(body.text, desk.replies.policy))
    checks = desk.replies.recheck(text, item.draft, item.given, now=datetime.now(UTC))
    return {"checks": checks, "masked": text != body.text, **_size(text, item.row.channel, item.draft, hall.parts.pack)}


@router.get("/drafts/{draft_id}/proposals")
def proposals(draft_id: str, request: Request, identity: Reviewer) -> list[dict[str, Any]]:
    """Marks a machine proposes for a reply, from the checks of its last text; none counts before a person agrees."""
    hall: Hall = request.app.state.hall
    item = hall.reply_review(identity.tenant).review.reviews.get(draft_id)
    card = hall.parts.pack.rule_file(ScorecardFile)
    found = reply_proposals(item.versions[-1].checks, card) if card else []
    return [{"item_id": each.item_id, "mark": str(each.mark), "evidence": list(each.evidence)} for each in found]


@router.get("/drafts/{draft_id}/answer.docx")
def answer_docx(draft_id: str, request: Request, identity: Reviewer) -> Response:
    """The text of a draft as it stands, as a Word document: for bodies that take letters."""
    hall: Hall = request.app.state.hall
    item = hall.reply_review(identity.tenant).review.reviews.get(draft_id)
    title = str(item.given.get("reference") or item.given.get("title") or item.row.item_id)
    return file_response(as_docx(title, [Block("paragraph", item.text)]), DOCX, "answer.docx")


def _size(text: str, channel_id: str, draft: Mapping[str, Any], pack: Pack) -> dict[str, Any]:
    channel = channels_of(pack).channel(channel_id)
    limit = limit_of(channel, KIND_OF_CLASS[draft["draft_class"]]) if channel else None
    counting = limit.counting if limit else PLAIN
    return {
        "length": length(text, counting),
        "counting": counting,
        "limit": limit.max if limit else None,
        "over": excess(text, limit),
    }


def _sources(draft: Mapping[str, Any], pack: Pack) -> Iterator[dict[str, Any]]:
    documents = {document.doc_id: document for document in pack.documents}
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for sentence in draft["sentences"]:
        for citation in sentence["citations"]:
            key = citation["kind"], citation["ref"], citation["quote"]
            entry = found.setdefault(key, {**citation, "title": None, "from": None, "to": None, "sentence_ids": []})
            entry["sentence_ids"].append(sentence["id"])
            document = documents.get(citation["ref"].partition("#")[0])
            if citation["kind"] == "passage" and document is not None:
                entry["title"] = document.title
                entry["from"] = document.effective_from.isoformat() if document.effective_from else None
                entry["to"] = document.effective_to.isoformat() if document.effective_to else None
    yield from found.values()
