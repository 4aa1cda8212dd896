"""Decisions kept so that they can be made again: the question, the rules of the day, and the answer byte for byte."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from copilot.offers.decide import Desk, Evaluation
from copilot.offers.estimates import StoredEstimates
from copilot.offers.facts import Book
from copilot.offers.requests import OffersAsked
from copilot.store import Decisions, StoredDecision, decision_id


@dataclass(frozen=True)
class Replayed:
    """A decision made again with the rules of its day."""

    decision_id: str
    is_same: bool
    answer: str

    def as_object(self) -> Mapping[str, Any]:
        """The answer as JSON."""
        answer: Mapping[str, Any] = json.loads(self.answer)
        return answer


def keep(decisions: Decisions, asked: OffersAsked, desk: Desk, found: Evaluation) -> str:
    """Store a decision with everything it rests on, and return its id."""
    return decisions.keep(
        customer_id=found.customer_id,
        reason=found.reason,
        best=found.best.offer_id,
        question=question_text(asked, desk, found),
        answer=answer_text(found),
        rules=desk.book.as_text,
    )


def question_text(asked: OffersAsked, desk: Desk, found: Evaluation) -> str:
    """The question as it is stored: dated, with the odds that were known."""
    dated = asked.model_copy(update={"on": found.on})
    question = {
        "asked": dated.model_dump(mode="json", exclude_unset=True),
        "estimates": desk.estimates.as_rows() if desk.estimates else [],
    }
    return json.dumps(question, ensure_ascii=False, sort_keys=True)


def decision_id_of(asked: OffersAsked, desk: Desk, found: Evaluation) -> str:
    """The id `keep` will give the decision; nothing is stored."""
    return decision_id(question_text(asked, desk, found), answer_text(found), desk.book.as_text)


def replay(stored: StoredDecision) -> Replayed:
    """Decide the same question again by the rules and the odds that were stored with it."""
    question = json.loads(stored.question)
    desk, asked = _desk(stored.rules, question["estimates"]), OffersAsked.model_validate(question["asked"])
    answer = answer_text(asked.answer(desk, asked.on or date.min))
    return Replayed(stored.decision_id, answer == stored.answer, answer)


def answer_text(found: Evaluation) -> str:
    """The answer as it is stored and compared."""
    return json.dumps(found.as_json(), ensure_ascii=False, sort_keys=True)


def _desk(rules: str, estimates: list[list[str]]) -> Desk:
    return Desk(Book.of_text(rules), StoredEstimates(estimates) if estimates else None)
