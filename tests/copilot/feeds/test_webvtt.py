from pathlib import Path

import pytest

from copilot.errors import BadInput
from copilot.feeds import Voices, read_webvtt, read_webvtt_file

VOICES: Voices = {"Ana Ruiz": "agent", "Leo": "customer"}
FILE = """WEBVTT

NOTE made by hand

1
00:00:00.500 --> 00:00:02.000
<v Ana Ruiz>Spoke &amp; Chain, this is Ana.</v>

2
00:00:02.000 --> 00:00:03.000
<v Ana Ruiz>How can I <b>help</b>?</v>

00:00:04.000 --> 00:00:06.000
<v.loud Leo>I want to cancel.
<v Ana Ruiz>I see.

00:01:00.000 --> 00:01:02.000
[music]
"""


def test_voices_become_speakers_and_captions_of_one_voice_one_turn() -> None:
    call = read_webvtt(FILE.encode(), VOICES, call_id="c-1")
    assert call.call_id == "c-1"
    assert [(turn.turn_id, turn.speaker, turn.text, turn.t_ms) for turn in call.turns] == [
        ("t1", "agent", "Spoke & Chain, this is Ana. How can I help?", 500),
        ("t2", "customer", "I want to cancel.", 4000),
        ("t3", "agent", "I see.", 4000),
        ("t4", "unknown", "[music]", 60_000),
    ]


def test_a_voice_nobody_mapped_is_named() -> None:
    with pytest.raises(BadInput, match="'Leo'"):
        read_webvtt(FILE.encode(), {"Ana Ruiz": "agent"})


def test_the_same_file_is_the_same_call_when_it_has_no_name() -> None:
    first, again = (read_webvtt(FILE.encode(), VOICES).call_id for _ in range(2))
    assert first == again
    assert first != read_webvtt(FILE.replace("cancel", "stay").encode(), VOICES).call_id


@pytest.mark.parametrize("content", [b"", b"hello", b"WEBVTT\n\n", b"\xff\xfeWEBVTT", b"WEBVTT\n\n00:01 --> x\nhi\n"])
def test_what_is_no_caption_file_is_refused(content: bytes) -> None:
    with pytest.raises(BadInput, match="WebVTT"):
        read_webvtt(content, VOICES)


def test_a_byte_order_mark_does_no_harm() -> None:
    assert read_webvtt(b"\xef\xbb\xbf" + FILE.encode(), VOICES).turns[0].speaker == "agent"


def test_a_file_on_disk_is_named_after_itself_and_a_missing_one_refused(tmp_path: Path) -> None:
    path = tmp_path / "call-7.vtt"
    path.write_text(FILE)
    assert read_webvtt_file(path, VOICES).call_id == "call-7"
    with pytest.raises(BadInput, match=r"gone\.vtt"):
        read_webvtt_file(tmp_path / "gone.vtt", VOICES)
