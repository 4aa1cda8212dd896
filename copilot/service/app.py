"""Builds the app from its parts; nothing connects on import."""

from fastapi import FastAPI

from copilot import __version__
from copilot.models import ModelHost
from copilot.service import (
    answers,
    billing,
    calls,
    cases,
    console_pages,
    demo,
    drafts,
    feed_socket,
    feeds,
    health,
    insight,
    models,
    offers,
    quality,
    review_console,
    reviews,
    search,
    tickets,
)
from copilot.service.hall import Hall
from copilot.service.limits import Gate
from copilot.service.problems import add_problem_handlers
from copilot.service.slow import Pace
from copilot.store import Tokens
from copilot.wiring import Parts


def create_app(
    parts: Parts, *, is_demo: bool = False, pace: Pace | None = None, host: ModelHost | None = None
) -> FastAPI:
    """The service over these parts; with `is_demo` also the demo page, which carries a token of its own.

    `pace` says how often a language model sums up a running call, `host` where it works; here, unless it is given.
    """
    app = FastAPI(title="Retention Copilot", version=__version__)
    hall = Hall(parts, pace=pace, host=host)
    app.state.hall = hall
    add_problem_handlers(app)
    app.add_middleware(Gate, max_body_bytes=parts.settings.max_body_bytes, metrics=hall.metrics)
    rooms = (
        calls,
        feeds,
        feed_socket,
        search,
        answers,
        billing,
        offers,
        drafts,
        reviews,
        quality,
        review_console,
        console_pages,
        insight,
        tickets,
        cases,
        models,
        health,
    )
    for router in (room.router for room in rooms):
        app.include_router(router)
    if is_demo:
        tenant = parts.settings.tenant
        app.state.demo_token = Tokens(parts.engine).create("agent", tenant)
        app.state.player = demo.Player(hall.live(tenant), parts.pack.directory / "calls.jsonl")
        app.include_router(demo.router)
    return app
