"""How commands print: one JSON line, or plain text; never anything else on standard output."""

import json
from collections.abc import Mapping
from typing import Annotated, Any

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON lines.")]


def print_json(value: Mapping[str, Any]) -> None:
    """One line of JSON, characters as they are."""
    typer.echo(json.dumps(value, ensure_ascii=False, default=str))


def say(line: str) -> None:
    """A line for the person at the terminal, on standard error, so that output can be piped."""
    typer.echo(line, err=True)
