"""`copilot eval`: is this change better?

Exit codes: 0 pass, 1 regression, 2 inconclusive (or bad input), 3 recordings, 4 infrastructure.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from copilot.commands.printing import AsJson, print_json, say
from copilot.errors import BadInput
from evals.case_commands import import_qa, promote
from evals.import_command import import_command
from evals.judge_commands import calibrate_command, judge_command
from evals.pipeline import pipeline_command

if TYPE_CHECKING:
    from evals.arms import Choices, RanArm
    from evals.compare import Comparison

# Imports stand inside the functions: `copilot` loads this file at every start.

app = typer.Typer(help="Is this change better? Suites, runs, verdicts.", no_args_is_help=True)
app.command("import-qa")(import_qa)
app.command()(promote)

INTERRUPTED = 130

SuiteName = Annotated[str, typer.Argument(help="A suite, as `copilot eval list` shows it, or the path of its file.")]
Out = Annotated[Path, typer.Option(help="Folder of the run folders.")]
Noise = Annotated[float, typer.Option(help="Share of words misheard, 0 to 0.5, in what was spoken.")]
Samples = Annotated[int | None, typer.Option(help="How often each case is run; else as the suite says.")]
AtOnce = Annotated[int, typer.Option(min=1, max=256, help="Cases at once; changes nothing in the results.")]
Pack = Annotated[Path | None, typer.Option(help="Folder of a pack; the demo pack if left out.")]
Waive = Annotated[
    str, typer.Option(help="Your name: an INCONCLUSIVE verdict passes, and the manifest says who let it.")
]
Split = Annotated[list[str] | None, typer.Option(help="dev, gate or holdout; else as the suite says.")]


@app.command()
def run(
    suite: SuiteName,
    candidate: Annotated[str, typer.Option(help="code, a prompt version, a run folder, or committed.")] = "code",
    baseline: Annotated[
        str, typer.Option(help="The same, or none. Left out: the version before, for code what is committed.")
    ] = "",
    out: Out = Path("runs"),
    noise: Noise = 0.0,
    samples: Samples = None,
    at_once: AtOnce = 4,
    pack: Pack = None,
    live: Annotated[bool, typer.Option("--live", help="Ask the model of COPILOT_MODEL, not the recordings.")] = False,
    split: Split = None,
    waive: Waive = "",
    as_json: AsJson = False,
) -> None:
    """Run a suite and compare it with a baseline; what was run before goes on where it stopped."""
    from evals.arms import Choices, ground_of, open_arm, progress_bar, version_before

    choices = Choices(suite, out, samples, noise, at_once, pack, live, tuple(split or ()))
    ground = ground_of(choices)
    if not baseline:
        is_prompt = candidate != "code" and not (Path(candidate) / "manifest.json").is_file()
        baseline = version_before(candidate, ground.suite) if is_prompt and candidate != "committed" else "committed"
    with _told_of_a_stop():
        arms = [open_arm(each, ground, progress=progress_bar(each)) for each in (candidate, baseline) if each != "none"]
    if len(arms) == 1:
        _show_alone(arms[0], choices, as_json=as_json)
        return
    from evals.judging import judge

    comparison = judge(ground.suite, arms[0], arms[1], waived_by=waive)
    _conclude(comparison, arms[0], arms[1], arms[0].folder or out, as_json=as_json)


@app.command()
def compare(
    candidate: Annotated[Path, typer.Argument(help="A run folder: what is judged.")],
    baseline: Annotated[Path, typer.Argument(help="A run folder: what it is judged against.")],
    suite: Annotated[str, typer.Option(help="The suite, where its file lies elsewhere.")] = "",
    out: Annotated[Path | None, typer.Option(help="Folder of the files; the candidate's if left out.")] = None,
    waive: Waive = "",
    as_json: AsJson = False,
) -> None:
    """Compare two runs that are there; asks no model and runs no case."""
    from evals.arms import read_arm
    from evals.judging import judge
    from evals.suites import load_suite

    arms = read_arm(candidate), read_arm(baseline)
    comparison = judge(load_suite(suite or str(arms[0].manifest["suite"])), *arms, waived_by=waive)
    _conclude(comparison, *arms, out or candidate, as_json=as_json)


@app.command("list")
def list_suites(as_json: AsJson = False) -> None:
    """The suites with their task, cases and metrics."""
    from evals.suites import SUITES_DIR, load_suite, suite_names

    for name in suite_names():
        suite = load_suite(name)
        cases = suite.load_cases()
        metrics = [f"{each.name} ({each.role}{', hard' if each.hard else ''})" for each in suite.metrics]
        row = {
            "name": suite.name,
            "task": suite.task,
            "prompt": suite.prompt,
            "cases": len(cases),
            "clusters": len({case.cluster for case in cases}),
            "metrics": metrics,
            "has_baseline": (SUITES_DIR.parent / "baselines" / f"{name}.jsonl").is_file(),
        }
        if as_json:
            print_json(row)
        else:
            typer.echo(f"{name:<14} {row['cases']:>5} cases {row['clusters']:>5} clusters  {', '.join(metrics)}")


@app.command()
def rescore(
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.")],
    suite: Annotated[str, typer.Option(help="The suite, where its file lies elsewhere.")] = "",
    as_json: AsJson = False,
) -> None:
    """Score the outputs of a run anew with the present scorers; no case is run and no model asked."""
    from evals.rescoring import rescore_run

    changed, scored = rescore_run(folder, suite)
    if as_json:
        print_json({"run": str(folder), "scored": scored, "changed": changed})
    else:
        typer.echo(f"{scored} results scored anew, {changed} of them changed.")


@app.command()
def baseline(
    suite: SuiteName,
    out: Out = Path("runs"),
    at_once: AtOnce = 4,
    candidate: Annotated[str, typer.Option(help="code, a prompt version, or a run folder.")] = "code",
) -> None:
    """Make a run the committed baseline of its suite: what later changes are judged against."""
    from evals.arms import Choices, ground_of, open_arm, progress_bar, write_baseline

    ground = ground_of(Choices(suite, out, at_once=at_once))
    arm = open_arm(candidate, ground, progress=progress_bar(suite))
    if bad := [result for result in arm.arm.results if result.status in ("infrastructure", "unrecorded")]:
        raise BadInput(
            f"{len(bad)} results are lost or not recorded ({bad[0].error}); a baseline needs all. Run it again."
        )
    if arm.arm.stale:
        raise BadInput(" ".join(arm.arm.stale))
    typer.echo(
        f"{write_baseline(arm, ground)}: {len(arm.arm.results)} results. Commit it with the change it belongs to."
    )


@app.command()
def record(
    suite: Annotated[str, typer.Argument(help="A suite, or all that have a prompt if left out.")] = "",
    prompt: Annotated[str, typer.Option(help="The prompt version, as in note_wording/2; else the newest.")] = "",
    samples: Samples = None,
    at_once: AtOnce = 4,
    pack: Pack = None,
    again: Annotated[bool, typer.Option("--again", help="Ask for what is recorded already, too.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before it starts.")] = False,
    usd_in: Annotated[float | None, typer.Option(help="USD a million tokens sent; else as the settings say.")] = None,
    usd_out: Annotated[
        float | None, typer.Option(help="USD a million tokens answered; else as the settings say.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Record what the model of COPILOT_MODEL says to the cases of a suite; first says what that may cost."""
    from evals.arms import Choices, ground_of, progress_bar
    from evals.recording import estimate, record_suite, to_record, worded_suites

    names = [suite] if suite else worded_suites()
    if prompt and not suite:
        raise BadInput(f"--prompt is {prompt!r} and no suite is named; allowed with one suite. Name it.")
    grounds = (ground_of(Choices(name, samples=samples, at_once=at_once, pack=pack)) for name in names)
    jobs = [to_record(ground, prompt, again=again) for ground in grounds]
    costs = [estimate(job, usd_in=usd_in, usd_out=usd_out) for job in jobs]
    for job, cost in zip(jobs, costs, strict=True):
        say(f"{job.ground.suite.name}, {job.name}: {cost.told}")
    if not yes and any(cost.calls for cost in costs) and not typer.confirm("Start?", err=True):
        raise typer.Exit(1)
    made = [record_suite(job, progress=progress_bar(job.name)) for job in jobs]
    for job, each in zip(jobs, made, strict=True):
        if as_json:
            print_json({"suite": job.ground.suite.name, "prompt": job.name, **each.as_record()})
        else:
            typer.echo(f"{job.ground.suite.name}, {job.name}: {each.told}")
        for line in each.lost[:10]:
            say(line)
    if any(each.lost for each in made):
        raise typer.Exit(4)


