"""Systems on loopback for tests: real HTTP, with a store behind it, that can also behave badly."""

import json
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body or b"null")

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode()))


@dataclass(frozen=True)
class Told:
    """An answer."""

    data: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Mishap:
    """How the next request goes wrong; `is_done`: what it asks for is done all the same.

    `cuts`: the line is cut without an answer; `kills`: the process with this number is killed before the answer;
    `drips_s`: so long between the bytes of the answer; `raw`: these bytes instead of an answer.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    data: Any = None
    is_done: bool = False
    cuts: bool = False
    waits_s: float = 0.0
    drips_s: float = 0.0
    kills: bool = False
    raw: bytes = b""


class FakeSystem:
    """Subclasses answer; the tests look at `asked` and put mishaps before what comes next."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.mishaps: deque[Mishap] = deque()
        self.on_write: deque[Mishap | None] = deque()  # None: this one goes well
        self.url = ""
        self.kill_pid = 0

    def answer(self, asked: Asked) -> Told:
        raise NotImplementedError

    def next_mishap(self, asked: Asked) -> Mishap | None:
        if asked.method != "GET" and self.on_write:
            return self.on_write.popleft()
        return self.mishaps.popleft() if self.mishaps else None

    @property
    def writes(self) -> list[Asked]:
        return [asked for asked in self.asked if asked.method != "GET"]


class Handler(BaseHTTPRequestHandler):
    """Hands requests to the system of a subclass, and does what its next mishap says."""

    protocol_version = "HTTP/1.1"
    system: FakeSystem

    def handle_any(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.command, parts.path, query, headers, body)
        self.system.asked.append(asked)
        self.close_connection = True
        mishap = self.system.next_mishap(asked)
        told = self.system.answer(asked) if mishap is None or mishap.is_done else Told()
        if mishap is None:
            self.tell(told)
        else:
            self.go_wrong(mishap)

    do_GET = do_POST = do_PUT = do_PATCH = handle_any  # noqa: N815 - names of the standard library

    def go_wrong(self, mishap: Mishap) -> None:
        time.sleep(mishap.waits_s)
        if mishap.kills:
            os.kill(self.system.kill_pid, signal.SIGKILL)
        elif mishap.raw:
            self.wfile.write(mishap.raw)
        elif not mishap.cuts:
            self.tell(Told(mishap.data, mishap.status, mishap.headers), mishap.drips_s)

    def tell(self, told: Told, drips_s: float = 0.0) -> None:
        content = json.dumps(told.data).encode() if told.data is not None else b""
        self.send_response(told.status)
        for name, value in told.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        for place in range(len(content)) if drips_s else ():
            self.wfile.write(content[place : place + 1])
            self.wfile.flush()
            time.sleep(drips_s)
        if not drips_s:
            self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Quiet."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """A client that has gone is no news."""


@contextmanager
def serving(system: FakeSystem) -> Iterator[str]:
    """The system at a URL of its own."""
    server = Server(("127.0.0.1", 0), type("Own", (Handler,), {"system": system}))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    system.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield system.url
    finally:
        server.shutdown()
        server.server_close()
