"""Our own feed over a WebSocket: each message is answered once what it told is durable; a bad one is answered too."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, WebSocket, WebSocketDisconnect, status
from starlette.concurrency import run_in_threadpool

from copilot.calls.live import LiveCalls
from copilot.errors import BadInput, CopilotError
from copilot.feeds import json_messages, read_own_message
from copilot.service.hall import Hall
from copilot.service.intake import take
from copilot.store import Identity
from knowledge.errors import KnowledgeError

SIGN_IN_S = 10.0
LONGEST_REFERENCE = 200

router = APIRouter()


@router.websocket("/v1/feeds/ws")
async def feed(socket: WebSocket) -> None:
    """Messages of `copilot.feeds.own`, one a frame; the token in the `Authorization` header or the first message."""
    await socket.accept()
    hall: Hall = socket.app.state.hall
    try:
        identity = await _identify(hall, socket)
        if identity is None:
            await _refuse(
                socket, "A bearer token is needed: in the Authorization header, or first {type: auth, token}."
            )
            return
        live = hall.live(identity.tenant)
        while True:
            text = await _next_text(socket)
            await socket.send_text(json.dumps(await run_in_threadpool(_answer, live, text, hall)))
    except WebSocketDisconnect:
        return
    except CopilotError as error:  # a token of another tenant
        await _refuse(socket, str(error))


async def _identify(hall: Hall, socket: WebSocket) -> Identity | None:
    scheme, _, in_header = socket.headers.get("authorization", "").partition(" ")
    if in_header:
        return await hall.identify(in_header.strip()) if scheme.lower() == "bearer" else None
    try:
        first = json.loads(await asyncio.wait_for(_next_text(socket), SIGN_IN_S))
    except (TimeoutError, ValueError, RecursionError):
        return None
    token = first.get("token") if isinstance(first, dict) and first.get("type") == "auth" else None
    identity = await hall.identify(token) if isinstance(token, str) else None
    if identity is not None:
        await socket.send_text(json.dumps({"type": "ack", "accepted": 0, "duplicates": 0, "seq": 0}))
    return identity


async def _next_text(socket: WebSocket) -> str:
    """The next frame; one of bytes is read as text, and answered as what it is not."""
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", status.WS_1000_NORMAL_CLOSURE))
    text: str | None = message.get("text")
    return text if text is not None else message.get("bytes", b"").decode(errors="replace")


async def _refuse(socket: WebSocket, detail: str) -> None:
    await socket.send_text(json.dumps({"type": "error", "detail": detail}))
    await socket.close(status.WS_1008_POLICY_VIOLATION)


def _answer(live: LiveCalls, text: str, hall: Hall) -> Mapping[str, Any]:
    """What a message is answered: `ack`, or `error` with the reason; `id` is repeated so that both find together."""
    reference: dict[str, Any] = {}
    try:
        if len(text) > hall.parts.settings.max_body_bytes:
            raise BadInput(
                f"The message is larger than {hall.parts.settings.max_body_bytes:,} bytes. Send it in parts."
            )
        messages = json_messages("feed message", text)
        if len(messages) != 1:
            raise BadInput("A frame holds one message. Send each in a frame of its own.")
        reference = _reference(messages[0])
        return {"type": "ack", **reference, **vars(take(live, read_own_message(messages[0])))}
    except (CopilotError, KnowledgeError) as error:
        return {"type": "error", **reference, "detail": str(error)}


def _reference(message: Mapping[str, Any]) -> dict[str, Any]:
    given = message.get("id")
    is_short = isinstance(given, int) or (isinstance(given, str) and len(given) <= LONGEST_REFERENCE)
    return {"id": given} if is_short else {}
