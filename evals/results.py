"""What a run leaves behind: a manifest, and one line a case and sample, written and flushed as soon as it is there."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, Literal

from copilot.errors import BadInput

MANIFEST, RESULTS = "manifest.json", "results.jsonl"
ODD_CHARACTERS = "backslashreplace"
"""Half a character (a lone surrogate) is written as JSON writes it: no output of a model may stop a run."""

Status = Literal["scored", "failed", "infrastructure", "unrecorded"]
WAIVED = "waived_by"


@dataclass(frozen=True)
class Score:
    """A value in 0..1 and why; None where the case does not say what is expected: unscored is not zero."""

    value: float | None
    reason: str = ""


@dataclass(frozen=True)
class Result:
    """One case, one sample.

    `failed`: the task itself broke on it, which scores 0 on every metric; `infrastructure`: the model or the machine
    did not answer, which is left out of both arms and counted; `unrecorded`: a model's answer is not recorded.
    """

    case_id: str
    sample: int
    cluster: str
    tags: Sequence[str]
    status: Status
    scores: Mapping[str, Score]
    output: Any = None
    error: str = ""
    latency_ms: float = 0.0
    usd: str | None = None
    input_tokens: int = 0
    output_tokens: int = 0

    @property
    def key(self) -> tuple[str, int]:
        """What is done once."""
        return self.case_id, self.sample


@dataclass
class RunFolder:
    """A folder of one run; a second run over it goes on where the first one stopped."""

    path: Path
    manifest: Mapping[str, Any] = field(default_factory=dict)

    def open(self) -> list[Result]:
        """The results that are there already.

        Raises:
            BadInput: the folder holds a run of something else.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        known = self.path / MANIFEST
        if known.is_file():
            before = {name: value for name, value in read_manifest(self.path).items() if name != WAIVED}
            if before != json.loads(json.dumps(self.manifest)):
                raise BadInput(f"{self.path} holds a run of other cases or prompts. Give another --out, or delete it.")
        else:
            write_whole(known, json.dumps(self.manifest, indent=2, sort_keys=True) + "\n")
        return read_results(self.path / RESULTS, may_be_cut=True)

    def writer(self) -> IO[str]:
        """The file to append results to, without a line that a crash cut in two."""
        path = self.path / RESULTS
        if path.is_file():
            whole = path.read_bytes()
            kept = whole[: whole.rfind(b"\n") + 1]
            if len(kept) < len(whole):
                os.truncate(path, len(kept))
        return path.open("a", encoding="utf-8", errors=ODD_CHARACTERS)


def read_manifest(folder: Path) -> dict[str, Any]:
    """What a run was made of.

    Raises:
        BadInput: the folder holds no run.
    """
    try:
        found = json.loads((folder / MANIFEST).read_text("utf-8"))
        if not isinstance(found, dict) or not isinstance(found.get("suite"), str):
            raise ValueError("it names no suite")
    except (OSError, ValueError) as error:
        raise BadInput(f"{folder} holds no run ({type(error).__name__}). Give a folder with {MANIFEST}.") from None
    return found


def write_whole(path: Path, text: str) -> None:
    """Write a file in one step: it is there as a whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(text, "utf-8", errors=ODD_CHARACTERS)
    fresh.replace(path)


def write_result(file: IO[str], result: Result) -> None:
    """Append one result, so that a crash loses at most those under way."""
    file.write(json.dumps(asdict(result), ensure_ascii=False, sort_keys=True, default=str) + "\n")
    file.flush()


def read_results(path: Path, *, may_be_cut: bool = False) -> list[Result]:
    """The results of a file, each key once, the last one counting; none where there is no file.

    Raises:
        BadInput: a line that is no result; the last one may be cut after a crash.
    """
    if not path.is_file():
        return []
    found: dict[tuple[str, int], Result] = {}
    lines = path.read_text("utf-8").splitlines()
    for number, line in enumerate(lines, start=1):
        try:
            row = json.loads(line)
            row["scores"] = {name: Score(**score) for name, score in row["scores"].items()}
            result = Result(**row)
        except (ValueError, TypeError, KeyError) as error:
            if may_be_cut and number == len(lines):
                break
            raise BadInput(f"{path}:{number} is no result ({type(error).__name__}). Run the suite again.") from None
        found[result.key] = result
    return list(found.values())


def digest(*parts: bytes) -> str:
    """SHA-256 over the parts, each with its length, in hex."""
    total = hashlib.sha256()
    for part in parts:
        total.update(len(part).to_bytes(8, "big") + part)
    return total.hexdigest()


def scored(results: Sequence[Result], metric: str) -> Iterator[tuple[str, float]]:
    """Case id and value of each sample that has one; a failed sample counts 0."""
    for result in results:
        if result.status == "failed":
            yield result.case_id, 0.0
        elif result.status == "scored" and (score := result.scores.get(metric)) is not None and score.value is not None:
            yield result.case_id, score.value
