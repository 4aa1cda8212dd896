"""A real service, calls full of secrets in every field: then the bytes of everything it wrote are searched."""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.copilot.service.conftest import Server

TYPED_CARD = "4539 1488 0343 6467"
ROOT = Path(__file__).parents[3]

# Said by the caller over turns, with a read-back; (speaker, text).
LINES = [
    ("agent", "Can I have the card number?"),
    ("customer", "sure, four five three nine"),
    ("agent", "four five three nine"),
    ("customer", "fourteen eighty eight, oh three four three"),
    ("customer", "sixty four sixty seven"),
    ("agent", "expiration and the security code?"),
    ("customer", "oh nine twenty nine and eight one five"),
    ("customer", f"the other one is {TYPED_CARD} 09/29 cvv 815"),
    ("customer", "my social is nine one two, eighty three, four five six seven, I mean 912-83-4567"),
    ("customer", "routing number 021000021, checking account 000987654321"),
    ("agent", "What is your PIN?"),
    ("customer", "it's seven three nine one"),
    ("agent", "7391, thank you"),
    ("agent", "And the password on the account?"),
    ("customer", "Bluebird77!"),
    ("customer", "mi tarjeta es cinco uno cero cinco uno cero cinco uno cero cinco uno cero cinco uno cero cero"),
    ("customer", "4716"),
    ("agent", "mm-hmm"),
    ("customer", "9103"),
    ("customer", "2254 8870"),
    ("customer", "is my payment late, and why was I charged 49.99 for the DP20?"),
]
LEAKS = (
    *("4539 1488", "45391488", "0343", "6467", "912-83", "4567", "021000021", "000987654321", "7391", "luebird77"),
    *("four five three nine", "fourteen eighty", "sixty four sixty", "eight one five", "nine one two", "eighty three"),
    *("seven three nine", "cinco uno cero", "4716", "9103", "2254", "8870", "5105105105105100", "378282246310005"),
    "cvv 815",
)


# Four digits alone occur in the fraction of a time and in a random id: there they have neighbours.
IN_PLACE = {leak: re.compile(rf"(?<![0-9A-Za-z.+:\-]){re.escape(leak)}(?![0-9A-Za-z.+:\-])") for leak in LEAKS}


def leaks_in(text: str) -> list[str]:
    return [leak for leak, place in IN_PLACE.items() if (place.search(text) if len(leak) < 6 else leak in text)]


class Told:
    """What the service wrote: its data folder, its log and its metrics."""

    def __init__(self, files: Mapping[str, bytes], log: str, metrics: str) -> None:
        self.parts = {**files, "log": log.encode(), "metrics": metrics.encode()}

    def leaks(self) -> list[tuple[str, str]]:
        return [(name, leak) for name, part in self.parts.items() for leak in leaks_in(part.decode("latin-1"))]


def play(client: httpx2.Client) -> list[httpx2.Response]:
    """The call, and then the same secrets in every other field that takes a text; the refusals."""
    post = client.post
    body = {"call_id": "secrets", "started_at": "2026-11-20T10:00:00-05:00", "customer_id": "C-1004"}
    post("/v1/calls", json=body).raise_for_status()
    for place, (speaker, text) in enumerate(LINES):
        turn = {"turn_id": f"t{place}", "speaker": speaker, "text": text}
        post("/v1/calls/secrets/turns", json={"turns": [turn]}).raise_for_status()
    said = f"the card is {TYPED_CARD}, the pin is 7391"
    post("/v1/calls/secrets/consent", json={"kind": said, "given": True, "wording": said}).raise_for_status()
    post("/v1/calls/secrets/auth", json={"level": "account", "method": f"pin 7391 {TYPED_CARD}"})
    post("/v1/answers", json={"question": f"what about my card {TYPED_CARD}?", "call_id": "secrets"})
    post("/v1/answers", json={"question": "my social is 912-83-4567 and zebras?"}).raise_for_status()
    client.get("/v1/search", params={"q": said, "query": said})
    for event in stored_events(client):
        if event["type"] == "card.shown":
            path = f"/v1/calls/secrets/cards/{event['body']['card_id']}/feedback"
            post(path, json={"verdict": "dismissed", "reason": said}).raise_for_status()
    post("/v1/calls/secrets/end").raise_for_status()
    client.patch("/v1/calls/secrets/note", json={"text": f"Paid with {TYPED_CARD}, pin is 7391"}).raise_for_status()
    return [
        post("/v1/calls", json={"call_id": "4539148803436467"}),
        post("/v1/calls", json={"call_id": "ok", "customer_id": "378282246310005"}),
        post(
            "/v1/calls/secrets/turns",
            json={"turns": [{"turn_id": "4539 1488 0343 6467", "speaker": "agent", "text": ""}]},
        ),
        post("/v1/calls/secrets/turns", json={"turns": [{"speaker": TYPED_CARD, "text": TYPED_CARD}]}),
        post("/v1/calls/4539148803436467/end"),
        client.patch("/v1/calls/secrets/note", json={TYPED_CARD: TYPED_CARD}),
        client.get("/v1/search", params={"q": said, "k": TYPED_CARD}),
        post("/v1/answers", json={"question": "x", "call_id": TYPED_CARD}),
        client.request("X4539148803436467", "/v1/search"),
        client.get("/4539148803436467"),
    ]


