"""What a run was made of: hashes of all that could change it, so that two runs are compared only when they may be.

Nothing in it depends on when, where or how fast the run was: the same work gives the same manifest, and with it the
same folder, which is how a second run goes on where the first one stopped.
"""

import json
import os
import platform
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from copilot.settings import DEMO_PACK
from evals.cases import Case
from evals.results import digest
from evals.suites import Suite
from knowledge.pack import PACKS

ROOT = Path(__file__).resolve().parent.parent
CODE = ("copilot", "knowledge", "evals/tasks")
CODE_SUFFIXES = (".py", ".yaml")  # the product words its replies from YAML
PACKAGES = ("retention-copilot", "numpy", "pydantic", "rapidfuzz", "bm25s", "vcrpy")
NO_EMBEDDER = "none"
"""Searches of the suites go by words alone unless COPILOT_EMBEDDER says otherwise; so did runs that do not name one."""
MUST_AGREE = {
    "suite": "suite",
    "cases_sha": "cases",
    "scorer_sha": "scorer",
    "rules_sha": "rules",
    "samples": "samples a case",
    "noise": "noise",
    "embedder": "embedder",
}
"""What both arms must have in common, with its name in messages."""


@dataclass(frozen=True)
class Made:
    """What makes one arm different from another: the prompt, the model, its recordings."""

    prompt: str = ""
    prompt_sha: str = ""
    model: str = "none"
    recordings_sha: str = ""


def manifest_of(
    suite: Suite, cases: Sequence[Case], made: Made, *, home: Path, samples: int, noise: float, pack: Path | None
) -> dict[str, Any]:
    """The manifest of a run."""
    return {
        "suite": suite.name,
        "task": suite.task,
        "cases_sha": cases_sha(cases),
        "scorer_sha": scorer_sha(suite.task),
        "rules_sha": folder_sha(home / "rules"),
        "code_sha": code_sha(),
        "pack_sha": folder_sha(pack or PACKS / DEMO_PACK),
        "prompt": made.prompt,
        "prompt_sha": made.prompt_sha,
        "model": made.model,
        "recordings_sha": made.recordings_sha,
        "samples": samples,
        "noise": noise,
        "embedder": os.environ.get("COPILOT_EMBEDDER", NO_EMBEDDER),
        "seed": 0,
        "git_sha": git_sha(),
        "versions": {"python": platform.python_version(), **_versions()},
    }


def run_id(manifest: Mapping[str, Any]) -> str:
    """The name of the run's folder: suite, what was run, and eight digits of all that went into it."""
    what = str(manifest["prompt"]).replace("/", "-") or "code"
    whole = json.dumps(manifest, sort_keys=True).encode()
    return f"{manifest['suite']}-{what}-{digest(whole)[:8]}"


def differences(candidate: Mapping[str, Any], baseline: Mapping[str, Any]) -> list[str]:
    """Why two runs may not be compared, in words; what one of the manifests does not name is not compared."""
    candidate, baseline = ({"embedder": NO_EMBEDDER, **side} for side in (candidate, baseline))
    found = [
        f"the arms differ in {name}; run both again (a committed baseline: `copilot eval baseline "
        f"{candidate.get('suite', 'SUITE')}`)"
        for key, name in MUST_AGREE.items()
        if key in candidate and key in baseline and candidate[key] != baseline[key]
    ]
    prompts, models = ([side.get(name, "") for side in (candidate, baseline)] for name in ("prompt", "model"))
    if all(prompts) and prompts[0] != prompts[1] and models[0] != models[1] and "none" not in models:
        sides = " and ".join(f"{prompt} by {model}" for prompt, model in zip(prompts, models, strict=True))
        found.append(f"prompt and model both differ ({sides}), so neither can be judged; record both with one model")
    return found


def cases_sha(cases: Sequence[Case]) -> str:
    """SHA-256 over the cases, whatever their order."""
    lines = (json.dumps(case.model_dump(mode="json"), sort_keys=True).encode() for case in cases)
    return digest(*sorted(lines))


def scorer_sha(task: str) -> str:
    """SHA-256 over the task's scorer and what all scorers share; over all of them where the task has no file."""
    folder = ROOT / "evals" / "scorers"
    files = [path for path in sorted(folder.glob("*.py")) if path.stem == task or path.stem.startswith("_")]
    return _files_sha(files, folder)


def code_sha() -> str:
    """SHA-256 over the files of the product and the tasks: a run of other code is another run, committed or not."""
    files = (path for name in CODE for path in sorted((ROOT / name).rglob("*")))
    return _files_sha((path for path in files if path.suffix in CODE_SUFFIXES), ROOT)


def folder_sha(folder: Path) -> str:
    """SHA-256 over the names and bytes of a folder's files; empty where there is no folder."""
    if not folder.is_dir():
        return ""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts)
    return _files_sha(files, folder)


@lru_cache(maxsize=1)
def git_sha() -> str:
    """The commit of the checkout; "unknown" outside of one."""
    try:
        found = subprocess.run(  # noqa: S603 - a fixed command
            ["git", "-C", str(ROOT), "rev-parse", "HEAD"],  # noqa: S607 - git is wherever the person has it
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return "unknown"
    return found.stdout.strip() if found.returncode == 0 else "unknown"


def _files_sha(files: Iterable[Path], below: Path) -> str:
    return digest(
        *(part for path in files for part in (path.relative_to(below).as_posix().encode(), path.read_bytes()))
    )


def _versions() -> dict[str, str]:
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found
