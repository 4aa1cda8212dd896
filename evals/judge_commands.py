"""`copilot eval calibrate` and `copilot eval judge`: a model judges outputs, after people have judged the model."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from copilot.commands.printing import AsJson, print_json, say

if TYPE_CHECKING:
    from copilot.models import Model
    from evals.judge.calibration import Calibration
    from evals.results import Result

# Imports stand inside the functions: `copilot` loads this file at every start.

CriterionFile = Annotated[Path, typer.Option("--criterion", help="YAML with id, says and guide.")]
Kept = Annotated[Path, typer.Option("--calibrations", help="Folder of the calibrations.")]
NOT_CALIBRATED = 1


def calibrate_command(
    labels: Annotated[Path, typer.Argument(help="JSON lines of {id, source, text, labels: [true, true]}.")],
    criterion: CriterionFile,
    calibrations: Kept = Path("runs/calibrations"),
    as_json: AsJson = False,
) -> None:
    """Ask the model of COPILOT_MODEL what two people have labelled; exit 1 when its scores do not count."""
    from dataclasses import asdict

    from copilot.errors import BadInput
    from copilot.guard.redaction import RedactionPolicy
    from evals.judge import calibrate, judge_item, judge_sha
    from evals.judge.calibration import Labelled
    from evals.judge.files import read_criterion, read_labelled, write_calibration

    asked, texts = read_criterion(criterion), list(read_labelled(labels))
    model, policy = _judge(), RedactionPolicy()
    say(f"{len(texts)} texts, each asked twice")
    judged = [
        Labelled(
            each.labels,
            tuple(judge_item(model, asked.says, each.source, each.text, policy=policy).holds for _ in range(2)),
        )
        for each in texts
    ]
    try:
        found = calibrate(judge_sha(model.name, asked.guide + asked.says), judged)
    except ValueError as error:
        raise BadInput(f"{labels}: {error}") from None
    write_calibration(found, calibrations / f"{asked.id}.json")
    if as_json:
        print_json({**asdict(found), "problems": found.problems})
    else:
        typer.echo("\n".join(_lines(found)))
    if found.problems:
        raise typer.Exit(NOT_CALIBRATED)


def judge_command(
    run: Annotated[Path, typer.Argument(help="A run folder, or a committed baseline (.jsonl).")],
    criterion: CriterionFile,
    calibrations: Kept = Path("runs/calibrations"),
    against: Annotated[Path | None, typer.Option(help="Another run: which is better, in both orders.")] = None,
    as_json: AsJson = False,
) -> None:
    """Have the model of COPILOT_MODEL judge the outputs of a run: reported, never a verdict."""
    from dataclasses import asdict

    from evals.judge import corrected_rate, judge_sha
    from evals.judge.files import read_calibration, read_criterion
    from evals.judge.outputs import compare_results, judge_results

    asked = read_criterion(criterion)
    results, others = (_outputs(each) if each else [] for each in (run, against))
    model = _judge()
    rows = judge_results(model, asked.says, results)
    holds = [row["holds"] for row in rows if row["holds"] is not None]
    kept = read_calibration(calibrations / f"{asked.id}.json")
    of_this_judge = kept is not None and kept.judge == judge_sha(model.name, asked.guide + asked.says)
    problems = kept.problems if kept is not None and of_this_judge else ["this judge is not calibrated"]
    report: dict[str, Any] = {
        "criterion": asked.id,
        "judge": model.name,
        "judged": len(holds),
        "unusable": len(rows) - len(holds),
        "says_yes": sum(holds),
        "corrected": asdict(corrected_rate(sum(holds), len(holds), kept)) if kept and holds and not problems else None,
        "problems": problems,
        "rows": rows,
        "pairs": asdict(compare_results(model, asked.says, results, others)) if others else None,
    }
    if as_json:
        print_json(report)
        return
    rate = f"{sum(holds)} of {len(holds)}" if holds else "nothing usable"
    typer.echo(f"{asked.id} by {model.name}: {rate}, {report['unusable']} unusable")
    if report["corrected"]:
        told = report["corrected"]
        typer.echo(f"  corrected {told['share']:.2f}, 95 % interval {told['low']:.2f} to {told['high']:.2f}")
    if report["pairs"]:
        told = report["pairs"]
        typer.echo(
            f"  against {against}: better {told['wins']}, worse {told['losses']}, tie {told['ties']}; "
            f"the same in both orders {told['consistent']} of {told['pairs']}"
        )
    for problem in problems:
        typer.echo(f"  does not count: {problem}")


def _outputs(run: Path) -> "list[Result]":
    """The results of a run folder, or of a file, that have a text."""
    from evals.judge.outputs import text_of
    from evals.results import RESULTS, read_results

    return [each for each in read_results(run if run.is_file() else run / RESULTS) if text_of(each.output)]


def _judge() -> "Model":
    from copilot.errors import ConfigError
    from copilot.models import load_model
    from copilot.settings import load_settings

    settings = load_settings()
    if settings.model == "none":
        raise ConfigError("COPILOT_MODEL is 'none'; a judge needs a model: openai:NAME.")
    return load_model(settings.model, settings)


def _lines(found: "Calibration") -> list[str]:
    twice = "" if found.self_consistency is None else f", the same answer twice {found.self_consistency:.0%}"
    return [
        f"{found.cases} cases, {found.unused} unusable; the people agree in {found.people_agree:.0%}",
        f"kappa {found.kappa:.2f} [{found.low:.2f}, {found.high:.2f}]",
        f"right {found.accuracy:.0%}, always the same answer {found.constant:.0%}{twice}",
        f"sensitivity {found.sensitivity:.2f}, specificity {found.specificity:.2f}",
        *([f"does not count: {each}" for each in found.problems] or ["its scores count beside the others"]),
    ]
