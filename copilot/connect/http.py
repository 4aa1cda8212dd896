"""One HTTP call to another system: no redirect is followed, time and size are bounded, every outcome has its error."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import quote, urlencode, urljoin, urlsplit

from copilot.connect.protocol import ConnectFailed, NoSuchRecord, RateLimited, Refused, Unavailable
from copilot.connect.shape import exact_json, read_json
from copilot.errors import ConfigError

TIMEOUT_S = 20.0  # for the whole call; a write is held for longer than a few of them
MAX_ANSWER_BYTES = 5_000_000
DEFAULT_RETRY_AFTER_S = 60.0
LONGEST_RETRY_AFTER_S = 3600.0
MAX_PAGES = 50
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_NOT_NOW = frozenset({408, 409, 421, 423, 425, 500, 502, 503, 504, 520, 521, 522, 523, 524})

Query = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    """A 2xx: `data` is its JSON with Decimals, None when it is empty; `etag` is empty when it has none."""

    status: int
    data: Any
    etag: str = ""


class Http:
    """Calls of one system.

    Args:
        name: the system's name, for errors; nothing of a body or of a header ever stands in one.
        url: where its paths begin; https, or http on this machine, or elsewhere with `allow_http`.
        headers: sent with every call, such as the log-in.
        timeout_s: for a whole call, however slowly the answer drips.

    Raises:
        ConfigError: the URL is none of these.
    """

    def __init__(
        self,
        name: str,
        url: str,
        headers: Mapping[str, str],
        *,
        timeout_s: float = TIMEOUT_S,
        max_bytes: int = MAX_ANSWER_BYTES,
        allow_http: bool = False,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._name, self._headers = name, dict(headers)
        self._timeout_s, self._max_bytes, self._now = timeout_s, max_bytes, now
        self._base = _base_url(name, url, allow_http=allow_http)
        self._origin = _origin(self._base)
        self._tls = ssl.create_default_context() if self._origin[0] == "https" else None

    def get(self, path: str, query: Query = ()) -> Any:
        """The JSON at a path.

        Raises:
            ConnectFailed: as `call`.
        """
        return self.call("GET", path, query=query).data

    def pages(self, path: str, query: Query, following: Callable[[Any], Query | str | None]) -> Iterator[Any]:
        """The JSON of each page: `following` tells from one page what to ask for the next, or its URL; None: the end.

        Raises:
            Refused: there are more than MAX_PAGES.
            ConnectFailed: as `call`.
        """
        at, asked = path, query
        for _ in range(MAX_PAGES):
            data = self.get(at, asked)
            yield data
            after = following(data)
            if after is None:
                return
            at, asked = (self.linked(at, after), ()) if isinstance(after, str) else (path, after)
        raise Refused(f"{self._name} answers with more than {MAX_PAGES} pages. Ask for something narrower.")

    def linked(self, after: str, link: str) -> str:
        """The URL that a link in the answer of the path or URL `after` leads to."""
        return urljoin(self._url(after), link)

    def call(
        self,
        method: str,
        path: str,
        *,
        query: Query = (),
        body: Any = None,
        form: Query | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Make one call; `path` may also be a whole URL of the same origin, such as the next page.

        `body` is sent as JSON unless it is None; `form` is sent instead, as a form.

        Raises:
            NoSuchRecord: 404 or 410.
            RateLimited: 429.
            Unavailable: no answer, not in time, or a status that says "not now".
            Refused: any other status, a redirect, an answer that is too long or no JSON, a URL of another origin.
        """
        target = self._target(path, query)
        content = _content(body, form)
        kind = "application/x-www-form-urlencoded" if form is not None else "application/json"
        sent = {"Accept": "application/json", **self._headers, **(headers or {})}
        if content is not None:
            sent["Content-Type"] = kind
        may_write = method != "GET"
        with self._connected(may_write=may_write) as connection:
            connection.request(method, target, body=content, headers=sent)
            answer = connection.getresponse()
            failed = self._error_of(answer, may_write=may_write)
            if failed is not None:
                raise failed
            raw = self._read(answer)
        try:
            return Answer(answer.status, read_json(raw) if raw.strip() else None, answer.headers.get("ETag", ""))
        except (ValueError, UnicodeDecodeError):
            raise self._unreadable("is no JSON", may_write=may_write, status=answer.status) from None

    def _target(self, path: str, query: Query) -> str:
        url = self._url(path)
        if _origin(url) != self._origin:
            raise Refused(f"{self._name} led to another address; it is not followed.")
        parts = urlsplit(url)
        asked = "&".join(filter(None, (parts.query, urlencode(query, quote_via=quote))))
        return f"{parts.path or '/'}{'?' if asked else ''}{asked}"

    def _url(self, path: str) -> str:
        return path if "://" in path.partition("?")[0] else urljoin(self._base, path.lstrip("/"))

    @contextmanager
    def _connected(self, *, may_write: bool) -> Iterator[HTTPConnection]:
        """A connection that is cut when its time is over: a socket's own time-out starts anew with every byte."""
        _, host, port = self._origin
        connection = (
            HTTPSConnection(host, port, timeout=self._timeout_s, context=self._tls)
            if self._tls is not None
            else HTTPConnection(host, port, timeout=self._timeout_s)
        )
        began = time.monotonic()
        timer = threading.Timer(self._timeout_s, _cut, [connection])
        timer.daemon = True
        timer.start()
        try:
            try:
                connection.connect()
            except OSError as error:
                raise Unavailable(f"{self._name} does not answer ({_why(error)}).", may_have_written=False) from None
            yield connection
        except (OSError, HTTPException) as error:
            is_late = time.monotonic() - began >= self._timeout_s
            why = f"not within {self._timeout_s:g} s" if is_late else _why(error)
            raise Unavailable(f"{self._name} does not answer ({why}).", may_have_written=may_write) from None
        except ValueError:  # http.client on line breaks in a header or control characters in a path
            raise Refused(f"{self._name}: the address or a header holds characters that are not allowed.") from None
        finally:
            timer.cancel()
            connection.close()

    def _read(self, answer: HTTPResponse) -> bytes:
        raw = answer.read(self._max_bytes + 1)
        if len(raw) > self._max_bytes:
            raise Refused(f"{self._name} answered with more than {self._max_bytes} bytes.", status=answer.status)
        if answer.length:  # fewer bytes came than were announced
            raise HTTPException("cut short")
        return raw

    def _error_of(self, answer: HTTPResponse, *, may_write: bool) -> ConnectFailed | None:
        status, text = answer.status, f"{self._name} answered {answer.status}"
        if 200 <= status < 300:
            return None
        wait_s = retry_after(answer.headers.get("Retry-After"), self._now())
        if status in (404, 410):
            return NoSuchRecord(f"{text}: it does not hold this.", status=status)
        if status == 429:
            return RateLimited(f"{text}: too many calls.", wait_s or DEFAULT_RETRY_AFTER_S, status=status)
        if status in _NOT_NOW:
            return Unavailable(f"{text}: not now.", status=status, retry_after_s=wait_s, may_have_written=may_write)
        if 300 <= status < 400:
            text += ", a redirect; set the address it leads to."
        else:
            why = "the log-in is wrong or may not do this" if status in (401, 403) else "it does not accept this"
            text += f": {why}."
        return Refused(text, status=status)

    def _unreadable(self, what: str, *, may_write: bool, status: int) -> ConnectFailed:
        message = f"The answer of {self._name} {what}."
        # a 2xx with nonsense in it may stand for a write that was done
        return Unavailable(message, status=status) if may_write else Refused(message, status=status)


