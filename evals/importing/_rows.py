"""Lines of data files, read one by one; a wrong one is named by file and line."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from copilot.errors import BadInput
from evals.cases import Case

_NO_ID = re.compile(r"[^\w.@:/-]+")


def rows_of(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """(file:line, object) for each line that holds one.

    Raises:
        BadInput: the file cannot be read, or a line is no JSON object.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read ({type(error).__name__}). Give a file of JSON lines.") from None
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        where = f"{path}:{number}"
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise BadInput(f"{where}: no JSON ({error.msg}). One object a line.") from None
        if not isinstance(row, dict):
            raise BadInput(f"{where}: no object. One object a line.")
        yield where, row


def files_of(folder: Path, names: Sequence[str]) -> list[Path]:
    """Those of the files that are there.

    Raises:
        BadInput: none is.
    """
    found = [folder / name for name in names if (folder / name).is_file()]
    if not found:
        raise BadInput(f"{folder} holds none of {', '.join(names)}. Give a folder that does.")
    return found


def text_of(row: Mapping[str, Any], name: str, where: str) -> str:
    """A text of a row.

    Raises:
        BadInput: it is not there, or is none.
    """
    value = row.get(name)
    if not isinstance(value, str) or not value.strip():
        raise BadInput(f"{where}: {name} is {type(value).__name__}; a text is needed. Correct the line.")
    return value


def id_of(*parts: object) -> str:
    """An id of a case, without what ids may not hold."""
    return _NO_ID.sub("-", "-".join(map(str, parts)))[:200]


def case_of(raw: Mapping[str, Any], path: Path, where: str) -> Case:
    """The case, marked as imported.

    Raises:
        BadInput: a part of it is wrong.
    """
    ref = f"{path.parent.name}/{path.name}"
    try:
        return Case.model_validate({**raw, "split": "dev", "source": {"kind": "import", "ref": ref}})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise BadInput(f"{where}: {'.'.join(map(str, first['loc']))}: {first['msg']}.") from None


def strings(values: Iterable[Any]) -> list[str]:
    """Those values that say something, as text."""
    texts = (str(value).strip() for value in values if value is not None)
    return [text for text in texts if text and text.lower() not in ("null", "none", "n/a")]
