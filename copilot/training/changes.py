"""Policy changes: documents that came into force, end, or take another's place around a day."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from knowledge.contradictions import claims_of, contradiction
from knowledge.documents import Document
from knowledge.filters import holds_on
from knowledge.turnings import Turning, turnings

BACK = timedelta(days=60)
AHEAD = timedelta(days=14)
READERS = ("agent", "public")
"""Whose documents agents learn from; internal ones are not theirs."""

What = Literal["new", "replaces", "starts", "ended", "ends"]


@dataclass(frozen=True)
class Change:
    """A change to know of.

    Attributes:
        what: `new`, or it `replaces` another document; `starts` soon; `ended`, or `ends` soon.
        on: the day of it.
        digest: of its words and dates; another one is another change, to be acknowledged anew.
        was: and `now`: the sentences in which the two documents differ most plainly, where a figure does.
    """

    doc_id: str
    title: str
    kind: str
    language: str
    what: What
    on: date
    digest: str
    replaces: str = ""
    was: str = ""
    now: str = ""


def changes_of(documents: Sequence[Document], today: date) -> list[Change]:
    """What changed within BACK days before or changes within AHEAD days after, the nearest day first."""
    by_id = {document.doc_id: document for document in documents}
    followed = {document.supersedes for document in documents if document.supersedes}
    found = [
        _change(each.document, each.on, what, by_id)
        for each in turnings(documents, today - BACK, today + AHEAD)
        for what in [_what(each, today)]
        if each.document.audience in READERS
        # of an end the document in its place tells
        and not (what in ("ended", "ends") and each.document.doc_id in followed)
    ]
    return sorted(found, key=lambda change: (abs((change.on - today).days), change.doc_id))


def learnable(documents: Sequence[Document], today: date) -> list[Document]:
    """The documents agents work with on this day."""
    followed = {each.supersedes for each in documents if each.supersedes and holds_on(each, today)}
    return [
        each
        for each in documents
        if each.audience in READERS
        and each.disclosure == "public"
        and each.customer_id is None
        and holds_on(each, today)
        and each.doc_id not in followed
    ]


def digest_of(document: Document) -> str:
    """What an acknowledgement is of: the words and dates of a document."""
    said = f"{document.text}\x1f{document.effective_from}\x1f{document.effective_to}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _what(turning: Turning, today: date) -> What:
    if turning.change == "ends":
        return "ended" if turning.on < today else "ends"
    if turning.on > today:
        return "starts"
    return "replaces" if turning.document.supersedes else "new"


def _change(document: Document, on: date, what: What, by_id: Mapping[str, Document]) -> Change:
    head = document.doc_id, document.title, document.kind, document.language, what, on, digest_of(document)
    older = by_id.get(document.supersedes or "")
    if older is None or what in ("ended", "ends"):
        return Change(*head)
    differs = contradiction(claims_of(older), claims_of(document))
    was, now = (differs.older.text, differs.newer.text) if differs else ("", "")
    return Change(*head, replaces=older.title, was=was, now=now)
