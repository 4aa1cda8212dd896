"""`copilot bench`: the benchmarks of the README, on folders of data you name."""

from pathlib import Path
from typing import Annotated

import typer

from copilot.commands.printing import say
from copilot.errors import BadInput

app = typer.Typer(help="Benchmarks on folders of data.", no_args_is_help=True)

Folders = Annotated[list[Path], typer.Argument(help="Folders with the data.")]


@app.command()
def search(folders: Folders) -> None:
    """Search: nDCG and recall by words, by meaning and by both (corpus.jsonl, queries.jsonl, qrels.tsv)."""
    from copilot.settings import load_settings
    from copilot.wiring import ready_embedder
    from knowledge.bench import as_table, bench_search

    ready = ready_embedder(load_settings())
    if ready.missing:
        say(f"By words alone: {ready.missing}")
    for folder in folders:
        typer.echo(as_table(bench_search(folder, ready.embedder)) + "\n")


@app.command()
def fields(folders: Folders) -> None:
    """Note fields: how many values that agents logged the notes hold (transcripts.jsonl with labels)."""
    from copilot.calls.fields.bench import main

    for folder in folders:
        typer.echo(f"{folder}\n{main(str(folder))}\n")


@app.command()
def redact(folders: Folders) -> None:
    """Masking: recall by kind, and what was damaged (JSONL with marked spans)."""
    from copilot.guard.bench import main

    main([str(folder) for folder in folders])


@app.command()
def notes(folders: Folders) -> None:
    """Live path: time from turn to cards and to the note, and how long the notes are (transcripts.jsonl)."""
    from copilot.calls.bench import bench_notes
    from copilot.commands.calls import live_calls
    from copilot.feeds import read_transcripts

    with live_calls() as live:
        for folder in folders:
            typer.echo(f"{folder}\n{bench_notes(live, read_transcripts(folder / 'transcripts.jsonl'))}\n")


@app.command(name="all")
def everything(data: Annotated[Path, typer.Argument(help="Folder of the data folders.")]) -> None:
    """Every benchmark on every folder below DATA that has the data for it."""
    if not data.is_dir():
        raise BadInput(f"{data} is no folder. Give the folder that holds the data folders.")
    inside = sorted(folder for folder in data.iterdir() if folder.is_dir())
    search([folder for folder in inside if (folder / "qrels.tsv").is_file()])
    calls = [folder for folder in inside if (folder / "transcripts.jsonl").is_file()]
    fields(calls)
    notes(calls)
    redact([folder for folder in inside if folder.name.startswith("pii_")])
