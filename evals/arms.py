"""The two sides of a comparison, as they are named on the command line, run or read."""

import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any, get_args

from copilot.errors import BadInput, ConfigError
from copilot.models import Model, load_model
from copilot.models.chat import ChatModel
from copilot.models.prompt_lock import digest as prompt_digest
from copilot.models.prompts import load_prompt, prompt_versions
from copilot.models.usage import Prices
from copilot.settings import Settings, load_settings
from evals.cases import Case, Split
from evals.compare import Arm
from evals.manifest import Made, manifest_of, run_id
from evals.recorded_model import WatchedModel, WatchedTask, replayed_model
from evals.recordings import Recordings
from evals.results import MANIFEST, RESULTS, Result, RunFolder, read_manifest, read_results, write_whole
from evals.runner import Progress, RecordingMissing, Scorer, Task, Work, run_cases
from evals.suites import SUITES_DIR, Suite, home_of, load_suite

CODE, COMMITTED, NONE = "code", "committed", "none"
AT_ONCE = 4


@dataclass(frozen=True)
class Choices:
    """What a run may be told.

    Attributes:
        suite: a suite's name, or the path of its file.
        out: folder of the run folders.
        samples: of each case; the suite's own number when None.
        noise: share of words misheard, 0..0.5.
        at_once: how many cases run at once; changes nothing in the results.
        pack: folder of a pack; the demo pack when None.
        is_live: the model of COPILOT_MODEL is asked, instead of the recordings.
        splits: of the cases; the suite's own when empty.
    """

    suite: str
    out: Path = Path("runs")
    samples: int | None = None
    noise: float = 0.0
    at_once: int = AT_ONCE
    pack: Path | None = None
    is_live: bool = False
    splits: Sequence[str] = ()


@dataclass(frozen=True)
class Ground:
    """What both arms stand on: the suite and its cases, where its files are, and the choices."""

    suite: Suite
    cases: Sequence[Case]
    home: Path
    choices: Choices

    @property
    def samples(self) -> int:
        """How often each case is run."""
        return self.choices.samples or self.suite.samples


@dataclass(frozen=True)
class RanArm:
    """An arm with its manifest; `folder` holds it on disk, None for what came with the repository."""

    arm: Arm
    manifest: Mapping[str, Any]
    folder: Path | None = None


@dataclass
class _Asked:
    """What a run asks: a model, and where its recordings are."""

    made: Made = field(default_factory=Made)
    model: Model | None = None
    recordings: Recordings | None = None
    prices: Prices | None = None
    stale: str = ""


def ground_of(choices: Choices) -> Ground:
    """The suite with its cases.

    Raises:
        BadInput: no such suite, wrong files, or a number out of its range.
    """
    if not 0 <= choices.noise <= 0.5:
        raise BadInput(f"--noise is {choices.noise}; allowed is 0 to 0.5, as in 0.15. Choose a share of words.")
    if choices.samples is not None and not 1 <= choices.samples <= 20:
        raise BadInput(f"--samples is {choices.samples}; allowed is 1 to 20. Choose a number.")
    home = home_of(choices.suite)
    suite = load_suite(choices.suite, SUITES_DIR)
    if unknown := [each for each in choices.splits if each not in get_args(Split)]:
        raise BadInput(f"--split is {unknown[0]!r}; allowed are {', '.join(get_args(Split))}. Choose one.")
    if choices.splits:
        suite = Suite.model_validate({**suite.model_dump(), "splits": tuple(choices.splits)})
    return Ground(suite, suite.load_cases(home / "suites"), home, choices)


def arms_named(candidate: str, baseline: str, ground: Ground) -> tuple[str, ...]:
    """Both arms by name, where a person left them out as well; one where no baseline is wanted.

    The candidate is the present code, and the newest version of the suite's prompt where no results are committed. The
    baseline is what is committed, and the version before where the candidate is a version.

    Raises:
        BadInput: the candidate is `none`, names nothing, or is a first version without a baseline.
    """
    if candidate == NONE:
        raise BadInput(f"--candidate is {NONE!r}; allowed is {NONE!r} for --baseline alone. Name what is to be judged.")
    if not candidate:
        is_worded = bool(ground.suite.prompt) and not baseline_files(ground)[0].is_file()
        newest = prompt_versions().get(ground.suite.prompt, [0])[-1]
        candidate = f"{ground.suite.prompt}/{newest}" if is_worded else CODE
    is_version = candidate not in (CODE, COMMITTED) and not (Path(candidate) / MANIFEST).is_file()
    if not baseline:
        baseline = version_before(candidate, ground.suite) if is_version else COMMITTED
    return (candidate,) if baseline == NONE else (candidate, baseline)


