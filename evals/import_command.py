"""`copilot eval import KIND FOLDER`: cases from a data folder, with a suite that runs them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from copilot.commands.printing import AsJson, print_json

if TYPE_CHECKING:
    from evals.cases import Case
    from evals.suites import Suite

# Imports stand inside the functions: `copilot` loads this file at every start.

Out = Annotated[Path, typer.Option(help="Where cases/ and suites/ are written; keep it out of the repository.")]
Limit = Annotated[int | None, typer.Option(min=1, help="So many cases at most.")]


def import_command(
    kind: Annotated[str, typer.Argument(help="calls, complaints, intents, pii or retrieval.")],
    folder: Annotated[Path, typer.Argument(help="The folder with the files of that kind; docs/evals.md shows them.")],
    out: Out = Path("runs/imported"),
    limit: Limit = None,
    as_json: AsJson = False,
) -> None:
    """Turn a labelled data folder into cases and a suite: `copilot eval run OUT/suites/NAME.yaml --baseline none`."""
    from itertools import islice

    from copilot.errors import BadInput
    from evals.cases import write_cases
    from evals.importing import import_cases
    from evals.importing._rows import id_of

    cases = list(islice(import_cases(kind, folder), limit))
    if not cases:
        raise BadInput(f"{folder} gives no case of the kind {kind!r}. docs/evals.md shows what it reads.")
    name = id_of(folder.resolve().name)
    for part in ("cases", "suites"):
        (out / part).mkdir(parents=True, exist_ok=True)
    write_cases(cases, out / "cases" / f"{name}.jsonl")
    path = out / "suites" / f"{name}.yaml"
    path.write_text(_suite_text(name, cases), "utf-8")
    if as_json:
        print_json({"cases": len(cases), "task": cases[0].task, "suite": str(path)})
    else:
        typer.echo(f"{len(cases)} cases for {cases[0].task}: copilot eval run {path} --baseline none")


def _suite_text(name: str, cases: "list[Case]") -> str:
    """The suite of the task with these cases; what their labels do not score decides nothing."""
    import yaml

    from evals.suites import load_suite

    ours: Suite = load_suite(cases[0].task)
    content = ours.model_dump(mode="json", exclude={"slices", "prompt", "samples"})
    content |= {"name": name, "cases": [f"{name}.jsonl"], "splits": ["dev"], "says": f"Imported from {name}."}
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
