"""`copilot models check`: whether the configured language model answers, and what it is able to do."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from copilot.commands.printing import AsJson, print_json, say

if TYPE_CHECKING:
    from copilot.models import CheckReport

app = typer.Typer(help="Language models.", no_args_is_help=True)


@app.callback()
def models() -> None:
    """Language models."""


@app.command()
def check(as_json: AsJson = False) -> None:
    """Ask the configured model a few small things; exit 1 when it does not answer."""
    from copilot.models import load_model
    from copilot.settings import load_settings

    settings = load_settings()
    report = load_model(settings.model, settings).check()
    if as_json:
        print_json(asdict(report))
    elif report.answers:
        typer.echo(_in_words(report))
    if report.problem:
        say(f"copilot: {report.problem}")
        raise typer.Exit(1)
    if not as_json and not report.answers:
        typer.echo("No language model is configured (COPILOT_MODEL is 'none'): answers and notes are extractive.")


def _in_words(report: "CheckReport") -> str:
    return "\n".join(
        [
            f"{report.model} answers, in {report.latency_ms} ms",
            f"answers in a form: {report.structured}",
            f"limit of the answer: {report.limit_field}",
            f"usage in streams: {'yes' if report.has_stream_usage else 'no'}",
            f"tokens counted by: {report.tokens_counted_by}",
        ]
    )
