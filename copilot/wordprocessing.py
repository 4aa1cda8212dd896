"""Letters and pages as Word documents, built from plain blocks; every text is text, whatever it holds."""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True)
class Block:
    """A piece of a document: a heading, a paragraph, a point of a list, or a table of heads and rows."""

    kind: Literal["heading", "paragraph", "point", "quote", "table"]
    text: str = ""
    heads: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()


def as_docx(title: str, blocks: Iterable[Block]) -> bytes:
    """A Word document (Office Open XML).

    Raises:
        ImportError: the extra [office] is not installed.
    """
    from docx import Document  # noqa: PLC0415 - only when a document is asked for

    document = Document()
    document.core_properties.title = _clean(title)
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.add_heading(_clean(title), level=1)
    for block in blocks:
        match block.kind:
            case "heading":
                document.add_heading(_clean(block.text), level=2)
            case "paragraph":
                for part in block.text.split("\n\n"):
                    document.add_paragraph(_clean(part))
            case "point":
                document.add_paragraph(_clean(block.text), style="List Bullet")
            case "quote":
                document.add_paragraph(_clean(block.text), style="Intense Quote")
            case "table":
                _add_table(document, block)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _add_table(document: "object", block: Block) -> None:
    table = document.add_table(rows=1, cols=len(block.heads), style="Table Grid")  # type: ignore[attr-defined]  # python-docx has no types
    for cell, head in zip(table.rows[0].cells, block.heads, strict=True):
        cell.text = _clean(head)
    for row in block.rows:
        for cell, value in zip(table.add_row().cells, row, strict=True):
            cell.text = _clean(value)


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("", text)
