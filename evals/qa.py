"""Cases from what reviewers correct: masked, one a thread, few a person and day; none counts before a second person.

`copilot score cases` writes corrections as cases. Imported, they are candidates (`dev`). Another reviewer than the one
who made the correction promotes a candidate; its date decides where to: cases from `holdout_from` on (a line of the
suite) go to `holdout`, which is scored at a release only, older ones to `gate`.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from copilot.errors import BadInput
from copilot.guard.masking import mask_values, policy_for
from copilot.guard.redaction import RedactionPolicy
from copilot.review.eval_cases import MOST_A_DAY
from copilot.settings import DEMO_PACK
from evals.cases import Case, Split, read_cases, write_cases
from evals.suites import SUITES_DIR, load_suite, suite_names
from knowledge.pack import load_pack

QA_FILE = "qa.jsonl"
TASK_OF = {"replies": "reply"}
"""What older exports call a task."""
PERSONAL = ("date_of_birth", "email", "phone", "account")


@dataclass
class Imported:
    """What came of an import: new cases, and why the others were left out."""

    added: list[str] = field(default_factory=list)
    known: int = 0
    same_cluster: int = 0
    over_cap: int = 0
    empty: int = 0
    from_elsewhere: int = 0

    @property
    def told(self) -> str:
        """In one line."""
        return (
            f"{len(self.added)} candidates; left out: {self.known} known, {self.same_cluster} of a known thread, "
            f"{self.over_cap} over the number a person and day, {self.empty} that expect nothing, "
            f"{self.from_elsewhere} that come from no reviewer"
        )


def import_qa(given: Sequence[Case], into: Path, policy: RedactionPolicy, *, most_a_day: int = MOST_A_DAY) -> Imported:
    """Add corrections to a file of cases as candidates.

    Args:
        given: as `copilot score cases` writes them; of one cluster the latest counts.
        into: the file of cases; made where there is none.
        policy: masks all that people said, wrote or should have written.
        most_a_day: cases of one person and day, those of earlier imports counted.
    """
    there = read_cases(into) if into.is_file() else []
    done, ids, clusters = Imported(), {case.id for case in there}, {case.cluster for case in there}
    counts = Counter(_person_and_day(case) for case in there)
    fresh: list[Case] = []
    for case in _latest_first(given):
        masked = masked_case(case, policy)
        if case.source.kind != "qa_edit" or not case.source.by or case.source.at is None:
            done.from_elsewhere += 1
        elif case.id in ids:
            done.known += 1
        elif case.cluster in clusters:
            done.same_cluster += 1
        elif not _expects(masked):
            done.empty += 1
        elif counts[_person_and_day(case)] >= most_a_day:
            done.over_cap += 1
        else:
            fresh.append(masked)
            clusters.add(case.cluster)
            counts[_person_and_day(case)] += 1
    done.added = sorted(case.id for case in fresh)
    if fresh:
        write_cases([*there, *sorted(fresh, key=lambda case: (str(case.source.at), case.id))], into)
    return done


def masked_case(case: Case, policy: RedactionPolicy) -> Case:
    """The case with every text masked, as a candidate; what held something secret is no longer expected.

    Id, cluster, tags and source stay: they name the correction it comes from.
    """
    raw = case.model_dump(mode="json")
    expect = raw["expect"]

    def clean(texts: Sequence[str]) -> list[str]:
        return [text for text in texts if mask_values(text, policy) == text]

    points = [{**point, "any": clean(point["any"])} for point in expect["key_points"] if clean(point["any"])]
    texts = {name: clean(expect[name]) for name in ("required", "forbidden")}
    numbers = None if expect["numbers"] is None else clean(expect["numbers"])
    masked = {
        **raw,
        "task": TASK_OF.get(case.task, case.task),
        "input": mask_values(raw["input"], policy),
        "context": mask_values(raw["context"], policy),
        "expect": {**expect, "key_points": points, **texts, "numbers": numbers},
        "split": "dev",
    }
    return Case.model_validate(masked)


def promote(case_id: str, by: str, folder: Path, *, suites: Path = SUITES_DIR) -> Case:
    """Let a candidate count; its own date decides between gate and holdout.

    Args:
        case_id: of a candidate in one of the folder's files.
        by: the second reviewer.
        folder: the folder of cases.
        suites: the folder of suites.

    Raises:
        BadInput: there is no such candidate, or the second reviewer is the first.
    """
    path, cases = _file_with(case_id, folder)
    place = next(place for place, case in enumerate(cases) if case.id == case_id)
    case, name = cases[place], " ".join(by.split())
    if case.split != "dev":
        raise BadInput(
            f"{case_id} is in {case.split!r} already; allowed are candidates in 'dev'. Nothing is to be done."
        )
    if not name or _same(name, case.source.by):
        raise BadInput(f"--by is {by!r}; {case_id} was made by {case.source.by!r}. A second person has to promote it.")
    split = _split_of(case, holdout_from(path.name, suites))
    source = case.source.model_copy(update={"reviewed_by": name})
    promoted = case.model_copy(update={"split": split, "source": source})
    write_cases([*cases[:place], promoted, *cases[place + 1 :]], path)
    return promoted


def holdout_from(file_name: str, suites: Path = SUITES_DIR) -> date | None:
    """From which day on the cases of a file are held out: the earliest that a suite with this file names."""
    loaded = (load_suite(name, suites) for name in suite_names(suites))
    days = [suite.holdout_from for suite in loaded if file_name in suite.cases and suite.holdout_from is not None]
    return min(days, default=None)


def pack_policy(pack: Path | None) -> RedactionPolicy:
    """What the pack masks, and what names or reaches a person besides."""
    head = load_pack(pack or DEMO_PACK).head
    return policy_for({*head.redaction.kinds, *PERSONAL}, head.numbers)


def _latest_first(given: Iterable[Case]) -> list[Case]:
    return sorted(given, key=lambda case: (str(case.source.at), case.id), reverse=True)


def _person_and_day(case: Case) -> tuple[str, str]:
    return case.source.by.casefold(), case.source.at.date().isoformat() if case.source.at else ""


def _expects(case: Case) -> bool:
    expect: dict[str, Any] = case.expect.model_dump(exclude_defaults=True)
    return any(expect.values())


def _split_of(case: Case, held_from: date | None) -> Split:
    is_held = held_from is not None and case.source.at is not None and case.source.at.date() >= held_from
    return "holdout" if is_held else "gate"


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _file_with(case_id: str, folder: Path) -> tuple[Path, list[Case]]:
    for path in sorted(folder.glob("*.jsonl")):
        cases = read_cases(path)
        if any(case.id == case_id for case in cases):
            return path, cases
    raise BadInput(f"No case {case_id!r} in {folder}; `copilot eval import-qa` prints the ids of what it adds.")
