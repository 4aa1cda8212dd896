"""`copilot training`: what has changed, quizzes, and how they went."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from copilot.commands.files import read_json_object
from copilot.commands.printing import AsJson, print_json
from copilot.errors import BadInput

if TYPE_CHECKING:
    from copilot.training.desk import TrainingDesk

app = typer.Typer(help="What has changed in the documents, and who knows it.", no_args_is_help=True)
As = Annotated[str | None, typer.Option("--as", help="Who you are; the name you are logged in with if left out.")]


@app.command()
def changes(name: As = None, as_json: AsJson = False) -> None:
    """Documents that came into force, end, or take another's place, those not acknowledged first."""
    with _desk() as desk:
        for each in desk.changes(_who(name), _now().date()):
            if as_json:
                print_json(each)
                continue
            known = "known " if each["acknowledged_at"] else "NEW   "
            typer.echo(f"{known}{each['on']} {each['what']:<9} {each['title']} [{each['doc_id']} {each['digest']}]")
            if each["now"]:
                typer.echo(f"      was: {each['was']}\n      now: {each['now']}")


@app.command()
def acknowledge(
    doc_id: Annotated[str, typer.Argument(help="As `copilot training changes` shows it.")],
    digest: Annotated[str, typer.Argument(help="As it stands beside it: of the words that were read.")],
    name: As = None,
) -> None:
    """Say that you know a change."""
    with _desk() as desk:
        desk.acknowledge(_who(name), doc_id, digest, now=_now())


@app.command()
def quiz(
    about: Annotated[str, typer.Option(help="basics or changes.")] = "basics",
    language: Annotated[str, typer.Option(help="en or es.")] = "en",
    name: As = None,
    as_json: AsJson = False,
) -> None:
    """Your next quiz: sentences of the documents with a figure left out."""
    with _desk() as desk:
        asked = desk.quiz(_who(name), about, language, _now().date())
    if as_json:
        print_json(asked)
        return
    typer.echo(f"# {asked['quiz_id']}")
    for each in asked["questions"]:
        typer.echo(f"{each['question_id']}: {each['text']}\n    {' | '.join(each['options'])}")


@app.command()
def answer(
    quiz_id: Annotated[str, typer.Argument(help="As `copilot training quiz` shows it.")],
    answers: Annotated[Path, typer.Argument(help="A JSON file: question_id to option.")],
    name: As = None,
    as_json: AsJson = False,
) -> None:
    """Answer a quiz, once; each answer comes with its source."""
    given = read_json_object(answers)
    if not all(isinstance(value, str) for value in given.values()):
        raise BadInput(f"{answers} holds an answer that is no text; allowed is question_id to option.")
    with _desk() as desk:
        graded = desk.answer(_who(name), quiz_id, given, now=_now())
    if as_json:
        print_json(graded)
        return
    typer.echo(f"{graded['right']} of {graded['questions']} right")
    for each in graded["answers"]:
        cited = each["citation"]
        mark = "right" if each["is_right"] else f"wrong: it is {each['right']}"
        typer.echo(f"{each['question_id']} {mark}\n    {cited['title']} > {cited['heading']}: {cited['quote']}")


@app.command()
def results(as_json: AsJson = False) -> None:
    """Who has acknowledged what, and how quizzes went."""
    with _desk() as desk:
        for each in desk.results(_now().date()):
            if as_json:
                print_json(each)
            else:
                quizzes = ", ".join(f"{quiz['right']}/{quiz['questions']}" for quiz in each["quizzes"]) or "none"
                known = f"{each['acknowledged']} of {each['changes']} changes acknowledged"
                typer.echo(f"{each['person']}: {known}; quizzes: {quizzes}")


def _who(name: str | None) -> str:
    return name or getpass.getuser()


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def _desk() -> "Iterator[TrainingDesk]":
    from copilot.settings import load_settings
    from copilot.store import open_database
    from copilot.store.training import Training
    from copilot.training.desk import TrainingDesk
    from knowledge.pack import load_pack

    settings = load_settings()
    engine = open_database(settings.database)
    try:
        yield TrainingDesk(load_pack(settings.pack).documents, Training(engine, settings.tenant))
    finally:
        engine.dispose()
