"""A small OpenAI-compatible server over real HTTP that behaves as it is told, and keeps the bytes it got."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Behaviour = Callable[["Handler", Mapping[str, Any]], None]
USAGE = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}


@dataclass
class LocalServer:
    """What is answered next (the last behaviour stays), and what was asked."""

    behaviours: list[Behaviour]
    bodies: list[bytes] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    base_url: str = ""
    now: int = 0
    most_at_once: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def asked(self) -> list[dict[str, Any]]:
        return [json.loads(body) for body in self.bodies]

    def next_behaviour(self) -> Behaviour:
        with self.lock:
            return self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0]


@contextmanager
def serving(*behaviours: Behaviour) -> Iterator[LocalServer]:
    state = LocalServer(list(behaviours))

    class Bound(Handler):
        server_state = state

    server = ThreadingHTTPServer(("127.0.0.1", 0), Bound)
    server.daemon_threads = True
    state.base_url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()


class Handler(BaseHTTPRequestHandler):
    """One request: count it, keep it, behave."""

    server_state: LocalServer
    disable_nagle_algorithm = True  # else each small chunk waits for the one before to be acknowledged

    def do_POST(self) -> None:
        state = self.server_state
        body = self.rfile.read(int(self.headers["content-length"]))
        with state.lock:
            state.bodies.append(body)
            state.paths.append(self.path)
            state.now += 1
            state.most_at_once = max(state.most_at_once, state.now)
        try:
            with suppress(BrokenPipeError, ConnectionResetError):  # the client has had enough
                state.next_behaviour()(self, json.loads(body))
        finally:
            with state.lock:
                state.now -= 1

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its name in the base class)
        """Nothing on the terminal."""

    def begin_stream(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()

    def event(self, data: object) -> None:
        self.wfile.write(f"data: {data if isinstance(data, str) else json.dumps(data)}\n\n".encode())
        self.wfile.flush()

    def chunk(self, content: str | None, finish: str | None = None) -> None:
        self.event(_chunk([{"index": 0, "delta": {"content": content}, "finish_reason": finish}]))


def says(text: str | None, *, finish: str = "stop", pieces: int = 3) -> Behaviour:
    """A whole answer in a few chunks; usage when it is asked for."""

    def behave(handler: Handler, asked: Mapping[str, Any]) -> None:
        handler.begin_stream()
        for piece in _pieces(text, pieces):
            handler.chunk(piece)
        handler.chunk(None, finish)
        if asked.get("stream_options", {}).get("include_usage"):
            handler.event({**_chunk([]), "usage": USAGE})
        handler.event("[DONE]")

    return behave


def fails(status: int, message: str = "no", **headers: str) -> Behaviour:
    def behave(handler: Handler, _asked: Mapping[str, Any]) -> None:
        body = json.dumps({"error": {"message": message, "type": "error"}}).encode()
        handler.send_response(status)
        for name, value in {**headers, "content-type": "application/json", "content-length": str(len(body))}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return behave


def takes_only(formats: Sequence[str], good: Behaviour) -> Behaviour:
    """Refuses every other response format, as llama-cpp-python's server does with a schema."""

    def behave(handler: Handler, asked: Mapping[str, Any]) -> None:
        asked_format = asked.get("response_format", {"type": "text"})["type"]
        (good if asked_format in formats else fails(400, f"bad type {asked_format}"))(handler, asked)

    return behave


def is_slow(seconds: float, then: Behaviour) -> Behaviour:
    def behave(handler: Handler, asked: Mapping[str, Any]) -> None:
        time.sleep(seconds)
        then(handler, asked)

    return behave


def drips(seconds: float) -> Behaviour:
    """Keeps the line alive with comments and never says a word."""

    def behave(handler: Handler, _asked: Mapping[str, Any]) -> None:
        handler.begin_stream()
        for _ in range(int(seconds / 0.05)):
            handler.wfile.write(b": still here\n\n")
            handler.wfile.flush()
            time.sleep(0.05)

    return behave


def cut_stream(handler: Handler, _asked: Mapping[str, Any]) -> None:
    handler.begin_stream()
    handler.chunk("The fee is")


def no_choices(handler: Handler, _asked: Mapping[str, Any]) -> None:
    handler.begin_stream()
    handler.event(_chunk([]))
    handler.event("[DONE]")


def is_endless(handler: Handler, _asked: Mapping[str, Any]) -> None:
    handler.begin_stream()
    for _ in range(100_000):
        handler.chunk("and so on ")


def says_html(handler: Handler, _asked: Mapping[str, Any]) -> None:
    handler.send_response(200)
    handler.send_header("content-type", "text/html")
    handler.end_headers()
    handler.wfile.write(b"<html>Please log in</html>")


def says_odd_chunks(handler: Handler, _asked: Mapping[str, Any]) -> None:
    handler.begin_stream()
    handler.event({"id": 7, "choices": "none today", "usage": "much"})
    handler.event("[DONE]")


def says_broken_json(handler: Handler, _asked: Mapping[str, Any]) -> None:
    handler.begin_stream()
    handler.event('{"choices": [')
    handler.event("[DONE]")


def knows_its_job(*, formats: Sequence[str], limit_fields: Sequence[str], has_usage: bool = True) -> Behaviour:
    """Honest about what it can: keeps a schema and a limit only where it knows the field."""

    def behave(handler: Handler, asked: Mapping[str, Any]) -> None:
        wanted = asked.get("response_format", {"type": "text"})["type"]
        text = "OK"
        if "Count" in asked["messages"][-1]["content"]:
            text = "one two three four five " * 40
        elif "colour" in asked["messages"][-1]["content"]:
            sees_schema = "K7" in json.dumps(asked)
            text = '{"colour_code": "K7"}' if wanted in formats and sees_schema else "Blue, I would say."
        limit = min((asked[name] for name in limit_fields if name in asked), default=10_000)
        plain = asked if has_usage else {**asked, "stream_options": {}}
        says(text[: limit * 4], finish="length" if len(text) > limit * 4 else "stop")(handler, plain)

    return behave


def _pieces(text: str | None, count: int) -> list[str | None]:
    if not text:
        return [text]
    size = -(-len(text) // count)
    return [text[start : start + size] for start in range(0, len(text), size)]


def _chunk(choices: list[dict[str, Any]]) -> dict[str, Any]:
    return {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "local", "choices": choices}
