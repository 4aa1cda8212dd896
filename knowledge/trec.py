"""Batches of queries in, TREC run lines out."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from knowledge.context import ContextTurn
from knowledge.errors import SourceError

TAG = "copilot"
SMALLEST_STEP = 0.000002


@dataclass(frozen=True, slots=True)
class Query:
    """A question of a batch, with the turns before it, oldest first."""

    query_id: str
    text: str
    context: tuple[ContextTurn, ...] = ()


class _TurnLine(BaseModel):
    model_config = ConfigDict(extra="ignore")

    text: str
    speaker: str = "customer"


class _QueryLine(BaseModel):
    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    query_id: str = Field(pattern=r"^\S+$")
    text: str = Field(pattern=r"\S")
    context: list[_TurnLine] = []

    @field_validator("context", mode="before")
    @classmethod
    def _bare_texts_are_turns(cls, value: object) -> object:
        if not isinstance(value, list):
            return [] if value is None else value
        return [{"text": turn} if isinstance(turn, str) else turn for turn in value]


def read_queries(path: Path) -> Iterator[Query]:
    """Read JSON lines `{query_id, text, context?}`; a turn of the context is a text or `{speaker, text}`.

    Raises:
        SourceError: the file cannot be read or holds no query, a line is none, or a query_id stands twice.
    """
    seen: dict[str, int] = {}
    for number, line in _lines(path):
        query = _query(line, f"{path}:{number}")
        if query.query_id in seen:
            problem = f"query_id {query.query_id!r} is also on line {seen[query.query_id]}"
            raise SourceError(f"{path}:{number}", problem, "Every query needs its own.")
        seen[query.query_id] = number
        yield query
    if not seen:
        raise SourceError(str(path), "the file holds no query", 'Write lines of {"query_id": ..., "text": ...}.')


def run_lines(query_id: str, ranked: Iterable[tuple[str, float]], *, tag: str = TAG) -> Iterator[str]:
    """One line `query_id Q0 doc_id rank score tag` for each (doc_id, score), best first.

    Scores fall from line to line, if only by the last digit: evaluation tools sort by them and break ties by name.

    Raises:
        SourceError: a doc_id holds white space, which the format cannot carry.
    """
    ceiling = float("inf")
    for rank, (doc_id, score) in enumerate(ranked, start=1):
        if len(doc_id.split()) != 1:
            raise SourceError(doc_id, "the doc_id holds white space", "Rename the document: a TREC run cannot name it.")
        ceiling = min(ceiling - SMALLEST_STEP, score)
        yield f"{query_id} Q0 {doc_id} {rank} {ceiling:.6f} {tag}"


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with path.open(encoding="utf-8-sig") as file:
            yield from ((number, line) for number, line in enumerate(file, start=1) if line.strip())
    except OSError as error:
        raise SourceError(
            str(path), f"cannot be opened ({error.strerror})", "Check the path of the queries."
        ) from error
    except UnicodeDecodeError as error:
        raise SourceError(str(path), "it is not UTF-8 text", "Give JSON lines in UTF-8.") from error


def _query(line: str, where: str) -> Query:
    try:
        keys: Any = json.loads(line)
        checked = _QueryLine.model_validate(keys)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "the line"
        raise SourceError(where, f"{key}: {first['msg']}", "A query is {query_id, text, context?}.") from None
    except (ValueError, RecursionError) as error:
        raise SourceError(where, f"the line is not JSON ({error})", "Write one JSON object a line.") from error
    turns: Sequence[_TurnLine] = checked.context
    return Query(checked.query_id, checked.text, tuple(ContextTurn(turn.text, turn.speaker) for turn in turns))
