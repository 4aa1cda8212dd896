"""Must-say lines of a script: block quotes that begin with "Must say:" or "Debe decir:", in bold or not.

> Must say: "Before I say anything else:
> you may complete the cancellation at any time by saying so."
"""

import re
from collections.abc import Iterator

_QUOTE = re.compile(r"^>[ \t]*\**(?:must say|debe decir)\b.*(?:\n>.*)*", re.IGNORECASE | re.MULTILINE)
_NEXT = re.compile(r"\n(?=>[ \t]*\**(?:must say|debe decir)\b)", re.IGNORECASE)
_LABEL = re.compile(r"^\**(?:must say|debe decir)\**\s*:?\**\s*", re.IGNORECASE)
_MARGIN = re.compile(r"^>[ \t]?", re.MULTILINE)


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
