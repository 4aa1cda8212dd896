"""Plain text: the whole file is one document, its title the name of the file."""

from collections.abc import Iterator
from pathlib import Path

from knowledge.documents._document import Document, document_of
from knowledge.documents._text_file import read_text, title_from_name

SUFFIXES = (".txt",)


def read(path: Path, doc_id: str, source: str) -> Iterator[Document]:
    """The document of a text file."""
    yield document_of(
        {}, doc_id=doc_id, text=read_text(path), source=source, where=str(path), fallback_title=title_from_name(doc_id)
    )
