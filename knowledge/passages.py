"""Passages: pieces of a document that answer one question, cut at headings, with ids that last."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from knowledge.documents import Document

TARGET_WORDS = 200
MAX_WORDS = 220
# A "sentence" longer than this has no borders at all (a recogniser's output, a table); it is cut between words.
MAX_SENTENCE_WORDS = 400

_HEADING = re.compile(r"^(#{1,6})[ \t]+(.*?)[ \t]*#*$")
_CODE_FENCE = re.compile(r"^\s{0,3}(```|~~~)")
_LIST_ITEM = re.compile(r"^(?:[-*+]|\d{1,3}[.)])\s")
_SENTENCE_END = re.compile(r"(?<=[.!?:;])[\"')\]]*\s+(?=[\"'(\[¿¡A-ZÁÉÍÓÚÑ0-9])")


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a document; `heading` is the path of headings above it, as in "Fees > Late fee"."""

    passage_id: str
    doc_id: str
    ordinal: int
    title: str
    heading: str
    text: str

    @property
    def index_text(self) -> str:
        """What is searched: the passage with the document's title and its headings in front."""
        return "\n".join(part for part in (self.title, self.heading, self.text) if part)


def passages_of(document: Document) -> list[Passage]:
    """Cut a document into passages, in reading order; at least one.

    Sections begin at Markdown headings; one above about 200 words is split between paragraphs, list items or
    sentences. Block quotes (lines to be said word for word) stay whole. An id depends on the document's id and
    title, the heading and the text, so a section that is not edited keeps its id whatever happens around it.
    """
    passages: list[Passage] = []
    seen: Counter[tuple[str, str]] = Counter()
    for heading, text in _pieces(document):
        repeat = seen[heading, text]
        seen[heading, text] += 1
        key = "\0".join((document.doc_id, document.title, heading, text, str(repeat)))
        passage_id = f"{document.doc_id}#{hashlib.sha256(key.encode()).hexdigest()[:12]}"
        passages.append(Passage(passage_id, document.doc_id, len(passages), document.title, heading, text))
    return passages


def _pieces(document: Document) -> Iterator[tuple[str, str]]:
    found = False
    for heading, lines in _sections(document):
        for text in _split_section("\n".join(lines)):
            found = True
            yield heading, text
    if not found:  # headings with nothing below them
        yield "", document.text.strip()


def _sections(document: Document) -> Iterator[tuple[str, list[str]]]:
    path: list[tuple[int, str]] = []
    lines: list[str] = []
    in_code = False
    for line in document.text.split("\n"):
        in_code ^= bool(_CODE_FENCE.match(line))
        heading = None if in_code else _HEADING.match(line)
        if heading is None:
            lines.append(line)
            continue
        yield _heading_path(path, document.title), lines
        level, lines = len(heading.group(1)), []
        path = [(above, name) for above, name in path if above < level] + [(level, heading.group(2))]
    yield _heading_path(path, document.title), lines


def _heading_path(path: Iterable[tuple[int, str]], title: str) -> str:
    return " > ".join(name for _, name in path if name and name != title)


def _split_section(text: str) -> list[str]:
    text = text.strip("\n").rstrip()
    if not text.strip():
        return []
    if _word_count(text) <= MAX_WORDS:
        return [text]
    return _pack(list(_blocks(text)))


def _pack(blocks: list[tuple[str, str]]) -> list[str]:
    # Pieces of about equal length rather than full ones and a short rest: piece n ends where n parts of all are full.
    total = sum(_word_count(block) for _, block in blocks)
    target = total / -(-total // TARGET_WORDS)
    pieces: list[str] = []
    current, words, done = "", 0, 0
    for joint, block in blocks:
        size = _word_count(block)
        if current and (words + size > MAX_WORDS or done + size / 2 > target * (len(pieces) + 1)):
            pieces.append(current)
            current, words = "", 0
        current = f"{current}{joint}{block}" if current else block
        words, done = words + size, done + size
    return [*pieces, current]


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """The smallest units that stay whole, each with the white space that joins it to the one before."""
    for paragraph in re.split(r"\n\s*\n", text):
        if paragraph.lstrip().startswith(">") or _word_count(paragraph) <= MAX_WORDS / 2:
            yield "\n\n", paragraph
            continue
        joint = "\n\n"
        for item in _items(paragraph):
            for sentence in _sentences(item) if _word_count(item) > MAX_WORDS else [item]:
                yield joint, sentence
                joint = " "
            joint = "\n"


def _items(paragraph: str) -> Iterator[str]:
    """Lines, with the lines of a top-level list item together."""
    item: list[str] = []
    for line in paragraph.split("\n"):
        if item and (_LIST_ITEM.match(line) or not _LIST_ITEM.match(item[0])):
            yield "\n".join(item)
            item = []
        item.append(line)
    yield "\n".join(item)


def _sentences(text: str) -> Iterator[str]:
    for sentence in _SENTENCE_END.split(text):
        words = sentence.split()
        if len(words) <= MAX_SENTENCE_WORDS:
            yield sentence
        else:
            yield from (" ".join(words[at : at + TARGET_WORDS]) for at in range(0, len(words), TARGET_WORDS))


def _word_count(text: str) -> int:
    return len(text.split())
