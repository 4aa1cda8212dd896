from datetime import date

import pytest

from copilot.answers import Answer, find_answer
from copilot.calls.desk import AUDIENCES, Desk
from knowledge.retriever import ContextTurn, Retriever


@pytest.fixture(scope="module")
def retriever(desk: Desk) -> Retriever:
    search = desk._search
    assert isinstance(search, Retriever)
    return search


def ask(retriever: Retriever, question: str, *, on: date = date(2026, 11, 20), language: str = "en") -> Answer:
    return find_answer(retriever, question, audiences=AUDIENCES, on=on, language=language).answer


def test_an_answer_quotes_its_source_word_for_word_and_cites_it(retriever: Retriever, desk: Desk) -> None:
    answer = ask(retriever, "How much is the AutoPay discount?")
    assert answer.found
    assert answer.sources[0].doc_id == "policies/autopay-discount-2026"
    document = next(d for d in desk.pack.documents if d.doc_id == answer.sources[0].doc_id)
    assert answer.sources[0].quote.split(". ")[0] in " ".join(document.text.split())
    assert answer.text.startswith(answer.sources[0].quote)
    assert "$5" in answer.text


def test_the_answer_is_that_of_the_day_asked_for(retriever: Retriever) -> None:
    then = ask(retriever, "How much is the AutoPay discount?", on=date(2026, 2, 1))
    assert then.sources[0].doc_id == "policies/autopay-discount-2025"
    assert "$10" in then.text


def test_two_valid_documents_that_disagree_are_pointed_out(retriever: Retriever) -> None:
    answer = ask(retriever, "What goodwill credit limit does an agent have?")
    assert answer.sources[0].doc_id == "policies/goodwill-credit-limits-2026"
    (conflict,) = answer.conflicts
    assert "goodwill-credit-limits-2025" in conflict
    assert "since 2026-05-01" in conflict


def test_of_two_that_disagree_the_newer_ones_own_figure_is_quoted(retriever: Retriever) -> None:
    answer = ask(retriever, "How much goodwill credit may I give without approval?")
    assert "Agents may credit up to $25" in answer.sources[0].quote


def test_figures_of_another_matter_are_no_conflict(retriever: Retriever) -> None:
    answer = ask(retriever, "¿Cuánto cuesta el cargo por pago tardío?", language="es")
    assert answer.conflicts == ()


def test_a_spanish_question_needs_more_than_one_word_in_common_with_its_answer(retriever: Retriever) -> None:
    assert not ask(retriever, "¿Cuánto es el cargo por mora?", language="es").found


@pytest.mark.parametrize("question", ["Who won the football world cup?", "zxqv", "How do I cook rice with beans?"])
def test_what_the_documents_do_not_hold_is_said_to_be_missing(retriever: Retriever, question: str) -> None:
    answer = ask(retriever, question)
    assert (answer.found, answer.text, answer.sources) == (False, "Not in the documents.", ())


def test_a_spanish_question_is_answered_in_spanish(retriever: Retriever) -> None:
    answer = ask(retriever, "¿De cuánto es el descuento de AutoPay?", language="es")
    assert answer.sources[0].doc_id == "policies/autopay-discount-2026-es"
    assert ask(retriever, "¿Quién ganó el mundial?", language="es").text == "No está en los documentos."


def test_internal_documents_answer_nobody_they_are_not_for(retriever: Retriever) -> None:
    answer = ask(retriever, "What are the margin floors of the approval ladder?")
    assert "policies/margin-floors-and-approval-ladder" not in [source.doc_id for source in answer.sources]


def test_a_question_about_something_else_than_the_call_is_answered(retriever: Retriever) -> None:
    before = [
        ContextTurn("My internet has been down since Monday and I want to cancel it.", "customer"),
        ContextTurn("I've cancelled your internet as of today.", "agent"),
    ]
    answer = find_answer(retriever, "How much is the late fee?", context=before, audiences=AUDIENCES).answer
    assert "late fee" in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "¿Venden seguros para mascotas?",
        "¿Dan préstamos para comprar casa?",
        "¿Pueden reparar la pantalla de mi televisor?",
        "¿Tienen asientos disponibles en el vuelo a Lima?",
    ],
)
def test_a_spanish_question_about_something_else_is_not_answered(retriever: Retriever, question: str) -> None:
    assert not ask(retriever, question, language="es").found


@pytest.mark.parametrize(
    ("question", "doc_id"),
    [
        ("¿Cuánto cobran por cancelar antes de tiempo?", "products/fiber-plans-compared-es"),
        ("¿Tienen descuento por pago automático?", "policies/autopay-discount-2026-es"),
        ("¿Cómo activo mi tarjeta SIM?", "troubleshooting/esim-activation-es"),
    ],
)
def test_a_spanish_question_is_answered_from_spanish_documents(
    retriever: Retriever, question: str, doc_id: str
) -> None:
    answer = ask(retriever, question, language="es")
    assert doc_id in [source.doc_id for source in answer.sources]