def retry_after(value: str | None, now: datetime) -> float:
    """The seconds that a Retry-After header asks for, at most an hour; 0 without one that can be read.

    Both forms of RFC 9110, 10.2.3: seconds, or a date.
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), LONGEST_RETRY_AFTER_S)
    try:
        at = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return 0.0
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max((aware - now).total_seconds(), 0.0), LONGEST_RETRY_AFTER_S)


def segment(value: str) -> str:
    """A value as one segment of a path; it cannot lead to another place.

    Raises:
        NoSuchRecord: it is empty or a dot segment, which no id is.
    """
    if value.strip(". ") == "":
        raise NoSuchRecord(f"{value[:20]!r} is no id.")
    return quote(value, safe="")


def _base_url(name: str, url: str, *, allow_http: bool) -> str:
    parts = urlsplit(url)
    is_allowed = parts.scheme == "https" or (parts.scheme == "http" and (allow_http or parts.hostname in _LOOPBACK))
    try:
        is_whole = bool(parts.hostname) and not parts.query and not parts.fragment and not parts.username
        is_whole = is_whole and (parts.port is None or parts.port > 0)
    except ValueError:
        is_whole = False
    if not is_allowed or not is_whole:
        raise ConfigError(
            f"COPILOT_CONNECT, {name}: url is {url[:80]!r}; allowed is https://HOST/PATH, or http on this machine "
            "(elsewhere with `allow_http: true`), with no log-in or query in it."
        )
    return url if url.endswith("/") else f"{url}/"


def _origin(url: str) -> tuple[str, str, int]:
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = -1
    return parts.scheme, parts.hostname or "", port or (443 if parts.scheme == "https" else 80)


def _content(body: Any, form: Query | None) -> bytes | None:
    if form is not None:
        return urlencode(form).encode()
    return exact_json(body).encode(errors="replace") if body is not None else None


def _cut(connection: HTTPConnection) -> None:
    sock = connection.sock
    if sock is not None:
        try:
            sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            connection.close()


def _why(error: BaseException) -> str:
    return "not in time" if isinstance(error, TimeoutError) else type(error).__name__
