"""Training: what has changed and who knows it, quizzes that can be answered from the documents alone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from copilot.errors import BadInput, Conflict, NotFound
from copilot.store import open_database
from copilot.store.training import Training
from copilot.training.changes import changes_of, learnable
from copilot.training.desk import TrainingDesk
from copilot.training.quiz import BLANK, OPTIONS, grade, quiz_of
from knowledge.documents import Document
from knowledge.pack import Pack

TODAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def document(doc_id: str, text: str = "A plain text about returns.", **more: Any) -> Document:
    return Document(doc_id, doc_id.title(), text, "test", **more)


OLD = document(
    "fees-2025",
    "# Fees\n\nThe late fee on an unpaid bill is $7.00 a month.\n",
    effective_from=date(2025, 1, 1),
    effective_to=date(2026, 10, 31),
)
NEW = document(
    "fees-2026",
    "# Fees\n\nThe late fee on an unpaid bill is $9.00 a month.\n",
    effective_from=date(2026, 11, 1),
    supersedes="fees-2025",
)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path}/training.db")
    yield engine
    engine.dispose()


@pytest.fixture
def desk(engine: Engine, demo_pack: Pack) -> TrainingDesk:
    return TrainingDesk([*demo_pack.documents, OLD, NEW], Training(engine))


# --- changes ---------------------------------------------------------------------------------------------------------


def test_a_change_says_what_it_replaces_and_which_figure_is_another() -> None:
    (change,) = changes_of([OLD, NEW], TODAY)
    assert (change.doc_id, change.what, change.on, change.replaces) == (
        "fees-2026",
        "replaces",
        date(2026, 11, 1),
        "Fees-2025",
    )
    assert ("$7.00" in change.was, "$9.00" in change.now) == (True, True)


@pytest.mark.parametrize(
    ("dates", "what"),
    [
        ({"effective_from": TODAY}, "new"),
        ({"effective_from": TODAY - timedelta(days=60)}, "new"),
        ({"effective_from": TODAY - timedelta(days=61)}, None),
        ({"effective_from": TODAY + timedelta(days=14)}, "starts"),
        ({"effective_from": TODAY + timedelta(days=15)}, None),
        ({"effective_to": TODAY}, "ends"),
        ({"effective_to": TODAY - timedelta(days=1)}, "ended"),
        ({}, None),
    ],
)
def test_changes_lie_around_today(dates: dict[str, Any], what: str | None) -> None:
    found = changes_of([document("d", **dates)], TODAY)
    assert [each.what for each in found] == ([what] if what else [])


def test_what_is_not_for_agents_is_no_change_of_theirs() -> None:
    assert changes_of([document("d", audience="internal", effective_from=TODAY)], TODAY) == []
    assert learnable([document("d", audience="internal"), OLD, NEW], TODAY) == [NEW]
    assert learnable([document("d", extra={"disclosure": "account"})], TODAY) == []


def test_who_knows_a_change_is_asked_again_when_its_words_change(desk: TrainingDesk) -> None:
    change = next(each for each in desk.changes("bea", TODAY) if each["doc_id"] == "fees-2026")
    assert change["acknowledged_at"] is None
    for minute in (0, 5):
        desk.acknowledge("bea", "fees-2026", change["digest"], now=NOW + timedelta(minutes=minute))
    after = next(each for each in desk.changes("bea", TODAY) if each["doc_id"] == "fees-2026")
    assert after["acknowledged_at"] == NOW.isoformat()
    assert (
        next(each for each in desk.changes("omar", TODAY) if each["doc_id"] == "fees-2026")["acknowledged_at"] is None
    )
    edited = TrainingDesk([OLD, replace(NEW, text=NEW.text.replace("$9", "$8"))], desk.records)
    assert edited.changes("bea", TODAY)[0]["acknowledged_at"] is None
    with pytest.raises(NotFound, match="Read the changes again"):
        edited.acknowledge("bea", "fees-2026", change["digest"], now=NOW)


# --- quizzes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_question_can_be_answered_from_its_document(demo_pack: Pack, language: str) -> None:
    documents = learnable(demo_pack.documents, TODAY)
    texts = {each.doc_id: each.text.replace("**", "") for each in documents}
    seen = 0
    for number in range(20):
        quiz = quiz_of(documents, f"seed-{number}", language=language)
        assert len({each.citation.doc_id for each in quiz}) == len(quiz)
        for question in quiz:
            seen += 1
            assert question.text.count(BLANK) == 1
            assert question.text.replace(BLANK, question.right) == question.citation.quote
            assert question.citation.quote in texts[question.citation.doc_id]
            assert len(set(question.options)) == OPTIONS
            assert question.options.count(question.right) == 1
    assert seen == 100


def test_a_quiz_is_the_same_for_the_same_seed_and_another_for_another(demo_pack: Pack) -> None:
    documents = learnable(demo_pack.documents, TODAY)
    assert quiz_of(documents, "a") == quiz_of(list(reversed(documents)), "a")
    assert quiz_of(documents, "a") != quiz_of(documents, "b")
    assert quiz_of([], "a") == []


def test_a_quiz_is_graded_once_with_sources(desk: TrainingDesk) -> None:
    asked = desk.quiz("bea", "basics", "en", TODAY)
    assert all(each.keys() == {"question_id", "text", "language", "options"} for each in asked["questions"])
    first, *others = asked["questions"]
    answers = {each["question_id"]: each["options"][0] for each in others}  # the first one stays open
    graded = desk.answer("bea", asked["quiz_id"], answers, now=NOW)
    assert graded["questions"] == len(asked["questions"])
    assert graded["right"] == sum(each["is_right"] for each in graded["answers"])
    left = next(each for each in graded["answers"] if each["question_id"] == first["question_id"])
    assert (left["is_right"], left["chosen"]) == (False, "")
    assert left["right"] in left["citation"]["quote"]
    with pytest.raises(Conflict, match="has taken"):
        desk.answer("bea", asked["quiz_id"], answers, now=NOW)
    assert desk.quiz("bea", "basics", "en", TODAY)["quiz_id"].endswith(".2")
    (row,) = desk.results(TODAY)
    assert (row["person"], row["quizzes"][0]["right"]) == ("bea", graded["right"])


def test_a_quiz_after_changes_is_about_them(desk: TrainingDesk) -> None:
    asked = desk.quiz("bea", "changes", "en", TODAY)
    assert all("late fee" in each["text"] for each in asked["questions"])


@pytest.mark.parametrize(
    "quiz_id", ["", "x", "2026-13-45.basics.en.1", "2026-11-25.all.en.1", "2026-11-25.basics.fr.1"]
)
def test_a_quiz_that_was_not_given_is_refused(desk: TrainingDesk, quiz_id: str) -> None:
    with pytest.raises(BadInput, match="Ask for a quiz"):
        desk.answer("bea", quiz_id, {}, now=NOW)


def test_answers_that_are_no_options_are_refused(demo_pack: Pack) -> None:
    quiz = quiz_of(learnable(demo_pack.documents, TODAY), "a")
    with pytest.raises(BadInput, match="allowed are"):
        grade(quiz, {quiz[0].question_id: "<b>"})
    with pytest.raises(Conflict, match="documents have changed"):
        grade(quiz, {"gone": "1"})


def test_records_of_tenants_are_apart(engine: Engine) -> None:
    Training(engine, "north").acknowledge("bea", "d", "x", at=NOW)
    assert Training(engine, "south").acknowledged() == []
