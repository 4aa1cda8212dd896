"""`copilot eval pipeline FOLDER`: transcripts through the live path, and a report of what came of it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from copilot.commands.printing import AsJson, print_json, say

# Imports stand inside the function: `copilot` loads this file at every start.

MOST_AT_ONCE = 8

Live = Annotated[bool, typer.Option("--live", help="Have the notes reworded by the model of COPILOT_MODEL.")]


def pipeline_command(
    folder: Annotated[Path, typer.Argument(help="Transcripts: a folder of .jsonl and .vtt files, or one file.")],
    speed: Annotated[str, typer.Option(help="`max`, or how many times faster than the calls were.")] = "max",
    at_once: Annotated[int, typer.Option(min=1, max=MOST_AT_ONCE, help="Calls side by side.")] = 1,
    noise: Annotated[float, typer.Option(help="Share of words misheard, 0 to 0.5.")] = 0.0,
    pack: Annotated[Path | None, typer.Option(help="Folder of a pack; the demo pack if left out.")] = None,
    live: Live = False,
    as_json: AsJson = False,
) -> None:
    """Play transcripts through the live path; report latency, cards, notes, broken gates and what the model used.

    Exit 1 when a gate is broken or a call fails.
    """
    from copilot.models import load_model  # noqa: PLC0415
    from copilot.settings import load_settings  # noqa: PLC0415
    from evals.replaying import Manner, pace_of, read_folder, replay  # noqa: PLC0415
    from evals.tasks import TaskOptions  # noqa: PLC0415

    settings = load_settings()
    model = load_model(settings.model, settings) if live else None
    manner = Manner(pace_of(speed), at_once, noise)
    calls = read_folder(folder)
    say(f"{len(calls)} calls")
    report = replay(calls, TaskOptions(pack=pack, model=model), manner).as_record()
    if as_json:
        print_json(report)
    else:
        typer.echo("\n".join(lines_of(report)))
    if report["gate_violations"] or report["failed"]:
        raise typer.Exit(1)


def lines_of(report: Mapping[str, Any]) -> list[str]:
    """The report for a terminal."""
    quality = ", ".join(f"{name} {value:.3f}" for name, value in report["note_quality"].items())
    cards = ", ".join(f"{count} {kind}" for kind, count in report["cards"].items())
    used = "; ".join(f"{name}: {each}" for name, each in report["model"].items())
    behind = report["lag_behind_speech"]
    return [
        f"{report['calls']} calls, {report['turns']} turns, {len(report['failed'])} failed",
        *(f"  failed: {each}" for each in report["failed"]),
        f"turn to cards: {_times(report['turn_to_cards'])}; note: {_times(report['note'])}",
        *([f"behind speech: {_times(behind)}"] if behind else []),
        f"cards: {cards or 'none'}",
        f"customer turns with a card: {_share(report['turns_with_card'])}",
        f"quotes as they stand in their document: {_share(report['quotes_in_document'])}",
        f"labelled turns with a right card: {_share(report['coverage'])}; right cards: {_share(report['precision'])}",
        f"notes: {quality or 'none'}",
        f"gates broken: {len(report['gate_violations'])}",
        *(f"  {each}" for each in report["gate_violations"]),
        f"model: {used or 'not asked'}",
    ]


def _times(latency: Mapping[str, float]) -> str:
    return f"p50 {latency['p50_ms']:.1f} ms, p95 {latency['p95_ms']:.1f} ms, max {latency['max_ms']:.1f} ms"


def _share(share: Mapping[str, Any]) -> str:
    return f"{share['share']:.3f} ({share['count']} of {share['of']})" if share["of"] else "–"
