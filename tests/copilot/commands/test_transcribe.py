"""`copilot transcribe`, and caption files for `copilot note`, as a user runs them."""

import json
from pathlib import Path

import pytest

from tests.copilot.commands.test_cli import copilot, refused
from tests.copilot.models.test_transcription import answers, speech_server

CALL = {
    "text": "…",
    "segments": [
        {"start": 0.5, "speaker": "A", "text": "Meridell, how can I help?"},
        {"start": 4.0, "speaker": "B", "text": "I want to cancel."},
        {"start": 5.0, "speaker": "B", "text": "My card is 4539 1488 0343 6467."},
        {"start": 9.0, "speaker": "C", "text": "Me too."},
    ],
}
VTT = """WEBVTT

00:00:01.000 --> 00:00:02.000
<v Ana>How can I help?

00:00:03.000 --> 00:00:06.000
<v Leo>I want to cancel my internet.
"""


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture
def audio(tmp_path: Path) -> Path:
    path = tmp_path / "call-7.wav"
    path.write_bytes(b"RIFF")
    return path


def test_a_recording_becomes_a_masked_line_that_replay_reads(data_dir: Path, audio: Path, tmp_path: Path) -> None:
    out = tmp_path / "calls.jsonl"
    with speech_server(answers(CALL)) as (base_url, _):
        server = {"OPENAI_BASE_URL": base_url, "COPILOT_TRANSCRIBE_MODEL": "own-diarize"}
        named = ("--agent-speaker", "A", "--customer-speaker", "B", "--out", str(out))
        first = copilot(data_dir, "transcribe", str(audio), *named, **server)
        again = copilot(data_dir, "transcribe", str(audio), *named, **server)
    assert (first.returncode, first.stdout) == (0, "")
    assert "Unknown who speaks as C" in first.stderr
    refused(again, "'call-7'", "--call-id")
    (line,) = out.read_text("utf-8").splitlines()
    assert json.loads(line) == {
        "call_id": "call-7",
        "channel": "voice",
        "turns": [
            {"turn_id": "t1", "speaker": "agent", "text": "Meridell, how can I help?", "t_ms": 500},
            {"turn_id": "t2", "speaker": "customer", "text": "I want to cancel. My card is [CARD].", "t_ms": 4000},
            {"turn_id": "t3", "speaker": "unknown", "text": "Me too.", "t_ms": 9000},
        ],
    }
    assert "cancel" in copilot(data_dir, "note", str(out)).stdout


def test_without_a_model_the_setting_is_named(data_dir: Path, audio: Path) -> None:
    refused(copilot(data_dir, "transcribe", str(audio)), "COPILOT_TRANSCRIBE_MODEL")


def test_a_speaker_is_agent_or_customer(data_dir: Path, audio: Path) -> None:
    arguments = ("transcribe", str(audio), "--agent-speaker", "A", "--customer-speaker", "A")
    refused(copilot(data_dir, *arguments), "'A'", "Name it once")


def test_the_note_of_a_caption_file_needs_its_voices_named(data_dir: Path, tmp_path: Path) -> None:
    captions = tmp_path / "call-8.vtt"
    captions.write_text(VTT)
    voices = ("--agent-voice", "Ana", "--customer-voice", "Leo")
    written = copilot(data_dir, "note", str(captions), *voices)
    assert "# call-8" in written.stdout
    assert "cancel" in written.stdout
    refused(copilot(data_dir, "note", str(captions), "--agent-voice", "Ana"), "'Leo'", "voices")
    replayed = copilot(data_dir, "replay", str(captions), *voices)
    assert '"turn.final"' in replayed.stdout
