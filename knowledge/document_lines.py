"""Finds the line of a document's key or text in the file it came from; documents themselves keep no lines."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from knowledge.documents import Document, formats

_HEADING = re.compile(r"^#{1,6}[ \t]+(.*?)[ \t]*#*$")
_CODE_FENCE = re.compile(r"^\s{0,3}(```|~~~)")


@dataclass(frozen=True)
class Section:
    """The text below one heading; `at` is where the heading (or, without one, the text) begins in the document."""

    heading: str
    text: str
    at: int


def sections_of(document: Document) -> Iterator[Section]:
    """The parts of a document between its headings that hold text, in order."""
    heading, lines, start, at, in_code = "", list[str](), 0, 0, False
    for line in [*document.text.split("\n"), "# "]:
        in_code ^= bool(_CODE_FENCE.match(line))
        if at <= len(document.text) and (in_code or not _HEADING.match(line)):
            lines.append(line)
        else:
            if any(map(str.strip, lines)):
                yield Section(heading, "\n".join(lines).strip("\n"), start)
            found = _HEADING.match(line)
            heading, lines, start = found.group(1) if found else "", [], at
        at += len(line) + 1


class DocumentLines:
    """The files of a pack's documents; each is read when a line in it is asked for."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._read: dict[str, tuple[str, str, int]] = {}

    def of_key(self, document: Document, *keys: str) -> tuple[str, int]:
        """File and line of the first of these front matter keys that the document has; line 1 without any."""
        shown, text, start = self._find(document)
        head = text[:start].split("\n")
        numbers = {line.partition(":")[0].strip(): n for n, line in enumerate(head, start=1) if ":" in line}
        return shown, next((numbers[key] for key in keys if key in numbers), self._first_line(text, start))

    def of_place(self, document: Document, at: int) -> tuple[str, int]:
        """File and line of a place in the document's text."""
        shown, text, start = self._find(document)
        return shown, text.count("\n", 0, start + at if text.startswith(document.text, start) else start) + 1

    def file(self, document: Document) -> str:
        """The document's file as a person in the pack's folder would name it."""
        return self._find(document)[0]

    def _first_line(self, text: str, start: int) -> int:
        return text.count("\n", 0, start) + 1 if text[start : start + 1] == "{" else 1

    def _find(self, document: Document) -> tuple[str, str, int]:
        """The file's name, its text, and where the document's text begins in it."""
        if document.doc_id not in self._read:
            self._read[document.doc_id] = self._look_up(document)
        return self._read[document.doc_id]

    def _look_up(self, document: Document) -> tuple[str, str, int]:
        folder = self._directory / "documents"
        for suffix in formats():
            file = folder / f"{document.doc_id}{suffix}"
            if file.is_file():
                text = _normal(file)
                return file.relative_to(self._directory).as_posix(), text, max(text.find(document.text), 0)
        for file in self._record_files:
            text = _normal(file)
            line = re.search(rf'^.*"doc_id"\s*:\s*"?{re.escape(document.doc_id)}"?\s*[,}}].*$', text, re.MULTILINE)
            if line:
                return file.relative_to(self._directory).as_posix(), text, line.start()
        return f"documents/{document.doc_id}", "", 0

    @cached_property
    def _record_files(self) -> list[Path]:
        return sorted((self._directory / "documents").rglob("*.jsonl"))


def _normal(file: Path) -> str:
    return file.read_text("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
