"""Replies to reviews through the platforms' interfaces, against a server of the documented form."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from copilot.connect.platforms import AppStore, GoogleBusiness, GooglePlay
from copilot.connect.sending import Sender, SendFailed

MESSAGE = {"item_id": "accounts/1/locations/2/reviews/3", "text": "Thank you. We are sorry to read this."}


@contextmanager
def platform(status: int = 200) -> Iterator[tuple[str, list[tuple[str, str, dict[str, Any], str]]]]:
    """A server that answers so, and what it got: method, path, body, authorization."""
    got: list[tuple[str, str, dict[str, Any], str]] = []

    class Handler(BaseHTTPRequestHandler):
        def _take(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            got.append((self.command, self.path, body, self.headers["authorization"]))
            self.send_response(status)
            self.end_headers()

        do_PUT = do_POST = _take  # noqa: N815 - named by the base class

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its name in the base class)
            """Nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", got
    finally:
        server.shutdown()
        server.server_close()


def test_each_is_asked_in_its_documented_form() -> None:
    with platform() as (url, got):
        senders: list[Sender] = [GoogleBusiness("t1", url), GooglePlay("t2", "com.example", url), AppStore("t3", url)]
        for sender in senders:
            assert sender.is_idempotent
            assert sender.send("D-1", MESSAGE) == {"status": 200, "key": "D-1"}
    business, play, store = got
    assert business == ("PUT", "/v4/accounts/1/locations/2/reviews/3/reply", {"comment": MESSAGE["text"]}, "Bearer t1")
    path = "/androidpublisher/v3/applications/com.example/reviews/accounts%2F1%2Flocations%2F2%2Freviews%2F3:reply"
    assert play == ("POST", path, {"replyText": MESSAGE["text"]}, "Bearer t2")
    data = store[2]["data"]
    assert (store[1], data["attributes"]["responseBody"]) == ("/v1/customerReviewResponses", MESSAGE["text"])
    assert data["relationships"]["review"]["data"]["id"] == MESSAGE["item_id"]


@pytest.mark.parametrize(("status", "is_final"), [(403, True), (404, True), (429, False), (503, False)])
def test_a_refusal_is_told_from_a_failure(status: int, is_final: bool) -> None:
    with platform(status) as (url, _got), pytest.raises(SendFailed, match=str(status)) as refused:
        GoogleBusiness("t", url).send("D-1", MESSAGE)
    assert refused.value.is_final is is_final


def test_nobody_there_and_no_review_named() -> None:
    with pytest.raises(SendFailed, match="does not answer"):
        GooglePlay("t", "com.example", "http://127.0.0.1:9").send("D-1", MESSAGE)
    with pytest.raises(SendFailed, match="no review"):
        AppStore("t", "http://127.0.0.1:9").send("D-1", {"text": "x"})
    with pytest.raises(SendFailed, match="no http"):
        AppStore("t", "file:///etc").send("D-1", MESSAGE)
