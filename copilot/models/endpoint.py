"""One call of a chat endpoint: what is asked, what comes back, how it fails, and what the endpoint is known to do."""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal, Protocol

from pydantic import TypeAdapter, ValidationError

from copilot.models.model import LimitField, Structured, TokenUsage

RUNGS: Final[tuple[Structured, ...]] = ("json_schema", "json_object", "text")
_REJECTIONS = frozenset({400, 415, 422, 501})  # "I do not take this": asked differently, it may answer
_OVERLOADED = 429


@dataclass(frozen=True)
class Message:
    """A turn of the conversation with a model."""

    role: Literal["system", "user", "assistant"]
    text: str


@dataclass(frozen=True)
class Capabilities:
    """What an endpoint is known to do; a preset until a rejection or a probe corrects it."""

    structured: Structured = "json_schema"
    limit_field: LimitField = "max_tokens"
    has_stream_usage: bool = True
    takes_temperature: bool = True


@dataclass(frozen=True)
class Ask:
    """One call; `schema` is sent only where the endpoint takes one, `form_name` names it."""

    messages: Sequence[Message]
    max_output_tokens: int
    timeout_s: float
    schema: Mapping[str, Any] | None = None
    form_name: str = "answer"


@dataclass(frozen=True)
class Answer:
    """What came back; `usage` is None when the server did not tell."""

    text: str
    is_cut: bool
    usage: TokenUsage | None


class CallFailed(Exception):
    """One call failed.

    `kind` is said to the user; `hint` is the server's own text, which may hold what was sent: it is never shown.
    """

    def __init__(
        self, kind: str, *, status: int | None = None, hint: str = "", may_retry: bool = False, after_s: float = 0.0
    ) -> None:
        super().__init__(kind)
        self.kind = kind
        self.hint = hint
        self.may_retry = may_retry or status == _OVERLOADED or ((status or 0) >= 500 and status not in _REJECTIONS)
        self.after_s = after_s
        self.is_rejection = status in _REJECTIONS


class Endpoint(Protocol):
    """Where a model is asked, once and without retries; safe to use from several threads."""

    @property
    def name(self) -> str:
        """Provider and model, as in COPILOT_MODEL."""
        ...

    def warm_up(self) -> None:
        """Load the libraries it needs; asks nobody."""
        ...

    def send(self, ask: Ask, capabilities: Capabilities) -> Answer:
        """The answer to one call.

        Raises:
            CallFailed: there is none.
        """
        ...


def corrected(
    known: Capabilities, failed: CallFailed, tried: Collection[Capabilities], *, wants_form: bool
) -> Capabilities | None:
    """What to try after a rejection: the field the server names, else the next lower rung; None when all was tried.

    Without `tried` a server that refuses both names of a field would be asked for ever.
    """
    if not failed.is_rejection:
        return None
    candidates = [*_without_named_field(known, failed.hint.lower()), *(_next_rung(known) if wants_form else ())]
    return next((candidate for candidate in candidates if candidate not in tried), None)


def _without_named_field(known: Capabilities, hint: str) -> Iterator[Capabilities]:
    if "stream_options" in hint or "include_usage" in hint:
        yield replace(known, has_stream_usage=False)
    if "temperature" in hint:
        yield replace(known, takes_temperature=False)
    if "max_tokens" in hint and known.limit_field != "max_completion_tokens":
        yield replace(known, limit_field="max_completion_tokens")
    if "max_completion_tokens" in hint and known.limit_field == "max_completion_tokens":
        yield replace(known, limit_field="max_tokens")


def _next_rung(known: Capabilities) -> Iterator[Capabilities]:
    for rung in RUNGS[RUNGS.index(known.structured) + 1 :][:1]:
        yield replace(known, structured=rung)


def capabilities_file(data_dir: Path, base_url: str, model_name: str) -> Path:
    """Where the record of an endpoint is kept."""
    key = hashlib.sha256(f"{base_url}\n{model_name}".encode()).hexdigest()[:16]
    return data_dir / "models" / f"{key}.json"


def read_capabilities(path: Path, preset: Capabilities) -> Capabilities:
    """The record a probe left, or the preset when there is none or it cannot be read."""
    try:
        return TypeAdapter(Capabilities).validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return preset


def write_capabilities(path: Path, known: Capabilities) -> None:
    """Keep the record for the next start."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(asdict(known)), "utf-8")
    fresh.replace(path)
