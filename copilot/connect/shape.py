"""Nested data of other systems: values at dotted paths, both ways, and JSON in which no amount becomes a float."""

import json
import secrets
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any


def read_json(raw: str | bytes) -> Any:
    """A JSON text with its fractions as Decimal.

    Raises:
        ValueError: it is none, or holds NaN or an infinity, or is nested too deeply.
    """
    try:
        return json.loads(raw, parse_float=Decimal, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def exact_json(data: Any) -> str:
    """The data as a JSON text of one line, every Decimal as the number it is: 84.10 stays 84.10."""
    mark = secrets.token_hex(8)  # no text can hold it

    def marked(value: object) -> str:
        return f"{mark}{value}{mark}" if isinstance(value, Decimal) else str(value)

    text = json.dumps(data, ensure_ascii=False, allow_nan=False, default=marked)
    return text.replace(f'"{mark}', "").replace(f'{mark}"', "")


def value_at(data: object, path: str) -> Any:
    """What stands at a path; None when nothing does, and the data itself for an empty path."""
    for step in filter(None, path.split(".")):
        if isinstance(data, Mapping):
            data = data.get(step)
        elif isinstance(data, Sequence) and not isinstance(data, str) and step.isdecimal() and int(step) < len(data):
            data = data[int(step)]
        else:
            return None
    return data


def objects_at(data: object, path: str) -> list[Mapping[str, Any]]:
    """The objects of the list at a path; one object counts as a list of one, anything else as none."""
    found = value_at(data, path)
    if isinstance(found, Mapping):
        return [found]
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list | tuple) else []


def nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    """Values by dotted path as nested objects; what is None is left out.

    Raises:
        ValueError: one path goes through the value of another.
    """
    whole: dict[str, Any] = {}
    for path, value in flat.items():
        if value is None:
            continue
        *steps, last = path.split(".")
        at = whole
        for step in steps:
            at = at.setdefault(step, {})
            if not isinstance(at, dict):
                raise ValueError(f"{path!r} goes through the value of {step!r}")
        if isinstance(at.get(last), dict):
            raise ValueError(f"a path goes through the value of {path!r}")
        at[last] = value
    return whole


def flat_fields(data: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """The texts, numbers and truth values of nested objects by dotted path; lists are passed over."""
    fields: dict[str, str] = {}
    for name, value in data.items():
        if isinstance(value, Mapping):
            fields |= flat_fields(value, f"{prefix}{name}.")
        elif isinstance(value, bool):
            fields[f"{prefix}{name}"] = "true" if value else "false"
        elif value is not None and not isinstance(value, list | tuple):
            fields[f"{prefix}{name}"] = str(value)
    return fields


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no number")
