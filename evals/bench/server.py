"""An OpenAI-compatible server that answers at once, in a process of its own; too small to be what is measured."""

import asyncio
import json
import multiprocessing
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from threading import Event
from typing import Any

from evals.bench.rehearsal import rehearsed

_FRAME = {"id": "b", "created": 1, "model": "bench"}
_USAGE = {"prompt_tokens": 20, "completion_tokens": 8, "total_tokens": 28}


@contextmanager
def instant_server() -> Iterator[str]:
    """The base URL of a running server on loopback; it stops with the block."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(there,), daemon=True)
    process.start()
    try:
        if not here.poll(30):
            raise TimeoutError("The local server did not start within 30 s.")
        yield f"http://127.0.0.1:{here.recv()}/v1"
    finally:
        process.terminate()
        process.join()


def serve_until_stopped() -> None:
    """Say the address and answer until the process is stopped: a server to rehearse recording with, without a key."""
    with instant_server() as base_url:
        sys.stdout.write(f"export OPENAI_BASE_URL={base_url} COPILOT_MODEL=openai:rehearsal\n")
        sys.stdout.flush()
        with suppress(KeyboardInterrupt):
            Event().wait()


def _serve(ready: Connection) -> None:
    async def forever() -> None:
        server = await asyncio.start_server(_connection, "127.0.0.1", 0)
        ready.send(server.sockets[0].getsockname()[1])
        async with server:
            await server.serve_forever()

    asyncio.run(forever())


async def _connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(
                (int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0
            )
            body = await reader.readexactly(length)
            writer.write(_answer(json.loads(body) if body else {}))
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


def _answer(asked: dict[str, Any]) -> bytes:
    said = rehearsed(asked)
    if not asked.get("stream"):
        choice = {"index": 0, "message": {"role": "assistant", "content": said}, "finish_reason": "stop"}
        body = {
            "id": "b",
            "object": "chat.completion",
            "created": 1,
            "model": "bench",
            "choices": [choice],
            "usage": _USAGE,
        }
        return _http(json.dumps(body).encode(), b"application/json")
    chunks: list[dict[str, Any]] = [
        {"choices": [{"index": 0, "delta": {"content": said}, "finish_reason": None}]},
        {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
        {"choices": [], "usage": _USAGE},
    ]
    lines = (f"data: {json.dumps({**_FRAME, 'object': 'chat.completion.chunk', **chunk})}\n\n" for chunk in chunks)
    return _http(("".join(lines) + "data: [DONE]\n\n").encode(), b"text/event-stream")


def _http(body: bytes, kind: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\ncontent-type: %b\r\ncontent-length: %d\r\n\r\n%b" % (kind, len(body), body)


if __name__ == "__main__":
    serve_until_stopped()
