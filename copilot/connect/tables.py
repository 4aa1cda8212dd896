"""CSV and JSONL files of records: read row by row, bad ones named and the others kept; changed as a whole or not."""

import csv
import io
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from copilot.connect.shape import exact_json, read_json

MAX_ROW_CHARS = 1_000_000
_BOM = "\ufeff"
_FORMULA = re.compile(r"[=+\-@\t\r]")
_PLAIN_NUMBER = re.compile(r"[+-]?[\d\s().-]+")  # a phone number or an amount below zero is no formula


@dataclass(frozen=True)
class Row:
    """A row that was read; `line` is where it starts or ends in the file, from 1."""

    line: int
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class BadRow:
    """A row that could not be read."""

    line: int
    problem: str


def read_rows(path: Path) -> Iterator[Row | BadRow]:
    """The rows of a `.csv` (first line names the columns) or `.jsonl` file; nothing of a row stands in a problem."""
    text = path.read_text("utf-8-sig", errors="replace")
    yield from _csv_rows(text) if path.suffix.lower() == ".csv" else _jsonl_rows(text)


def _jsonl_rows(text: str) -> Iterator[Row | BadRow]:
    for line, raw in enumerate(text.split("\n"), start=1):
        if not raw.strip():
            continue
        if len(raw) > MAX_ROW_CHARS:
            yield BadRow(line, f"longer than {MAX_ROW_CHARS} characters")
            continue
        try:
            fields = read_json(raw)
        except ValueError:
            yield BadRow(line, "no JSON")
            continue
        yield Row(line, fields) if isinstance(fields, dict) else BadRow(line, "no JSON object")


def _csv_rows(text: str) -> Iterator[Row | BadRow]:
    reader = csv.reader(io.StringIO(text, newline=""))
    columns: list[str] | None = None
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield BadRow(reader.line_num, str(error))
            continue
        if not cells:
            continue
        if columns is None:
            columns = [cell.strip() for cell in cells]
        elif len(cells) != len(columns):
            yield BadRow(reader.line_num, f"{len(cells)} cells where {len(columns)} columns are named")
        else:
            yield Row(reader.line_num, dict(zip(columns, map(_without_guard, cells), strict=True)))


def csv_cell(value: str) -> str:
    """A cell that a spreadsheet shows and does not run: what starts as a formula gets an apostrophe in front."""
    is_formula = _FORMULA.match(value) and not _PLAIN_NUMBER.fullmatch(value)
    return f"'{value}" if is_formula else value


def _without_guard(cell: str) -> str:
    bare = cell.removeprefix("'")
    return bare if bare != cell and csv_cell(bare) == cell else cell


def change_row(path: Path, id_column: str, row_id: str, column: str, value: str) -> bool:
    """Write one value of the row with this id, and nothing else; whether there is such a row.

    The file is replaced as a whole: whoever reads it sees the old or the new one, also after a crash. In JSON a number
    or truth value stays one where the new value can be one; all other numbers stay digit for digit.

    Raises:
        ValueError: the file has rows that cannot be read, or no such column; it is left as it is.
    """
    with path.open(encoding="utf-8", newline="") as file:
        whole = file.read()
    text = whole.removeprefix(_BOM)
    change = _changed_csv if path.suffix.lower() == ".csv" else _changed_jsonl
    new = change(text, id_column, row_id, column, value)
    if new is None:
        return False
    replace_file(path, new if text == whole else _BOM + new)
    return True


def _changed_csv(text: str, id_column: str, row_id: str, column: str, value: str) -> str | None:
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise ValueError(f"a row cannot be read ({error})") from None
    columns = [cell.strip() for cell in rows[0]] if rows else []
    for needed in (id_column, column):
        if needed not in columns:
            raise ValueError(f"there is no column {needed!r}; there are: {', '.join(columns)}")
    key, place = columns.index(id_column), columns.index(column)
    hit = next((row for row in rows[1:] if len(row) == len(columns) and _without_guard(row[key]) == row_id), None)
    if hit is None:
        return None
    hit[place] = csv_cell(value)
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n" if "\r\n" in text else "\n").writerows(rows)
    return out.getvalue()


def _changed_jsonl(text: str, id_column: str, row_id: str, path: str, value: str) -> str | None:
    lines = text.split("\n")
    for place, raw in enumerate(lines):
        try:
            fields = read_json(raw) if raw.strip() else None
        except ValueError:
            continue  # kept as it is
        if isinstance(fields, dict) and str(fields.get(id_column)) == row_id:
            _set_at(fields, path, value)
            lines[place] = exact_json(fields) + ("\r" if raw.endswith("\r") else "")
            return "\n".join(lines)
    return None


def _set_at(fields: dict[str, Any], path: str, value: str) -> None:
    *steps, last = path.split(".")
    at: Any = fields
    for step in steps:
        at = (
            at[int(step)]
            if isinstance(at, list) and step.isdecimal() and int(step) < len(at)
            else (at.setdefault(step, {}) if isinstance(at, dict) else None)
        )
    if not isinstance(at, dict) or isinstance(at.get(last), dict | list):
        raise ValueError(f"{path!r} is not a plain value of the record")
    at[last] = like(at.get(last), value)


def like(old: object, value: str) -> object:
    """A text as the kind of value that stood there: a truth value, a number, or else the text itself."""
    if isinstance(old, bool):
        return value == "true" if value in ("true", "false") else value
    if isinstance(old, int | Decimal):
        return Decimal(value) if re.fullmatch(r"-?(0|[1-9]\d*)(\.\d+)?", value) else value
    return value


def replace_file(path: Path, text: str) -> None:
    """Write a file so that it is the old one or the new one, whenever the power goes."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(handle, "w", encoding="utf-8", newline="") as file:  # noqa: PTH123 - a handle, not a path
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(path.stat().st_mode)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def append_line(path: Path, fields: Mapping[str, Any]) -> None:
    """Append one JSON line and have it on the disk; a line that a crash cut short is closed first."""
    line = exact_json(fields) + "\n"
    with path.open("ab+") as file:
        if file.seek(0, os.SEEK_END):
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":
                line = "\n" + line
        file.write(line.encode(errors="replace"))
        file.flush()
        os.fsync(file.fileno())
