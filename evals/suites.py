"""Suites: which cases are given to which task, which metrics count, and by how much each may get worse."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from copilot.errors import BadInput
from evals.cases import Case, Split, read_cases

SUITES_DIR = Path(__file__).resolve().parent / "suites"
MOST_PRIMARIES = 3


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Metric(_Strict):
    """A metric of the suite, higher is better.

    A `hard` one is 0 or 1 a case: a case that the candidate breaks and the baseline does not is a regression by itself.
    """

    name: str
    role: Literal["primary", "guardrail", "diagnostic"]
    margin: Annotated[float, Field(gt=0, le=1)] = 0.05
    hard: bool = False


class Suite(_Strict):
    """One suite file.

    `samples` is how often a task with chance in it is run for each case; `splits` which cases count: candidates (`dev`)
    and what is held out for a release do not, unless they are asked for.
    """

    name: str
    task: str
    cases: tuple[str, ...] = Field(min_length=1, description="files beside the suite's folder, in evals/cases")
    metrics: tuple[Metric, ...] = Field(min_length=1)
    samples: int = Field(default=1, ge=1, le=20)
    splits: tuple[Split, ...] = ("gate",)
    slices: tuple[str, ...] = Field(default=(), description="tags that are reported apart; they never gate")
    says: str = ""
    holdout_from: date | None = Field(default=None, description="cases from that day on are scored at a release only")
    prompt: str = Field(default="", description="the prompt whose versions it compares; none: only code is compared")

    @model_validator(mode="after")
    def _check(self) -> Self:
        names = [metric.name for metric in self.metrics]
        if len(set(names)) < len(names):
            raise ValueError("a metric stands twice; allowed is once")
        if sum(metric.role == "primary" for metric in self.metrics) > MOST_PRIMARIES:
            raise ValueError(f"more than {MOST_PRIMARIES} primaries; make the others guardrails or diagnostics")
        return self

    def load_cases(self, folder: Path = SUITES_DIR) -> list[Case]:
        """The cases of the suite's splits, ids unique over its files.

        Raises:
            BadInput: a file or a case is wrong, or there is no case.
        """
        found: dict[str, Case] = {}
        for name in self.cases:
            for case in read_cases(folder.parent / "cases" / name):
                if case.task != self.task:
                    raise BadInput(
                        f"{name}: the case {case.id!r} is for {case.task!r}; {self.name} takes {self.task!r}."
                    )
                if found.setdefault(case.id, case) is not case:
                    raise BadInput(f"{name}: the id {case.id!r} stands in another file of {self.name}. Rename one.")
        cases = [case for case in found.values() if case.split in self.splits]
        if not cases:
            raise BadInput(f"The suite {self.name} has no case of the splits {', '.join(self.splits)}. Add some.")
        return cases


def home_of(name: str) -> Path:
    """The folder that holds suites, cases, recordings and baselines: ours, or the one a suite's path lies in."""
    return Path(name).resolve().parent.parent if name.endswith((".yaml", ".yml")) else SUITES_DIR.parent


def suite_names(folder: Path = SUITES_DIR) -> list[str]:
    """The suites there are, sorted."""
    return sorted(each.stem for each in folder.glob("*.yaml"))


def load_suite(name: str, folder: Path = SUITES_DIR) -> Suite:
    """A suite by its name, or by the path of its file.

    Raises:
        BadInput: there is no such suite, or its file is wrong.
    """
    path = Path(name) if name.endswith((".yaml", ".yml")) else folder / f"{name}.yaml"
    if not path.is_file():
        there = ", ".join(suite_names(folder)) or "none"
        raise BadInput(f"No suite {name!r}; there are: {there}.")
    try:
        return Suite.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except yaml.YAMLError as error:
        raise BadInput(f"{path} is no YAML: {' '.join(str(error).split())[:200]}.") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise BadInput(f"{path}: {where}: {first['msg']}.") from None
