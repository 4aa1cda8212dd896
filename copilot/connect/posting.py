"""One HTTP request to a way out: no redirect is followed, and whatever goes wrong is one error."""

from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from copilot.connect.sending import SendFailed

_FINAL = frozenset({400, 401, 403, 404, 405, 409, 410, 413, 415, 422})


class _NoRedirects(HTTPRedirectHandler):
    """Followed, a redirect becomes a GET without the body, and its 200 would pass for a receipt."""

    def redirect_request(self, *_: Any) -> None:
        """None: the redirect is the answer."""


_opener = build_opener(_NoRedirects)


def ask(who: str, method: str, url: str, body: bytes, headers: Mapping[str, str], *, timeout_s: float) -> int:
    """The status of the answer, a 2xx; `who` names the other side in errors, e.g. "the webhook".

    Raises:
        SendFailed: the URL is none, there was no answer, or another one.
    """
    if not url.startswith(("http://", "https://")):
        raise SendFailed(f"{url[:40]!r} is no http(s) URL", is_final=True)
    request = Request(url, data=body, headers=dict(headers), method=method)  # noqa: S310 - http(s) only, see above
    try:
        with _opener.open(request, timeout=timeout_s) as answer:
            return int(answer.status)
    except HTTPError as error:
        error.close()
        is_redirect = 300 <= error.code < 400
        more = ", a redirect; set the address it leads to" if is_redirect else ""
        raise SendFailed(f"{who} answered {error.code}{more}", is_final=is_redirect or error.code in _FINAL) from error
    except (OSError, HTTPException, ValueError) as error:
        raise SendFailed(f"{who} does not answer: {type(error).__name__}", may_have_left=True) from error