@app.command()
def size(
    run_folder: Annotated[Path | None, typer.Argument(metavar="RUN", help="A run folder with a compare.json.")] = None,
    sd: Annotated[
        float, typer.Option(help="Spread of the differences: graded .2 to .3, pass or fail .4 to .5.")
    ] = 0.25,
    margin: Annotated[float, typer.Option(help="By how much it may get worse.")] = 0.05,
    per_cluster: Annotated[float, typer.Option(help="Cases a cluster.")] = 1.0,
    icc: Annotated[float, typer.Option(help="How alike cases of a cluster are, 0 to 1.")] = 0.0,
    as_json: AsJson = False,
) -> None:
    """How many cases an unchanged candidate needs to pass: 80 % chance for a primary, 95 % for a guardrail."""
    from evals.sizing import advice, advice_of

    rows = advice_of(run_folder) if run_folder else [advice(sd, margin, per_cluster, icc)]
    for row in rows:
        if as_json:
            print_json(row.as_record())
        else:
            typer.echo(row.told)


@app.command()
def bench(as_json: AsJson = False) -> None:
    """What the harness itself costs: speed, memory, replay, comparison, resume; beside peers where there are any."""
    from dataclasses import asdict

    from evals.bench.measure import measure_all

    for figure in measure_all():
        if as_json:
            print_json(asdict(figure))
        else:
            typer.echo(figure.told)


