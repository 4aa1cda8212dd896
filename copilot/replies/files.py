"""Items in files: JSON, JSON Lines, CSV of survey answers, e-mail; each one, or what is wrong with it."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from copilot.errors import BadInput
from copilot.replies.mail import read_mail

MAX_BYTES = 25_000_000


@dataclass(frozen=True)
class Given:
    """One item as it was sent; or `problem`, one line that names file and place."""

    given: Mapping[str, Any] = field(default_factory=dict)
    problem: str = ""


def read_given(path: Path) -> Iterator[Given]:
    """What a file or a folder holds, in its order; what cannot be read is told and does not stop the rest.

    A folder is a mailbox (Maildir, or files of the kinds below). Kinds: .json (one or a list), .jsonl, .csv with a
    heading, .eml, .mbox.

    Raises:
        BadInput: the file alone cannot be read at all.
    """
    if path.is_dir():
        for each in sorted(file for file in path.rglob("*") if file.is_file() and not file.name.startswith(".")):
            yield from _from_folder(each)
        return
    yield from _one_file(path)


def _from_folder(path: Path) -> Iterator[Given]:
    try:
        yield from _one_file(path)
    except BadInput as error:
        yield Given(problem=str(error))


def _one_file(path: Path) -> Iterator[Given]:
    try:
        raw = path.read_bytes() if path.stat().st_size <= MAX_BYTES else None
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}. Give a file with an item.") from None
    if raw is None:
        raise BadInput(f"{path} has more than {MAX_BYTES:,} bytes. Split it.")
    suffix = path.suffix.lower()
    if suffix == ".jsonl":
        yield from _json_lines(raw, path)
    elif suffix == ".csv":
        yield from _survey(raw, path)
    elif suffix == ".mbox":
        yield from _mbox(path)
    elif suffix == ".eml" or path.parent.name in ("cur", "new"):
        yield _mail(raw, str(path))
    else:
        yield from _json_file(raw, path)


def _json_file(raw: bytes, path: Path) -> Iterator[Given]:
    try:
        value = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise BadInput(
            f"{path} is no JSON; allowed are .json, .jsonl, .csv, .eml, .mbox and folders of them."
        ) from None
    for number, each in enumerate(value if isinstance(value, list) else [value], start=1):
        if isinstance(each, dict):
            yield Given(each)
        else:
            yield Given(problem=f"{path}: item {number} is a JSON {type(each).__name__}; allowed is an object.")


def _json_lines(raw: bytes, path: Path) -> Iterator[Given]:
    for number, line in enumerate(raw.decode("utf-8-sig", errors="replace").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            value = None
        if isinstance(value, dict):
            yield Given(value)
        else:
            yield Given(problem=f"{path}:{number} is no JSON object. Correct the line; the others are taken.")


def _survey(raw: bytes, path: Path) -> Iterator[Given]:
    reader = csv.DictReader(io.StringIO(raw.decode("utf-8-sig", errors="replace")))
    if not reader.fieldnames:
        raise BadInput(f"{path} has no heading; the first line names the columns, as in id,rating,comment.")
    for number, row in enumerate(reader, start=2):
        given = {str(name).strip().lower().replace(" ", "_"): value for name, value in row.items() if name and value}
        if any(given.get(name) for name in ("comment", "text", "answer", "body", "message")):
            yield Given({"channel": "survey", **given})
        else:
            yield Given(problem=f"{path}:{number} has no comment. The others are taken.")


def _mbox(path: Path) -> Iterator[Given]:
    import mailbox  # noqa: PLC0415 - seldom needed

    for number, message in enumerate(mailbox.mbox(path, create=False), start=1):
        yield _mail(message.as_bytes(), f"{path}#{number}")


def _mail(raw: bytes, where: str) -> Given:
    mail = read_mail(raw)
    return Given(mail.given) if not mail.skipped else Given(problem=f"{where} is skipped: {mail.skipped}.")
