"""`copilot score`: scores and contests, agreement of raters, what reviewers change, cases for the eval harness."""

import getpass
import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from copilot.commands.files import read_json_object
from copilot.commands.printing import AsJson, print_json
from copilot.errors import BadInput

if TYPE_CHECKING:
    from copilot.review.edits import Correction
    from copilot.review.quality import QualityDesk
    from copilot.store import Evaluation, Reviews

app = typer.Typer(help="Quality: scores, contests, calibration, edits.", no_args_is_help=True)
Id = Annotated[str, typer.Argument(help="Id of an evaluation.")]
As = Annotated[str | None, typer.Option("--as", help="Who you are; the name you are logged in with if left out.")]

Corrections = Annotated[
    Path | None, typer.Argument(help="JSON lines of corrections, see docs/review.md; those of the queue if left out.")
]
_PLACE = ("evaluation_id", "subject", "subject_id", "agent")


@app.command()
def add(
    evaluation: Annotated[Path, typer.Argument(help="JSON; docs/review.md shows its form.")],
    name: As = None,
    as_json: AsJson = False,
) -> None:
    """Score a call, a note or a reply."""
    given = read_json_object(evaluation)
    missing = [key for key in (*_PLACE, "marks") if not given.get(key)]
    if missing:
        raise BadInput(f"{evaluation} lacks {', '.join(missing)}. Fill them in.")
    evaluation_id, subject, subject_id, agent = (str(given[key]) for key in _PLACE)
    with _desk() as (desk, _):
        comment = str(given.get("comment") or "")
        place = evaluation_id, subject, subject_id, agent, given["marks"]
        made = desk.add(*place, by=_who(name), now=_now(), comment=comment)
        _print(made, as_json=as_json)


@app.command()
def show(evaluation_id: Id, as_json: AsJson = False) -> None:
    """Every version of a score."""
    with _desk() as (desk, _):
        for each in desk.scores.versions(evaluation_id):
            _print(each, as_json=as_json)


@app.command()
def contest(
    evaluation_id: Id, reason: Annotated[str, typer.Argument(help="Why.")], name: As = None, as_json: AsJson = False
) -> None:
    """Contest one's own score."""
    with _desk() as (desk, _):
        _print(desk.contest(evaluation_id, reason, by=_who(name), now=_now()), as_json=as_json)


@app.command()
def answer(
    evaluation_id: Id,
    comment: Annotated[str, typer.Argument(help="Why.")],
    marks: Annotated[Path | None, typer.Option(help="JSON with changed `marks`; else it is upheld.")] = None,
    name: As = None,
    as_json: AsJson = False,
) -> None:
    """Answer a contest."""
    changed = read_json_object(marks).get("marks") if marks else None
    with _desk() as (desk, _):
        made = desk.answer(evaluation_id, by=_who(name), now=_now(), comment=comment, marks=changed)
        _print(made, as_json=as_json)


@app.command()
def agreement(
    marks: Annotated[Path, typer.Argument(help="JSON lines: item_id, subject_id, rater, mark.")],
    as_json: AsJson = False,
) -> None:
    """How far raters agree, item by item: kappa for two, alpha for more, with 95 % intervals."""
    from copilot.review.agreement import agreement as agreement_of

    table: dict[str, dict[str, dict[str, float | None]]] = {}
    for row in _lines(marks):
        try:
            mark = None if row["mark"] is None else float(row["mark"])
            table.setdefault(str(row["item_id"]), {}).setdefault(str(row["rater"]), {})[str(row["subject_id"])] = mark
        except (KeyError, TypeError, ValueError):
            raise BadInput(
                f"{marks}: a line lacks item_id, subject_id, rater or a number as mark. Correct it."
            ) from None
    with _desk() as (desk, _):
        for item, ratings in sorted(table.items()):
            _print_agreement(asdict(agreement_of(item, ratings, desk.card.calibration)), as_json=as_json)


