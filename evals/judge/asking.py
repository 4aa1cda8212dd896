"""One question at a time: does it hold of a text, with a quote that is checked; which of two, in both orders."""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, Field

from copilot.errors import InvalidAnswer, PromptTooLong
from copilot.guard.redaction import RedactionPolicy
from copilot.models import BATCH, Model

RUBRIC, PAIR = "judge_rubric", "judge_pair"
MAX_CHARACTERS = 30_000


class _Verdict(BaseModel):
    holds: bool
    quote: str = Field(default="", max_length=2_000)


class _Choice(BaseModel):
    better: Literal["first", "second", "tie"]


@dataclass(frozen=True)
class Judged:
    """Whether a criterion holds; None where the judge gave nothing that can be used, which is no "no"."""

    holds: bool | None
    quote: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Preference:
    """Which of two texts is better: "a", "b" or "tie"; not consistent when the other order gave another answer."""

    better: Literal["a", "b", "tie"]
    is_consistent: bool


def judge_item(model: Model, criterion: str, source: str, text: str, *, policy: RedactionPolicy) -> Judged:
    """Ask whether a criterion holds of a text.

    A quote that does not stand in the text makes the answer unusable: a judge that makes up evidence has not read it.

    Args:
        model: the judge.
        criterion: a statement about the text, one only ("The note says when the customer is called back").
        source: what the text was written from.
        text: what is judged.
        policy: what the pack masks.

    Raises:
        ModelUnavailable: the judge did not answer.
    """
    values = {"criterion": criterion, "source": source[:MAX_CHARACTERS], "text": text[:MAX_CHARACTERS]}
    try:
        reply = model.complete(model.prompt(RUBRIC).fill(values, policy=policy, form=_Verdict), task=BATCH)
        told = reply.output_as(_Verdict)
    except (InvalidAnswer, PromptTooLong):
        return Judged(None, reason="the judge answered in no usable form")
    quote = told.quote.strip()
    if quote and _plain(quote) not in _plain(text):
        return Judged(None, quote, "the judge's quote does not stand in the text")
    if told.holds and not quote:
        return Judged(None, "", "the judge says it holds and shows nothing")
    return Judged(told.holds, quote, "holds" if told.holds else "does not hold")


def judge_pair(model: Model, criterion: str, source: str, a: str, b: str, *, policy: RedactionPolicy) -> Preference:
    """Ask which of two texts is better, in both orders; answers that disagree are a tie.

    Raises:
        ModelUnavailable: the judge did not answer.
    """
    one, other = (_choice(model, criterion, source, *pair, policy=policy) for pair in ((a, b), (b, a)))
    turned = {"first": "second", "second": "first"}.get(other, other)
    if one != turned or one not in ("first", "second"):
        return Preference("tie", one == turned and one != "")
    return Preference("a" if one == "first" else "b", True)


def _choice(model: Model, criterion: str, source: str, first: str, second: str, *, policy: RedactionPolicy) -> str:
    values = {"criterion": criterion, "source": source[:MAX_CHARACTERS]}
    values |= {"first": first[:MAX_CHARACTERS], "second": second[:MAX_CHARACTERS]}
    try:
        reply = model.complete(model.prompt(PAIR).fill(values, policy=policy, form=_Choice), task=BATCH)
        return reply.output_as(_Choice).better
    except (InvalidAnswer, PromptTooLong):
        return ""


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
