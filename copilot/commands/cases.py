"""`copilot cases`: who owes what by when, tickets, packets for other teams, reminders, root causes."""

import getpass
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from copilot.commands.files import read_json_object
from copilot.commands.printing import AsJson, print_json
from copilot.errors import BadInput

if TYPE_CHECKING:
    from copilot.cases.desk import CaseDesk
    from copilot.store import Case

app = typer.Typer(help="Cases: one owner each, one list of what is owed.", no_args_is_help=True)
Id = Annotated[str, typer.Argument(help="Id of a case, as `copilot cases list` shows it.")]
As = Annotated[str | None, typer.Option("--as", help="Who you are; the name you are logged in with if left out.")]
Owner = Annotated[str | None, typer.Option(help="Of one person or team.")]


@app.command("list")
def list_cases(
    owner: Owner = None,
    kind: Annotated[str | None, typer.Option(help="complaint, follow_up, ticket, dispute, problem …")] = None,
    closed: Annotated[bool, typer.Option("--closed", help="The closed ones.")] = False,
    as_json: AsJson = False,
) -> None:
    """Cases, the newest change first."""
    with _desk() as desk:
        for case in desk.cases.find(status="closed" if closed else "open", kind=kind, owner=owner):
            _print(case, as_json=as_json, short=True)


@app.command()
def show(case_id: Id, as_json: AsJson = False) -> None:
    """A case with what is owed and what happened."""
    with _desk() as desk:
        _print(desk.cases.get(case_id), as_json=as_json)


@app.command()
def due(
    owner: Owner = None,
    before: Annotated[str | None, typer.Option(help="Due by then, as in 2026-11-30T12:00:00-06:00.")] = None,
    as_json: AsJson = False,
) -> None:
    """What is owed over all teams, what is overdue first."""
    from copilot.cases.desk import obligation_json
    from copilot.cases.reading import time_of

    now, until = datetime.now(UTC), time_of(before, "--before") if before else None
    with _desk() as desk:
        for case_id, each in desk.cases.due(owner=owner, before=until):
            if as_json:
                print_json({"case_id": case_id, **obligation_json(each), "overdue": each.is_overdue(now)})
            else:
                when = each.due_at.isoformat(timespec="minutes") if each.due_at else "no date"
                typer.echo(f"{'OVERDUE ' if each.is_overdue(now) else ''}{when} {each.owner}: {each.what} [{case_id}]")


@app.command("open")
def open_case(
    kind: Annotated[str, typer.Argument(help="complaint, ticket, dispute, order_change, problem, route …")],
    given: Annotated[Path, typer.Argument(help="A JSON file with the fields of its kind, see docs/cases.md.")],
    name: As = None,
    as_json: AsJson = False,
) -> None:
    """Open a case; the same case_id again changes nothing."""
    with _desk() as desk:
        _print(desk.open(kind, read_json_object(given), by=_who(name), now=datetime.now(UTC)), as_json=as_json)


@app.command()
def owe(
    case_id: Id,
    what: Annotated[str, typer.Argument(help="What is to be done.")],
    owner: Annotated[str, typer.Option(help="Who does it.")],
    by: Annotated[str | None, typer.Option(help="By when, as in 2026-11-30T12:00:00-06:00.")] = None,
    name: As = None,
    as_json: AsJson = False,
) -> None:
    """Add something owed to a case."""
    with _desk() as desk:
        given = {"what": what, "owner": owner, "due_at": by}
        _print(desk.owe(case_id, given, by=_who(name), now=datetime.now(UTC)), as_json=as_json)


@app.command()
def settle(
    case_id: Id,
    obligation_id: Annotated[str, typer.Argument(help="As `copilot cases show` lists it.")],
    action: Annotated[str, typer.Argument(help="done, moved or withdrawn.")],
    why: Annotated[str, typer.Option(help="What shows it, or why it is moved or withdrawn.")] = "",
    to: Annotated[str, typer.Option(help="The new time of a move.")] = "",
    name: As = None,
    as_json: AsJson = False,
) -> None:
    """Do, move or withdraw something owed."""
    with _desk() as desk:
        now = datetime.now(UTC)
        _print(desk.settle(case_id, obligation_id, action, by=_who(name), now=now, why=why, to=to), as_json=as_json)


@app.command()
def close(case_id: Id, name: As = None, as_json: AsJson = False) -> None:
    """Close a case; not while something is owed."""
    with _desk() as desk:
        _print(desk.close(case_id, by=_who(name), now=datetime.now(UTC)), as_json=as_json)


@app.command()
def status(
    case_id: Id,
    new: Annotated[str, typer.Argument(help="A state of TMF621, e.g. inProgress.")],
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    name: As = None,
    as_json: AsJson = False,
) -> None:
    """Move a ticket to another state."""
    from copilot.cases.ticket_desk import TicketDesk

    with _desk() as desk:
        tickets = TicketDesk(desk.cases, desk.pack)
        _print(tickets.move(case_id, new, reason, by=_who(name), now=datetime.now(UTC)), as_json=as_json)


@app.command("from-notes")
def from_notes(
    notes: Annotated[Path, typer.Argument(help="Notes, one JSON object a line, as `copilot note --json` prints them.")],
    as_json: AsJson = False,
) -> None:
    """Open a case for what was promised in each call; the same notes again change nothing."""
    with _desk() as desk:
        for note in _lines(notes):
            case = desk.from_note(note, now=datetime.now(UTC))
            if case is not None:
                _print(case, as_json=as_json, short=True)


