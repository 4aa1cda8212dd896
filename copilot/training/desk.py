"""The training desk of a tenant: what there is to know, who knows it, and how quizzes went."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Literal, get_args

from copilot.errors import BadInput, NotFound
from copilot.store.training import QuizResult, Training
from copilot.training.changes import Change, changes_of, learnable
from copilot.training.quiz import Question, grade, quiz_of
from knowledge.documents import Document

About = Literal["basics", "changes"]
ABOUT: tuple[About, ...] = get_args(About)
_QUIZ_ID = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)\.(?P<about>basics|changes)\.(?P<language>en|es)\.(?P<number>\d{1,3})")


@dataclass(frozen=True)
class TrainingDesk:
    """Works with the documents of a tenant as they stand."""

    documents: Sequence[Document]
    records: Training

    def changes(self, person: str, today: date) -> list[dict[str, Any]]:
        """What has changed or is about to, each with whether this person has acknowledged it, the open ones first."""
        known = {(each.doc_id, each.digest): each.at for each in self.records.acknowledged(person)}
        found = [
            _change_json(each, known.get((each.doc_id, each.digest))) for each in changes_of(self.documents, today)
        ]
        return sorted(found, key=lambda each: each["acknowledged_at"] is not None)

    def acknowledge(self, person: str, doc_id: str, digest: str, *, now: datetime) -> None:
        """Note that somebody knows a change.

        Raises:
            NotFound: there is no such change, or its document reads otherwise by now.
        """
        if (doc_id, digest) not in {(each.doc_id, each.digest) for each in changes_of(self.documents, now.date())}:
            raise NotFound(f"No change of {doc_id[:80]!r} with this digest. Read the changes again.")
        self.records.acknowledge(person, doc_id, digest, at=now)

    def quiz(self, person: str, about: str, language: str, today: date) -> dict[str, Any]:
        """The next quiz of this person, without its answers; empty where the documents give no question.

        Raises:
            BadInput: it is about something else, or in another language.
        """
        if about not in ABOUT or language not in ("en", "es"):
            raise BadInput(
                f"The quiz is about {about[:20]!r} in {language[:10]!r}; allowed: {', '.join(ABOUT)}; en, es."
            )
        start = f"{today.isoformat()}.{about}.{language}."
        taken = sum(each.quiz_id.startswith(start) for each in self.records.results(person))
        quiz_id = f"{start}{taken + 1}"
        asked = [{**asdict(each), "options": list(each.options)} for each in self._questions(person, quiz_id)]
        return {"quiz_id": quiz_id, "questions": [_without(each, "right", "citation") for each in asked]}

    def answer(self, person: str, quiz_id: str, answers: Mapping[str, str], *, now: datetime) -> dict[str, Any]:
        """Grade a quiz, once: what was right, and for each question the answer with its source.

        Raises:
            BadInput, Conflict: no such quiz, an answer that is no option, documents that changed, or it was taken.
        """
        questions = self._questions(person, quiz_id)
        if not questions:
            raise BadInput(f"The quiz {quiz_id[:60]!r} has no questions. Ask for another one.")
        graded = [asdict(each) for each in grade(questions, answers)]
        right = sum(each["is_right"] for each in graded)
        wrong = [each for each in graded if not each["is_right"]]
        self.records.record(QuizResult(person, quiz_id, now, right, len(graded), wrong))
        return {"quiz_id": quiz_id, "right": right, "questions": len(graded), "answers": graded}

    def results(self, today: date) -> list[dict[str, Any]]:
        """For the supervisor: each person with what they acknowledged, what is open, and their quizzes."""
        changes = {(each.doc_id, each.digest) for each in changes_of(self.documents, today)}
        acknowledged, quizzes = self.records.acknowledged(), self.records.results()
        people = sorted({each.person for each in acknowledged} | {each.person for each in quizzes})
        return [
            {
                "person": person,
                "acknowledged": len(changes & {(a.doc_id, a.digest) for a in acknowledged if a.person == person}),
                "changes": len(changes),
                "quizzes": [_result_json(each) for each in quizzes if each.person == person],
            }
            for person in people
        ]

    def _questions(self, person: str, quiz_id: str) -> list[Question]:
        read = _QUIZ_ID.fullmatch(quiz_id)
        try:
            day = date.fromisoformat(read["day"]) if read else None
        except ValueError:
            day = None
        if read is None or day is None:
            raise BadInput(f"quiz_id is {quiz_id[:60]!r}; allowed is one that was given. Ask for a quiz.")
        documents = learnable(self.documents, day)
        if read["about"] == "changes":
            changed = {each.doc_id for each in changes_of(self.documents, day)}
            documents = [each for each in documents if each.doc_id in changed]
        return quiz_of(documents, f"{person}/{quiz_id}", language=read["language"])


def _change_json(change: Change, at: datetime | None) -> dict[str, Any]:
    fields = {**asdict(change), "on": change.on.isoformat()}
    return {**fields, "acknowledged_at": at.isoformat() if at else None}


def _result_json(result: QuizResult) -> dict[str, Any]:
    return _without({**asdict(result), "at": result.at.isoformat()}, "person")


def _without(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}
