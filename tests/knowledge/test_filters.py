"""Which documents may be found on a day, by whom, where."""

from datetime import date
from typing import Any

import pytest

from knowledge.documents import Document
from knowledge.filters import Filters, allowed_documents

JUNE = date(2026, 6, 15)


def document(doc_id: str, **fields: Any) -> Document:
    return Document(doc_id=doc_id, title=doc_id, text="text", source="test", **fields)


def allowed(documents: list[Document], filters: Filters | None = None, as_of: date = JUNE) -> list[str]:
    mask = allowed_documents(documents, filters or Filters(), as_of)
    return [document.doc_id for document, may in zip(documents, mask, strict=True) if may]


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [(date(2026, 5, 31), False), (date(2026, 6, 1), True), (date(2026, 6, 30), True), (date(2026, 7, 1), False)],
)
def test_the_first_and_the_last_day_are_included(as_of: date, expected: bool) -> None:
    june_only = document("june", effective_from=date(2026, 6, 1), effective_to=date(2026, 6, 30))
    assert allowed([june_only], as_of=as_of) == (["june"] if expected else [])


def test_a_successor_ends_a_document_on_its_own_first_day() -> None:
    pair = [document("old"), document("new", supersedes="old", effective_from=JUNE)]
    assert allowed(pair, as_of=date(2026, 6, 14)) == ["old"]
    assert allowed(pair, as_of=JUNE) == ["new"]


def test_a_successor_that_has_ended_itself_gives_the_place_back() -> None:
    pair = [document("base"), document("promotion", supersedes="base", effective_to=date(2026, 5, 31))]
    assert allowed(pair) == ["base"]


def test_a_chain_of_successors_leaves_only_the_last() -> None:
    assert allowed([document("a"), document("b", supersedes="a"), document("c", supersedes="b")]) == ["c"]


def test_a_document_cannot_end_itself() -> None:
    assert allowed([document("a", supersedes="a"), document("b", supersedes="nobody")]) == ["a", "b"]


def test_a_successor_one_may_not_read_still_ends_the_old_one() -> None:
    pair = [document("old", audience="public"), document("new", audience="internal", supersedes="old")]
    assert allowed(pair, Filters(audiences=("public",))) == []


def test_each_filter_takes_any_of_its_values() -> None:
    documents = [
        document("a", audience="public", language="en", kind="policy"),
        document("b", audience="agent", language="es-MX", kind="script"),
        document("c", audience="internal", language="en", kind="policy"),
    ]
    assert allowed(documents, Filters(audiences=("public", "agent"))) == ["a", "b"]
    assert allowed(documents, Filters(languages=("es",))) == ["b"]
    assert allowed(documents, Filters(kinds=("policy",))) == ["a", "c"]
    assert allowed(documents, Filters(audiences=("public",), kinds=("script",))) == []


def test_a_place_takes_what_holds_there_in_the_whole_country_and_everywhere() -> None:
    documents = [
        document("california", jurisdiction=("US-CA",)),
        document("country", jurisdiction=("US",)),
        document("anywhere"),
        document("texas-or-ohio", jurisdiction=("US-TX", "US-OH")),
    ]
    assert allowed(documents, Filters(jurisdictions=("US-CA",))) == ["california", "country", "anywhere"]
    assert allowed(documents, Filters(jurisdictions=("US-CALDERA",))) == ["country", "anywhere"]
    assert allowed(documents, Filters(jurisdictions=("US",))) == ["country", "anywhere"]
    assert allowed(documents) == ["california", "country", "anywhere", "texas-or-ohio"]


def test_a_record_is_found_only_by_who_may_read_its_class() -> None:
    documents = [
        document("policy"),
        document("balance", extra={"disclosure": "account"}),
        document("calls", extra={"disclosure": "call_detail"}),
    ]
    assert allowed(documents, Filters(disclosures=("public",))) == ["policy"]
    assert allowed(documents, Filters(disclosures=("public", "account"))) == ["policy", "balance"]
    assert allowed(documents, Filters()) == ["policy", "balance", "calls"]


def test_the_record_of_one_customer_is_not_found_for_another() -> None:
    documents = [document("policy"), document("of-one", extra={"customer_id": "C-1"})]
    assert allowed(documents, Filters(of_customer="C-1")) == ["policy", "of-one"]
    assert allowed(documents, Filters(of_customer="C-2")) == ["policy"]
    assert allowed(documents, Filters(of_customer="")) == ["policy"]
    assert allowed(documents, Filters(of_customer=None)) == ["policy", "of-one"]
