"""`copilot review`: the reviewers' queue from the terminal."""

import getpass
import json
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from copilot.commands.printing import AsJson, print_json
from copilot.errors import BadInput

if TYPE_CHECKING:
    from copilot.reply_review import ReplyReview
    from copilot.review.deciding import Action
    from copilot.store import Outbox, QueueRow, ReviewItem

app = typer.Typer(help="Drafts that wait for a person's decision.", no_args_is_help=True)
Id = Annotated[str, typer.Argument(help="Id of a draft, as `copilot review list` shows it.")]
As = Annotated[str | None, typer.Option("--as", help="Who you are; the name you are logged in with if left out.")]
Role = Annotated[str, typer.Option(help="reviewer or supervisor.")]
Reasons = Annotated[list[str] | None, typer.Option("--reason", help="A code of scorecard.yaml's corrections; repeat.")]
Comment = Annotated[str, typer.Option(help="For the others.")]
BROKEN = 1


@app.command("list")
def list_queue(
    channel: Annotated[str | None, typer.Option(help="Of one channel.")] = None,
    min_risk: Annotated[int | None, typer.Option(help="From this risk on, 0 to 100.")] = None,
    flag: Annotated[str | None, typer.Option(help="With this red flag, e.g. legal_threat.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Decided ones, too.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="So many.")] = 50,
    as_json: AsJson = False,
) -> None:
    """What waits: due soon first, then by risk."""
    from typing import get_args

    from copilot.store import Wanted
    from copilot.store.reviews import OPEN, Status

    wanted = Wanted(get_args(Status) if every else OPEN, channel, min_risk, flag=flag)
    with _desk() as (desk, _):
        for row in desk.review.reviews.queue(wanted, now=datetime.now(UTC), limit=limit):
            _print_row(row, as_json=as_json)


@app.command()
def show(draft_id: Id, as_json: AsJson = False) -> None:
    """A draft with the item, every version and decision."""
    with _desk() as (desk, _):
        _print_item(desk.review.reviews.get(draft_id), as_json=as_json)


@app.command("next")
def claim_next(name: As = None, channel: str | None = None, as_json: AsJson = False) -> None:
    """Hold the most pressing draft that nobody holds, for 15 minutes, and show it."""
    from copilot.store import Wanted

    with _desk() as (desk, _):
        row = desk.review.claim_next(Wanted(channel=channel), _who(name), now=datetime.now(UTC))
        if row is None:
            typer.echo("Nothing waits.", err=True)
            return
        _print_item(desk.review.reviews.get(row.draft_id), as_json=as_json)


@app.command()
def claim(draft_id: Id, name: As = None) -> None:
    """Hold a draft for 15 minutes."""
    with _desk() as (desk, _):
        desk.review.claim(draft_id, _who(name), now=datetime.now(UTC))


@app.command()
def release(draft_id: Id, name: As = None) -> None:
    """Let go of a draft."""
    with _desk() as (desk, _):
        desk.review.reviews.release(draft_id, _who(name))


@app.command()
def approve(
    draft_id: Id,
    name: As = None,
    role: Role = "reviewer",
    adapter: Annotated[str, typer.Option(help="file, webhook or smtp.")] = "file",
    address: Annotated[str, typer.Option(help="Who it goes to, for smtp.")] = "",
    as_json: AsJson = False,
) -> None:
    """Approve a draft: it is sent by `copilot review send`, or by the running service."""
    _decide(draft_id, "approve", name, as_json=as_json, role=role, adapter=adapter, address=address)


@app.command()
def edit(
    draft_id: Id,
    text: Annotated[Path, typer.Argument(help="A file with the whole new text.")],
    reason: Reasons = None,
    name: As = None,
    comment: Comment = "",
    as_json: AsJson = False,
) -> None:
    """Put another text in the draft's place; it is checked, and waits for approval."""
    try:
        new = text.read_text("utf-8").rstrip("\n")
    except (OSError, UnicodeDecodeError):
        raise BadInput(f"{text} cannot be read as text. Give a file with the new text in UTF-8.") from None
    _decide(draft_id, "edit", name, as_json=as_json, text=new, reasons=reason or [], comment=comment)


@app.command()
def reject(
    draft_id: Id, reason: Reasons = None, name: As = None, comment: Comment = "", as_json: AsJson = False
) -> None:
    """Reject a draft, with the reason."""
    _decide(draft_id, "reject", name, as_json=as_json, reasons=reason or [], comment=comment)


@app.command()
def escalate(
    draft_id: Id,
    to: Annotated[str, typer.Option(help="A process route, e.g. legal.")] = "legal",
    name: As = None,
    comment: Comment = "",
    as_json: AsJson = False,
) -> None:
    """Hand a draft to another desk; then a supervisor must approve it."""
    _decide(draft_id, "escalate", name, as_json=as_json, to=to, comment=comment)


@app.command()
def comment(
    draft_id: Id,
    words: Annotated[str, typer.Argument(help="For the others.")],
    name: As = None,
    as_json: AsJson = False,
) -> None:
    """Say something about a draft; nothing else changes."""
    _decide(draft_id, "comment", name, as_json=as_json, comment=words)


@app.command()
def audit(
    subject: Annotated[str | None, typer.Argument(help="A draft; all if left out.")] = None,
    verify: Annotated[bool, typer.Option("--verify", help="Only whether the log is whole.")] = False,
    anchor: Annotated[str | None, typer.Option(help="A hash of the log that was kept elsewhere.")] = None,
    as_json: AsJson = False,
) -> None:
    """The audit log, and whether any byte of it was altered; exit 1 when one was."""
    with _desk() as (desk, _):
        log = desk.review.reviews.audit
        found = log.verify(anchor=anchor)
        for entry in [] if verify else log.entries(subject):
            if as_json:
                print_json(asdict(entry))
            else:
                typer.echo(f"{entry.seq:>5} {entry.at[:19]} {entry.actor:<24} {entry.action:<12} {entry.subject}")
    if as_json and verify:
        print_json(asdict(found))
    elif not as_json:
        whole = f"whole, {found.entries} entries, head {found.head}"
        typer.echo(whole if found.whole else f"NOT whole: {found.problem}", err=not found.whole)
    if not found.whole:
        raise typer.Exit(BROKEN)


@app.command("outbox")
def show_outbox(
    requeue: Annotated[str | None, typer.Option(help="Send this one again that failed for good.")] = None,
    name: As = None,
    as_json: AsJson = False,
) -> None:
    """What is to be sent, was sent, or could not be."""
    with _desk() as (_, outbox):
        if requeue is not None:
            outbox.requeue(requeue, _who(name), now=datetime.now(UTC))
        for row in outbox.all():
            if as_json:
                print_json(json.loads(json.dumps(asdict(row), default=str)))
            else:
                typer.echo(f"{row.message_id} {row.status:<8} {row.adapter:<8} {row.attempts} {row.detail}")


@app.command()
def send(as_json: AsJson = False) -> None:
    """Send what is approved and due; a running service does it by itself. Exit 1 when something failed."""
    from copilot.review.sending import send_due

    with _desk() as (desk, outbox):
        told = desk.complaints.was_sent if desk.complaints else lambda _row: None
        done = send_due(outbox, desk.senders, clock=lambda: datetime.now(UTC), on_sent=told)
    if as_json:
        print_json(asdict(done))
    else:
        typer.echo(f"{done.sent} sent, {done.failed} failed")
    if done.failed:
        raise typer.Exit(BROKEN)


@app.command()
def export(
    out: Annotated[Path | None, typer.Argument(help="A .csv or .jsonl file; standard output if left out.")] = None,
) -> None:
    """Every draft with its decisions, as JSON lines or CSV."""
    from typing import get_args

    from copilot.review.desk import as_json
    from copilot.store import Wanted
    from copilot.store.reviews import Status

    with _desk() as (desk, _):
        reviews, now = desk.review.reviews, datetime.now(UTC)
        rows = reviews.queue(Wanted(get_args(Status)), now=now, limit=1_000_000)
        items = [as_json(reviews.get(row.draft_id)) for row in rows]
    if out is not None and out.suffix == ".csv":
        _write_csv(items, out)
        return
    lines = "".join(json.dumps(item, ensure_ascii=False, default=str) + "\n" for item in items)
    if out is None:
        sys.stdout.write(lines)
    else:
        out.write_text(lines, "utf-8")


def _write_csv(items: list[dict[str, Any]], out: Path) -> None:
    from copilot.spreadsheet import as_csv

    columns = ("draft_id", "item_id", "channel", "status", "risk", "due_at", "version", "text")
    rows = (
        [
            *("" if item[name] is None else str(item[name]) for name in columns),
            "; ".join(f"{each['action']} by {each['by']}" for each in item["decisions"]),
        ]
        for item in items
    )
    out.write_text(as_csv([*columns, "decisions"], rows), "utf-8", newline="")


def _decide(
    draft_id: str, action: "Action", name: str | None, *, as_json: bool, role: str = "reviewer", **more: Any
) -> None:
    from copilot.review.deciding import Asked

    if role not in ("reviewer", "supervisor"):
        raise BadInput(f"--role is {role!r}; allowed are reviewer and supervisor. Choose one.")
    asked = Asked(action, _who(name), role, datetime.now(UTC), **more)
    with _desk() as (desk, _):
        version = desk.review.reviews.get(draft_id).row.version
        item, _is_new = desk.decide(draft_id, uuid.uuid4().hex, version, asked)
    _print_row(item.row, as_json=as_json)


def _who(name: str | None) -> str:
    return name or getpass.getuser()


@contextmanager
def _desk() -> "Iterator[tuple[ReplyReview, Outbox]]":
    from copilot.cases.desk import CaseDesk
    from copilot.complaint_cases import ComplaintCases
    from copilot.replies.desk import ReplyDesk
    from copilot.reply_review import ReplyReview, senders_of
    from copilot.review.desk import ReviewDesk
    from copilot.settings import load_settings
    from copilot.store import Cases, Outbox, Reviews, open_database
    from knowledge.pack import load_pack

    settings = load_settings()
    pack, engine = load_pack(settings.pack), open_database(settings.database)
    try:
        review = ReviewDesk(Reviews(engine, settings.tenant), pack)
        complaints = ComplaintCases(CaseDesk(Cases(engine, settings.tenant), pack))
        desk = ReplyReview(ReplyDesk(pack), review, senders_of(settings), complaints=complaints)
        yield desk, Outbox(engine, settings.tenant)
    finally:
        engine.dispose()


def _print_row(row: "QueueRow", *, as_json: bool) -> None:
    from copilot.review.desk import row_json

    if as_json:
        print_json(row_json(row))
        return
    due = row.due_at.date().isoformat() if row.due_at else "no date"
    held = f" held by {row.claimed_by}" if row.claimed_by else ""
    typer.echo(f"{row.draft_id} {row.status:<13} risk {row.risk:>3} due {due} {row.channel:<16} {row.why}{held}")


def _print_item(item: "ReviewItem", *, as_json: bool) -> None:
    from copilot.review.desk import as_json as item_json

    if as_json:
        print_json(item_json(item))
        return
    _print_row(item.row, as_json=False)
    typer.echo(f"\n{item.given.get('text', '')}\n\n--- version {item.row.version} ---\n{item.text}\n")
    for question in item.draft.get("questions", ()):
        typer.echo(f"? {question['owner']}: {question['text']}")
    for check in item.versions[-1].checks:
        if not check["passed"]:
            typer.echo(f"{check['severity']}: {check['id']}: {check['detail']}")
    for decision in item.decisions:
        typer.echo(
            f"{decision.at:%Y-%m-%d %H:%M} {decision.action} by {decision.by} {decision.body.get('comment', '')}"
        )
