"""`copilot cases`: who owes what by when, tickets, packets for other teams, reminders, root causes."""

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

import typer

from copilot.commands import tickets
from copilot.commands.case_desk import As, Id, lines_of, open_desk, print_case, who
from copilot.commands.files import read_json_object
from copilot.commands.printing import AsJson, print_json
from copilot.errors import BadInput

app = typer.Typer(help="Cases: one owner each, one list of what is owed.", no_args_is_help=True)
app.add_typer(tickets.app, name="ticket")
Owner = Annotated[str | None, typer.Option(help="Of one person or team.")]


@app.command("list")
def list_cases(
    owner: Owner = None,
    kind: Annotated[str | None, typer.Option(help="complaint, follow_up, ticket, dispute, problem …")] = None,
    closed: Annotated[bool, typer.Option("--closed", help="The closed ones.")] = False,
    as_json: AsJson = False,
) -> None:
    """Cases, the newest change first."""
    with open_desk() as desk:
        for case in desk.cases.find(status="closed" if closed else "open", kind=kind, owner=owner):
            print_case(case, as_json=as_json, short=True)


@app.command()
def show(case_id: Id, as_json: AsJson = False) -> None:
    """A case with what is owed and what happened."""
    with open_desk() as desk:
        print_case(desk.cases.get(case_id), as_json=as_json)


@app.command()
def due(
    owner: Owner = None,
    before: Annotated[str | None, typer.Option(help="Due by then, as in 2026-11-30T12:00:00-06:00.")] = None,
    as_json: AsJson = False,
) -> None:
    """What is owed over all teams, what is overdue first."""
    from copilot.cases.as_json import obligation_json
    from copilot.cases.reading import time_of

    now, until = datetime.now(UTC), time_of(before, "--before") if before else None
    with open_desk() as desk:
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
    with open_desk() as desk:
        print_case(desk.open(kind, read_json_object(given), by=who(name), now=datetime.now(UTC)), as_json=as_json)


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
    with open_desk() as desk:
        given = {"what": what, "owner": owner, "due_at": by}
        print_case(desk.owe(case_id, given, by=who(name), now=datetime.now(UTC)), as_json=as_json)


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
    with open_desk() as desk:
        now = datetime.now(UTC)
        print_case(desk.settle(case_id, obligation_id, action, by=who(name), now=now, why=why, to=to), as_json=as_json)


@app.command()
def close(case_id: Id, name: As = None, as_json: AsJson = False) -> None:
    """Close a case; not while something is owed."""
    with open_desk() as desk:
        print_case(desk.close(case_id, by=who(name), now=datetime.now(UTC)), as_json=as_json)


@app.command("hand-over")
def hand_over(
    case_id: Id,
    owner: Annotated[str, typer.Argument(help="Who owns it from now on.")],
    note: Annotated[str, typer.Option(help="What they should know.")] = "",
    version: Annotated[int | None, typer.Option(help="As you read it; refused when it has moved on since.")] = None,
    name: As = None,
    as_json: AsJson = False,
) -> None:
    """Give a case to somebody else; it has one owner."""
    with open_desk() as desk:
        now = datetime.now(UTC)
        print_case(desk.hand_over(case_id, owner, note, by=who(name), now=now, version=version), as_json=as_json)


@app.command()
def collectable(
    customer_id: Annotated[str, typer.Argument(help="The customer.")],
    balance: Annotated[str, typer.Argument(help="What they owe, as in 84.37.")],
    as_json: AsJson = False,
) -> None:
    """What of a balance may be collected: nothing that an open dispute is about."""
    from copilot.money import parse_money

    owed = parse_money(balance, "balance")
    with open_desk() as desk:
        free = desk.records.collectable(customer_id, owed)
    if as_json:
        print_json({"balance": str(owed), "disputed": str(owed - free), "collectable": str(free)})
    else:
        typer.echo(f"{free} of {owed} may be collected; {owed - free} is disputed")


@app.command()
def decide(
    case_id: Id,
    outcome: Annotated[str, typer.Argument(help="upheld (the customer is right) or rejected.")],
    why: Annotated[str, typer.Option(help="Why; the customer is told.")],
    name: As = None,
    as_json: AsJson = False,
) -> None:
    """Decide a dispute; what it held back from collection is free again."""
    with open_desk() as desk:
        print_case(desk.records.decide(case_id, outcome, why, by=who(name), now=datetime.now(UTC)), as_json=as_json)


@app.command()
def correct(
    case_id: Id,
    given: Annotated[Path, typer.Argument(help="A JSON file: field, from, to, effective, confirmed_by, current.")],
    name: As = None,
    as_json: AsJson = False,
) -> None:
    """Correct an order or change; it is checked again."""
    with open_desk() as desk:
        fields = read_json_object(given)
        print_case(desk.records.correct(case_id, fields, by=who(name), now=datetime.now(UTC)), as_json=as_json)


@app.command()
def verify(case_id: Id, name: As = None, as_json: AsJson = False) -> None:
    """Mark the cause of a problem as verified: its steps are done, and a why has evidence."""
    with open_desk() as desk:
        print_case(desk.records.verify(case_id, by=who(name), now=datetime.now(UTC)), as_json=as_json)


@app.command("from-notes")
def from_notes(
    notes: Annotated[Path, typer.Argument(help="Notes, one JSON object a line, as `copilot note --json` prints them.")],
    as_json: AsJson = False,
) -> None:
    """Open a case for what was promised in each call; the same notes again change nothing."""
    with open_desk() as desk:
        for note in lines_of(notes):
            case = desk.from_note(note, now=datetime.now(UTC))
            if case is not None:
                print_case(case, as_json=as_json, short=True)


@app.command()
def packet(
    source: Annotated[Path, typer.Argument(help="Events as `copilot replay` prints them, or notes, one a line.")],
    route: Annotated[str, typer.Option(help="A process route, e.g. legal, finance, carrier.")],
    call: Annotated[str | None, typer.Option(help="Id of the call; the first of the file if left out.")] = None,
) -> None:
    """What another team needs of a call, filled in."""
    lines = list(lines_of(source))
    events = [line for line in lines if "type" in line and "body" in line]
    notes = [line["body"] for line in events if line["type"] == "note.updated"] if events else lines
    note = next((each for each in notes if call in (None, each.get("call_id"))), None)
    if note is None or "call_id" not in note:
        known = ", ".join(dict.fromkeys(str(each.get("call_id")) for each in notes[:10])) or "none"
        raise BadInput(f"{source} holds no note of call {call or ''!r}; there are: {known}. Name one with --call.")
    with open_desk() as desk:
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

    events = [line for line in lines_of(source) if "type" in line and "body" in line]
    notes = {line["call_id"]: line["body"] for line in events if line["type"] == "note.updated"}
    now = datetime.now(UTC)
    with open_desk() as desk:
        flags = desk.pack.rule_file(FlagsFile)
        found = [
            each
            for call_id, note in notes.items()
            for each in missed_in(facts_of(note, [one for one in events if one["call_id"] == call_id], flags))
        ]
        found += missed_callbacks((each for _, each in desk.cases.due(before=now)), now=now)
    for each in found:
        if as_json:
            print_json(missed_json(each))
        else:
            typer.echo(f"{each.call_id} {each.type} {each.value} to {each.reports_to}: {each.evidence}")


@app.command()
def ics(owner: Owner = None) -> None:
    """What is owed as a calendar (RFC 5545)."""
    from copilot.cases.calendar import calendar

    with open_desk() as desk:
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
            for each in lines_of(incidents)
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
