"""Reading a vendor's message: JSON into pydantic records, and what is wrong with it in one line without its words."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from copilot.errors import BadInput
from copilot.transcript import Speaker

LONGEST_ID = 200
LANGUAGES = ("en", "es")

Record = TypeVar("Record", bound="VendorRecord")


class VendorRecord(BaseModel):
    """A part of a vendor's message; fields we do not know are left alone."""

    model_config = ConfigDict(extra="ignore")


def json_messages(source: str, body: bytes | str) -> list[Mapping[str, Any]]:
    """The messages of a body that holds one JSON object or a list of them.

    Raises:
        BadInput: it is cut off, no JSON, or holds something else.
    """
    try:
        value = json.loads(body)
    except json.JSONDecodeError as error:
        raise BadInput(
            f"{source}: not valid JSON: {error.msg} at column {error.colno}. Send the message whole."
        ) from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise BadInput(f"{source}: not UTF-8 text, or nested too deep. Send the message as the vendor does.") from error
    found = value if isinstance(value, list) else [value]
    if not found or not all(isinstance(one, dict) for one in found):
        raise BadInput(f"{source}: a message is a JSON object or a list of them. Send what the vendor sends.")
    return found


def read_record(source: str, kind: type[Record], fields: Mapping[str, Any]) -> Record:
    """The fields as a record.

    Raises:
        BadInput: something needed is missing or wrong; the message names the field, never what it holds.
    """
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        path = ".".join(str(part) for part in fault["loc"]) or "message"
        problem = "is missing" if fault["type"] == "missing" else f"cannot be used: {fault['msg']}"
        raise BadInput(f"{source}: {path} {problem}. Send the message as the vendor documents it.") from error


def moment(value: str | None) -> datetime | None:
    """A vendor's time of day with its zone; None when it has none or cannot be read, which costs only the order."""
    try:
        at = datetime.fromisoformat(value) if value else None
    except ValueError:
        return None
    return at if at is not None and at.tzinfo is not None else None


def spoken_language(code: str | None) -> str | None:
    """`en` or `es` of a code such as `es-US`; None for others, which are left to detection."""
    language = (code or "").lower().replace("_", "-").partition("-")[0]
    return language if language in LANGUAGES else None


def speaker_of(label: str | None, agent_label: str, customer_label: str | None = None) -> Speaker:
    """Who speaks on a channel, as configured; without a configuration nobody knows."""
    if not label or not agent_label:
        return "unknown"
    if label == agent_label:
        return "agent"
    return "customer" if customer_label is None or label == customer_label else "unknown"