def open_arm(named: str, ground: Ground, *, progress: Progress = lambda _done, _of: None) -> RanArm:
    """The arm of this name, run where it is not there yet.

    Args:
        named: `code` for the present code without a model; a prompt version (`2`, or `note_wording/2`); a run folder;
            `committed` for the results that came with the repository.
        ground: what it stands on.
        progress: told how many cases are done.

    Raises:
        BadInput: it names none of these.
    """
    if named == COMMITTED:
        return _committed(ground)
    if (Path(named) / MANIFEST).is_file():
        return read_arm(Path(named))
    return _run(ground, _asked(named, ground), progress)


def read_arm(folder: Path) -> RanArm:
    """A run that is on disk.

    Raises:
        BadInput: the folder holds none.
    """
    manifest = read_manifest(folder)
    results = read_results(folder / RESULTS, may_be_cut=True)
    stale = [result.error for result in results if result.status == "unrecorded"]
    return RanArm(Arm(label_of(manifest), results, stale), manifest, folder)


def label_of(manifest: Mapping[str, Any]) -> str:
    """What an arm is called in reports: nothing of the machine, and no path."""
    prompt = manifest.get("prompt")
    return f"{prompt} by {manifest.get('model')}" if prompt else f"code {str(manifest.get('code_sha', ''))[:8]}"


def baseline_files(ground: Ground) -> tuple[Path, Path]:
    """Where a suite's committed results and their manifest are."""
    folder = ground.home / "baselines"
    return folder / f"{ground.suite.name}.jsonl", folder / f"{ground.suite.name}.json"


def write_baseline(arm: RanArm, ground: Ground) -> Path:
    """Make a run the committed baseline: sorted, and without times, so that a change of it can be read."""
    path, about = baseline_files(ground)
    rows = sorted(arm.arm.results, key=lambda result: result.key)
    lines = (json.dumps({**asdict(row), "latency_ms": 0.0}, ensure_ascii=False, sort_keys=True) for row in rows)
    write_whole(path, "".join(f"{line}\n" for line in lines))
    write_whole(about, json.dumps(arm.manifest, indent=2, sort_keys=True) + "\n")
    return path


def version_named(named: str, suite: Suite) -> tuple[str, int]:
    """Prompt and version of `2` or `note_wording/2`.

    Raises:
        BadInput: it names no version of a prompt.
    """
    name, _, number = named.rpartition("/")
    name = name or suite.prompt
    there = prompt_versions()
    if name not in there or not number.isdecimal() or int(number) not in there[name]:
        known = ", ".join(f"{suite.prompt}/{each}" for each in there.get(suite.prompt, [])) or "none for this suite"
        raise BadInput(
            f"{named!r} names no run of {suite.name}; allowed are a prompt version ({known}), a run folder, "
            f"{COMMITTED!r}, and {CODE!r} for the present code. Choose one."
        )
    load_prompt(name, int(number))
    return name, int(number)


def version_before(named: str, suite: Suite) -> str:
    """The version that a prompt version is compared with when none is named: the one before it.

    Raises:
        BadInput: there is none before it.
    """
    name, number = version_named(named, suite)
    older = [each for each in prompt_versions()[name] if each < number]
    if not older:
        raise BadInput(f"{name}/{number} is the first version; give --baseline, as in --baseline {COMMITTED}.")
    return f"{name}/{older[-1]}"


def recordings_of(ground: Ground, prompt: str, version: int) -> Recordings:
    """Where the recordings of a prompt version are for this suite."""
    folder = ground.home / "recordings" / ground.suite.name / prompt_digest(prompt, version)[:8]
    command = f"copilot eval record {ground.choices.suite} --prompt {prompt}/{version}"
    return Recordings(folder, command + (f" --samples {ground.samples}" if ground.choices.samples else ""))