@app.command()
def session(
    session_id: Annotated[str | None, typer.Argument(help="One session; all closed ones together if left out.")] = None,
    close: Annotated[bool, typer.Option("--close", help="Close it: nobody rates in it any more.")] = False,
    name: As = None,
    as_json: AsJson = False,
) -> None:
    """How far the raters of calibration sessions agree."""
    with _desk() as (desk, _):
        if session_id is None:
            report = desk.report_of_all()
        else:
            report = desk.close(session_id, by=_who(name), now=_now()) if close else desk.report(session_id)
    for item in report["items"]:
        _print_agreement(item, as_json=as_json)
    for rater, apart in report["drift"].items():
        if as_json:
            print_json({"rater": rater, **apart})
        else:
            typer.echo(f"{rater}: {apart['points']} points from the others{', too far' if apart['too_far'] else ''}")


@app.command()
def edits(
    file: Corrections = None,
    by: Annotated[str, typer.Option(help="channel, provider or prompt_version.")] = "channel",
    as_json: AsJson = False,
) -> None:
    """How much reviewers change in drafts, by week, and why."""
    from copilot.review.edits import burden

    if by not in ("channel", "provider", "prompt_version"):
        raise BadInput(f"--by is {by!r}; allowed are channel, provider, prompt_version. Choose one.")
    with _desk() as (_, reviews):
        for each in burden(_corrections(reviews, file), by=by):
            if as_json:
                print_json(asdict(each))
            else:
                reasons = ", ".join(f"{name} {count}" for name, count in each.reasons.items()) or "none"
                typer.echo(
                    f"{each.week} {each.group:<18} {each.drafts} drafts, {each.unchanged} unchanged, "
                    f"{each.mean_words:.0%} of words changed; {reasons}"
                )


@app.command()
def cases(file: Corrections = None) -> None:
    """Corrections as cases for the eval harness, JSON lines."""
    from copilot.review.eval_cases import cases_of

    with _desk() as (_, reviews):
        for case in cases_of(_corrections(reviews, file)):
            print_json(case)


def _corrections(reviews: "Reviews", file: Path | None) -> "list[Correction]":
    from copilot.review.corrections import correction_of, corrections_of

    if file is None:
        return list(corrections_of(reviews, now=_now()))
    return [correction_of(row, f"{file}, line {number}") for number, row in enumerate(_lines(file), start=1)]


def _print_agreement(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json({key: None if _is_nan(value) else value for key, value in found.items()})
        return
    interval = "" if _is_nan(found["low"]) else f" [{found['low']:.2f}, {found['high']:.2f}]"
    told = f"{found['measure']} {found['value']:.3f}{interval}, observed {found['observed']:.2f}"
    many = f"{found['raters']} raters, {found['subjects']} subjects"
    typer.echo(f"{found['item_id']}: {told}, {many}: {found['verdict']}")


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    try:
        for line in path.read_text("utf-8-sig").splitlines():
            if line.strip():
                yield dict(json.loads(line))
    except (OSError, ValueError, TypeError):
        raise BadInput(f"{path} cannot be read as JSON lines. Correct the file.") from None


def _is_nan(value: object) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _who(name: str | None) -> str:
    return name or getpass.getuser()


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def _desk() -> "Iterator[tuple[QualityDesk, Reviews]]":
    from copilot.review.quality import QualityDesk
    from copilot.settings import load_settings
    from copilot.store import Reviews, Scores, open_database
    from knowledge.pack import load_pack

    settings = load_settings()
    engine = open_database(settings.database)
    try:
        yield QualityDesk(Scores(engine, settings.tenant), load_pack(settings.pack)), Reviews(engine, settings.tenant)
    finally:
        engine.dispose()


def _print(each: "Evaluation", *, as_json: bool) -> None:
    if as_json:
        print_json({**asdict(each), "at": each.at.isoformat()})
        return
    of = f"{each.subject} {each.subject_id} ({each.agent})"
    typer.echo(f"{each.evaluation_id} v{each.version} {each.status} {each.score} {of}")
    for mark in each.marks:
        if mark["mark"] not in ("1", None):
            typer.echo(f"  {mark['item_id']}: {mark['mark']} ({', '.join(mark['evidence'])}) {mark['comment']}")
    if each.comment:
        typer.echo(f"  {each.reviewer}: {each.comment}")
