"""Builds the app from its parts; nothing connects on import."""

import secrets
from datetime import UTC, datetime

from fastapi import FastAPI

from copilot import __version__
from copilot.models import ModelHost
from copilot.service import (
    answers,
    beside,
    billing,
    calls,
    cases,
    connect,
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
    training,
    translations,
    widget,
    widget_access,
)
from copilot.service.hall import Hall
from copilot.service.limits import Gate
from copilot.service.login import oidc, pages
from copilot.service.problems import add_problem_handlers
from copilot.service.slow import Pace
from copilot.store import Tokens
from copilot.wiring import Parts

LOG_IN_S = 600  # how long a log-in at an identity provider may take


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
    _add_login(app, hall)
    widget_access.allow_origins(app, parts.settings.frame_ancestors)
    rooms = (
        calls,
        beside,
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
        training,
        translations,
        translations,
        cases,
        connect,
        models,
        health,
        widget,
        widget_access,
    )
    for router in (room.router for room in rooms):
        app.include_router(router)
    if is_demo:
        tenant = parts.settings.tenant
        app.state.demo_token = Tokens(parts.engine).create("agent", tenant)
        app.state.player = demo.Player(hall.live(tenant), parts.pack.directory / "calls.jsonl")
        app.include_router(demo.router)
        demo.queue_items(hall.reply_review(tenant), parts.pack.directory / "items.jsonl", now=datetime.now(UTC))
    return app


def _add_login(app: FastAPI, hall: Hall) -> None:
    """The log-in page; at an identity provider where the settings name one."""
    settings = hall.parts.settings
    app.include_router(pages.router)
    if settings.oidc_issuer:
        hall.oidc = oidc.Provider(settings)
        from starlette.middleware.sessions import SessionMiddleware  # noqa: PLC0415 - it needs the extra `oidc`

        secret = settings.session_secret.get_secret_value() or secrets.token_urlsafe(32)
        app.add_middleware(SessionMiddleware, secret_key=secret, session_cookie="rc_log_in", max_age=LOG_IN_S)
        app.include_router(oidc.router)