@app.command()
def packet(
    source: Annotated[Path, typer.Argument(help="Events as `copilot replay` prints them, or notes, one a line.")],
    route: Annotated[str, typer.Option(help="A process route, e.g. legal, finance, carrier.")],
    call: Annotated[str | None, typer.Option(help="Id of the call; the first of the file if left out.")] = None,
) -> None:
    """What another team needs of a call, filled in."""
    lines = list(_lines(source))
    events = [line for line in lines if "type" in line and "body" in line]
    notes = [line["body"] for line in events if line["type"] == "note.updated"] if events else lines
    note = next((each for each in notes if call in (None, each.get("call_id"))), None)
    if note is None or "call_id" not in note:
        known = ", ".join(dict.fromkeys(str(each.get("call_id")) for each in notes[:10])) or "none"
        raise BadInput(f"{source} holds no note of call {call or ''!r}; there are: {known}. Name one with --call.")
    with _desk() as desk:
        print_json(desk.packet(note, events, route))


@app.command()
def missed(
    source: Annotated[Path, typer.Argument(help="Events of calls as `copilot replay` prints them.")],
    as_json: AsJson = False,
) -> None:
    """What calls missed: offers worth something, escalations, owners; and promises whose time is over."""
    from copilot.cases.call_facts import facts_of
    from copilot.cases.missed import missed_callbacks, missed_in, missed_json
    from knowledge.rules.flags import FlagsFile

    events = [line for line in _lines(source) if "type" in line and "body" in line]
    notes = {line["call_id"]: line["body"] for line in events if line["type"] == "note.updated"}
    with _desk() as desk:
        flags = desk.pack.rule_file(FlagsFile)
        found = [
            each
            for call_id, note in notes.items()
            for each in missed_in(facts_of(note, [one for one in events if one["call_id"] == call_id], flags))
        ]
        found += missed_callbacks((each for _, each in desk.cases.due()), now=datetime.now(UTC))
    for each in found:
        if as_json:
            print_json(missed_json(each))
        else:
            typer.echo(f"{each.call_id} {each.type} {each.value} to {each.reports_to}: {each.evidence}")


@app.command()
def ics(owner: Owner = None) -> None:
    """What is owed as a calendar (RFC 5545)."""
    from copilot.cases.calendar import calendar

    with _desk() as desk:
        typer.echo(calendar(desk.cases.due(owner=owner), stamp=datetime.now(UTC)), nl=False)


@app.command("pareto")
def pareto_table(
    incidents: Annotated[Path, typer.Argument(help="JSON lines: contact_id, cause_code, at, flags, revenue_at_risk.")],
    by_revenue: Annotated[bool, typer.Option("--by-revenue", help="By revenue at risk, not by contacts.")] = False,
    as_json: AsJson = False,
) -> None:
    """Causes by contacts or revenue, with cumulative percentages; then the problems they show."""
    from copilot.cases.problems import Incident, candidates, pareto

    try:
        read = [
            Incident(
                str(each["contact_id"]),
                str(each["cause_code"]),
                datetime.fromisoformat(each["at"]),
                frozenset(each.get("flags", ())),
                Decimal(str(each.get("revenue_at_risk", 0))),
            )
            for each in _lines(incidents)
        ]
    except (KeyError, ValueError, InvalidOperation) as error:
        raise BadInput(
            f"{incidents}: an incident lacks or spoils {error}. Each needs contact_id, cause_code, at."
        ) from None
    for share in pareto(read, by_revenue=by_revenue):
        if as_json:
            print_json(
                {name: str(value) if isinstance(value, Decimal) else value for name, value in vars(share).items()}
            )
        else:
            typer.echo(
                f"{share.cause_code:<24} {share.contacts:>5} {share.cumulative_contacts:>6} % "
                f"{share.revenue_at_risk:>10} {share.cumulative_revenue:>6} %"
            )
    for each in candidates(read):
        if as_json:
            print_json(vars(each))
        else:
            typer.echo(f"problem? {each.cause_code}: {each.because} ({', '.join(each.contact_ids[:8])})")


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise BadInput(f"{path} cannot be read. Give a file of JSON lines.") from None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise BadInput(f"{path}:{number} is no JSON object. Correct the line.")
        yield value


def _who(name: str | None) -> str:
    return name or getpass.getuser()


@contextmanager
def _desk() -> "Iterator[CaseDesk]":
    from copilot.cases.desk import CaseDesk
    from copilot.settings import load_settings
    from copilot.store import Cases, open_database
    from knowledge.pack import load_pack

    settings = load_settings()
    engine = open_database(settings.database)
    try:
        yield CaseDesk(Cases(engine, settings.tenant), load_pack(settings.pack))
    finally:
        engine.dispose()


def _print(case: "Case", *, as_json: bool, short: bool = False) -> None:
    from copilot.cases.desk import case_json

    if as_json:
        print_json(case_json(case))
        return
    typer.echo(f"{case.case_id} {case.kind} {case.status} {case.owner}: {case.title}")
    if short:
        return
    for each in case.obligations:
        when = each.due_at.isoformat(timespec="minutes") if each.due_at else "no date"
        typer.echo(f"  {each.obligation_id} {each.status} {when} {each.owner}: {each.what}")
    for entry in case.history:
        typer.echo(f"  {entry.at:%Y-%m-%d %H:%M} {entry.action} by {entry.by}")
