"""Cases: what goes in, what is expected, and where the case comes from; one JSON line each."""

import json
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from copilot.errors import BadInput

Id = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[\w.@:/-]+$")]
Split = Literal["dev", "gate", "holdout"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class KeyPoint(_Strict):
    """Something the output has to say: one of `any`, compared without case, accents and punctuation."""

    id: Id
    any: tuple[str, ...] = Field(min_length=1)
    must: bool = True


class Expected(_Strict):
    """What a good output holds and does not hold; what is left out is not scored."""

    key_points: tuple[KeyPoint, ...] = ()
    numbers: tuple[str, ...] | None = Field(default=None, description="all figures it may and should hold, in digits")
    required: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    codes: dict[str, str] = Field(default_factory=dict, description="field of the output: its value")
    labels: tuple[str, ...] | None = Field(default=None, description="cues, flags or spans, all of them")
    relevant: dict[str, int] = Field(default_factory=dict, description="document id: grade, for retrieval")
    offers: dict[str, list[str]] = Field(default_factory=dict, description="`eligible` and `best`: offer ids")
    supported: bool | None = None


class CaseSource(_Strict):
    """Where a case comes from."""

    kind: Literal["qa_edit", "synthetic", "incident", "import"]
    ref: str = ""
    by: str = ""
    reviewed_by: str = Field(default="", description="who let it count: another person than `by`")
    at: AwareDatetime | None = None


class Case(_Strict):
    """One case; cases of the same `cluster` (a call, an account, a thread) are no independent evidence."""

    id: Id
    task: str
    cluster: str
    tags: tuple[str, ...] = ()
    input: dict[str, Any]
    context: tuple[Any, ...] = ()
    expect: Expected = Expected()
    split: Split = "gate"
    source: CaseSource = CaseSource(kind="synthetic")


def read_cases(path: Path) -> list[Case]:
    """The cases of a file, in its order.

    Raises:
        BadInput: no such file, a line that is no case, or an id that stands twice; names file and line.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read as cases: {type(error).__name__}. Give a file of JSON lines.") from error
    cases: dict[str, Case] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        case = _case(line, path, number)
        if case.id in cases:
            raise BadInput(f"{path}:{number}: the id {case.id!r} stands twice; allowed is once. Rename one.")
        cases[case.id] = case
    return list(cases.values())


def write_cases(cases: list[Case], path: Path) -> None:
    """Write cases, one a line; what was there is replaced in one step."""
    lines = (json.dumps(case.model_dump(mode="json", exclude_defaults=True), ensure_ascii=False) for case in cases)
    fresh = path.with_name(path.name + ".new")
    fresh.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    fresh.replace(path)


def _case(line: str, path: Path, number: int) -> Case:
    try:
        return Case.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "the line"
        raise BadInput(f"{path}:{number}: {where}: {first['msg']}. See docs/evals.md for the form of a case.") from None
