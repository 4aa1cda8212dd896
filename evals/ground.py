"""What both arms of a comparison stand on: the suite, its cases and files, and what its arms are called."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from copilot.errors import BadInput
from copilot.models.prompt_lock import digest as prompt_digest
from copilot.models.prompts import load_prompt, prompt_versions
from evals.cases import Case, Split
from evals.recordings import Recordings
from evals.results import MANIFEST
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


def baseline_files(ground: Ground) -> tuple[Path, Path]:
    """Where a suite's committed results and their manifest are."""
    folder = ground.home / "baselines"
    return folder / f"{ground.suite.name}.jsonl", folder / f"{ground.suite.name}.json"


def recordings_of(ground: Ground, prompt: str, version: int) -> Recordings:
    """Where the recordings of a prompt version are for this suite."""
    folder = ground.home / "recordings" / ground.suite.name / prompt_digest(prompt, version)[:8]
    command = f"copilot eval record {ground.choices.suite} --prompt {prompt}/{version}"
    return Recordings(folder, command + (f" --samples {ground.samples}" if ground.choices.samples else ""))
