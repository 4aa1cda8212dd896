"""How many calls at once one process carries: a service under load over real HTTP, seen from its clients."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from random import Random

import httpx2

from copilot.errors import BadInput
from copilot.service.bench_callers import SETTLE_S, Caller, Tally
from copilot.service.bench_server import BenchServer, bench_server
from copilot.settings import Settings
from copilot.transcript import Transcript

TIMEOUT_S = 30.0
SAMPLE_S = 1.0
SEED = 7
POST_CONNECTIONS = 64  # every stream has one of its own besides


@dataclass(frozen=True)
class Spread:
    """Percentiles of `count` times, in milliseconds; None when there were none."""

    count: int
    p50_ms: float | None = None
    p95_ms: float | None = None
    p99_ms: float | None = None
    max_ms: float | None = None

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Spread":
        """The percentiles of these times: what stands at this share of them when sorted; zero times give none."""
        ordered = sorted(seconds)
        if not ordered:
            return cls(0)
        at = [ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in (0.5, 0.95, 0.99, 1)]
        return cls(len(ordered), *(round(1000 * value, 1) for value in at))

    def __str__(self) -> str:
        if not self.count:
            return "none"
        return f"p50 {self.p50_ms} ms, p95 {self.p95_ms} ms, p99 {self.p99_ms} ms, max {self.max_ms} ms ({self.count})"


@dataclass(frozen=True)
class Usage:
    """What the server used; megabytes of 10**6 bytes, cores of processor time; None where there is no /proc."""

    rss_start_mb: float | None
    rss_end_mb: float | None
    rss_max_mb: float | None
    rss_growth_mb_per_minute: float | None
    cores: float | None
    client_cores: float


@dataclass(frozen=True)
class LiveBench:
    """A run: what was asked for, what the clients saw, what the server used."""

    calls: int
    seconds: float
    pace_s: float
    calls_played: int
    turns: int
    turns_late: int
    turn_answered: Spread
    turn_heard: Spread
    card_heard: Spread
    note_answered: Spread
    events: int
    events_lost: int
    events_doubled: int
    errors: Mapping[str, int]
    usage: Usage

    def __str__(self) -> str:
        usage = self.usage
        errors = ", ".join(f"{name} x {count}" for name, count in self.errors.items())
        return f"""\
{self.calls} calls at once for {self.seconds:g} s, a turn every {self.pace_s:g} s each
{self.calls_played} calls, {self.turns} turns, {self.turns_late} of them sent late
turn to its answer: {self.turn_answered}
turn to its event at the client: {self.turn_heard}
turn to its card at the client: {self.card_heard}
hang-up to the note: {self.note_answered}
events: {self.events}, lost {self.events_lost}, doubled {self.events_doubled}; errors: {errors or "none"}
server memory: start {usage.rss_start_mb} MB, end {usage.rss_end_mb} MB, max {usage.rss_max_mb} MB, \
growth in the second half {usage.rss_growth_mb_per_minute} MB a minute
processor: server {usage.cores} cores, clients {usage.client_cores} cores"""


def bench_live(
    settings: Settings, transcripts: Sequence[Transcript], *, calls: int, seconds: float, pace_s: float
) -> LiveBench:
    """Start a service, load it for so long, and stop it.

    Args:
        settings: as for `copilot serve`; data folder and port are the bench's own.
        transcripts: played in turn, over and over, each time as a new call.
        calls: how many run at once, each with one client on its event stream.
        seconds: how long turns are sent; the start before and the last answers after come on top.
        pace_s: seconds between two turns of a call.

    Raises:
        BadInput: a number that is not above 0, or no transcripts.
        ServerDidNotStart: the service cannot be started.
    """
    if min(calls, seconds, pace_s) <= 0 or not transcripts:
        raise BadInput(f"{calls} calls for {seconds} s at {pace_s} s: all must be above 0, with transcripts to play.")
    with bench_server(settings) as server:
        return asyncio.run(_load(server, transcripts, calls, seconds, pace_s))


async def play_calls(
    url: str,
    token: str,
    transcripts: Sequence[Transcript],
    *,
    calls: int,
    seconds: float,
    pace_s: float,
    run: str = "bench",
) -> Tally:
    """Play calls into a service that runs already; what the clients saw. Each `run` plays calls of its own."""
    tally, chance = Tally(), Random(SEED)  # noqa: S311 - spreads the calls over the pace, the same way every time
    stop_at = time.perf_counter() + seconds
    async with (
        _client(url, token, POST_CONNECTIONS) as posts,
        _client(url, token, None) as streams,
        asyncio.TaskGroup() as callers,
    ):
        for number in range(calls):
            playlist = islice(cycle(transcripts), number % len(transcripts), None)
            caller = Caller(f"{run}-{number}", playlist, posts, streams, pace_s, tally)
            callers.create_task(caller.run(chance.uniform(0, pace_s), chance.random(), stop_at))
    return tally


async def _load(
    server: BenchServer, transcripts: Sequence[Transcript], calls: int, seconds: float, pace_s: float
) -> LiveBench:
    samples: list[float] = []
    watching = asyncio.create_task(_watch(server, samples))
    cpu_s, client_cpu_s, began = server.cpu_s(), time.process_time(), time.perf_counter()
    async with asyncio.timeout(seconds + 2 * TIMEOUT_S + SETTLE_S):
        tally = await play_calls(server.url, server.token, transcripts, calls=calls, seconds=seconds, pace_s=pace_s)
    took_s = time.perf_counter() - began
    watching.cancel()
    cpu_end_s = server.cpu_s()
    cores = None if cpu_s is None or cpu_end_s is None else round((cpu_end_s - cpu_s) / took_s, 2)
    usage = _usage(samples, cores, round((time.process_time() - client_cpu_s) / took_s, 2))
    return _result(tally, usage, calls, seconds, pace_s)


def _result(tally: Tally, usage: Usage, calls: int, seconds: float, pace_s: float) -> LiveBench:
    return LiveBench(
        calls=calls,
        seconds=seconds,
        pace_s=pace_s,
        calls_played=len(tally.lines),
        turns=len(tally.turn_answered_s),
        turns_late=tally.late_turns,
        turn_answered=Spread.of(tally.turn_answered_s),
        turn_heard=Spread.of(tally.turn_heard_s),
        card_heard=Spread.of(tally.card_heard_s),
        note_answered=Spread.of(tally.note_answered_s),
        events=tally.events,
        events_lost=tally.lost,
        events_doubled=tally.doubled,
        errors=dict(tally.errors),
        usage=usage,
    )


async def _watch(server: BenchServer, samples: list[float]) -> None:
    while (rss_mb := server.rss_mb()) is not None:
        samples.append(rss_mb)
        await asyncio.sleep(SAMPLE_S)


def _usage(samples: Sequence[float], cores: float | None, client_cores: float) -> Usage:
    if not samples:
        return Usage(None, None, None, None, cores, client_cores)
    growth_per_minute = _slope(samples[len(samples) // 2 :]) * 60 / SAMPLE_S
    seen = (samples[0], samples[-1], max(samples), growth_per_minute)
    start, end, most, growth = (round(value, 1) for value in seen)
    return Usage(start, end, most, growth, cores, client_cores)


def _slope(values: Sequence[float]) -> float:
    """Least squares: how much a value rises from one to the next."""
    middle, mean = (len(values) - 1) / 2, sum(values) / len(values)
    square = sum((place - middle) ** 2 for place in range(len(values)))
    return sum((place - middle) * (value - mean) for place, value in enumerate(values)) / square if square else 0.0


@asynccontextmanager
async def _client(url: str, token: str, connections: int | None) -> AsyncIterator[httpx2.AsyncClient]:
    limits = httpx2.Limits(max_connections=connections, max_keepalive_connections=connections)
    headers = {"Authorization": f"Bearer {token}"}
    timeout = httpx2.Timeout(TIMEOUT_S, read=TIMEOUT_S)
    async with httpx2.AsyncClient(base_url=url, headers=headers, limits=limits, timeout=timeout) as client:
        yield client
