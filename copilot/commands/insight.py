"""`copilot insight`: reports, their files, coaching pages, and what other systems tell."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from copilot.commands.printing import AsJson, print_json, say
from copilot.errors import BadInput

if TYPE_CHECKING:
    from copilot.insight import Window
    from copilot.insight_desk import Board, InsightDesk

app = typer.Typer(help="Figures of the desk, with what was counted and left out.", no_args_is_help=True)
Days = Annotated[int, typer.Option(min=1, max=400, help="How many days up to the end.")]
Until = Annotated[
    datetime | None,
    typer.Option("--to", formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"], help="The end, UTC; now if left out."),
]
Language = Annotated[str, typer.Option(help="en or es.")]
INCOMPLETE = 1
_FORMATS = (".xlsx", ".json", ".ics")


@app.command()
def kpis(days: Days = 30, to: Until = None, language: Language = "en", as_json: AsJson = False) -> None:
    """Every figure, each with its numerator, its denominator, and what was left out."""
    from copilot.insight.words import all_words, word

    _check_language(language)
    for row in _board(days, to).sections["kpis"].rows:
        if as_json:
            print_json(row)
            continue
        told = all_words()["kpis"].get(row["kpi_id"], {}).get(language, {})
        value = "–" if row["value"] is None else f"{row['value']} {word('codes', row['unit'], language)}".strip()
        counted = f"{row['numerator']} {told.get('numerator', '')} / {row['denominator']} {told.get('denominator', '')}"
        left_out = "; ".join(f"{each['count']} {word('excluded', each['why'], language)}" for each in row["excluded"])
        line = f"{word('kpis', row['kpi_id'], language)}: {value} ({counted})"
        for name, figure in row["figures"].items():
            line = line.replace(f"{{{name}}}", figure)
        typer.echo(f"{line}{f'; left out: {left_out}' if left_out else ''}")


@app.command()
def show(
    section: Annotated[str, typer.Argument(help="churn_reasons, missed, deadlines, cards, gaps, outreach …")],
    days: Days = 30,
    to: Until = None,
    language: Language = "en",
    as_json: AsJson = False,
) -> None:
    """One section of the report, as JSON lines or as CSV."""
    from copilot.insight.words import named_table
    from copilot.spreadsheet import as_csv

    _check_language(language)
    sections = _board(days, to).sections
    if section not in sections:
        raise BadInput(f"section is {section[:40]!r}; there are: {', '.join(sections)}. Choose one.")
    if as_json:
        for row in sections[section].rows:
            print_json(row)
        return
    table = named_table(sections[section], language)
    typer.echo(as_csv(table.heads, table.rows), nl=False)


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="Where to: .xlsx (all), .json (all), .ics (deadlines).")],
    days: Days = 30,
    to: Until = None,
    language: Language = "en",
) -> None:
    """The whole report as a workbook or JSON, or what is owed soon as a calendar."""
    _check_language(language)
    if file.suffix not in _FORMATS:
        raise BadInput(f"{file.name[:60]!r} has no format known here; allowed are: {', '.join(_FORMATS)}. Name it so.")
    file.write_bytes(_content(file.suffix, days, to, language))
    say(f"written: {file}")


@app.command()
def coaching(
    agent: Annotated[str, typer.Argument(help="Whose page: as telephone, scores or signed notes name them.")],
    days: Days = 7,
    to: Until = None,
    language: Language = "en",
    file: Annotated[Path | None, typer.Option(help="Write it as a Word document (.docx).")] = None,
    as_json: AsJson = False,
) -> None:
    """The page for an agent's weekly meeting."""
    from copilot.insight.coaching_document import coaching_blocks, coaching_title
    from copilot.wordprocessing import as_docx

    _check_language(language)
    with _desk() as desk:
        page = desk.coaching(agent, _window(days, to), now=datetime.now(UTC), language=language)
    if as_json:
        print_json(page)
    elif file is not None:
        file.write_bytes(as_docx(coaching_title(page, language), coaching_blocks(page, language)))
        say(f"written: {file}")
    else:
        typer.echo(coaching_title(page, language))
        for block in coaching_blocks(page, language):
            rows = [" | ".join(row) for row in (block.heads, *block.rows) if row]
            lines = {"heading": f"\n# {block.text}", "point": f"- {block.text}", "quote": f"  > {block.text}"}
            typer.echo("\n".join(rows) if rows else lines.get(block.kind, block.text))


@app.command("take-in")
def take_in(
    kind: Annotated[str, typer.Argument(help="phone, shift, survey, arrangement, paying, base, due or touch.")],
    facts: Annotated[Path, typer.Argument(help="JSON lines; docs/consoles.md shows their form.")],
    as_json: AsJson = False,
) -> None:
    """Take in what another system tells; the same fact_id again replaces what it told before."""
    from copilot.commands.case_desk import lines_of
    from copilot.insight.facts import MOST_AT_ONCE

    given, kept = list(lines_of(facts)), 0
    with _desk() as desk:
        for place in range(0, len(given), MOST_AT_ONCE):
            kept += desk.keep(kind, given[place : place + MOST_AT_ONCE])
    if as_json:
        print_json({"kind": kind, "kept": kept})
    else:
        typer.echo(f"{kept} {kind}")


