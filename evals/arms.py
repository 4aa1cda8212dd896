"""The two sides of a comparison, as they are named on the command line, run or read."""

import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from copilot.errors import BadInput, ConfigError
from copilot.models import Model, load_model
from copilot.models.chat import ChatModel
from copilot.models.prompt_lock import digest as prompt_digest
from copilot.models.usage import Prices
from copilot.settings import Settings, load_settings
from evals.compare import Arm
from evals.ground import CODE, COMMITTED, NONE, Ground, baseline_files, recordings_of, version_named
from evals.manifest import Made, manifest_of, run_id
from evals.recorded_model import WatchedModel, WatchedTask, replayed_model
from evals.recordings import Recordings
from evals.results import MANIFEST, RESULTS, Result, RunFolder, read_manifest, read_results, write_whole
from evals.runner import Progress, RecordingMissing, Scorer, Task, Work, run_cases
from evals.suites import Suite


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
    prompt, noise = manifest.get("prompt"), manifest.get("noise")
    what = f"{prompt} by {manifest.get('model')}" if prompt else f"code {str(manifest.get('code_sha', ''))[:8]}"
    return f"{what}, noise {noise}" if noise else what


def write_baseline(arm: RanArm, ground: Ground) -> Path:
    """Make a run the committed baseline: sorted, and without times, so that a change of it can be read."""
    path, about = baseline_files(ground)
    rows = sorted(arm.arm.results, key=lambda result: result.key)
    lines = (json.dumps({**asdict(row), "latency_ms": 0.0}, ensure_ascii=False, sort_keys=True) for row in rows)
    write_whole(path, "".join(f"{line}\n" for line in lines))
    write_whole(about, json.dumps(arm.manifest, indent=2, sort_keys=True) + "\n")
    return path


def task_of(ground: Ground, model: Model | None, prompt: str | None) -> Task:
    """The suite's task with these options."""
    from evals.tasks import TaskOptions, open_task  # noqa: PLC0415 - they load the whole product

    options = TaskOptions(pack=ground.choices.pack, model=model, prompt=prompt, noise=ground.choices.noise)
    return open_task(ground.suite.task, options)


def scorer_of(suite: Suite) -> Scorer:
    """The suite's scorer."""
    from evals.scorers import scorer_for  # noqa: PLC0415 - they load the whole product

    return scorer_for(suite.task)


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