def stored_events(client: httpx2.Client) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    with client.stream("GET", "/v1/calls/secrets/events") as stream:
        for line in stream.iter_lines():
            if line.startswith("data: "):
                events.append(json.loads(line.removeprefix("data: ")))
            if len(events) >= len(LINES):
                return events
    return events


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Told, list[httpx2.Response]]:
    folder = tmp_path_factory.mktemp("secrets")
    server = Server(folder)
    server.start()
    try:
        with httpx2.Client(base_url=server.url, headers=server.headers, timeout=60) as client:
            refused = play(client)
            metrics = client.get("/metrics").text
        open_files = {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}  # with the WAL
        log = server.stop()
    finally:
        server.kill()
    closed_files = {f"closed {path}": path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return Told({**open_files, **closed_files}, log, metrics), refused


def test_no_byte_of_a_secret_stands_in_database_log_or_metrics(played: tuple[Told, list[httpx2.Response]]) -> None:
    told, _ = played
    assert told.leaks() == []


def test_what_is_no_secret_is_there_so_the_search_would_have_found_it(
    played: tuple[Told, list[httpx2.Response]],
) -> None:
    told, _ = played
    stored = b"".join(told.parts.values())
    assert all(word in stored for word in (b"49.99", b"DP20", b"[CARD]", b"[CVV]", b"[PIN]", b"copilot_requests_total"))


def test_a_refusal_never_repeats_a_secret(played: tuple[Told, list[httpx2.Response]]) -> None:
    _, refused = played
    assert all(answer.status_code >= 400 for answer in refused)
    assert [answer.text for answer in refused if leaks_in(answer.text)] == []


FAILING = """
from copilot.calls import live
def fail(state, turn, *rest, **named):
    raise ValueError(f"cannot read {turn.text!r} of Roberto, 4539 1488 0343 6467")
live.react = fail
from copilot.cli import main
main()
"""


class FailingServer(Server):
    """A service whose live path raises an exception that quotes the turn."""

    def _command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-c", FAILING, *arguments]


def test_an_error_in_the_live_path_is_logged_without_the_words_of_the_turn(tmp_path: Path) -> None:
    server = FailingServer(tmp_path)
    server.start()
    try:
        with httpx2.Client(base_url=server.url, headers=server.headers, timeout=60) as client:
            client.post("/v1/calls", json={"call_id": "c"}).raise_for_status()
            turn = {"speaker": "customer", "text": "Roberto lives with Margarita"}
            answer = client.post("/v1/calls/c/turns", json={"turns": [turn]})
        log = server.stop()
    finally:
        server.kill()
    assert answer.status_code == 500
    assert "ValueError" in log
    assert "in fail" in log
    assert [word for word in ("Roberto", "Margarita", "4539", "1488") if word in log + answer.text] == []


def test_a_command_that_fails_does_not_print_what_it_read(tmp_path: Path) -> None:
    file = tmp_path / "calls.jsonl"
    file.write_text(json.dumps({"call_id": "c", "turns": [{"speaker": TYPED_CARD, "text": "x"}]}), encoding="utf-8")
    command = [sys.executable, "-m", "copilot.cli", "note", str(file)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "[CARD]" in ended.stderr
    assert "4539" not in ended.stderr + ended.stdout


CARD_LIKE = re.compile(r"(?<![0-9A-Za-z.\-])[2-6](?:[ \-]?[0-9]){12,18}(?![0-9A-Za-z\-])")


def test_the_recorded_conversations_with_models_hold_no_card() -> None:
    from copilot.guard.redaction.chains import looks_like_card

    recordings = list((ROOT / "tests").rglob("cassettes/**/*.yaml"))
    assert recordings
    found = [
        (path.name, match.group())
        for path in recordings
        for match in CARD_LIKE.finditer(path.read_text(encoding="utf-8"))
        if looks_like_card(re.sub(r"[^0-9]", "", match.group()))
    ]
    assert found == []
