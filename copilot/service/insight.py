"""The endpoints of insight: reports with their evidence, files of them, coaching pages, facts of other systems."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response, status
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from copilot.cases.calendar import calendar
from copilot.errors import AccessDenied, NotFound
from copilot.insight import Window
from copilot.insight.coaching_document import coaching_blocks, coaching_title
from copilot.insight.facts import MOST_AT_ONCE
from copilot.insight.words import all_words, named_table
from copilot.insight_desk import Board, InsightDesk
from copilot.insight_desk.desk import OF_AGENTS
from copilot.service.access import at_least
from copilot.service.files import CSV, DOCX, ICS, XLSX, file_response
from copilot.service.hall import Hall
from copilot.spreadsheet import as_csv, as_xlsx
from copilot.store import CoachingNote, Identity, InsightRows, Scores
from copilot.wordprocessing import as_docx

router = APIRouter(prefix="/v1/insight", tags=["insight"])
Agent = Annotated[Identity, Depends(at_least("agent"))]
Supervisor = Annotated[Identity, Depends(at_least("supervisor"))]
Language = Annotated[Literal["en", "es"], Query()]
DAYS = 30
WEEK_DAYS = 7


class FactsIn(BaseModel):
    """Facts of one kind; docs/consoles.md shows their forms."""

    model_config = ConfigDict(extra="forbid")

    facts: list[dict[str, Any]] = Field(min_length=1, max_length=MOST_AT_ONCE)


class RecordsIn(BaseModel):
    """Customer records; those of the pack if they are left out."""

    model_config = ConfigDict(extra="forbid")

    records: list[dict[str, Any]] | None = Field(default=None, max_length=MOST_AT_ONCE)


class NoteIn(BaseModel):
    """Something about a coaching page; `note_id` is yours, a repeat of it changes nothing."""

    model_config = ConfigDict(extra="forbid")

    note_id: str = Field(min_length=1, max_length=100)
    agent: str | None = Field(default=None, max_length=200, description="whose page; one's own if left out")
    kind: Literal["concern", "answer", "reply", "agreed"]
    text: str = Field(min_length=1, max_length=5000)
    re: str = Field(default="", max_length=100, description="the note it replies to")


def _window(
    begin: Annotated[AwareDatetime | None, Query(alias="from")] = None,
    end: Annotated[AwareDatetime | None, Query(alias="to")] = None,
    days: Annotated[int, Query(ge=1, le=400, description="up to `to`, where `from` is left out")] = DAYS,
) -> Window:
    until = end or datetime.now(UTC)
    return Window.of(begin or until - timedelta(days=days), until)


InWindow = Annotated[Window, Depends(_window)]


@router.get("")
def report(request: Request, identity: Supervisor, window: InWindow) -> dict[str, Any]:
    """Every figure and list of a time, each with its numerator, its denominator, what was left out, and evidence."""
    return _board(request, identity, window).as_json()


@router.get("/words")
def words(_identity: Agent) -> Mapping[str, Any]:
    """What figures, exclusions, sections and columns are called, in English and Spanish."""
    return all_words()


@router.get("/report.xlsx")
def workbook(request: Request, identity: Supervisor, window: InWindow, language: Language = "en") -> Response:
    """The report as an Excel workbook, a sheet a section."""
    tables = [named_table(each, language) for each in _board(request, identity, window).sections.values()]
    return file_response(as_xlsx(tables), XLSX, "insight.xlsx")


@router.get("/sections/{name}.csv")
def section_csv(
    name: str, request: Request, identity: Supervisor, window: InWindow, language: Language = "en"
) -> Response:
    """One section of the report as CSV."""
    sections = _board(request, identity, window).sections
    if name not in sections:
        raise NotFound(f"No section {name[:60]!r}; there are: {', '.join(sections)}.")
    table = named_table(sections[name], language)
    return file_response(("\ufeff" + as_csv(table.heads, table.rows)).encode(), CSV, f"{name}.csv")


@router.get("/deadlines.ics")
def deadlines(request: Request, identity: Supervisor) -> Response:
    """What is owed soon or overdue, as a calendar."""
    now = _now()
    text = calendar(_desk(request, identity).due(now), stamp=now, name="Deadlines at risk")
    return file_response(text.encode(), ICS, "deadlines.ics")


@router.post("/facts/{kind}", status_code=status.HTTP_201_CREATED)
def keep(kind: str, body: FactsIn, request: Request, identity: Supervisor) -> dict[str, int]:
    """Take in what another system tells; the same `fact_id` again replaces what it told before."""
    return {"kept": _desk(request, identity).keep(kind, body.facts)}


@router.post("/outreach/records", status_code=status.HTTP_201_CREATED)
def lists_from_records(body: RecordsIn, request: Request, identity: Supervisor) -> dict[str, int]:
    """Put whoever is due by customer records on the outreach lists: failed payments, agreements about to end.

    Without `records`, those the pack brings along. Who was since paid for, or may not be contacted by any way, gets the
    reason at once; the same records again change nothing.
    """
    desk = _desk(request, identity)
    records = desk.pack.customers.values() if body.records is None else body.records
    return desk.keep_lists(records, now=_now())


@router.get("/calls/{call_id}")
def call(call_id: str, request: Request, identity: Supervisor) -> dict[str, Any]:
    """The evidence behind a figure: a call's note and turns."""
    return _desk(request, identity).call(call_id)


