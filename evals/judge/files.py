"""What people labelled, what is to be judged, and what came of calibrating: the files of a judge."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from copilot.errors import BadInput
from evals.judge.calibration import Calibration


class Criterion(BaseModel):
    """One yes-or-no question about an output, with the guide people label it by."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    says: str = Field(min_length=5, max_length=500, description="a statement about the text")
    guide: str = Field(default="", description="how people label: when it holds, when it does not, with examples")


class LabelledText(BaseModel):
    """A text with what two people say of it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    source: str
    text: str
    labels: tuple[bool, bool]


def read_criterion(path: Path) -> Criterion:
    """A criterion from its YAML file.

    Raises:
        BadInput: there is none, or it is wrong.
    """
    try:
        return Criterion.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        told = " ".join(str(error).split())[:200]
        raise BadInput(f"{path} is no criterion ({told}). Write `id`, `says` and `guide`.") from None


def read_labelled(path: Path) -> Iterator[LabelledText]:
    """Labelled texts from a file of JSON lines.

    Raises:
        BadInput: it cannot be read, or a line is none; names file and line.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read ({type(error).__name__}). Give a file of JSON lines.") from None
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield LabelledText.model_validate_json(line)
            except ValidationError as error:
                first = error.errors(include_url=False)[0]
                where = ".".join(map(str, first["loc"])) or "the line"
                raise BadInput(f"{path}:{number}: {where}: {first['msg']}. docs/evals.md shows the form.") from None


def write_calibration(calibration: Calibration, path: Path) -> None:
    """Keep a calibration."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(calibration), indent=2, sort_keys=True) + "\n", "utf-8")


def read_calibration(path: Path) -> Calibration | None:
    """A calibration that was kept; None where there is none.

    Raises:
        BadInput: the file is damaged.
    """
    if not path.is_file():
        return None
    try:
        told: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return Calibration(**told)
    except (ValueError, TypeError) as error:
        raise BadInput(f"{path} is no calibration ({type(error).__name__}). Calibrate again.") from None
