"""Scripts: steps between second-level headings, and the lines of each step that must be said word for word.

A must-say line is a block quote that begins with "Must say:" or "Debe decir:", in bold or not.

> Must say: "Before I say anything else:
> you may complete the cancellation at any time by saying so."
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from knowledge.documents import Document

VARIANT_OF = "variant_of"
"""Front matter of a script that says the same as another one in a second language: the id of that other one."""
SELLS = "sells"
"""Front matter of a script that offers something; it stays away once selling has stopped in a call."""

_QUOTE = re.compile(r"^>[ \t]*\**(?:must say|debe decir)\b.*(?:\n>.*)*", re.IGNORECASE | re.MULTILINE)
_NEXT = re.compile(r"\n(?=>[ \t]*\**(?:must say|debe decir)\b)", re.IGNORECASE)
_LABEL = re.compile(r"^\**(?:must say|debe decir)\**\s*:?\**\s*", re.IGNORECASE)
_MARGIN = re.compile(r"^>[ \t]?", re.MULTILINE)
_STEP = re.compile(r"^##[ \t]+(?:(\d{1,3})[.)][ \t]+)?(.*?)[ \t]*#*$", re.MULTILINE)
_ONE_CASE = re.compile(r"(?:if|when|si|cuando)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Step:
    """One step of a script; `at` is where its heading stands in the document's text."""

    number: int
    title: str
    text: str
    must_say: tuple[str, ...]
    at: int = 0

    @property
    def is_for_one_case(self) -> bool:
        """Whether its heading begins with If or When (Si, Cuando): then leaving it out is no omission."""
        return bool(_ONE_CASE.match(self.title))


@dataclass(frozen=True)
class Script:
    """A script document and its steps, in order."""

    document: Document
    steps: tuple[Step, ...]

    @property
    def doc_id(self) -> str:
        """The document's id."""
        return self.document.doc_id

    @property
    def language(self) -> str:
        """Two letters."""
        return self.document.language[:2]

    @property
    def variant_of(self) -> str | None:
        """The id of the script this one says in another language."""
        named = self.document.extra.get(VARIANT_OF)
        return named if isinstance(named, str) else None

    @property
    def sells(self) -> bool:
        """Whether it offers something to buy or to stay for."""
        return self.document.extra.get(SELLS) is True

    @cached_property
    def speaking_steps(self) -> tuple[Step, ...]:
        """The steps that have a line to be said word for word."""
        return tuple(step for step in self.steps if step.must_say)


def script_of(document: Document) -> Script:
    """The steps of a script, see `steps_of`; a script without headings is one step with the document's title."""
    steps = steps_of(document.text)
    if not steps:
        steps = (Step(1, document.title, document.text, tuple(must_say_lines(document.text))),)
    return Script(document, steps)


def steps_of(text: str) -> tuple[Step, ...]:
    """What stands below each second-level heading; must-say lines above the first of them belong to the first.

    Numbers are those of the headings ("## 2. Ask why") where all have one and they rise, else 1, 2, 3 …
    """
    headings = list(_STEP.finditer(text))
    if not headings:
        return ()
    numbers = [int(found.group(1) or 0) for found in headings]
    if not all(earlier < later for earlier, later in pairwise([0, *numbers])):
        numbers = list(range(1, len(headings) + 1))
    begins = [0, *(found.start() for found in headings[1:]), len(text)]
    bodies = [text[begin:end] for begin, end in pairwise(begins)]
    return tuple(
        Step(number, found.group(2), body.strip("\n"), tuple(must_say_lines(body)), found.start())
        for found, number, body in zip(headings, numbers, bodies, strict=True)
    )


def must_say_blocks(text: str) -> Iterator[tuple[int, str]]:
    """The lines as they stand in the Markdown, each with its place; two may stand in one block quote."""
    for quote in _QUOTE.finditer(text):
        at = quote.start()
        for block in _NEXT.split(quote.group()):
            yield at, block
            at += len(block) + 1


def must_say_lines(text: str) -> list[str]:
    """What is to be said, without label, quotation marks and Markdown, on one line each."""
    lines = (_LABEL.sub("", _MARGIN.sub("", block).strip()) for _, block in must_say_blocks(text))
    return [" ".join(line.split()).strip('"“”«» ') for line in lines]