@router.get("/coaching")
def coaching(
    request: Request,
    identity: Agent,
    window: InWindow,
    agent: Annotated[str | None, Query(max_length=200)] = None,
    language: Language = "en",
) -> dict[str, Any]:
    """The page for an agent's weekly meeting; agents see their own."""
    return _desk(request, identity).coaching(_whose(identity, agent), window, now=_now(), language=language)


@router.get("/coaching.docx")
def coaching_docx(
    request: Request,
    identity: Agent,
    window: InWindow,
    agent: Annotated[str | None, Query(max_length=200)] = None,
    language: Language = "en",
) -> Response:
    """The page for an agent's weekly meeting as a Word document."""
    page = _desk(request, identity).coaching(_whose(identity, agent), window, now=_now(), language=language)
    return file_response(
        as_docx(coaching_title(page, language), coaching_blocks(page, language)), DOCX, "coaching.docx"
    )


@router.post("/coaching/notes", status_code=status.HTTP_201_CREATED)
def say(body: NoteIn, request: Request, identity: Agent) -> dict[str, bool]:
    """Say something about a coaching page: agents a concern or an answer on their own, coaches a reply too."""
    if identity.role == "agent" and body.kind not in OF_AGENTS:
        raise AccessDenied(f"kind is {body.kind!r}; agents may say: {', '.join(OF_AGENTS)}.")
    whose = _whose(identity, body.agent)
    note = CoachingNote(body.note_id, whose, _now(), identity.name, body.kind, body.re, body.text)
    return {"new": _desk(request, identity).say(note)}


def _whose(identity: Identity, agent: str | None) -> str:
    """Whose page is meant.

    Raises:
        AccessDenied: it is another person's, and one is no supervisor.
    """
    whose = agent or identity.name
    if whose != identity.name and identity.role not in ("supervisor", "admin"):
        raise AccessDenied("A coaching page is for its agent and their supervisors. Leave out `agent` for your own.")
    return whose


def _desk(request: Request, identity: Identity) -> InsightDesk:
    hall: Hall = request.app.state.hall
    cases = hall.case_desk(identity.tenant).cases  # refuses the tokens of other tenants
    engine = hall.parts.engine
    return InsightDesk(InsightRows(engine, identity.tenant), Scores(engine, identity.tenant), cases, hall.parts.pack)


def _board(request: Request, identity: Identity, window: Window) -> Board:
    return _desk(request, identity).board(window, now=_now())


def _now() -> datetime:
    return datetime.now(UTC)
