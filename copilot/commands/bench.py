"""`copilot bench`: the benchmarks of the README, on folders of data you name."""

from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from copilot.commands.printing import AsJson, print_json, say
from copilot.errors import BadInput

if TYPE_CHECKING:
    from copilot.guard.grounding.cases import Case

app = typer.Typer(help="Benchmarks on folders of data.", no_args_is_help=True)

Folders = Annotated[list[Path], typer.Argument(help="Folders with the data.")]


@app.command()
def search(folders: Folders, as_json: AsJson = False) -> None:
    """Search: nDCG and recall by words, by meaning and by both (corpus.jsonl, queries.jsonl, qrels.tsv)."""
    from copilot.settings import load_settings
    from copilot.wiring import ready_embedder
    from knowledge.bench import as_table, bench_search

    ready = ready_embedder(load_settings())
    if ready.missing:
        say(f"By words alone: {ready.missing}")
    for folder in folders:
        bench = bench_search(folder, ready.embedder)
        if as_json:
            print_json(asdict(bench))
        else:
            typer.echo(as_table(bench) + "\n")


@app.command()
def fields(folders: Folders, as_json: AsJson = False) -> None:
    """Note fields: how many values that agents logged the notes hold (transcripts.jsonl with labels)."""
    from copilot.calls.fields.bench import as_records, main

    for folder in folders:
        _need(folder / "transcripts.jsonl")
        if as_json:
            for record in as_records(folder):
                print_json(record)
        else:
            typer.echo(f"{folder}\n{main(str(folder))}\n")


@app.command()
def redact(folders: Folders, as_json: AsJson = False) -> None:
    """Masking: recall by kind, and what was damaged (JSONL with marked spans)."""
    from copilot.guard.bench import as_record, report, score_files

    for folder in folders:
        _need(folder)
        for path, scores in score_files(folder):
            if as_json:
                print_json(as_record(path, scores))
            else:
                typer.echo(report(path, scores, with_misses=False) + "\n")


@app.command()
def grounding(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Labelled sentences (.jsonl lines, .yaml retellings); folders of calls (transcripts.jsonl)."
        ),
    ] = None,
    misses: Annotated[bool, typer.Option(help="Name what was let through and what alarmed wrongly.")] = False,
    as_json: AsJson = False,
) -> None:
    """Grounding: AUC on labelled sentences; swapped figures, days, names, negations and speakers caught; false alarms.

    The sentences of the pack's own documents, each against its passage, come first. Of a folder of calls, the
    statements of their notes are looked at, as they are before the check.
    """
    from copilot.guard.grounding.bench import as_record, read_cases, report, score_cases
    from copilot.guard.grounding.cases import passage_cases
    from copilot.guard.grounding.gazetteer import gazetteer_of
    from copilot.settings import load_settings
    from knowledge.pack import load_pack

    pack = load_pack(load_settings().pack)
    names = gazetteer_of(pack)
    sources = {f"documents of {pack.name}": list(passage_cases(pack, names))}
    for file in files or []:
        _need(file)
        sources[str(file)] = _note_cases(file) if file.is_dir() else read_cases(file, pack, names)
    for name, cases in sources.items():
        score = score_cases(cases)
        if as_json:
            print_json(as_record(name, score))
        else:
            typer.echo(f"{name}\n{report(score, with_misses=misses)}\n")


def _note_cases(folder: Path) -> list["Case"]:
    from copilot.calls.bench import note_cases
    from copilot.commands.calls import live_calls
    from copilot.feeds import read_transcripts

    _need(folder / "transcripts.jsonl")
    with live_calls() as live:
        return list(note_cases(live, read_transcripts(folder / "transcripts.jsonl"), live.desk.pack))


@app.command()
def notes(folders: Folders, as_json: AsJson = False) -> None:
    """Live path: time from turn to cards and to the note, and how long the notes are (transcripts.jsonl)."""
    from copilot.calls.bench import bench_notes
    from copilot.commands.calls import live_calls
    from copilot.feeds import read_transcripts

    calls = {folder: read_transcripts(folder / "transcripts.jsonl") for folder in folders}
    with live_calls() as live:
        for folder, transcripts in calls.items():
            bench = bench_notes(live, transcripts)
            if as_json:
                print_json({"folder": str(folder), **asdict(bench)})
            else:
                typer.echo(f"{folder}\n{bench}\n")


@app.command()
def live(
    calls: Annotated[int, typer.Option(min=1, help="Calls at once.")] = 200,
    seconds: Annotated[float, typer.Option(help="How long turns are sent.")] = 60.0,
    pace: Annotated[float, typer.Option(help="Seconds between two turns of a call.")] = 3.0,
    as_json: AsJson = False,
) -> None:
    """A service under load: time from turn to card at the client, events lost or doubled, memory."""
    if find_spec("httpx2") is None:
        raise BadInput("`copilot bench live` needs the package httpx2, which is not installed: pip install httpx2.")
    from copilot.feeds import read_transcripts
    from copilot.service.bench import bench_live
    from copilot.settings import load_settings
    from knowledge.pack import load_pack

    settings = load_settings()
    transcripts = read_transcripts(load_pack(settings.pack).directory / "calls.jsonl")
    bench = bench_live(settings, transcripts, calls=calls, seconds=seconds, pace_s=pace)
    if as_json:
        print_json(asdict(bench))
    else:
        typer.echo(str(bench))


@app.command(name="all")
def everything(
    data: Annotated[Path, typer.Argument(help="Folder of the data folders.")], as_json: AsJson = False
) -> None:
    """Every benchmark on every folder below DATA that has the data for it."""
    _need(data)
    inside = sorted(folder for folder in data.iterdir() if folder.is_dir())
    search([folder for folder in inside if (folder / "qrels.tsv").is_file()], as_json)
    calls = [folder for folder in inside if (folder / "transcripts.jsonl").is_file()]
    fields(calls, as_json)
    notes(calls, as_json)
    redact([folder for folder in inside if folder.name.startswith("pii_")], as_json)


def _need(path: Path) -> None:
    if not path.exists():
        raise BadInput(f"{path} is not there. Give a folder with the data; docs/benchmarks.md describes its form.")
