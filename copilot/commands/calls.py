"""`copilot replay`, `copilot note`, `copilot redact`: transcripts through the live path, from the terminal."""

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from copilot.commands.files import read_json_object
from copilot.commands.printing import AsJson, print_json, say
from copilot.errors import BadInput

if TYPE_CHECKING:
    from copilot.calls.live import LiveCalls
    from copilot.transcript import Transcript

Calls = Annotated[Path, typer.Argument(help="Transcripts, one JSON object a line; or one call as .vtt captions.")]
AgentVoice = Annotated[list[str] | None, typer.Option(help="A voice of the agent in a .vtt file, as it spells it.")]
CustomerVoice = Annotated[list[str] | None, typer.Option(help="A voice of the customer.")]
PackOption = Annotated[str | None, typer.Option("--pack", help="Folder of a pack, or `demo`.")]
Speed = Annotated[str, typer.Option(help="`max`, or how many times faster than the call was.")]


def replay(
    calls: Calls,
    speed: Speed = "max",
    customer: Annotated[Path | None, typer.Option(help="A customer record (JSON) for calls that name none.")] = None,
    pack: PackOption = None,
    agent_voice: AgentVoice = None,
    customer_voice: CustomerVoice = None,
    as_json: AsJson = False,
) -> None:
    """Play transcripts through the live path and print the events; every call ends with its note."""
    del as_json  # events are JSON lines either way

    pace, record = _pace(speed), _customer(customer)
    transcripts = _read(calls, agent_voice, customer_voice)
    latencies: list[float] = []
    with live_calls(pack) as live:
        if record is not None:
            live.desk.add_customer(record)
            transcripts = [replace(call, customer_id=call.customer_id or record["customer_id"]) for call in transcripts]
        for transcript in transcripts:
            for event in _play(live, transcript, pace, latencies):
                print_json(event)
    _say_latencies(latencies)


def note(
    calls: Calls,
    pack: PackOption = None,
    agent_voice: AgentVoice = None,
    customer_voice: CustomerVoice = None,
    as_json: AsJson = False,
) -> None:
    """Write the note of every call."""
    transcripts = _read(calls, agent_voice, customer_voice)
    with live_calls(pack) as live:
        for transcript in transcripts:
            live.start(transcript)
            live.add_turns(transcript.call_id, transcript.turns)
            written = live.end(transcript.call_id)
            if as_json:
                print_json(written)
            else:
                typer.echo(f"# {transcript.call_id}\n{written['text']}\n")


def redact(
    policy: Annotated[str, typer.Option(help="`all` kinds, or `secrets`: what the live path masks.")] = "all",
    as_json: AsJson = False,
) -> None:
    """Mask JSON lines from standard input: {id, text} or {id, turns}; spans name what was masked."""
    import json

    from copilot.guard.redaction import ALL_KINDS, SECRET_KINDS, RedactionPolicy, redact_record

    del as_json  # the output is JSON lines either way
    if policy not in ("all", "secrets"):
        raise BadInput(f"--policy {policy!r} is not allowed; give `all` or `secrets`.")
    kinds = RedactionPolicy(ALL_KINDS if policy == "all" else SECRET_KINDS)
    for number, line in enumerate(sys.stdin, start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            raise BadInput(f"<stdin>:{number}: not valid JSON ({error.msg}). One JSON object a line.") from error
        if not isinstance(record, dict):
            raise BadInput(f"<stdin>:{number}: not an object. Give {{id, text}} or {{id, turns}}.")
        try:
            print_json(redact_record(record, kinds))
        except BadInput as error:
            raise BadInput(f"<stdin>:{number}: {error}") from error


@contextmanager
def live_calls(pack: str | None = None) -> Iterator["LiveCalls"]:
    """Live calls over a database of their own, which is gone afterwards; the index is the usual one."""
    from copilot.settings import load_settings
    from copilot.store import open_database
    from copilot.wiring import open_parts, settle

    settings = load_settings(**({"pack": pack} if pack else {}))
    parts = open_parts(settings, with_vectors=False, say=say)
    try:
        with TemporaryDirectory(prefix="copilot-replay-") as folder:
            database = open_database(f"sqlite:///{folder}/calls.db")
            live = parts.live_calls(settings.tenant, database)
            settle()
            yield live
            database.dispose()
    finally:
        parts.close()


def _read(path: Path, agent: list[str] | None, customer: list[str] | None) -> "Sequence[Transcript]":
    from copilot.feeds import Voices, read_transcripts, read_webvtt_file

    if path.suffix.lower() != ".vtt":
        return read_transcripts(path)
    voices: Voices = {**dict.fromkeys(agent or (), "agent"), **dict.fromkeys(customer or (), "customer")}
    return [read_webvtt_file(path, voices)]


def _play(
    live: "LiveCalls", transcript: "Transcript", pace: float | None, latencies: list[float]
) -> Iterator[Mapping[str, Any]]:
    live.start(transcript)
    printed = 0
    clock_ms = 0
    for turn in transcript.turns:
        if pace and turn.t_ms is not None and turn.t_ms > clock_ms:
            time.sleep((turn.t_ms - clock_ms) / 1000 / pace)
            clock_ms = turn.t_ms
        began = time.perf_counter()
        live.add_turns(transcript.call_id, [turn])
        latencies.append(time.perf_counter() - began)
        for event in live.events(transcript.call_id, printed):
            printed = event.seq
            yield vars(event)
    began = time.perf_counter()
    live.end(transcript.call_id)
    say(f"{transcript.call_id}: {len(transcript.turns)} turns, note in {1000 * (time.perf_counter() - began):.1f} ms")
    yield from (vars(event) for event in live.events(transcript.call_id, printed))


def _pace(speed: str) -> float | None:
    if speed == "max":
        return None
    try:
        pace = float(speed)
    except ValueError:
        pace = 0.0
    if pace <= 0:
        raise BadInput(f"--speed {speed!r} is not allowed; give `max` or a number above 0, as in 1 or 10.")
    return pace


def _customer(path: Path | None) -> Mapping[str, Any] | None:
    from copilot.customer import customer_record

    if path is None:
        return None
    record = read_json_object(path)
    if not isinstance(record.get("customer_id"), str):
        raise BadInput(f"--customer {path} holds no customer_id. Give one JSON object with customer_id.")
    customer_record(record)  # offers are decided by it: what is wrong is said now
    return record


def _say_latencies(latencies: list[float]) -> None:
    from copilot.latency import Latency

    say(f"final turn to cards: {Latency.of(latencies)} over {len(latencies)} turns")
