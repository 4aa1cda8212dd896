"""Servers on loopback for the tests of ways out, which can also behave badly."""

import socketserver
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class MailServer:
    """What a mail server got, and how it behaves: it may drop the line, or answer otherwise than asked."""

    port: int = 0
    mails: list[bytes] = field(default_factory=list)
    drops_after_text: bool = False
    answers: dict[bytes, str] = field(default_factory=dict)


@contextmanager
def mail_server(answers: Mapping[str, str] | None = None, *, drops_after_text: bool = False) -> Iterator[MailServer]:
    """A mail server; `answers` are by command, e.g. `{"rcpt": "450 later"}`; `text` is the answer to the text."""
    kept = MailServer(
        drops_after_text=drops_after_text, answers={k.upper().encode(): v for k, v in (answers or {}).items()}
    )

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 ready")
            for line in iter(self.rfile.readline, b""):
                word = line[:4].strip().upper()
                if word == b"DATA" and word not in kept.answers:
                    self.say("354 go on")
                    kept.mails.append(b"".join(iter(self.rfile.readline, b".\r\n")))
                    if kept.drops_after_text:
                        return
                    self.say(kept.answers.get(b"TEXT", "250 queued"))
                else:
                    self.say(kept.answers.get(word, "250 ok"))

        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

    with _serving(Handler) as kept.port:
        yield kept


@contextmanager
def raw_server(answer: bytes) -> Iterator[int]:
    """A server that answers whatever it is asked with these bytes; its port."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.rfile.readline()
            self.wfile.write(answer)

    with _serving(Handler) as port:
        yield port


@contextmanager
def _serving(handler: type[socketserver.BaseRequestHandler]) -> Iterator[int]:
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
