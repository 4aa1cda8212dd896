"""`copilot transcribe`: a recording becomes a transcript line, its secrets masked, for `copilot replay` and `note`."""

import json
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import count, groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from copilot.commands.printing import AsJson, print_json, say
from copilot.errors import BadInput
from copilot.transcript import Speaker

if TYPE_CHECKING:
    from copilot.models.transcription import Segment

Names = list[str] | None


class Format(StrEnum):
    """What may be asked of the server."""

    diarized_json = "diarized_json"
    verbose_json = "verbose_json"
    json = "json"


def transcribe(
    audio: Annotated[Path, typer.Argument(help="A recording of one call.")],
    out: Annotated[Path | None, typer.Option(help="Append the line to this file instead of printing it.")] = None,
    agent_speaker: Annotated[Names, typer.Option(help="The recogniser's name for the agent, as in A.")] = None,
    customer_speaker: Annotated[Names, typer.Option(help="Its name for the customer.")] = None,
    call_id: Annotated[str | None, typer.Option(help="Name of the call; the file's by default.")] = None,
    language: Annotated[str | None, typer.Option(help="Two letters, when it is known.")] = None,
    response_format: Annotated[Format | None, typer.Option("--format", help="What to ask of the server.")] = None,
    as_json: AsJson = False,
) -> None:
    """Turn a recording into a transcript line, through a server with OpenAI's transcription endpoint."""
    del as_json  # the line is JSON either way
    from copilot.guard.redaction import redact_record
    from copilot.models.transcription import transcribe as ask
    from copilot.settings import load_settings

    name = call_id or audio.stem
    voices = _voices(agent_speaker, customer_speaker)
    _refuse_known(out, name)
    segments = ask(
        audio, load_settings(), response_format=response_format.value if response_format else None, language=language
    )
    masked = redact_record({"turns": list(_turns(segments, voices))})
    line = {"call_id": name, "channel": "voice", **({"language": language} if language else {})}
    _write({**line, "turns": masked["turns"]}, out)
    _say_unmapped(segments, voices)


def _voices(agent: Names, customer: Names) -> Mapping[str, Speaker]:
    both = set(agent or ()) & set(customer or ())
    if both:
        raise BadInput(f"The speaker {min(both)!r} is named as agent and as customer. Name it once.")
    voices: dict[str, Speaker] = dict.fromkeys(agent or (), "agent")
    return {**voices, **dict.fromkeys(customer or (), "customer")}


def _refuse_known(out: Path | None, call_id: str) -> None:
    from copilot.feeds import read_transcripts

    known = read_transcripts(out) if out is not None and out.exists() and out.stat().st_size else []
    if any(call.call_id == call_id for call in known):
        raise BadInput(f"{out} holds a call {call_id!r} already. Give another --call-id or another --out.")


def _turns(segments: Sequence["Segment"], voices: Mapping[str, Speaker]) -> Iterator[Mapping[str, Any]]:
    """One turn for what one speaker says in a row; what nobody is named for stays in its segments."""
    places = count()
    for number, (_, group) in enumerate(groupby(segments, key=lambda one: one.speaker or next(places)), start=1):
        said = list(group)
        speaker = voices.get(said[0].speaker or "", "unknown")
        time = {} if said[0].start_s is None else {"t_ms": round(said[0].start_s * 1000)}
        yield {"turn_id": f"t{number}", "speaker": speaker, "text": " ".join(one.text for one in said), **time}


def _write(line: Mapping[str, Any], out: Path | None) -> None:
    if out is None:
        print_json(line)
        return
    try:
        with out.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    except OSError as error:
        raise BadInput(f"--out {out} cannot be written ({error.strerror}). Give another path.") from error


def _say_unmapped(segments: Sequence["Segment"], voices: Mapping[str, Speaker]) -> None:
    unmapped = sorted({one.speaker for one in segments if one.speaker} - voices.keys())
    if unmapped:
        named = ", ".join(unmapped[:8])
        say(f"Unknown who speaks as {named}. Name them with --agent-speaker and --customer-speaker.")
