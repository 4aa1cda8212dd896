"""Answers in a form: the schema as servers take it, reading what a model wrote, and what is said when it is wrong."""

import json
import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from copilot.guard.masking import mask_values
from copilot.guard.redaction import RedactionPolicy

_UNSENT = frozenset({"default", "title", "minLength", "maxLength"})  # strict servers refuse them; pydantic checks them
_THOUGHT = re.compile(r"<think>.*?</think>", re.DOTALL)
_FAULTS_TOLD = 5


class WrongForm(Exception):
    """An answer does not fit; `faults` says where, without repeating what was written."""

    def __init__(self, faults: str) -> None:
        super().__init__(faults)
        self.faults = faults


def strict_schema(form: type[BaseModel]) -> Mapping[str, Any]:
    """The JSON schema of a form as strict servers want it: nothing besides, everything required."""
    strict: Mapping[str, Any] = _strict(form.model_json_schema())
    return strict


def schema_text(form: type[BaseModel]) -> str:
    """What is added to the instructions where the server takes no schema."""
    schema = json.dumps(strict_schema(form), ensure_ascii=False)
    return f"Answer with one JSON object and nothing else. It must fit this JSON schema:\n{schema}"


def read_form(text: str, form: type[BaseModel], policy: RedactionPolicy) -> BaseModel:
    """The answer in its form, its texts masked.

    Raises:
        WrongForm: there is no JSON object in the text, or it does not fit.
    """
    value = _json_object(_THOUGHT.sub("", text))
    try:
        return form.model_validate(mask_values(value, policy))
    except ValidationError as error:
        faults = [
            f"{'.'.join(map(str, fault['loc'])) or 'the object'}: {fault['msg']}"
            for fault in error.errors(include_input=False, include_url=False)[:_FAULTS_TOLD]
        ]
        raise WrongForm("; ".join(faults)) from error
    except RecursionError as error:
        raise WrongForm("the JSON is nested too deeply") from error


def repair_text(faults: str) -> str:
    """What is said to a model whose answer does not fit."""
    return f"That does not fit: {faults}. Answer again with the corrected JSON object and nothing else."


def _json_object(text: str) -> Mapping[str, Any]:
    start = text.find("{")
    if start < 0:
        raise WrongForm("there is no JSON object")
    try:
        value, _end = json.JSONDecoder(parse_constant=_no_number).raw_decode(text, start)
    except (ValueError, RecursionError) as error:
        raise WrongForm("the JSON does not parse") from error
    if not isinstance(value, dict):
        raise WrongForm("the JSON is not an object")
    return value


def _no_number(name: str) -> float:
    raise ValueError(name)


def _strict(node: Any, *, names: bool = False) -> Any:
    """`names`: the keys are the names of fields, which may be called `title`, too."""
    if isinstance(node, list):
        return [_strict(item) for item in node]
    if not isinstance(node, dict):
        return node
    strict = {
        key: _strict(value, names=not names and key in ("properties", "$defs"))
        for key, value in node.items()
        if names or key not in _UNSENT
    }
    if not names and "properties" in strict:
        strict |= {"additionalProperties": False, "required": list(strict["properties"])}
    return strict
