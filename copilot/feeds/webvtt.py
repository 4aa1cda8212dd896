"""WebVTT caption files: cue times give the order, voice spans (`<v Name>`) the speakers, whom the caller maps to roles.

Captions cut speech into lines; neighbouring cues of one voice become one turn again.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from html import unescape
from io import StringIO
from itertools import groupby
from pathlib import Path

from webvtt import WebVTT
from webvtt.errors import MalformedCaptionError, MalformedFileError

from copilot.errors import BadInput
from copilot.feeds.messages import LONGEST_ID
from copilot.feeds.transcript_file import MAX_TURN_CHARACTERS
from copilot.transcript import Speaker, Transcript, Turn

Voices = Mapping[str, Speaker]

_VOICE = re.compile(r"<v(?:\.[^\s>]+)*\s+([^>]+)>")
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class _Said:
    voice: str
    text: str
    t_ms: int


def read_webvtt(content: bytes, voices: Voices, *, call_id: str | None = None, source: str = "WebVTT") -> Transcript:
    """The call in a caption file.

    Args:
        content: the file.
        voices: the role of each name in the file; words without a voice are of an unknown speaker.
        call_id: its name; without one it is made of the content, so that the same file is the same call.
        source: what messages call the file.

    Raises:
        BadInput: it is no WebVTT, holds no words, or a voice has no role; the message names the voices.
    """
    said = list(_said(_captions(content, source)))
    if not said:
        raise BadInput(f"{source}: the file holds no words. Give a WebVTT file with cues.")
    _refuse_unknown(said, voices, source)
    name = call_id or f"vtt-{sha256(content).hexdigest()[:16]}"
    if len(name) > LONGEST_ID:
        raise BadInput(f"{source}: a call_id has at most {LONGEST_ID} characters, this has {len(name)}. Shorten it.")
    return Transcript(name, turns=tuple(_turns(said, voices)))


def read_webvtt_file(path: Path, voices: Voices) -> Transcript:
    """The call in a caption file on disk, named after the file.

    Raises:
        BadInput: as `read_webvtt`, and when it cannot be read.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error.strerror}). Give the path of a WebVTT file.") from error
    return read_webvtt(content, voices, call_id=path.stem, source=str(path))


def _captions(content: bytes, source: str) -> WebVTT:
    try:
        return WebVTT.from_buffer(StringIO(content.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        raise BadInput(f"{source}: not UTF-8 text (byte {error.start}). Save it as UTF-8.") from error
    except (MalformedFileError, MalformedCaptionError) as error:
        raise BadInput(f"{source}: not a WebVTT file: {error}. Its first line is WEBVTT, then cues follow.") from error


def _said(captions: WebVTT) -> Iterator[_Said]:
    for caption in captions.captions:
        t_ms = caption.start_time.in_milliseconds()
        lead, *spans = _VOICE.split(caption.raw_text)
        for voice, text in [("", lead), *zip(spans[::2], spans[1::2], strict=True)]:
            words = " ".join(unescape(_TAG.sub("", text)).split())
            if words:
                yield _Said(unescape(voice).strip(), words, t_ms)


def _refuse_unknown(said: Sequence[_Said], voices: Voices, source: str) -> None:
    unknown = sorted({one.voice for one in said if one.voice} - voices.keys())
    if unknown:
        named = ", ".join(repr(voice[:40]) for voice in unknown[:5])
        raise BadInput(
            f"{source}: nobody has said who speaks as {named}. Name the voices of the agent and of the customer."
        )


def _turns(said: Sequence[_Said], voices: Voices) -> Iterator[Turn]:
    for place, (voice, group) in enumerate(groupby(said, key=lambda one: one.voice), start=1):
        lines = list(group)
        text = " ".join(line.text for line in lines)[:MAX_TURN_CHARACTERS]
        yield Turn(f"t{place}", voices.get(voice, "unknown"), text, lines[0].t_ms)
