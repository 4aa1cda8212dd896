"""Tables as CSV and as Excel workbooks, in which no text of a customer becomes a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LONGEST_NAME = 31
_LONGEST_CELL = 32_767


@dataclass(frozen=True)
class Table:
    """A table with a name, a head line and rows of texts."""

    name: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


def as_csv(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table as CSV (RFC 4180), the head line first."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([harmless(value) for value in row] for row in rows)
    return out.getvalue()


def as_xlsx(tables: Iterable[Table]) -> bytes:
    """Tables as the sheets of an Excel workbook, all cells as text.

    Raises:
        ImportError: the extra [office] is not installed.
    """
    from openpyxl import Workbook  # noqa: PLC0415 - only when a workbook is asked for

    book = Workbook(write_only=True)
    for number, table in enumerate(tables, start=1):
        # numbered where it is cut: no two sheets may bear one name
        name = _NOT_IN_A_NAME.sub(" ", table.name)
        sheet = book.create_sheet(name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 4]}… {number}")
        sheet.append(list(table.heads))
        for row in table.rows:
            sheet.append([_cell(value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def harmless(value: str) -> str:
    """A text that a spreadsheet would run as a formula is shown as text; numbers below zero stay numbers."""
    is_number = value.removeprefix("-").replace(".", "", 1).isdigit()
    return f"'{value}" if value.startswith(_FORMULA_STARTS) and not is_number else value


def _cell(value: str) -> str:
    return harmless(_NOT_IN_XML.sub("", value))[:_LONGEST_CELL]