def task_of(ground: Ground, model: Model | None, prompt: str | None) -> Task:
    """The suite's task with these options."""
    tasks = import_module("evals.tasks")
    options = tasks.TaskOptions(pack=ground.choices.pack, model=model, prompt=prompt, noise=ground.choices.noise)
    task: Task = tasks.open_task(ground.suite.task, options)
    return task


def scorer_of(suite: Suite) -> Scorer:
    """The suite's scorer."""
    scorer: Scorer = import_module("evals.scorers").scorer_for(suite.task)
    return scorer


def prices_of(settings: Settings) -> Prices | None:
    """What the model of the settings costs; None where they do not say."""
    sent, answered = settings.model_input_usd_per_million_tokens, settings.model_output_usd_per_million_tokens
    return None if sent is None or answered is None else Prices(Decimal(sent), Decimal(answered))


def live_model() -> ChatModel:
    """The model that COPILOT_MODEL names.

    Raises:
        ConfigError: it names none that can be asked.
    """
    settings = load_settings()
    model = load_model(settings.model, settings)
    if not isinstance(model, ChatModel):
        raise ConfigError(f"COPILOT_MODEL is {settings.model!r}; a model to ask is needed: openai:NAME.")
    return model


def _committed(ground: Ground) -> RanArm:
    path, about = baseline_files(ground)
    if not path.is_file():
        raise BadInput(
            f"{ground.suite.name} has no committed baseline; give --baseline, {NONE!r} for none, or make one: "
            f"`copilot eval baseline {ground.choices.suite}`."
        )
    manifest = json.loads(about.read_text("utf-8")) if about.is_file() else {"suite": ground.suite.name}
    chosen = {case.id for case in ground.cases}
    results = [result for result in read_results(path) if result.case_id in chosen or not ground.choices.splits]
    return RanArm(Arm(COMMITTED, results), manifest)


def _asked(named: str, ground: Ground) -> _Asked:
    if named == CODE:
        return _Asked()
    prompt, version = version_named(named, ground.suite)
    made = Made(f"{prompt}/{version}", prompt_digest(prompt, version))
    if ground.choices.is_live:
        live, prices = live_model(), prices_of(load_settings())
        return _Asked(_made(made, live.name), WatchedModel(live), None, prices)
    recordings = recordings_of(ground, prompt, version)
    try:
        model = replayed_model(recordings)
    except RecordingMissing as error:
        return _Asked(made, stale=f"{error} Record them: {recordings.record_command}")
    return _Asked(_made(made, model.name, recordings.digest()), model, recordings)


def _made(made: Made, model: str, recordings_sha: str = "") -> Made:
    return Made(made.prompt, made.prompt_sha, model, recordings_sha)


def _run(ground: Ground, asked: _Asked, progress: Progress) -> RanArm:
    choices = ground.choices
    manifest = manifest_of(
        ground.suite,
        ground.cases,
        asked.made,
        home=ground.home,
        samples=ground.samples,
        noise=choices.noise,
        pack=choices.pack,
    )
    label = label_of(manifest)
    if asked.stale:
        return RanArm(Arm(label, (), (asked.stale,)), manifest)
    task: Task = task_of(ground, asked.model, asked.made.prompt or None)
    if asked.model is not None:
        task = WatchedTask(task, asked.recordings, prices=asked.prices)
    folder = choices.out / run_id(manifest)
    work = Work(task, ground.cases, scorer_of(ground.suite), ground.samples, choices.at_once)
    results = asyncio.run(run_cases(work, RunFolder(folder, manifest), progress=progress))
    return RanArm(Arm(label, results, _stale(results, asked.recordings)), manifest, folder)


def _stale(results: Sequence[Result], recordings: Recordings | None) -> list[str]:
    found = sorted(result.error for result in results if result.status == "unrecorded")
    return [*found, f"Record them: {recordings.record_command}"] if found and recordings else found


def progress_bar(label: str) -> Progress:
    """A line on standard error that is written over; nothing where nobody looks at a terminal."""

    def show(done: int, of: int) -> None:
        if done % max(1, of // 200) == 0 or done == of:
            end = "\n" if done == of else ""
            with suppress(OSError):
                sys.stderr.write(f"\r{label}: {done} of {of}{end}")
                sys.stderr.flush()

    return show if sys.stderr.isatty() else lambda _done, _of: None
