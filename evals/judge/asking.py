"""One question to a judge: yes or no with a quote that is checked, or the better of two texts in both orders."""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, Field

from copilot.errors import InvalidAnswer
from copilot.guard.redaction import RedactionPolicy
from copilot.models import BATCH, Model

ITEM_PROMPT, PAIR_PROMPT = "judge_item", "judge_pair"


class ItemForm(BaseModel):
    """The form of an answer to one question."""

    verdict: Literal["yes", "no", "unclear"]
    quote: str = Field(max_length=600)


class PairForm(BaseModel):
    """The form of an answer about two texts."""

    better: Literal["first", "second", "neither"]


@dataclass(frozen=True)
class Judged:
    """Yes or no to one question; None where the judge could not tell, or its quote does not stand in the text."""

    value: bool | None
    reason: str


@dataclass(frozen=True)
class Preference:
    """1 for the one text, -1 for the other, 0 for a tie; a judge that changes its mind with the order gives a tie."""

    value: Literal[-1, 0, 1]
    is_consistent: bool


def judge_item(model: Model, *, question: str, guide: str, text: str, policy: RedactionPolicy) -> Judged:
    """The judge's answer to one question about one text.

    Raises:
        ModelUnavailable: the model did not answer; nothing can be said.
    """
    prompt = model.prompt(ITEM_PROMPT)
    filled = prompt.fill({"question": question, "guide": guide, "text": text}, policy=policy, form=ItemForm)
    try:
        answer = model.complete(filled, task=BATCH).output_as(ItemForm)
    except InvalidAnswer:
        return Judged(None, "the judge's answer does not fit its form")
    if answer.verdict == "unclear":
        return Judged(None, "the judge cannot tell")
    if answer.verdict == "yes" and not _stands_in(answer.quote, text):
        return Judged(None, "the judge's quote does not stand in the text")
    return Judged(answer.verdict == "yes", answer.quote)


def judge_pair(model: Model, *, question: str, one: str, other: str, policy: RedactionPolicy) -> Preference:
    """Which text is better, asked in both orders: judges favour a place, and by how much depends on the texts.

    Raises:
        ModelUnavailable: the model did not answer; nothing can be said.
        InvalidAnswer: its answer does not fit the form.

    Source: Zheng et al., "Judging LLM-as-a-judge", 2023 (arXiv 2306.05685); Shi et al. 2024 (arXiv 2406.07791).
    """
    forth, back = (_better(model, question, *texts, policy) for texts in ((one, other), (other, one)))
    is_consistent = forth == -back
    return Preference(forth if is_consistent else 0, is_consistent)


def _better(model: Model, question: str, first: str, second: str, policy: RedactionPolicy) -> Literal[-1, 0, 1]:
    prompt = model.prompt(PAIR_PROMPT)
    filled = prompt.fill({"question": question, "first": first, "second": second}, policy=policy, form=PairForm)
    better = model.complete(filled, task=BATCH).output_as(PairForm).better
    if better == "neither":
        return 0
    return 1 if better == "first" else -1


def _stands_in(quote: str, text: str) -> bool:
    """Whether the quote is in the text, spaces and case aside; an empty one is nowhere."""
    plain = [" ".join(each.split()).casefold() for each in (quote, text)]
    return bool(plain[0]) and plain[0] in plain[1]
