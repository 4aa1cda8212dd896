"""JSON lines `{doc_id, title, text, ...front matter}`, one document a line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from knowledge.documents._document import Document, document_of
from knowledge.documents._text_file import decode, title_from_name
from knowledge.errors import SourceError

SUFFIXES = (".jsonl",)
REQUIRED = ("doc_id", "text")


def read(path: Path, _doc_id: str, source: str) -> Iterator[Document]:
    """The documents of the lines; keys that are not front matter are kept in `extra`, blank lines passed over.

    Raises:
        SourceError: the file holds no line, or one that is no such object; names the line.
    """
    first_line_of: dict[str, int] = {}
    for number, line in _lines(path):
        document = _document(line, f"{path}:{number}", source)
        if document.doc_id in first_line_of:
            problem = f"doc_id {document.doc_id!r} is also on line {first_line_of[document.doc_id]}"
            raise SourceError(f"{path}:{number}", problem, "Every document needs its own.")
        first_line_of[document.doc_id] = number
        yield document
    if not first_line_of:
        raise SourceError(str(path), "the file is empty", "Write one JSON object a line, or remove the file.")


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with path.open("rb") as file:
            for number, content in enumerate(file, start=1):
                if content.strip():
                    yield number, decode(content, f"{path}:{number}")
    except OSError as error:
        raise SourceError(str(path), f"cannot be opened ({error.strerror})", "Check that it may be read.") from error


def _document(line: str, where: str, source: str) -> Document:
    try:
        keys: Any = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise SourceError(where, f"the line is not JSON ({error})", "Write one JSON object a line.") from error
    if not isinstance(keys, dict):
        raise SourceError(where, f"the line is a {type(keys).__name__}, not an object", "Write {{...}} on each line.")
    for key in REQUIRED:
        if not isinstance(keys.get(key), str | int):
            raise SourceError(where, f"{key} is missing or not a text", f"Every line needs {' and '.join(REQUIRED)}.")
    doc_id, text = str(keys.pop("doc_id")), str(keys.pop("text"))
    title = title_from_name(doc_id)
    return document_of(keys, doc_id=doc_id, text=text, source=source, where=where, fallback_title=title)
