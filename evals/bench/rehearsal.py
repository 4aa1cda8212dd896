"""What the local server answers: lines of the question itself, in the form that is asked for.

So checks have something to check. It words nothing: its recordings prove the harness and say nothing about a model.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

SAID = "The late fee is $8."
MOST_LINES = 6

_BLOCK = re.compile(r"<<<DATA \w+ (\w+)\n(.*?)\nDATA \w+ \1>>>", re.DOTALL)
_LINE = re.compile(r"^\[(\S+)\] (?:(?:agent|customer|system): )?(.+?)(?: \([\w, -]*\))?$", re.MULTILINE)

Line = tuple[str, str]


def rehearsed(asked: Mapping[str, Any]) -> str:
    """An answer to a chat completion's body: in its JSON schema where it names one, else one sentence."""
    given = asked.get("response_format") or {}
    if given.get("type") != "json_schema":
        return SAID
    schema = given["json_schema"]["schema"]
    made = {name: _rows(part, schema, _lines(asked)) for name, part in schema.get("properties", {}).items()}
    return json.dumps(made, ensure_ascii=False)


def _lines(asked: Mapping[str, Any]) -> list[Line]:
    """The lines `[id] text` of the first block that has some."""
    text = "\n".join(message["content"] for message in asked["messages"])
    blocks = (_LINE.findall(block) for _, block in _BLOCK.findall(text))
    return next((found for found in blocks if found), [])[:MOST_LINES]


def _rows(part: Mapping[str, Any], schema: Mapping[str, Any], lines: Sequence[Line]) -> Any:
    if part.get("type") != "array":
        return SAID
    item = part["items"]
    if "$ref" in item:
        item = schema["$defs"][item["$ref"].rpartition("/")[2]]
    names = item.get("properties", {})
    return [{name: _value(name, line) for name in names} for line in lines]


def _value(name: str, line: Line) -> Any:
    line_id, text = line
    if name == "text":
        return text
    return [line_id] if name.endswith("_ids") else line_id