@app.command("lists-from-records")
def lists_from_records(
    records: Annotated[
        Path | None, typer.Argument(help="Customer records, JSON lines; the pack's if left out.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Put failed payments and agreements about to end on the outreach lists, with a reason where one is known."""
    from copilot.commands.case_desk import lines_of

    with _desk() as desk:
        given = desk.pack.customers.values() if records is None else list(lines_of(records))
        made = desk.keep_lists(given, now=datetime.now(UTC))
    if as_json:
        print_json(made)
    else:
        typer.echo(f"{made['due']} due, {made['reasoned']} with a reason already")


@app.command("lists-from-risk")
def lists_from_risk(
    risks: Annotated[Path, typer.Argument(help="What `copilot risk list --json` printed.")], as_json: AsJson = False
) -> None:
    """Put the accounts most likely to leave on the list of those at risk; each once a day."""
    from copilot.commands.case_desk import lines_of

    with _desk() as desk:
        kept = desk.keep_risks(lines_of(risks), now=datetime.now(UTC))
    if as_json:
        print_json({"due": kept})
    else:
        typer.echo(f"{kept} due")


@app.command("outreach-lists")
def outreach_lists(days: Days = 30, to: Until = None, as_json: AsJson = False) -> None:
    """Whether each failed payment, renewal and customer at risk has a contact or a reason; exit 1 when one has not."""
    sections = _board(days, to).sections
    for row in sections["outreach"].rows:
        if as_json:
            print_json(row)
        else:
            counts = f"{row['contacted']} contacted, {row['reasoned']} with a reason, {row['open']} open"
            typer.echo(f"{row['list']}: {row['total']} due = {counts}")
    missing = [row for row in sections["outreach_lines"].rows if row["state"] == "open"]
    for row in missing:
        if not as_json:
            typer.echo(f"  open: {row['list']} {row['due_id']} {row['customer_id']}")
    if missing:
        raise typer.Exit(INCOMPLETE)


@app.command("say")
def say_about(
    agent: Annotated[str, typer.Argument(help="Whose page.")],
    kind: Annotated[str, typer.Argument(help="concern, answer, reply or agreed.")],
    text: Annotated[str, typer.Argument(help="What is said.")],
    re: Annotated[str, typer.Option(help="The note it replies to.")] = "",
    name: Annotated[str | None, typer.Option("--as", help="Who you are.")] = None,
) -> None:
    """Say something about a coaching page."""
    import uuid

    from copilot.store import CoachingNote

    who = name or getpass.getuser()
    with _desk() as desk:
        note_id = f"note-{uuid.uuid4().hex[:12]}"
        desk.say(CoachingNote(note_id, agent, datetime.now(UTC), who, kind, re, text))
    typer.echo(note_id)


def _content(suffix: str, days: int, to: datetime | None, language: str) -> bytes:
    import json

    from copilot.cases.calendar import calendar
    from copilot.insight.words import named_table
    from copilot.spreadsheet import as_xlsx

    if suffix == ".ics":
        now = datetime.now(UTC)
        with _desk() as desk:
            return calendar(desk.due(now), stamp=now, name="Deadlines at risk").encode()
    board = _board(days, to)
    if suffix == ".json":
        return json.dumps(board.as_json(), ensure_ascii=False, indent=1).encode()
    return as_xlsx(named_table(each, language) for each in board.sections.values())


def _board(days: int, to: datetime | None) -> "Board":
    with _desk() as desk:
        return desk.board(_window(days, to), now=datetime.now(UTC))


def _window(days: int, to: datetime | None) -> "Window":
    from copilot.insight import Window

    end = to.replace(tzinfo=UTC) if to else datetime.now(UTC)
    return Window.of(end - timedelta(days=days), end)


def _check_language(language: str) -> None:
    if language not in ("en", "es"):
        raise BadInput(f"--language is {language[:20]!r}; allowed are en and es. Choose one.")


@contextmanager
def _desk() -> "Iterator[InsightDesk]":
    from copilot.insight_desk import InsightDesk
    from copilot.settings import load_settings
    from copilot.store import Cases, InsightRows, Scores, open_database
    from knowledge.pack import load_pack

    settings = load_settings()
    engine = open_database(settings.database)
    try:
        rows, cases = InsightRows(engine, settings.tenant), Cases(engine, settings.tenant)
        yield InsightDesk(rows, Scores(engine, settings.tenant), cases, load_pack(settings.pack))
    finally:
        engine.dispose()
