"""The cookie of a browser that is logged in, and what keeps foreign pages from using it."""

import asyncio
import hmac
from datetime import UTC, datetime
from urllib.parse import urlsplit

from fastapi import Request, Response

from copilot.errors import AccessDenied
from copilot.store import Identity
from copilot.store.logins import LASTS, Login, Logins

COOKIE = "rc_session"
FORM_TOKEN = "x-form-token"  # noqa: S105 - the name of a header
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


async def login_of(request: Request) -> Login | None:
    """Who is logged in at this browser."""
    cookie = request.cookies.get(COOKIE)
    if not cookie:
        return None
    logins: Logins = request.app.state.hall.logins
    return await asyncio.to_thread(logins.find, cookie, now=datetime.now(UTC))


async def identity_of(request: Request) -> Identity | None:
    """Whose request this is by their cookie.

    Raises:
        AccessDenied: a change that does not come from our own pages.
    """
    login = await login_of(request)
    if login is None:
        return None
    if request.method not in _SAFE:
        refuse_foreign(request)
        if not hmac.compare_digest(request.headers.get(FORM_TOKEN, "").encode(), login.form_token.encode()):
            raise AccessDenied(f"A change by cookie needs the header {FORM_TOKEN}. GET /v1/session tells it.")
    return login.identity


def refuse_foreign(request: Request) -> None:
    """Refuse what another site's page sent.

    Raises:
        AccessDenied: the Origin is not ours.
    """
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host", ""):
        raise AccessDenied("This came from a page of another site. Use our own page.")


def set_cookie(response: Response, request: Request, cookie: str) -> None:
    """Give the browser its cookie: no script sees it, no other site's form sends it."""
    response.set_cookie(
        COOKIE,
        cookie,
        max_age=int(LASTS.total_seconds()),
        httponly=True,
        secure=request.url.scheme == "https",
        samesite="lax",
        path="/",
    )
