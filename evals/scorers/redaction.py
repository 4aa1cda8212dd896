"""Redaction: which secrets are masked, how much else is, and whether what must stay stays; by characters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals.cases import Case
from evals.results import Score
from evals.scorers._labels import NOT_COMPLETE, is_partly_labelled, recall
from evals.scorers._texts import share


@dataclass(frozen=True)
class _Span:
    kind: str
    turn: int
    start: int
    end: int

    def overlap(self, other: "_Span") -> int:
        return max(0, min(self.end, other.end) - max(self.start, other.start)) if self.turn == other.turn else 0

    def __str__(self) -> str:
        return f"{self.kind} in turn {self.turn}"


def score(case: Case, output: Any) -> Mapping[str, Score]:
    """The scores; `labels` of the case are KIND:TURN:START-END, `required` what must be left.

    `leak` is hard: 1 where every secret is masked whole.
    """
    gold = [_parsed(label) for label in case.expect.labels or ()]
    found = [_Span(each["kind"], each["turn"], each["start"], each["end"]) for each in output["spans"]]
    covered = [_is_covered(span, found, _text_of(case, span.turn)) for span in gold]
    missed = [str(span) for span, is_covered in zip(gold, covered, strict=True) if not is_covered]
    left = " ".join(output["texts"])
    kept = [phrase in left for phrase in case.expect.required]
    lost = (phrase for phrase, is_kept in zip(case.expect.required, kept, strict=True) if not is_kept)
    return {
        "recall": share(covered, missed, "secrets"),
        "leak": Score(float(not missed), f"left: {', '.join(missed)}" if missed else "no secret is left"),
        "precision": NOT_COMPLETE
        if case.expect.labels is None or is_partly_labelled(case)
        else _precision(gold, found),
        "kind": _kinds(gold, found),
        "kept": share(kept, lost, "phrases that stay"),
    }


def _parsed(label: str) -> _Span:
    kind, turn, place = label.split(":")
    start, _, end = place.partition("-")
    return _Span(kind, int(turn), int(start), int(end))


def _text_of(case: Case, turn: int) -> str:
    text: str = case.input["turns"][turn]["text"] if "turns" in case.input else case.input["text"]
    return text


def _is_covered(span: _Span, found: Sequence[_Span], text: str) -> bool:
    """Whether every letter and digit of a secret is masked: half a card number is no masked card number."""
    places = {place for place in range(span.start, span.end) if text[place].isalnum()}
    return not places - {place for each in found if each.turn == span.turn for place in range(each.start, each.end)}


def _precision(gold: Sequence[_Span], found: Sequence[_Span]) -> Score:
    if not gold and not found:
        return Score(1.0, "nothing masked, rightly")
    right = [any(each.overlap(span) for span in gold) for each in found]
    return share(
        right, (str(each) for each, is_right in zip(found, right, strict=True) if not is_right), "masked spans"
    )


def _kinds(gold: Sequence[_Span], found: Sequence[_Span]) -> Score:
    wanted = {f"{span.kind}@{span.turn}:{span.start}" for span in gold}
    told = {f"{each.kind}@{span.turn}:{span.start}" for span in gold for each in found if each.overlap(span)}
    return recall(told, wanted, "kinds")
