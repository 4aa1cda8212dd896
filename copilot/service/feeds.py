"""The endpoints of feeds: signed webhooks of each source, and uploads of whole calls."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from copilot.calls.live import LiveCalls
from copilot.errors import AccessDenied, BadInput, NotFound
from copilot.feeds import (
    FeedEvent,
    TwilioSecrets,
    Voices,
    check_standard,
    check_track,
    check_twilio,
    json_messages,
    parse_transcripts,
    read_contact_lens,
    read_genesys,
    read_own,
    read_twilio,
    read_webvtt,
)
from copilot.service.access import at_least
from copilot.service.hall import Hall
from copilot.service.intake import ignored, take_all, take_transcript
from copilot.settings import Settings
from copilot.store import Identity
from copilot.transcript import Speaker, Transcript

router = APIRouter(prefix="/v1/feeds", tags=["feeds"])

_FORM = "application/x-www-form-urlencoded"
_JSON_TYPES = ("application/json", "application/jsonl", "application/x-ndjson", "application/x-jsonlines")
_MOST_FIELDS = 200


def _body(*content_types: str) -> dict[str, Any]:
    """The OpenAPI description of a body that is read raw."""
    content = {content_type: {"schema": {"type": "string"}} for content_type in content_types}
    return {"requestBody": {"required": True, "content": content}}


class Delivered(BaseModel):
    """What became of a delivery; all of it is durable. `ignored` says why a message was of no use."""

    accepted: int = 0
    duplicates: int = 0
    seq: int = 0
    ignored: list[str] = []


class UploadedCall(BaseModel):
    """A call of an uploaded file."""

    call_id: str
    accepted: int
    duplicates: int
    seq: int


class Uploaded(BaseModel):
    """The calls of an uploaded file."""

    calls: list[UploadedCall]


@router.post("/upload", openapi_extra=_body("text/vtt", *_JSON_TYPES))
async def upload(
    request: Request,
    identity: Annotated[Identity, Depends(at_least("agent"))],
    agent: Annotated[list[str] | None, Query(description="a voice of the agent, as the file spells it")] = None,
    customer: Annotated[list[str] | None, Query(description="a voice of the customer")] = None,
    system: Annotated[list[str] | None, Query(description="a voice that is neither, such as an announcement")] = None,
    call_id: Annotated[str | None, Query(min_length=1, max_length=200, description="of a WebVTT file")] = None,
    end: Annotated[bool, Query(description="whether the calls are over and get their notes")] = True,
) -> Uploaded:
    """Take in whole calls: WebVTT, a transcript line as JSON, or JSON Lines of them, as the content type says."""
    live, body = request.app.state.hall.live(identity.tenant), await request.body()
    voices = _voices({"agent": agent, "customer": customer, "system": system})
    content_type = _content_type(request)

    def take_in() -> Uploaded:
        return _upload(live, _uploaded_calls(content_type, body, voices, call_id), end=end)

    return await run_in_threadpool(take_in)


@router.post("/{source}", openapi_extra=_body(_FORM, "application/json"))
async def receive(source: str, request: Request) -> Delivered:
    """Take in what a source tells: `twilio` as it signs, `contact-lens`, `genesys` and `own` signed with our scheme."""
    if source not in _SOURCES:
        raise NotFound(f"No feed {source[:40]!r}; there are {', '.join(sorted(_SOURCES))}. Correct the address.")
    body = await request.body()
    hall: Hall = request.app.state.hall
    return await run_in_threadpool(_SOURCES[source], hall, request, body)


def _receive_twilio(hall: Hall, request: Request, body: bytes) -> Delivered:
    settings = hall.parts.settings
    fields = _form_fields(body) if _content_type(request) == _FORM else []
    secrets = TwilioSecrets(
        settings.feed_twilio_auth_token.get_secret_value(), settings.feed_twilio_shared_key.get_secret_value()
    )
    check_twilio(request.headers, _called(settings, request), fields, body, secrets)
    form = dict(fields) or {name: str(value) for name, value in json_messages("Twilio", body)[0].items()}
    agent_track = request.query_params.get("agent_track") or settings.feed_twilio_agent_track
    check_track(agent_track)
    events = read_twilio(form, agent_track=agent_track, customer_id=request.query_params.get("customer_id"))
    return _taken(hall, events)


def _signed(read: Callable[[bytes, Settings], Sequence[FeedEvent]]) -> Callable[[Hall, Request, bytes], Delivered]:
    """A source that signs with our own scheme, by way of the operator's forwarder."""

    def receive_signed(hall: Hall, request: Request, body: bytes) -> Delivered:
        settings, now_s = hall.parts.settings, time.time()
        delivery_id = check_standard(request.headers, body, settings.feed_secret.get_secret_value(), now_s=now_s)
        if hall.deliveries.is_repeat(delivery_id, now_s):
            return Delivered(ignored=["this delivery was taken in before"])
        delivered = _taken(hall, read(body, settings))
        hall.deliveries.remember(delivery_id, now_s)
        return delivered

    return receive_signed


_SOURCES: Mapping[str, Callable[[Hall, Request, bytes], Delivered]] = {
    "twilio": _receive_twilio,
    "contact-lens": _signed(lambda body, _settings: read_contact_lens(body)),
    "genesys": _signed(lambda body, settings: read_genesys(body, agent_channel=settings.feed_genesys_agent_channel)),
    "own": _signed(lambda body, _settings: read_own(body)),
}


def _taken(hall: Hall, events: Sequence[FeedEvent]) -> Delivered:
    live = hall.live(hall.parts.settings.tenant)
    return Delivered(**vars(take_all(live, events)), ignored=ignored(events))


def _called(settings: Settings, request: Request) -> str:
    """The address a vendor called: the public one, for behind a proxy the request names another host."""
    if not settings.public_url:
        raise AccessDenied("COPILOT_PUBLIC_URL is not set, and Twilio signs the address it calls. Set it.")
    query = f"?{request.url.query}" if request.url.query else ""
    return f"{settings.public_url.rstrip('/')}{request.url.path}{query}"


def _form_fields(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            body.decode(),
            keep_blank_values=True,
            strict_parsing=bool(body),
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError as error:
        raise BadInput("The form cannot be read: it is cut off, not UTF-8, or has too many fields.") from error


def _content_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _voices(named: Mapping[Speaker, list[str] | None]) -> Voices:
    voices: dict[str, Speaker] = {}
    for speaker, names in named.items():
        for name in names or ():
            if name in voices:
                raise BadInput(f"The voice {name[:40]!r} is named as {voices[name]} and as {speaker}. Name it once.")
            voices[name] = speaker
    return voices


def _uploaded_calls(content_type: str, body: bytes, voices: Voices, call_id: str | None) -> list[Transcript]:
    if content_type == "text/vtt":
        return [read_webvtt(body, voices, call_id=call_id, source="upload")]
    if content_type not in _JSON_TYPES:
        raise BadInput(
            f"Content-Type {content_type[:60]!r} is not taken; send text/vtt, application/json or application/jsonl."
        )
    if content_type == "application/json":  # may stand over several lines
        body = b"\n".join(json.dumps(call).encode() for call in json_messages("upload", body))
    return parse_transcripts(body, "upload")


def _upload(live: LiveCalls, calls: Sequence[Transcript], *, end: bool) -> Uploaded:
    taken = [(call.call_id, take_transcript(live, call, end=end)) for call in calls]
    return Uploaded(calls=[UploadedCall(call_id=call_id, **vars(one)) for call_id, one in taken])
