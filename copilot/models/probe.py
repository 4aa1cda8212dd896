"""Finds out what an endpoint really does: a server may take a schema or a limit and then ignore it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from pydantic import BaseModel

from copilot.guard.redaction import RedactionPolicy
from copilot.models.endpoint import RUNGS, Answer, Ask, CallFailed, Capabilities, Endpoint, Message, corrected
from copilot.models.forms import WrongForm, read_form, schema_text, strict_schema
from copilot.models.model import CheckReport, LimitField

TIMEOUT_S = 20.0
ENOUGH_TOKENS = 300
FEW_TOKENS = 16
_CHARACTERS_PER_TOKEN = 10  # more than any limit that is kept lets through


class _Colour(BaseModel):
    colour_code: Literal["K7"]  # the question does not name it, so only the schema can have told


_HELLO = (Message("user", "Answer with the word OK."),)
_COLOUR = (Message("system", "Answer in JSON."), Message("user", "Which colour code is it?"))
_COUNT = (Message("user", "Count from one to two hundred in words."),)


@dataclass
class _Probing:
    endpoint: Endpoint
    known: Capabilities

    def ask(self, ask: Ask, known: Capabilities) -> Answer:
        """The answer, after what the endpoint refuses by name was left out."""
        tried = {known}
        while True:
            try:
                return self.endpoint.send(ask, known)
            except CallFailed as failed:
                lower = corrected(known, failed, tried, wants_form=False)
                if lower is None:
                    raise
                known = self.known = lower
                tried.add(known)


def probe(
    endpoint: Endpoint, preset: Capabilities, counted_by: str, clock: Callable[[], float]
) -> tuple[Capabilities, CheckReport]:
    """What the endpoint is able to do, and the report of it; at most seven small calls."""
    probing, began = _Probing(endpoint, replace(preset, structured="json_schema", has_stream_usage=True)), clock()
    try:
        hello = probing.ask(Ask(_HELLO, ENOUGH_TOKENS, TIMEOUT_S), probing.known)
        latency_ms = round(1000 * (clock() - began))
        _find_rung(probing)
        _find_limit_field(probing)
    except CallFailed as failed:
        problem = f"{endpoint.name} {failed.kind}; check OPENAI_BASE_URL, the key and the model's name."
        return preset, CheckReport(endpoint.name, answers=False, problem=problem)
    found = replace(probing.known, has_stream_usage=probing.known.has_stream_usage and hello.usage is not None)
    report = CheckReport(
        endpoint.name,
        answers=True,
        structured=found.structured,
        limit_field=found.limit_field,
        has_stream_usage=found.has_stream_usage,
        latency_ms=latency_ms,
        tokens_counted_by="server" if hello.usage else counted_by,
    )
    return found, report


def _find_rung(probing: _Probing) -> None:
    for rung in RUNGS:
        probing.known = replace(probing.known, structured=rung)
        if rung == "text" or _keeps_form(probing):
            return


def _keeps_form(probing: _Probing) -> bool:
    if probing.known.structured == "json_schema":
        ask = Ask(_COLOUR, ENOUGH_TOKENS, TIMEOUT_S, strict_schema(_Colour), "colour")
    else:
        system = Message("system", schema_text(_Colour))
        ask = Ask([system, *_COLOUR[1:]], ENOUGH_TOKENS, TIMEOUT_S, {}, "colour")
    try:
        read_form(probing.ask(ask, probing.known).text, _Colour, RedactionPolicy())
    except WrongForm:
        return False
    except CallFailed as failed:
        if failed.is_rejection:
            return False
        raise
    return True


def _find_limit_field(probing: _Probing) -> None:
    first = probing.known.limit_field if probing.known.limit_field != "ignored" else "max_tokens"
    second: LimitField = "max_completion_tokens" if first == "max_tokens" else "max_tokens"
    for limit_field in (first, second):
        tried = replace(probing.known, limit_field=limit_field)
        try:
            answer = probing.endpoint.send(Ask(_COUNT, FEW_TOKENS, TIMEOUT_S), tried)
        except CallFailed as failed:
            if failed.is_rejection:
                continue
            raise
        if len(answer.text) <= FEW_TOKENS * _CHARACTERS_PER_TOKEN:
            probing.known = tried
            return
    probing.known = replace(probing.known, limit_field="ignored")
