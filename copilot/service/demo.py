"""The demo: a page on which a recorded call of the pack plays, with its cards and its note as they come."""

import asyncio
import html
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from string import Template
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, HTMLResponse
from pydantic import BaseModel, Field

from copilot.calls.live import LiveCalls
from copilot.errors import AccessDenied, BadInput, NotFound
from copilot.feeds import read_transcripts
from copilot.replies.files import read_given
from copilot.reply_review import ReplyReview
from copilot.service.hall import Hall
from copilot.service.login.pages import begin
from copilot.store import Identity
from copilot.transcript import Transcript
from copilot.widget import SOURCES

PAGES = Path(__file__).parent / "pages"
# The page's own files, and of the widget's sources those that build elements and say words.
ASSETS = {
    file.name: file
    for file in (*PAGES.glob("demo*"), *(SOURCES / f"{name}.js" for name in ("dom", "words", "stream")))
    if file.suffix != ".html"
}
TYPICAL_PAUSE_MS = 2500
WATCHABLE_SPEED = 20  # up to here turns are told while they are spoken, too; faster than that nobody could read it
MIN_WORDS_IN_PARTS = 6
DEMO_REVIEWER = "Rosa, the reviewer"
LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")

# The page shows words of callers and documents: it runs no script but ours and talks to nobody but this service.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
ASSET_HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache"}
PAGE_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",  # it holds a token
}

router = APIRouter(tags=["demo"], include_in_schema=False)


class Play(BaseModel):
    """Which call to play, and how many times faster than it was."""

    call_id: str
    speed: Annotated[float, Field(gt=0, le=1000)] = 1.0


class Player:
    """Plays the demo calls of a pack into the live path, each time as a new call."""

    def __init__(self, live: LiveCalls, calls_file: Path) -> None:
        self._live = live
        self._calls = {call.call_id: call for call in read_transcripts(calls_file)} if calls_file.is_file() else {}
        self._titles = _titles(calls_file) if self._calls else {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._numbers = count(1)
        self._run = f"{datetime.now(UTC):%m%d%H%M%S}"

    def calls(self) -> list[dict[str, Any]]:
        """The calls there are, in the order of the file, with what a chooser shows."""
        return [
            {
                "call_id": call.call_id,
                "title": self._titles.get(call.call_id) or _words_of_id(call.call_id),
                "language": call.language,
                "turns": len(call.turns),
            }
            for call in self._calls.values()
        ]

    async def play(self, call_id: str, speed: float) -> str:
        """Start playing; the id of the new live call, which is known to the service when this returns.

        Raises:
            NotFound: the pack has no such call.
        """
        if call_id not in self._calls:
            raise NotFound(f"The pack has no demo call {call_id!r}. GET /demo/calls names them.")
        call = self._calls[call_id]
        live_id = f"{call_id}--{self._run}-{next(self._numbers)}"
        announced = Transcript(live_id, call.channel, call.language, call.started_at, call.customer_id)
        await asyncio.to_thread(self._live.start, announced)
        task = asyncio.create_task(self._play(call, live_id, speed))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return live_id

    async def _play(self, call: Transcript, live_id: str, speed: float) -> None:
        clock_ms = 0
        for turn in call.turns:
            at_ms = turn.t_ms if turn.t_ms is not None else clock_ms + TYPICAL_PAUSE_MS
            beginnings = _beginnings(turn.text) if speed <= WATCHABLE_SPEED and call.channel == "voice" else []
            slice_s = max(0, at_ms - clock_ms) / 1000 / speed / (len(beginnings) + 1)
            for beginning in beginnings:  # told in the pause before the turn is final
                await asyncio.sleep(slice_s)
                await asyncio.to_thread(self._live.add_partial, live_id, replace(turn, text=beginning))
            await asyncio.sleep(slice_s)
            clock_ms = max(clock_ms, at_ms)
            await asyncio.to_thread(self._live.add_turns, live_id, [turn])
        await asyncio.to_thread(self._live.end, live_id)


@router.get("/demo")
def page(request: Request) -> HTMLResponse:
    """The demo page; it carries a token of its own, so it is served on this machine only, under its own name.

    Raises:
        AccessDenied: another name was asked for, as when a foreign site lets its name point at this machine.
    """
    _refuse_other_names(request)
    template = Template((PAGES / "demo.html").read_text("utf-8"))
    token = html.escape(request.app.state.demo_token)
    return HTMLResponse(template.safe_substitute(token=token), headers=PAGE_HEADERS)


@router.get("/demo/reviewer")
async def reviewer(request: Request) -> Response:
    """The reviewers' desk, in a second tab: whoever can open the demo is its reviewer, too.

    Raises:
        AccessDenied: another name was asked for.
    """
    _refuse_other_names(request)
    hall: Hall = request.app.state.hall
    return await begin(request, Identity("supervisor", hall.parts.settings.tenant, person=DEMO_REVIEWER), "/review")


@router.get("/demo/assets/{name}")
def asset(name: str) -> FileResponse:
    """A script, style sheet or picture of the page."""
    if name not in ASSETS:
        raise NotFound(f"The demo page has no file {name!r}; it has: {', '.join(sorted(ASSETS))}.")
    return FileResponse(ASSETS[name], headers=ASSET_HEADERS)


@router.get("/demo/calls")
def calls(request: Request) -> list[dict[str, Any]]:
    """The calls that can be played."""
    player: Player = request.app.state.player
    return player.calls()


@router.post("/demo/plays", status_code=201)
async def play(body: Play, request: Request) -> dict[str, str]:
    """Play a call; its events come at /v1/calls/{call_id}/events."""
    player: Player = request.app.state.player
    return {"call_id": await player.play(body.call_id, body.speed)}


def queue_items(desk: ReplyReview, items_file: Path, *, now: datetime) -> None:
    """Draft answers to what the pack's customers wrote, for the reviewers' desk; the same again changes nothing."""
    if not items_file.is_file():
        return
    for read in read_given(items_file):
        if not read.problem:
            desk.draft(read.given, by="demo", now=now, extractive=True)


def _refuse_other_names(request: Request) -> None:
    if request.url.hostname not in LOCAL_HOSTS:
        raise AccessDenied(f"The demo answers to {', '.join(LOCAL_HOSTS)} only. Open http://127.0.0.1:PORT/demo.")


def refuse_unless_local(host: str) -> None:
    """The demo hands out a token to whoever asks, so it listens on this machine only.

    Raises:
        BadInput: the address is not a loopback address.
    """
    if host not in LOCAL_HOSTS:
        raise BadInput(f"--host {host!r}: the demo listens on 127.0.0.1 only. Use `copilot serve` for other addresses.")


def _beginnings(text: str) -> list[str]:
    """A third and two thirds of what is said, as a recogniser tells it; nothing of a short turn."""
    words = text.split()
    if len(words) < MIN_WORDS_IN_PARTS:
        return []
    return [" ".join(words[: len(words) * thirds // 3]) for thirds in (1, 2)]


def _titles(calls_file: Path) -> Mapping[str, str]:
    """What the pack calls its calls: the `title` of each line that has one."""
    lines = [json.loads(line) for line in calls_file.read_text("utf-8-sig").split("\n") if line.strip()]
    return {line["call_id"]: line["title"] for line in lines if isinstance(line.get("title"), str)}


def _words_of_id(call_id: str) -> str:
    """The id as words: "demo-01-price-save" is "01 price save"."""
    return call_id.removeprefix("demo-").replace("-", " ")
