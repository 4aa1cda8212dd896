"""When documents begin or end to hold."""

from datetime import date

from knowledge.documents import Document
from knowledge.turnings import turnings

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)


def test_both_days_of_a_document_count_and_so_do_the_edges() -> None:
    documents = [
        Document("b", "", "", "", effective_from=FIRST, effective_to=LAST),
        Document("a", "", "", "", effective_from=LAST),
        Document("before", "", "", "", effective_to=date(2026, 10, 31)),
        Document("after", "", "", "", effective_from=date(2026, 12, 1)),
        Document("always", "", "", ""),
    ]
    found = [(each.on, each.document.doc_id, each.change) for each in turnings(documents, FIRST, LAST)]
    assert found == [(FIRST, "b", "begins"), (LAST, "a", "begins"), (LAST, "b", "ends")]
