"""What the commands of cases share: the desk they work at, who works, and how a case is printed."""

import getpass
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from copilot.commands.printing import print_json
from copilot.errors import BadInput

if TYPE_CHECKING:
    from copilot.cases.desk import CaseDesk
    from copilot.store import Case

Id = Annotated[str, typer.Argument(help="Id of a case, as `copilot cases list` shows it.")]
As = Annotated[str | None, typer.Option("--as", help="Who you are; the name you are logged in with if left out.")]


def lines_of(path: Path) -> Iterator[dict[str, Any]]:
    """The JSON objects of a file, one a line.

    Raises:
        BadInput: it cannot be read, or a line is none.
    """
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


def who(name: str | None) -> str:
    """Who acts: the name given, else that of the login."""
    return name or getpass.getuser()


@contextmanager
def open_desk() -> "Iterator[CaseDesk]":
    """The cases of the tenant of the settings."""
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


def print_case(case: "Case", *, as_json: bool, short: bool = False) -> None:
    """Print a case, whole or in one line."""
    from copilot.cases.as_json import case_json

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
