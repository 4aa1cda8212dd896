"""Markdown with YAML front matter between two lines of "---"."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from knowledge.documents._document import Document, document_of, misspelt_key
from knowledge.documents._text_file import read_text, title_from_name
from knowledge.errors import SourceError

SUFFIXES = (".md", ".markdown")

_FENCE = "---"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one takes a tenth of the time
_KEY = re.compile(r"([A-Za-z_][\w-]*)\s*:")
_FIRST_HEADING = re.compile(r"^#[ \t]+(.+?)[ \t#]*$", re.MULTILINE)


def read(path: Path, doc_id: str, source: str) -> Iterator[Document]:
    """The document of a Markdown file; without a title in the front matter, its first "#" heading is the title."""
    head, body = _split(read_text(path), path)
    heading = _FIRST_HEADING.search(body)
    yield document_of(
        _front_matter(head, path),
        doc_id=doc_id,
        text=body,
        source=source,
        where=str(path),
        fallback_title=heading.group(1) if heading else title_from_name(doc_id),
        lines={match.group(1): number for number, line in enumerate(head, start=2) if (match := _KEY.match(line))},
    )


def _split(text: str, path: Path) -> tuple[list[str], str]:
    lines = text.split("\n")
    if lines[0].rstrip() != _FENCE:
        return [], text
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == _FENCE:
            return lines[1:number], "\n".join(lines[number + 1 :]).lstrip("\n")
    raise SourceError(f"{path}:1", "the front matter does not end", f"Close it with a line of {_FENCE}.")


def _front_matter(head: list[str], path: Path) -> dict[str, object]:
    try:
        keys: Any = yaml.load("\n".join(head), Loader=_LOADER) or {}  # noqa: S506 (a safe loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        problem = f"the front matter is not YAML ({error.problem})"
        remedy = "Write lines of `key: value`, a value with a colon in quotes."
        raise SourceError(f"{path}:{line}", problem, remedy) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # 2026-13-01 is a ValueError of datetime
        problem = f"the front matter cannot be read ({str(error).splitlines()[0]})"
        raise SourceError(f"{path}:{_bad_line(head)}", problem, "Write dates as 2026-01-31.") from error
    if not isinstance(keys, dict):
        raise SourceError(f"{path}:2", "the front matter is not a list of keys", "Write lines of `key: value`.")
    if misspelt := misspelt_key(keys):
        problem = f"unknown key {misspelt[0]!r} in the front matter"
        line = next((n for n, text in enumerate(head, start=2) if text.startswith(misspelt[0])), 2)
        raise SourceError(f"{path}:{line}", problem, f"Did you mean {misspelt[1]!r}?")
    return {str(key): value for key, value in keys.items()}


def _bad_line(head: list[str]) -> int:
    """The first line that cannot be read on its own, or the first of the file."""
    for number, line in enumerate(head, start=2):
        try:
            yaml.safe_load(line)
        except (yaml.YAMLError, ValueError, RecursionError):
            return number
    return 1
