"""Who may call: bearer tokens, roles, and the tenant a token is bound to."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from copilot.errors import AccessDenied
from copilot.service.hall import Hall
from copilot.service.login.cookies import identity_of
from copilot.service.problems import NoToken
from copilot.store import Identity, Role

_RANK: dict[Role, int] = {"agent": 0, "reviewer": 1, "supervisor": 2, "admin": 3}
# What the token of a widget opens: of its own call these, the search as that call may see it, and sums.
_OF_THE_CALL = "/v1/calls/{call_id}"
_WIDGET_ROUTES = frozenset(
    f"{method} {_OF_THE_CALL}{rest}"
    for method, rest in (
        ("GET", ""),
        ("GET", "/script"),
        ("GET", "/events"),
        ("GET", "/note"),
        ("PATCH", "/note"),
        ("POST", "/note/sign"),
        ("GET", "/note/history"),
        ("POST", "/cards/{card_id}/feedback"),
        ("GET", "/work"),
        ("POST", "/packet"),
        ("GET", "/decisions/{decision_id}"),
    )
)
_bearer = HTTPBearer(auto_error=False, description="A token made by `copilot token create`.")


async def identify(
    request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Identity:
    """The caller behind the bearer token, or behind the cookie of a browser that is logged in.

    Raises:
        NoToken: there is none, or it is unknown, or its time is over.
        AccessDenied: a change by cookie that does not come from our own pages; or the token of a widget, for another
            call or for less than this.
        TooMany: they ask too often.
    """
    hall: Hall = request.app.state.hall
    identity = await hall.identify(given.credentials) if given else await identity_of(request)
    if identity is None:
        raise NoToken("A bearer token is needed. Make one with `copilot token create --role agent`.")
    if identity.call_id and not _is_for_widget(request, identity.call_id):
        raise AccessDenied("This token is for the widget of one call and opens nothing else. Use the host's own token.")
    is_browser = given is None or bool(identity.call_id)
    (hall.browser_rates if is_browser else hall.rates).check(f"{identity.tenant}/{identity.name}/{identity.call_id}")
    return identity


def _is_for_widget(request: Request, call_id: str) -> bool:
    path = getattr(request.scope.get("route"), "path", "")
    if path.startswith(_OF_THE_CALL):
        return f"{request.method} {path}" in _WIDGET_ROUTES and request.path_params.get("call_id") == call_id
    if path == "/v1/search":
        return request.query_params.getlist("call_id") == [call_id]
    return path.startswith("/v1/billing/")


def at_least(role: Role) -> Callable[[Identity], Awaitable[Identity]]:
    """A dependency that lets this role and those above it pass."""

    async def check(identity: Annotated[Identity, Depends(identify)]) -> Identity:
        if _RANK[identity.role] < _RANK[role]:
            raise AccessDenied(f"The role {identity.role!r} may not do this; it takes {role!r}. Use another token.")
        return identity

    return check
