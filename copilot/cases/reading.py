"""Reads what people and other systems give: times with a zone, objects, lists of objects; the rest is refused."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from copilot.errors import BadInput


def time_of(value: object, name: str = "the time") -> datetime:
    """A time with its zone.

    Raises:
        BadInput: it is none, or has no zone.
    """
    text = value if isinstance(value, str) else ""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        shown = str(value)[:40]
        raise BadInput(f"{name} is {shown!r}; allowed is a time with its zone. Write it as 2026-11-30T12:00:00-06:00.")
    return found


def one_object(value: object, name: str) -> dict[str, Any]:
    """A JSON object; none is an empty one.

    Raises:
        BadInput: it is something else.
    """
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise BadInput(f"{name} is {type(value).__name__}; allowed is a JSON object.")
    return dict(value)


def objects(value: object, name: str) -> list[dict[str, Any]]:
    """A list of JSON objects; none is an empty one.

    Raises:
        BadInput: it is something else.
    """
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        raise BadInput(f"{name} is {type(value).__name__}; allowed is a list of JSON objects.")
    return [one_object(each, f"an entry of {name}") for each in value]


def texts(value: object, name: str) -> list[str]:
    """A list of texts; none is an empty one.

    Raises:
        BadInput: it is something else.
    """
    if value is None:
        return []
    if not isinstance(value, list | tuple) or not all(isinstance(each, str) for each in value):
        raise BadInput(f'{name} is no list of texts; allowed is one, e.g. ["first", "second"].')
    return list(value)
