"""`copilot draft`: the draft of an answer to a complaint, post, review, e-mail or survey."""

import getpass
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from copilot.commands.printing import AsJson, print_json, say
from copilot.errors import BadInput

if TYPE_CHECKING:
    from copilot.replies.desk import ReplyDesk
    from copilot.replies.model import Draft

BLOCKED = 1


def draft(
    items: Annotated[Path, typer.Argument(help="An item (.json), an e-mail (.eml), or many items (.jsonl).")],
    channel: Annotated[
        str | None, typer.Option(help="Where it was written, e.g. BBB, FCC, X, google_play, email.")
    ] = None,
    pack: Annotated[str | None, typer.Option("--pack", help="Folder of a pack, or `demo`.")] = None,
    customer: Annotated[
        str | None, typer.Option(help="A customer a person has confirmed: an id, or a record (JSON).")
    ] = None,
    fact: Annotated[
        list[str] | None, typer.Option(help="A fact for the letter, as in billing='The fee was refunded.'")
    ] = None,
    variant: Annotated[str | None, typer.Option(help="shorter or warmer.")] = None,
    now: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"], help="The moment of writing, UTC.")
    ] = None,
    extractive: Annotated[bool, typer.Option(help="Without the language model, even where there is one.")] = False,
    queue: Annotated[bool, typer.Option("--queue", help="Put it in the reviewers' queue.")] = False,
    as_json: AsJson = False,
) -> None:
    """Draft an answer, with what it rests on, what is still to be asked, the checks, and the days left.

    Exit 1 when a check blocks it: it may not be sent as it stands.
    """
    from copilot.commands.reply_desk import reply_review
    from copilot.replies.understanding import understood_json

    at = now.replace(tzinfo=UTC) if now else datetime.now(UTC)
    given = {"facts": _facts(fact)} if fact else {}
    is_blocked, count = False, 0
    with reply_review(pack) as desk:
        record = _record(customer, desk.replies)
        for each in _read(items):
            understood = desk.read({**each, **given, **record}, channel=channel, now=at)
            made = desk.replies.draft_of(understood, now=at, variant=variant)
            if not extractive and desk.host is not None:
                made = desk.replies.worded(made, understood, desk.host, now=at, variant=variant)
            if queue:
                desk.queue(understood, made, by=getpass.getuser(), now=at)
            is_blocked, count = is_blocked | made.is_blocked, count + 1
            if as_json:
                print_json({**made.as_json(), "understood": understood_json(understood)})
            else:
                _print(made)
    if not count:
        raise BadInput(f"{items} holds no item that can be read. docs/replies.md shows their form.")
    if is_blocked:
        raise typer.Exit(BLOCKED)


def outreach(
    kind: Annotated[str, typer.Argument(help="declined_card, renewal or win_back.")],
    customer: Annotated[str, typer.Option(help="The id of a sample customer, or a record (JSON).")],
    local: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], help="The time where the customer is.")
    ],
    way: Annotated[str, typer.Option(help="call, sms or email.")] = "sms",
    last_message: Annotated[str, typer.Option(help="What they wrote last.")] = "",
    pack: Annotated[str | None, typer.Option("--pack", help="Folder of a pack, or `demo`.")] = None,
    as_json: AsJson = False,
) -> None:
    """A message we would begin, if we may now; exit 1 and the reason when we may not."""
    from copilot.replies.outreach import outreach as message_of
    from copilot.settings import load_settings
    from knowledge.pack import load_pack

    loaded = load_pack(pack or load_settings().pack)
    record = _record_of(customer, loaded.customers)
    made = message_of(kind, way, record, loaded, local=local, last_message=last_message)
    if as_json:
        print_json({**asdict(made), "allowed": made.is_allowed})
    else:
        typer.echo(made.text or "not allowed")
        for check in made.checks:
            if not check.passed:
                typer.echo(f"{check.severity}: {check.id}: {check.detail}")
    if not made.is_allowed:
        raise typer.Exit(BLOCKED)


def _read(path: Path) -> Iterator[Mapping[str, Any]]:
    from copilot.replies.files import read_given

    for read in read_given(path):
        if read.problem:
            say(f"copilot: {read.problem}")
        else:
            yield read.given


def _facts(given: list[str]) -> dict[str, str]:
    facts = {}
    for each in given:
        name, is_there, value = each.partition("=")
        if not is_there or not name.strip() or not value.strip():
            raise BadInput(f"--fact is {each[:60]!r}; allowed is NAME=TEXT. Write e.g. billing='The fee was refunded.'")
        facts[name.strip()] = value.strip()
    return facts


def _record(customer: str | None, desk: "ReplyDesk") -> dict[str, Any]:
    if customer is None:
        return {}
    record = _record_of(customer, desk.pack.customers)
    return {"record": record, "customer_id": record.get("customer_id")}


def _record_of(customer: str, known: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    if customer in known:
        return known[customer]
    try:
        record = json.loads(Path(customer).read_text("utf-8-sig"))
    except (OSError, ValueError):
        record = None
    if not isinstance(record, dict):
        raise BadInput(f"--customer is {customer!r}; allowed is the id of a sample customer, or a JSON file.")
    return record


def _print(made: "Draft") -> None:
    fields = asdict(made)
    left = "" if made.days_left is None else f", {made.days_left} days left"
    due = made.due_at.date().isoformat() if made.due_at else "no date: enter the one on the notice"
    typer.echo(f"# {made.item_id} · {made.channel} ({made.draft_class}) · {made.status} · due {due}{left}")
    typer.echo(f"{made.text or '(nothing is drafted)'}\n")
    for each in made.allegations:
        answered = ", ".join(each.answer_sentence_ids) or "open"
        typer.echo(f"{each.allegation_id} [{each.topic}] “{each.text[:100]}” → {answered}")
    for sentence in fields["sentences"]:
        refs = ", ".join(f"{c['kind']}:{c['ref']}" for c in sentence["citations"])
        if refs:
            typer.echo(f"{sentence['id']}: {refs}")
    for question in made.questions:
        typer.echo(f"? {question.owner}: {question.text}")
    for flag in made.flags:
        typer.echo(f"! {flag.flag_id}: “{flag.quote.text[:100]}”")
    if made.routes:
        typer.echo(f"routes: {', '.join(made.routes)}")
    for check in made.checks:
        if not check.passed:
            typer.echo(f"{check.severity}: {check.id}: {check.detail}")
