"""What stands beside a call in the widget: who calls, cases, packets, how an offer was decided, new policies."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, get_args

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from copilot.cases.as_json import case_json
from copilot.errors import NotFound
from copilot.guard.verification import may_show
from copilot.offers.replay import replay
from copilot.service.access import at_least
from copilot.service.hall import Hall
from copilot.service.reader import Reader
from copilot.store import Case, Cases, Decisions, Identity
from knowledge.documents import Document
from knowledge.filters import Filters
from knowledge.rules.channels import ChannelsFile
from knowledge.rules.flags import Route
from knowledge.turnings import turnings

NEWS_DAYS = 30
MOST_NEWS = 8
MOST_CASES = 20

router = APIRouter(prefix="/v1/calls/{call_id}", tags=["calls"])
Agent = Annotated[Identity, Depends(at_least("agent"))]


class PacketIn(BaseModel):
    """Which team is to be handed the call."""

    model_config = ConfigDict(extra="forbid")

    route: str = Field(min_length=1, max_length=40)


@router.get("/work")
def work(call_id: str, request: Request, identity: Agent) -> dict[str, Any]:
    """Who calls, as far as they are verified; the cases of the call and of its customer; what may be done with them.

    `agent` is the name that a token is for, where it is for a person. `news` are documents that began to hold in the
    last 30 days. The token of a widget drafts no replies, so it gets no `channels`.
    """
    hall: Hall = request.app.state.hall
    standing, customer_id = hall.live(identity.tenant).standing(call_id)
    is_open = may_show("account", standing, hall.parts.desk.rulebook).allowed
    reader = Reader.of(hall, identity, call_id)
    filters = Filters(audiences=reader.audiences, disclosures=reader.open, of_customer=reader.of_customer)
    channels = hall.parts.pack.rule_file(ChannelsFile)
    return {
        "agent": identity.person,
        "caller": {"customer_id": customer_id, "name": _name_of(hall, customer_id) if is_open else None},
        "cases": [case_json(case) for case in _cases(hall, identity, call_id, customer_id if is_open else None)],
        "routes": list(get_args(Route)),
        "channels": [each.channel for each in channels.channels] if channels and not identity.call_id else [],
        "news": news_of(hall.retriever(identity.tenant).documents(filters), datetime.now(UTC).date()),
    }


@router.post("/packet")
def make_packet(call_id: str, body: PacketIn, request: Request, identity: Agent) -> dict[str, Any]:
    """What a process route needs of this call, filled in, with the words to hand the caller over."""
    hall: Hall = request.app.state.hall
    live = hall.live(identity.tenant)
    events = [{"type": each.type, "body": each.body} for each in live.events(call_id)]
    return hall.case_desk(identity.tenant).packet(live.note(call_id), events, body.route)


@router.get("/decisions/{decision_id}")
def derivation(
    call_id: str,
    decision_id: str,
    request: Request,
    identity: Agent,
    offer_id: Annotated[str, Query(max_length=80)] = "",
) -> Sequence[Mapping[str, Any]]:
    """Every rule an offer of this call was decided by; of the best one, unless another is named.

    Raises:
        NotFound: this call was shown no such decision, or it decided on no such offer.
    """
    hall: Hall = request.app.state.hall
    shown = {each.body.get("decision_id") for each in hall.live(identity.tenant).events(call_id)}
    if decision_id not in shown:
        raise NotFound(f"Call {call_id!r} was shown no decision {decision_id!r}. Its offer cards name theirs.")
    answer = replay(Decisions(hall.parts.engine, identity.tenant).get(decision_id)).as_object()
    wanted = offer_id or answer["best"]
    for each in answer["decisions"]:
        if each["offer_id"] == wanted:
            rules: Sequence[Mapping[str, Any]] = each["derivation"]
            return rules
    raise NotFound(f"Decision {decision_id!r} is not about an offer {wanted!r}. It names those it is about.")


def news_of(documents: Sequence[Document], today: date) -> list[dict[str, Any]]:
    """What became policy of late, the newest first; each with its id, title and first day."""
    found = turnings(documents, today - timedelta(days=NEWS_DAYS), today)
    fresh = [(each.on, each.document) for each in reversed(found) if each.change == "begins"]
    return [
        {"doc_id": each.doc_id, "title": each.title, "kind": each.kind, "effective_from": since.isoformat()}
        for since, each in fresh[:MOST_NEWS]
    ]


def _name_of(hall: Hall, customer_id: str | None) -> str | None:
    record = hall.parts.pack.customers.get(customer_id or "")
    name = record.get("name") if record else None
    return str(name) if name else None


def _cases(hall: Hall, identity: Identity, call_id: str, customer_id: str | None) -> list[Case]:
    """The cases a call opened, with what is owed in them; those of its customer too, once they are verified."""
    cases = Cases(hall.parts.engine, identity.tenant)
    found = cases.find(customer_id=customer_id, limit=MOST_CASES) if customer_id else []
    own = {each.case_id: each for each in (*found, *cases.of_source(f"call:{call_id}"))}
    return [replace(cases.get(case_id), history=()) for case_id in list(own)[:MOST_CASES]]
