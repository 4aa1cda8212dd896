"""The commands of `copilot eval` that bring cases in."""

from pathlib import Path
from typing import Annotated

import typer

from copilot.commands.printing import AsJson, print_json, say

Pack = Annotated[Path | None, typer.Option(help="Folder of a pack; the demo pack if left out.")]


def import_qa(
    file: Annotated[Path, typer.Argument(help="Corrections, as `copilot score cases` writes them.")],
    into: Annotated[Path | None, typer.Option(help="The file of cases; evals/cases/qa.jsonl if left out.")] = None,
    pack: Pack = None,
    most_a_day: Annotated[int, typer.Option(min=1, help="Cases of one person and day.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Take corrections of reviewers in as candidates: masked, one a thread; none counts before a second person."""
    from evals import qa
    from evals.cases import read_cases
    from evals.suites import SUITES_DIR

    path = into or SUITES_DIR.parent / "cases" / qa.QA_FILE
    done = qa.import_qa(read_cases(file), path, qa.pack_policy(pack), most_a_day=most_a_day)
    if as_json:
        print_json(vars(done))
        return
    for case_id in done.added:
        typer.echo(case_id)
    say(f"{done.told}. File: {path}")


def promote(
    case: Annotated[str, typer.Argument(help="Id of a candidate.")],
    by: Annotated[str, typer.Option(help="Your name; another than that of who made the correction.")],
    cases: Annotated[Path | None, typer.Option(help="The folder of cases; evals/cases if left out.")] = None,
    as_json: AsJson = False,
) -> None:
    """Let a candidate count, as its second reviewer; its date decides between gate and holdout."""
    from evals import qa
    from evals.suites import SUITES_DIR

    folder = cases or SUITES_DIR.parent / "cases"
    done = qa.promote(case, by, folder, suites=folder.parent / "suites")
    if as_json:
        print_json({"id": done.id, "split": done.split, "by": done.source.by, "reviewed_by": done.source.reviewed_by})
    else:
        typer.echo(f"{done.id}: {done.split}, corrected by {done.source.by}, reviewed by {done.source.reviewed_by}")
