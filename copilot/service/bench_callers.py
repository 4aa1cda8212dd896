"""Callers of the load bench: each plays calls turn by turn, and hears their events as a sidebar does."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import httpx2

from copilot.transcript import Transcript

RETRY_S = 0.2
SETTLE_S = 10.0
LATE_S = 0.1
LAST_TYPE = "note.updated"


@dataclass
class Tally:
    """What all callers measured; times in seconds."""

    turn_answered_s: list[float] = field(default_factory=list)
    turn_heard_s: list[float] = field(default_factory=list)
    card_heard_s: list[float] = field(default_factory=list)
    note_answered_s: list[float] = field(default_factory=list)
    events: int = 0
    lost: int = 0
    doubled: int = 0
    late_turns: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    lines: list["Line"] = field(default_factory=list)


@dataclass
class Line:
    """One call in progress: what was sent, what was acknowledged, what was heard."""

    call_id: str
    tally: Tally
    seq: int = 0
    last_type: str = ""
    acknowledged_seq: int = 0
    sent_at: dict[str, float] = field(default_factory=dict)
    acknowledged: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)

    def take(self, event: Mapping[str, str]) -> None:
        """Count one event of the stream: its place among the others, and how long it took."""
        now, seq = time.perf_counter(), int(event["id"])
        self.tally.events += 1
        if seq <= self.seq:
            self.tally.doubled += 1
            return
        self.tally.lost += seq - self.seq - 1
        self.seq, self.last_type = seq, event["event"]
        if self.last_type == "turn.final":
            self.heard.append(json.loads(event["data"])["body"]["turn_id"])
            self.tally.turn_heard_s.append(now - self.sent_at[self.heard[-1]])
        elif self.last_type == "card.shown" and self.heard:  # before the first turn it is the opening script
            self.tally.card_heard_s.append(now - self.sent_at[self.heard[-1]])

    def close(self) -> None:
        """Count what was acknowledged and never heard."""
        self.tally.lost += max(0, self.acknowledged_seq - self.seq)


@dataclass(frozen=True)
class Caller:
    """Plays one call after the other until it is time to stop, a turn every `pace_s`.

    Streams have a client of their own: among the connections of two hundred streams a free one is long to find.
    """

    name: str
    transcripts: Iterator[Transcript]
    posts: httpx2.AsyncClient
    streams: httpx2.AsyncClient
    pace_s: float
    tally: Tally

    async def run(self, phase_s: float, missed: float, stop_at: float) -> None:
        """Play calls until it is time to stop.

        Args:
            phase_s: when to begin, in seconds from now.
            missed: the share of the first call that is over already; with a share of its own for each caller the
                calls are as far apart as on any day, and do not all come to the same question at once.
            stop_at: nothing is sent after this, on the clock `time.perf_counter`.
        """
        due = time.perf_counter() + phase_s
        number = 0
        while due < stop_at:
            number += 1
            call = next(self.transcripts)
            turns = call.turns[int(missed * len(call.turns)) :] if number == 1 else call.turns
            due = await self._play(replace(call, call_id=f"{self.name}-{number}", turns=turns), due, stop_at)

    async def _play(self, call: Transcript, due: float, stop_at: float) -> float:
        await _sleep_until(due)
        announced = {"call_id": call.call_id, "language": call.language, "customer_id": call.customer_id}
        await self._post("/v1/calls", announced)
        line = Line(call.call_id, self.tally)
        self.tally.lines.append(line)
        async with self._listening(line) as listener:
            for turn in call.turns:
                due += self.pace_s
                if due >= stop_at:
                    break
                await _sleep_until(due)
                self.tally.late_turns += time.perf_counter() > due + LATE_S
                await self._say(line, {"turn_id": turn.turn_id, "speaker": turn.speaker, "text": turn.text})
            else:
                await self._hang_up(line, listener)
        return due + self.pace_s

    async def _say(self, line: Line, turn: Mapping[str, str]) -> None:
        began = line.sent_at[turn["turn_id"]] = time.perf_counter()
        answer = await self._post(f"/v1/calls/{line.call_id}/turns", {"turns": [turn]})
        self.tally.turn_answered_s.append(time.perf_counter() - began)
        line.acknowledged.append(turn["turn_id"])
        line.acknowledged_seq = answer["seq"]

    async def _hang_up(self, line: Line, listener: asyncio.Task[None]) -> None:
        began = time.perf_counter()
        await self._post(f"/v1/calls/{line.call_id}/end", {})
        self.tally.note_answered_s.append(time.perf_counter() - began)
        await asyncio.wait([listener], timeout=SETTLE_S)  # the stream of an ended call ends by itself
        self.tally.lost += line.last_type != LAST_TYPE

    async def _post(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Until it is acknowledged: everything that is posted here may be repeated."""
        while True:
            try:
                answer = await self.posts.post(path, json=body)
                answer.raise_for_status()
            except httpx2.HTTPError as error:
                await self._note_error("POST", error)
            else:
                acknowledged: Mapping[str, Any] = answer.json()
                return acknowledged

    @asynccontextmanager
    async def _listening(self, line: Line) -> AsyncIterator[asyncio.Task[None]]:
        listener = asyncio.create_task(self._listen(line))
        try:
            yield listener
            give_up_at = time.perf_counter() + SETTLE_S
            while line.seq < line.acknowledged_seq and time.perf_counter() < give_up_at:
                await asyncio.sleep(RETRY_S / 10)
            line.close()
        finally:
            listener.cancel()

    async def _listen(self, line: Line) -> None:
        while line.last_type != LAST_TYPE:
            try:
                headers = {"Last-Event-ID": str(line.seq)}
                async with self.streams.stream("GET", f"/v1/calls/{line.call_id}/events", headers=headers) as stream:
                    stream.raise_for_status()
                    await _take_all(stream, line)
            except httpx2.HTTPError as error:
                await self._note_error("SSE", error)

    async def _note_error(self, where: str, error: httpx2.HTTPError) -> None:
        status = f" {error.response.status_code}" if isinstance(error, httpx2.HTTPStatusError) else ""
        self.tally.errors[f"{where} {type(error).__name__}{status}"] += 1
        await asyncio.sleep(RETRY_S)


async def _take_all(stream: httpx2.Response, line: Line) -> None:
    event: dict[str, str] = {}
    async for text in stream.aiter_lines():
        if text:
            name, _, value = text.partition(": ")
            event[name] = value
        elif "id" in event:
            line.take(event)
            event = {}
            if line.last_type == LAST_TYPE:  # a model's wording of the note may follow; nobody here waits for it
                return


async def _sleep_until(due: float) -> None:
    await asyncio.sleep(max(0.0, due - time.perf_counter()))
