"""Of two documents on one topic, the newer goes first when both match about equally."""

from datetime import date

from knowledge.documents import Document
from knowledge.recency import is_same_topic, newer_first


def document(doc_id: str, title: str, year: int | None, language: str = "en") -> Document:
    start = date(year, 1, 1) if year else None
    return Document(doc_id=doc_id, title=title, text="text", source="test", effective_from=start, language=language)


OLD = document("old", "AutoPay discount 2025", 2025)
NEW = document("new", "AutoPay discount 2026", 2026)
OTHER = document("other", "Late fees and due dates", 2026)


def order(*ranked: tuple[Document, float]) -> list[str]:
    return [entry.doc_id for _, entry, _ in newer_first([(None, entry, score) for entry, score in ranked])]


def test_the_newer_of_two_equal_matches_goes_first() -> None:
    assert order((OLD, 0.80), (OTHER, 0.79), (NEW, 0.78)) == ["new", "old", "other"]
    assert order((NEW, 0.80), (OLD, 0.79)) == ["new", "old"]


def test_a_clearly_better_match_stays_first() -> None:
    assert order((OLD, 0.80), (NEW, 0.60)) == ["old", "new"]


def test_documents_on_other_topics_keep_their_places() -> None:
    assert order((OLD, 0.80), (OTHER, 0.80)) == ["old", "other"]


def test_a_date_is_newer_than_none_and_equal_dates_change_nothing() -> None:
    undated = document("undated", "AutoPay discount", None)
    assert order((undated, 0.8), (OLD, 0.8)) == ["old", "undated"]
    assert order((OLD, 0.8), (document("twin", "AutoPay discount", 2025), 0.8)) == ["old", "twin"]


def test_a_translation_is_no_competitor() -> None:
    assert not is_same_topic(OLD, document("es", "AutoPay discount 2026", 2026, language="es"))
    assert is_same_topic(OLD, NEW)


def test_nothing_ranked_stays_nothing() -> None:
    assert newer_first([]) == []
