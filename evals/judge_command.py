"""`copilot eval calibrate`: a judge model against what people said."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from copilot.commands.printing import AsJson, print_json
from copilot.errors import BadInput

if TYPE_CHECKING:
    from copilot.models import Model
    from evals.judge import Calibration, Labelled

# Imports stand inside the functions: `copilot` loads this file at every start.


def calibrate_command(
    labels: Annotated[Path, typer.Argument(help='Lines of {"question", "text", "people": [true, false]}.')],
    guide: Annotated[Path, typer.Option(help="What the people were told, as a text file.")],
    times: Annotated[int, typer.Option(min=1, max=5, help="How often the judge is asked; tells its consistency.")] = 2,
    as_json: AsJson = False,
) -> None:
    """How far the model of COPILOT_MODEL judges as people do; exit 1 when it may not be used."""
    from copilot.models.prompt_lock import digest as prompt_digest
    from evals.arms import live_model
    from evals.judge import calibrate, judge_sha
    from evals.judge.asking import ITEM_PROMPT

    model, told = live_model(), _read(guide)
    texts = [_judged(row, model, told, times) for row in _rows(labels)]
    found = calibrate(texts)
    sha = judge_sha(model.name, prompt_digest(ITEM_PROMPT, model.prompt(ITEM_PROMPT).version), told)
    if as_json:
        print_json({"model": model.name, "judge_sha": sha, **vars(found), "faults": found.faults})
    else:
        typer.echo("\n".join(_lines(found, model.name, sha)))
    if found.faults:
        raise typer.Exit(1)


def _judged(row: dict[str, Any], model: "Model", guide: str, times: int) -> "Labelled":
    from evals.judge import Labelled, judge_item
    from evals.qa import pack_policy

    policy = pack_policy(None)
    said = (
        judge_item(model, question=row["question"], guide=guide, text=row["text"], policy=policy) for _ in range(times)
    )
    first, second = row["people"]
    return Labelled(tuple(each.value for each in said), (first, second))


def _rows(path: Path) -> list[dict[str, Any]]:
    rows = []
    for number, line in enumerate(_read(path).splitlines(), start=1):
        try:
            row = json.loads(line)
            is_whole = {"question", "text"} <= row.keys() and [type(each) for each in row["people"]] == [bool, bool]
        except (ValueError, AttributeError, KeyError, TypeError):
            is_whole = False
        if not is_whole:
            raise BadInput(f"{path}:{number}: a line needs question, text and people: [true or false, twice]. Mend it.")
        rows.append(row)
    return rows


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read ({type(error).__name__}). Give a text file.") from None


def _lines(found: "Calibration", model: str, sha: str) -> list[str]:
    def share(value: float | None) -> str:
        return "unknown" if value is None else f"{value:.3f}"

    low, high = found.kappa_interval
    return [
        f"{model}, judge {sha[:8]}: {found.labelled} texts, {found.agreed} counted, {found.unscored} unscored",
        f"kappa {found.kappa:.3f} [{low:.2f}, {high:.2f}]; the people among themselves {found.people_kappa:.3f}",
        f"sensitivity {share(found.sensitivity)}, specificity {share(found.specificity)}",
        f"right {found.accuracy:.3f}; always the commonest answer {found.constant_accuracy:.3f}",
        f"says the same again: {share(found.self_consistency)}",
        *(f"may not be used: {fault}" for fault in found.faults),
    ]
