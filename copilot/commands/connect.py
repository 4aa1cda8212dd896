"""`copilot connect`: other systems, and what is written into them after a person has confirmed it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from copilot.commands.case_desk import As, who
from copilot.commands.files import read_json_object
from copilot.commands.printing import AsJson, print_json, say
from copilot.errors import BadInput

if TYPE_CHECKING:
    from copilot.connect.systems import Connections
    from copilot.store.writebacks import Proposal, Writebacks

connect_app = typer.Typer(help="CRM, helpdesk and billing systems.", no_args_is_help=True)

SystemName = Annotated[str, typer.Option("--system", help="Name in the file that COPILOT_CONNECT names.")]
ProposalId = Annotated[str, typer.Argument(help="The id that `copilot connect proposals` shows.")]


@connect_app.command()
def check(as_json: AsJson = False) -> None:
    """Ask every system something harmless; exit 1 when one cannot be used."""
    from dataclasses import asdict

    from copilot.connect.protocol import ConnectFailed

    is_fine = True
    for name, system in _connections().systems.items():
        try:
            problems, error = list(system.check()), ""
        except ConnectFailed as failed:
            problems, error, is_fine = [], str(failed), False
        if as_json:
            print_json({"system": name, "ok": not error, "error": error, "problems": problems, **asdict(system.can)})
            continue
        can = ", ".join(what for what, is_able in asdict(system.can).items() if is_able)
        typer.echo(f"{name}: {error or 'fine'} ({can})")
        for problem in problems:
            typer.echo(f"  {problem}")
    if not is_fine:
        raise typer.Exit(1)


@connect_app.command()
def find(
    value: Annotated[str, typer.Argument(help="An id, phone number, e-mail address or account number.")],
    by: Annotated[str, typer.Option("--by", help="id, phone, email or account.")] = "id",
    system: SystemName = "files",
    as_json: AsJson = False,
) -> None:
    """Find a customer; nobody is an empty answer."""
    from copilot.connect.protocol import FIND_BY

    known = next((one for one in FIND_BY if one == by), None)
    if known is None:
        raise BadInput(f"--by is {by!r}; there are: {', '.join(FIND_BY)}.")
    for found in _connections().get(system).find(known, value):
        if as_json:
            print_json({"object_id": found.object_id, "record": found.record.model_dump(mode="json")})
        else:
            typer.echo(f"{found.object_id}  {found.record.name}")


@connect_app.command()
def bills(
    customer_id: Annotated[str, typer.Argument(help="Id of the customer there, as `find` shows it.")],
    system: SystemName = "files",
    as_json: AsJson = False,
) -> None:
    """Invoices, payments with decline codes, and subscriptions of a customer there."""
    from dataclasses import asdict

    found = _connections().get(system).billing(customer_id)
    if as_json:
        rows = {"invoices": found.invoices, "payments": found.payments}
        shown = {name: [row.model_dump(mode="json") for row in each] for name, each in rows.items()}
        kept = {"currency_of": dict(found.currency_of), "problems": list(found.problems)}
        print_json({**shown, "subscriptions": [asdict(one) for one in found.subscriptions], **kept})
        return
    for invoice in found.invoices:
        currency = found.currency_of.get(invoice.invoice_id, "")
        typer.echo(f"invoice {invoice.invoice_id} {invoice.bill_date} {invoice.total} {currency} {invoice.state}")
    for payment in found.payments:
        typer.echo(f"payment {payment.paid_on} {payment.amount} {payment.result} {payment.decline_code or ''}".rstrip())
    for one in found.subscriptions:
        ends = ", ends with its period" if one.cancels_at_period_end else ""
        typer.echo(f"subscription {one.subscription_id} {one.status}{ends}")
    for problem in found.problems:
        typer.echo(f"  {problem}")


@connect_app.command()
def record(
    customer_id: Annotated[str, typer.Argument(help="Id of the customer there, as `find` shows it.")],
    system: SystemName = "files",
    as_json: AsJson = False,
) -> None:
    """The customer as a record that `copilot offers` and `copilot bill` take, with bills where the system has them."""
    from copilot.errors import NotFound

    del as_json  # the record is JSON either way
    there = _connections().get(system)
    found = there.find("id", customer_id)
    if not found:
        raise NotFound(f"No customer {customer_id!r} in {system!r}. Look with `copilot connect find VALUE --by email`.")
    whole = found[0].record
    if there.can.billing:
        told = there.billing(found[0].object_id)
        whole = whole.model_copy(update={"invoices": tuple(told.invoices), "payments": tuple(told.payments)})
        for problem in told.problems:
            say(problem)
    print_json(whole.model_dump(mode="json"))


@connect_app.command()
def propose(
    note: Annotated[Path, typer.Argument(help="A file with one note as `copilot note --json` prints it.")],
    object_id: Annotated[str, typer.Option("--id", help="Id of the customer or ticket there.")],
    kind: Annotated[str, typer.Option("--object", help="customer or ticket.")] = "customer",
    system: SystemName = "files",
    as_json: AsJson = False,
) -> None:
    """Propose what a note asks to be written; nothing is written before `confirm`."""
    from copilot.writeback import propose_note

    wanted = propose_note(read_json_object(note), _connections(), system, kind, object_id)
    with _open_store() as store:
        store.propose(wanted, now=_now())
        _show([store.get(one.proposal_id) for one in wanted], as_json=as_json)


@connect_app.command()
def proposals(
    status: Annotated[str | None, typer.Option(help="Only those of this status, e.g. proposed.")] = None,
    as_json: AsJson = False,
) -> None:
    """List what is proposed, confirmed, written or failed."""
    from typing import get_args

    from copilot.store.writebacks import WritebackStatus

    known = next((one for one in get_args(WritebackStatus) if one == status), None)
    if status is not None and known is None:
        raise BadInput(f"--status is {status!r}; there are: {', '.join(get_args(WritebackStatus))}.")
    with _open_store() as store:
        _show(store.all(*([known] if known else [])), as_json=as_json)


@connect_app.command()
def confirm(proposal_id: ProposalId, name: As = None, as_json: AsJson = False) -> None:
    """Confirm a proposal: `push` will write it."""
    with _open_store() as store:
        _show([store.confirm(proposal_id, who(name), now=_now())], as_json=as_json)


@connect_app.command()
def reject(
    proposal_id: ProposalId,
    reason: Annotated[str, typer.Option(help="Why not.")] = "",
    name: As = None,
    as_json: AsJson = False,
) -> None:
    """Reject a proposal, or close one that failed: it is not written any more."""
    with _open_store() as store:
        _show([store.reject(proposal_id, who(name), reason, now=_now())], as_json=as_json)


@connect_app.command()
def push(as_json: AsJson = False) -> None:
    """Write what is confirmed and due; exit 1 when something now waits for a person."""
    from copilot.store.writebacks import WAITS_FOR_A_PERSON
    from copilot.writeback import WriteBack

    with _open_store() as store:
        done = WriteBack(store, _connections()).push()
    _show(done, as_json=as_json)
    if any(one.status in WAITS_FOR_A_PERSON for one in done):
        raise typer.Exit(1)


@connect_app.command()
def dead(
    requeue: Annotated[str | None, typer.Option(help="Put this one up again.")] = None,
    name: As = None,
    as_json: AsJson = False,
) -> None:
    """List what failed, was given up, or may be written or not; or put one up again."""
    from copilot.store.writebacks import WAITS_FOR_A_PERSON

    with _open_store() as store:
        if requeue is None:
            _show(store.all(*WAITS_FOR_A_PERSON), as_json=as_json)
        else:
            _show([store.requeue(requeue, who(name), now=_now())], as_json=as_json)


def _show(rows: "list[Proposal]", *, as_json: bool) -> None:
    for row in rows:
        if as_json:
            print_json(row.as_json())
            continue
        what = "note" if row.field == "note" else f"{row.field}: {row.old or 'empty'} → {row.new}"
        there = f", there is {row.found or 'nothing'}" if row.status == "failed" and row.field != "note" else ""
        detail = f" – {row.detail}{there}" if row.detail else ""
        typer.echo(f"{row.proposal_id}  {row.status}  {row.system} {row.object} {row.object_id}  {what}{detail}")


def _connections() -> "Connections":
    from copilot.connect.systems import load_connections
    from copilot.settings import load_settings

    settings = load_settings()
    return load_connections(settings.connect, settings.data_dir)


@contextmanager
def _open_store() -> "Iterator[Writebacks]":
    from copilot.settings import load_settings
    from copilot.store import open_database
    from copilot.store.writebacks import Writebacks

    settings = load_settings()
    engine = open_database(settings.database)
    try:
        yield Writebacks(engine, settings.tenant)
    finally:
        engine.dispose()


def _now() -> datetime:
    return datetime.now(UTC)
