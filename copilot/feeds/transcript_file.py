"""Transcripts from a JSON Lines file in the contract's form, checked whole before the first one is used."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from copilot.errors import BadInput
from copilot.transcript import SPEAKERS, Speaker, Transcript, Turn

# A two-hour call that was never split by speaker has about 120,000 characters.
MAX_TURN_CHARACTERS = 200_000
LANGUAGES = ("en", "es")


class TurnRecord(BaseModel):
    """A turn as it is sent to us; keys we do not know are left alone."""

    model_config = ConfigDict(extra="ignore")

    turn_id: str | None = Field(default=None, min_length=1, max_length=200)
    speaker: Speaker
    text: str = Field(max_length=MAX_TURN_CHARACTERS)
    t_ms: int | None = Field(default=None, ge=0)

    @field_validator("turn_id", mode="before")
    @classmethod
    def _number_is_an_id(cls, value: object) -> object:
        return str(value) if isinstance(value, int) else value


class TranscriptRecord(BaseModel):
    """A call as it is sent to us."""

    model_config = ConfigDict(extra="ignore")

    call_id: str = Field(min_length=1, max_length=200)
    channel: str = Field(default="voice", min_length=1, max_length=40)
    language: str | None = Field(default=None, max_length=35, description="`en`, `es-MX`; others are left to detection")
    started_at: datetime | None = None
    customer_id: str | None = Field(default=None, max_length=200)
    turns: list[TurnRecord] = Field(default_factory=list)

    def transcript(self) -> Transcript:
        """The same as our own record; turns without an id are numbered t1, t2, ... by their place."""
        turns = tuple(
            Turn(turn.turn_id or f"t{place}", turn.speaker, turn.text, turn.t_ms)
            for place, turn in enumerate(self.turns, start=1)
        )
        spoken = (self.language or "").lower().replace("_", "-").partition("-")[0]
        language = spoken if spoken in LANGUAGES else None
        return Transcript(self.call_id, self.channel, language, self.started_at, self.customer_id, turns)


def read_transcripts(path: Path) -> list[Transcript]:
    """Read every call of a JSON Lines file.

    Raises:
        BadInput: the file is missing, binary or empty, or a line is not a call; names file, line and remedy.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error.strerror}). Give the path of a JSON Lines file.") from error
    return parse_transcripts(content, str(path))


def parse_transcripts(content: bytes, source: str) -> list[Transcript]:
    """Read every call of JSON Lines; `source` is what messages call them.

    Raises:
        BadInput: they are binary or empty, or a line is not a call; names source, line and remedy.
    """
    transcripts: list[Transcript] = []
    line_of: dict[str, int] = {}
    for number, line in enumerate(_lines(content, source), start=1):
        if not line.strip():
            continue
        transcript = _parse(f"{source}:{number}", line)
        if transcript.call_id in line_of:
            first = line_of[transcript.call_id]
            raise BadInput(
                f"{source}:{number}: call_id {transcript.call_id!r} already stands on line {first}. Rename one."
            )
        line_of[transcript.call_id] = number
        transcripts.append(transcript)
    if not transcripts:
        raise BadInput(f"{source}:1: the file holds no call. Give one JSON object a line, each with call_id and turns.")
    return transcripts


def _lines(content: bytes, source: str) -> list[str]:
    try:
        return content.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadInput(f"{source}:{line}: not UTF-8 text (byte {error.start}). Save it as UTF-8 JSON Lines.") from error


def _parse(where: str, line: str) -> Transcript:
    try:
        return TranscriptRecord.model_validate(_object(where, line)).transcript()
    except ValidationError as error:
        raise BadInput(f"{where}: {_explain(error)}") from error


def _object(where: str, line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        problem = (
            f"{error.msg} at column {error.colno}" if isinstance(error, json.JSONDecodeError) else "nested too deep"
        )
        raise BadInput(f"{where}: not valid JSON: {problem}. Correct the line; one JSON object a line.") from error
    if not isinstance(value, dict):
        raise BadInput(f"{where}: a call is a JSON object, this is a {type(value).__name__}. Wrap it in {{}}.")
    return value


def _explain(error: ValidationError) -> str:
    fault = error.errors(include_url=False)[0]
    path = ".".join(str(part) for part in fault["loc"])
    if fault["type"] == "literal_error":
        return f"{path} is {_shown(fault['input'])}; allowed are {', '.join(SPEAKERS)}. Correct the speaker."
    if fault["type"] == "string_too_long":
        limit = fault["ctx"]["max_length"]
        return f"{path} has {len(fault['input']):,} characters; at most {limit:,} are allowed. Split it."
    if fault["type"] == "missing":
        return f"{path} is missing. Add it."
    return f"{path} is {_shown(fault['input'])}: {fault['msg']}. Correct it."


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 40 else f"{shown[:37]}..."