@contextmanager
def _told_of_a_stop() -> Iterator[None]:
    """Ctrl-C is no regression: its own exit code, and what goes on from here."""
    try:
        yield
    except KeyboardInterrupt:
        say("Stopped. What is done is kept: the same command goes on.")
        raise typer.Exit(INTERRUPTED) from None


def _show_alone(arm: "RanArm", choices: "Choices", *, as_json: bool) -> None:
    """What one arm scored; there is nothing to be compared, and so no verdict."""
    from evals.alone import summary_of

    found = summary_of(arm.arm)
    if as_json:
        print_json({"suite": choices.suite, "arm": arm.arm.label, "run": str(arm.folder), **found.as_record()})
    else:
        typer.echo("\n".join(found.lines(arm.arm.label)))
    for line in arm.arm.stale:
        say(line)
    raise typer.Exit(found.exit_code)


def _conclude(
    comparison: "Comparison", candidate: "RanArm", baseline: "RanArm", folder: Path, *, as_json: bool
) -> None:
    from evals.compare import as_record
    from evals.judging import told, write_files

    write_files(comparison, candidate, baseline, folder)
    if as_json:
        record = as_record(comparison)
        print_json({**{name: value for name, value in record.items() if name != "cases"}, "files": str(folder)})
    else:
        typer.echo("\n".join([*told(comparison), f"report: {folder / 'report.html'}"]))
    raise typer.Exit(comparison.exit_code)


app.command("import")(import_command)
app.command("pipeline")(pipeline_command)
app.command("calibrate")(calibrate_command)
app.command("judge")(judge_command)
