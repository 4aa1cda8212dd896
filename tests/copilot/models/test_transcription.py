"""Transcription against a small server in the form of OpenAI's endpoint, over real HTTP on this machine."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from copilot.errors import BadInput, ConfigError, InvalidAnswer, ModelUnavailable
from copilot.models.transcription import Segment, transcribe
from copilot.settings import Settings

DIARIZED = {
    "text": "Hello. I want to cancel.",
    "task": "transcribe",
    "duration": 6.0,
    "segments": [
        {"type": "transcript.text.segment", "id": "s1", "start": 0.5, "end": 1.9, "speaker": "A", "text": " Hello."},
        {
            "type": "transcript.text.segment",
            "id": "s2",
            "start": 4,
            "end": 6,
            "speaker": "B",
            "text": "I want to cancel.",
        },
    ],
}
VERBOSE = {
    "text": "Hello there.",
    "language": "english",
    "duration": 2.0,
    "segments": [
        {"id": 0, "seek": 0, "start": 0.0, "end": 2.0, "text": " Hello there.", "tokens": [1], "temperature": 0}
    ],
}

Behaviour = Callable[[BaseHTTPRequestHandler], None]


def answers(body: Any, status: int = 200) -> Behaviour:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()

    def behave(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("content-type", "application/json")
        handler.send_header("content-length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return behave


def sleeps(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(3)
    handler.close_connection = True


@contextmanager
def speech_server(behave: Behaviour) -> Iterator[tuple[str, list[tuple[str, bytes]]]]:
    """Its base URL, and the requests it got: path and body."""
    asked: list[tuple[str, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append((self.path, self.rfile.read(int(self.headers["content-length"]))))
            behave(self)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its name in the base class)
            """Nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1", asked
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def audio(tmp_path: Path) -> Path:
    path = tmp_path / "call-7.wav"
    path.write_bytes(b"RIFF....WAVEfmt ")
    return path


def settings(model: str = "own-transcribe-diarize", timeout_s: float = 20) -> Settings:
    return Settings(transcribe_model=model, transcribe_timeout_s=timeout_s)


@pytest.fixture(autouse=True)
def _no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)


def test_a_diarizing_model_says_who_speaks_when(audio: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with speech_server(answers(DIARIZED)) as (base_url, asked):
        monkeypatch.setenv("OPENAI_BASE_URL", base_url)
        segments = transcribe(audio, settings())
    assert segments == [Segment("Hello.", 0.5, "A"), Segment("I want to cancel.", 4.0, "B")]
    ((path, body),) = asked
    assert path == "/v1/audio/transcriptions"
    for part in (b'filename="call-7.wav"', b"RIFF....WAVE", b"own-transcribe-diarize", b"diarized_json", b"auto"):
        assert part in body


def test_another_model_is_asked_for_times_alone(audio: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with speech_server(answers(VERBOSE)) as (base_url, asked):
        monkeypatch.setenv("OPENAI_BASE_URL", base_url)
        assert transcribe(audio, settings("own-whisper"), language="en") == [Segment("Hello there.", 0.0, None)]
    assert b"verbose_json" in asked[0][1]
    assert b"chunking_strategy" not in asked[0][1]


def test_text_without_segments_is_one_segment(audio: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with speech_server(answers({"text": "Hello there."})) as (base_url, asked):
        monkeypatch.setenv("OPENAI_BASE_URL", base_url)
        assert transcribe(audio, settings("m"), response_format="json") == [Segment("Hello there.")]
    assert b'name="response_format"\r\n\r\njson' in asked[0][1]


@pytest.mark.parametrize(
    ("behave", "error", "says"),
    [
        (answers({"error": {"message": "bad format"}}, 400), ModelUnavailable, "HTTP 400.*--format"),
        (answers({"error": {"message": "overloaded"}}, 503), ModelUnavailable, "HTTP 503"),
        (answers(b'{"text": "my card is 45'), InvalidAnswer, "no transcription"),
        (answers(b"<html>log in</html>"), InvalidAnswer, "no transcription"),
        (answers({"text": " "}), InvalidAnswer, "no words"),
        (answers([]), InvalidAnswer, "no transcription"),
    ],
)
def test_what_the_server_does_wrong_is_said_in_a_line(
    audio: Path, monkeypatch: pytest.MonkeyPatch, behave: Behaviour, error: type[Exception], says: str
) -> None:
    with speech_server(behave) as (base_url, asked):
        monkeypatch.setenv("OPENAI_BASE_URL", base_url)
        with pytest.raises(error, match=says) as failed:
            transcribe(audio, settings())
    assert len(asked) == 1
    assert "\n" not in str(failed.value)
    assert "45" not in str(failed.value)


def test_a_server_that_hangs_is_left_after_the_timeout(audio: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with speech_server(sleeps) as (base_url, _):
        monkeypatch.setenv("OPENAI_BASE_URL", base_url)
        began = time.monotonic()
        with pytest.raises(ModelUnavailable, match="COPILOT_TRANSCRIBE_TIMEOUT_S"):
            transcribe(audio, settings(timeout_s=0.3))
        assert time.monotonic() - began < 2.5


def test_a_server_that_is_not_there_is_named_by_its_setting(audio: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    with pytest.raises(ModelUnavailable, match="OPENAI_BASE_URL"):
        transcribe(audio, settings())


def test_what_is_missing_is_named(audio: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigError, match="COPILOT_TRANSCRIBE_MODEL"):
        transcribe(audio, settings(""))
    with pytest.raises(ConfigError, match="OPENAI_API_KEY"):
        transcribe(audio, settings())
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    with pytest.raises(BadInput, match=r"gone\.wav"):
        transcribe(tmp_path / "gone.wav", settings())
    (tmp_path / "empty.wav").write_bytes(b"")
    with pytest.raises(BadInput, match="empty"):
        transcribe(tmp_path / "empty.wav", settings())
