"""`copilot cases ticket`: trouble tickets in the fields of TMF621, tests, and carriers' visits."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from copilot.commands.case_desk import As, Id, open_desk, print_case, who
from copilot.commands.files import read_json_object
from copilot.commands.printing import AsJson, print_json
from copilot.errors import BadInput

if TYPE_CHECKING:
    from copilot.cases.ticket_desk import TicketDesk
    from copilot.store import Case

app = typer.Typer(help="Trouble tickets in the fields of TMF621.", no_args_is_help=True)
Given = Annotated[Path, typer.Argument(help="A JSON file, see docs/cases.md.")]


@app.command()
def show(case_id: Id) -> None:
    """A ticket as TMF621 has it, as JSON."""
    from copilot.cases.ticket_desk import TicketDesk

    with open_desk() as desk:
        print_json(dict(TicketDesk(desk.cases, desk.pack).get(case_id).body))


@app.command()
def clock(case_id: Id, as_json: AsJson = False) -> None:
    """How long the clock of the service level has run: not while it was pending or resolved."""
    from copilot.cases.ticket_desk import TicketDesk
    from copilot.cases.tickets import time_worked

    with open_desk() as desk:
        ticket = TicketDesk(desk.cases, desk.pack).get(case_id).body
    worked = round(time_worked(ticket, datetime.now(UTC)).total_seconds())
    if as_json:
        print_json({"status": ticket["status"], "worked_s": worked})
    else:
        typer.echo(f"{ticket['status']}, worked on for {worked // 3600} h {worked // 60 % 60:02} min")


@app.command()
def status(
    case_id: Id,
    new: Annotated[str, typer.Argument(help="A state of TMF621, e.g. inProgress.")],
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    name: As = None,
    as_json: AsJson = False,
) -> None:
    """Move a ticket to another state; the customer is then to be told."""
    _work(lambda desk, now: desk.move(case_id, new, reason, by=who(name), now=now), as_json=as_json)


@app.command()
def amend(case_id: Id, given: Given, name: As = None, as_json: AsJson = False) -> None:
    """Change fields: the carrier's reference, the expected end, notes."""
    fields = read_json_object(given)
    _work(lambda desk, now: desk.amend(case_id, fields, by=who(name), now=now), as_json=as_json)


@app.command("tests")
def log_tests(
    case_id: Id,
    results: Annotated[list[str], typer.Argument(help="Each as name=result, e.g. power=ok.")],
    name: As = None,
    as_json: AsJson = False,
) -> None:
    """Log what tests showed."""
    logged = dict(_result(each) for each in results)
    _work(lambda desk, now: desk.add_tests(case_id, logged, by=who(name), now=now), as_json=as_json)


@app.command()
def visit(
    case_id: Id,
    consent: Annotated[Path, typer.Argument(help="A JSON file with the customer's consent, see docs/cases.md.")],
    name: As = None,
    as_json: AsJson = False,
) -> None:
    """Book a carrier's visit; not without tests and consent."""
    from copilot.cases.visits import consent_of

    agreed = consent_of(read_json_object(consent))
    _work(lambda desk, now: desk.book_visit(case_id, agreed, by=who(name), now=now), as_json=as_json)


@app.command()
def step(
    case_id: Id,
    order_id: Annotated[str, typer.Argument(help="Id in the ticket's workOrder.")],
    what: Annotated[str, typer.Argument(help="confirmed, inProgress, completed, missed, failed or cancelled.")],
    confirmed: Annotated[
        Path | None, typer.Option(help="A JSON file: windowStart, windowEnd, possibleCharge, where they differ.")
    ] = None,
    name: As = None,
    as_json: AsJson = False,
) -> None:
    """Say what came of a visit."""
    given: Mapping[str, object] = read_json_object(confirmed) if confirmed else {}
    _work(lambda desk, now: desk.visit(case_id, order_id, what, given, by=who(name), now=now), as_json=as_json)


def _work(does: "Callable[[TicketDesk, datetime], Case]", *, as_json: bool) -> None:
    from copilot.cases.ticket_desk import TicketDesk

    with open_desk() as desk:
        print_case(does(TicketDesk(desk.cases, desk.pack), datetime.now(UTC)), as_json=as_json)


def _result(text: str) -> tuple[str, str]:
    name, is_there, result = text.partition("=")
    if not is_there or not name or not result:
        raise BadInput(f"{text[:40]!r} is no result; allowed is name=result. Write e.g. power=ok.")
    return name, result
