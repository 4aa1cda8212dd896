"""Speech to text for whole recordings, at any server with OpenAI's `/v1/audio/transcriptions`. Optional, never live."""

import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from copilot.errors import BadInput, ConfigError, InvalidAnswer, ModelUnavailable
from copilot.settings import Settings

if TYPE_CHECKING:
    import openai

ResponseFormat = Literal["diarized_json", "verbose_json", "json"]


@dataclass(frozen=True)
class Segment:
    """A stretch of a recording: its words, when they begin, and the recogniser's name for who speaks them."""

    text: str
    start_s: float | None = None
    speaker: str | None = None


class _Segment(BaseModel):
    model_config = ConfigDict(extra="ignore")

    text: str
    start: float | None = None
    speaker: str | None = None


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore")

    text: str = ""
    segments: list[_Segment] | None = None


def transcribe(
    audio: Path, settings: Settings, *, response_format: ResponseFormat | None = None, language: str | None = None
) -> list[Segment]:
    """The words of a recording, as the model in COPILOT_TRANSCRIBE_MODEL hears them.

    Args:
        audio: a file in a format the server reads.
        settings: the model and the longest wait; key and address are read from the environment.
        response_format: what to ask for; by default who speaks when, if the model's name says that it can tell, else
            times alone. Some models give neither: `json` is one segment without a time.
        language: two letters, when it is known.

    Raises:
        ConfigError: no model, key or package; names the variable.
        BadInput: the file cannot be read.
        ModelUnavailable, InvalidAnswer: the server did not answer, or not with a transcription.
    """
    model_name = settings.transcribe_model
    if not model_name:
        raise ConfigError("COPILOT_TRANSCRIBE_MODEL is not set. Set it to a speech model of the server.")
    content = _content(audio)
    client = _client(settings.transcribe_timeout_s)
    wanted = response_format or ("diarized_json" if "diarize" in model_name else "verbose_json")
    return _segments(_ask(client, model_name, (audio.name, content), wanted, language), audio)


def _content(audio: Path) -> bytes:
    try:
        content = audio.read_bytes()
    except OSError as error:
        raise BadInput(f"{audio}: cannot be read ({error.strerror}). Give the path of a recording.") from error
    if not content:
        raise BadInput(f"{audio}: the file is empty. Give the path of a recording.")
    return content


def _client(timeout_s: float) -> "openai.OpenAI":
    try:
        import httpx2  # noqa: PLC0415 - only when something is really transcribed
        import openai  # noqa: PLC0415 - the same

        from copilot.models.providers.openai import (  # noqa: PLC0415 - the same
            CONNECT_TIMEOUT_S,
            NO_KEY,
            OFFICIAL_BASE_URL,
            bounded_client,
        )
    except ImportError as error:
        raise ConfigError(f"copilot transcribe needs the package {error.name}: install the extra [models].") from error
    base_url, api_key = os.environ.get("OPENAI_BASE_URL") or OFFICIAL_BASE_URL, os.environ.get("OPENAI_API_KEY")
    if not api_key and base_url == OFFICIAL_BASE_URL:
        raise ConfigError("copilot transcribe needs a key: set OPENAI_API_KEY, or OPENAI_BASE_URL for your own server.")
    timeout = httpx2.Timeout(timeout_s, connect=min(timeout_s, CONNECT_TIMEOUT_S))
    return openai.OpenAI(
        base_url=base_url, api_key=api_key or NO_KEY, timeout=timeout, max_retries=0, http_client=bounded_client()
    )


def _ask(
    client: "openai.OpenAI", model_name: str, file: tuple[str, bytes], wanted: ResponseFormat, language: str | None
) -> str:
    import httpx2  # noqa: PLC0415 - with the client
    import openai  # noqa: PLC0415 - with the client

    try:
        answer = client.audio.transcriptions.with_raw_response.create(
            model=model_name,
            file=file,
            response_format=wanted,
            chunking_strategy="auto" if wanted == "diarized_json" else openai.omit,
            language=language or openai.omit,
        )
        return str(answer.http_response.text)
    except (openai.APITimeoutError, httpx2.TimeoutException) as error:
        raise ModelUnavailable(
            _failed(model_name, "did not answer in time; raise COPILOT_TRANSCRIBE_TIMEOUT_S")
        ) from error
    except openai.APIStatusError as error:
        advice = "; it may not take this recording or --format" if error.status_code in (400, 415, 422) else ""
        raise ModelUnavailable(_failed(model_name, f"answered with HTTP {error.status_code}{advice}")) from error
    except (openai.OpenAIError, httpx2.HTTPError) as error:
        raise ModelUnavailable(_failed(model_name, "could not be reached; check OPENAI_BASE_URL")) from error


def _failed(model_name: str, how: str) -> str:
    return f"The speech model {model_name!r} {how}. Nothing was written."


def _segments(answer: str, audio: Path) -> list[Segment]:
    try:
        read = _Answer.model_validate_json(answer)
    except ValidationError as error:
        raise InvalidAnswer("The server answered what is no transcription. Check OPENAI_BASE_URL.") from error
    told = read.segments or [_Segment(text=read.text)]
    segments = [Segment(one.text.strip(), _time(one.start), one.speaker) for one in told if one.text.strip()]
    if not segments:
        raise InvalidAnswer(f"The server heard no words in {audio}. Check the recording.")
    return segments


def _time(start_s: float | None) -> float | None:
    return start_s if start_s is not None and math.isfinite(start_s) and start_s >= 0 else None
