"""Writes the case files that are made from what people wrote: `python -m evals.writing` after editing a YAML there.

redaction.yaml marks secrets in the text itself, so that nobody counts characters; grounding.yaml holds sentences with
what is wrong with them, and each that holds is made wrong once more by copilot.guard.grounding.perturb, seeded.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from copilot.guard.grounding import gazetteer_of
from copilot.guard.grounding.perturb import perturbed
from evals.cases import Case, write_cases
from knowledge.pack import load_pack

CASES_DIR = Path(__file__).resolve().parent / "cases"
PLANS = ("Fiber 300", "Fiber 600", "Fiber Gig", "Pocket 5", "Everyday 20", "Unlimited Plus", "Desk Basic", "Desk Pro")
"""Names that stand for each other in a swap; the id of an offer in a sentence would be nobody's mistake."""
_MARK = re.compile(r"\{(?P<kind>[A-Z_]+)\|(?P<secret>[^}]*)\}|\[keep: (?P<kept>[^\]]*)\]")


def main() -> None:
    """Write redaction.jsonl, grounding.jsonl and perturbations.jsonl anew."""
    for name, cases in written().items():
        write_cases(cases, CASES_DIR / name)


def written() -> dict[str, list[Case]]:
    """The cases of each file that is made, by its name."""
    sentences = list(_grounding(_read("grounding.yaml")))
    return {
        "redaction.jsonl": list(_redaction(_read("redaction.yaml"))),
        "grounding.jsonl": sentences,
        "perturbations.jsonl": list(_perturbations(sentences)),
    }


def _read(name: str) -> Sequence[Mapping[str, Any]]:
    content: Sequence[Mapping[str, Any]] = yaml.safe_load((CASES_DIR / name).read_text("utf-8"))
    return content


@dataclass
class _Marked:
    """A text without its marks, and what they said."""

    text: str = ""
    spans: list[tuple[str, int, int]] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


def _unmarked(text: str) -> _Marked:
    made, done = _Marked(), 0
    for mark in _MARK.finditer(text):
        made.text += text[done : mark.start()]
        inner = mark["secret"] if mark["kind"] else mark["kept"]
        if mark["kind"]:
            made.spans.append((mark["kind"], len(made.text), len(made.text) + len(inner)))
        else:
            made.kept.append(inner)
        made.text += inner
        done = mark.end()
    made.text += text[done:]
    return made


def _redaction(groups: Sequence[Mapping[str, Any]]) -> Iterator[Case]:
    number = 0
    for group in groups:
        for entry in (*group.get("texts", ()), *group.get("turns", ())):
            number += 1
            yield _redaction_case(number, group, entry)


def _redaction_case(number: int, group: Mapping[str, Any], entry: str | Sequence[str]) -> Case:
    lines = [entry] if isinstance(entry, str) else [line.partition(": ")[2] for line in entry]
    marked = [_unmarked(line) for line in lines]
    given: dict[str, Any] = {"text": marked[0].text}
    if not isinstance(entry, str):
        speakers = [line.partition(": ")[0] for line in entry]
        pairs = zip(speakers, marked, strict=True)
        given = {"turns": [{"speaker": speaker, "text": made.text} for speaker, made in pairs]}
    if "policy" in group:
        given["policy"] = group["policy"]
    labels = [f"{kind}:{turn}:{start}-{end}" for turn, made in enumerate(marked) for kind, start, end in made.spans]
    return Case.model_validate(
        {
            "id": f"redaction-{number:03}",
            "task": "redaction",
            "cluster": f"redaction-{number:03}",
            "tags": [group["language"], "secret" if labels else "harmless", "text" if "text" in given else "call"],
            "input": given,
            "expect": {"labels": labels, "required": [kept for made in marked for kept in made.kept]},
        }
    )


def _grounding(groups: Sequence[Mapping[str, Any]]) -> Iterator[Case]:
    number = 0
    for group in groups:
        for claim in group["claims"]:
            number += 1
            said = [("", sentence) for sentence in claim["holds"]]
            said += [(kind, sentence) for kind, each in claim.get("fails", {}).items() for sentence in each]
            for place, (kind, sentence) in enumerate(said, start=1):
                yield Case.model_validate(
                    {
                        "id": f"grounding-{number:02}-{place:02}",
                        "task": "grounding",
                        "cluster": f"grounding-{number:02}",
                        "tags": [group["language"], kind or "holds"],
                        "input": {"sentence": sentence, "language": group["language"]},
                        "context": [_evidence(line) for line in claim["said"]],
                        "expect": {"supported": not kind},
                    }
                )


def _evidence(line: str) -> dict[str, str]:
    speaker, _, text = line.partition(": ")
    return {"text": text} if speaker == "document" else {"speaker": speaker, "text": text}


def _perturbations(sentences: Sequence[Case]) -> Iterator[Case]:
    """Each sentence that holds, made wrong in every way it allows; one that holds after all is left out."""
    names = [name for name in gazetteer_of(load_pack("demo")) if name in PLANS]
    for case in sentences:
        if not case.expect.supported:
            continue
        told = case.input["sentence"]
        for kind, wrong in perturbed(told, names=names):
            if not any(each.input["sentence"] == wrong and each.expect.supported for each in sentences):
                yield _perturbed(case, kind, wrong)


def _perturbed(case: Case, kind: str, wrong: str) -> Case:
    changes = {
        "id": f"perturbed-{case.id.removeprefix('grounding-')}-{kind}",
        "tags": (case.tags[0], kind),
        "input": {**case.input, "sentence": wrong},
        "expect": case.expect.model_copy(update={"supported": False}),
    }
    return case.model_copy(update=changes)


if __name__ == "__main__":
    main()
