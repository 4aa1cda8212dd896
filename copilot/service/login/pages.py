"""The log-in page, logging in and out, and who one is."""

import asyncio
import html
from datetime import UTC, datetime
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import parse_qs, quote

from fastapi import APIRouter, Request, Response, status
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse

from copilot.errors import AccessDenied
from copilot.service.hall import Hall
from copilot.service.login.cookies import COOKIE, identity_of, login_of, refuse_foreign, set_cookie
from copilot.store import Identity

PAGES = Path(__file__).parent.parent / "pages"
HOME = "/review"
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # with none at all the form would come from the origin "null"
    "Cache-Control": "no-store",
}
_MOST_BYTES = 4096
WRONG = "The name or the password is wrong."

router = APIRouter(tags=["login"])


@router.get("/login", include_in_schema=False)
def page(request: Request, then: str = HOME) -> HTMLResponse:
    """The page on which people log in."""
    return _page(request, then)


@router.get("/login/login.css", include_in_schema=False)
def style() -> FileResponse:
    """Its style sheet."""
    return FileResponse(PAGES / "login.css", headers={"X-Content-Type-Options": "nosniff"})


@router.post("/login", include_in_schema=False)
async def log_in(request: Request) -> Response:
    """Log in with the user file: a form with `name`, `password` and `then`."""
    refuse_foreign(request)
    hall: Hall = request.app.state.hall
    if hall.oidc is not None:
        raise AccessDenied("People log in at the identity provider here. Open /login/oidc.")
    given = parse_qs((await request.body())[:_MOST_BYTES].decode("utf-8", errors="replace"))
    name, password, then = (given.get(field, [""])[0] for field in ("name", "password", "then"))
    where = request.client.host if request.client else "nowhere"
    for key in (f"from {where}", f"as {name}"):
        hall.log_in_rates.check(key)
    identity = await asyncio.to_thread(hall.users.check, name, password)
    if identity is None:
        return _page(request, then, problem=WRONG, code=status.HTTP_401_UNAUTHORIZED)
    return await begin(request, identity, then)


@router.post("/logout", status_code=204)
async def log_out(request: Request) -> Response:
    """Log out; the cookie is worthless from now on."""
    if await identity_of(request) is not None:
        await asyncio.to_thread(request.app.state.hall.logins.end, request.cookies[COOKIE])
    response = Response(status_code=status.HTTP_204_NO_CONTENT)
    response.delete_cookie(COOKIE, path="/")
    return response


@router.get("/v1/session")
async def session(request: Request) -> dict[str, Any] | None:
    """Who is logged in at this browser, and the token that changes must carry in the header `x-form-token`; or null."""
    login = await login_of(request)
    if login is None:
        return None
    person = login.identity
    return {"name": person.name, "role": person.role, "tenant": person.tenant, "form_token": login.form_token}


async def begin(request: Request, identity: Identity, then: str) -> Response:
    """Log somebody in and show them the page they wanted; the cookie is a new one each time."""
    hall: Hall = request.app.state.hall
    cookie, _ = await asyncio.to_thread(hall.logins.begin, identity, now=datetime.now(UTC))
    response = RedirectResponse(own_path(then), status.HTTP_303_SEE_OTHER, headers=HEADERS)
    set_cookie(response, request, cookie)
    return response


def own_path(then: str) -> str:
    """A path of this service, whatever was asked for: nobody is sent to another site."""
    is_ours = then.startswith("/") and not then.startswith(("//", "/\\")) and then.isprintable()
    return quote(then, safe="/?=&%#") if is_ours else HOME


def _page(request: Request, then: str, *, problem: str = "", code: int = 200) -> HTMLResponse:
    hall: Hall = request.app.state.hall
    by = "oidc" if hall.oidc is not None else "file"
    template = Template((PAGES / f"login_{by}.html").read_text("utf-8"))
    path = own_path(then)
    filled = template.safe_substitute(then=html.escape(path), asked=quote(path, safe=""), problem=html.escape(problem))
    return HTMLResponse(filled, code, headers=HEADERS)
