import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.connect.http import Http, retry_after, segment
from copilot.connect.protocol import ConnectFailed, NoSuchRecord, RateLimited, Refused, Unavailable
from copilot.errors import ConfigError
from tests.copilot.connect.systems.serving import Asked, FakeSystem, Mishap, Told, serving

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
SECRET = "s3cr3t-value"


class Echo(FakeSystem):
    def answer(self, asked: Asked) -> Told:
        return Told({"path": asked.path, "query": dict(asked.query)})


def http_at(url: str, *, timeout_s: float = 5, max_bytes: int = 10_000) -> Http:
    return Http("crm", url, {"Authorization": SECRET}, timeout_s=timeout_s, max_bytes=max_bytes, now=lambda: NOW)


def error_of(mishap: Mishap, method: str = "GET", *, timeout_s: float = 5) -> ConnectFailed:
    system = Echo()
    system.mishaps.append(mishap)
    with serving(system) as url, pytest.raises(ConnectFailed) as caught:
        http_at(url, timeout_s=timeout_s).call(method, "/x", body={} if method != "GET" else None)
    assert SECRET not in str(caught.value)
    assert len(system.asked) == 1
    return caught.value


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (301, Refused),
        (302, Refused),
        (307, Refused),
        (400, Refused),
        (401, Refused),
        (403, Refused),
        (404, NoSuchRecord),
        (409, Unavailable),
        (410, NoSuchRecord),
        (422, Refused),
        (429, RateLimited),
        (500, Unavailable),
        (502, Unavailable),
        (503, Unavailable),
        (504, Unavailable),
    ],
)
def test_every_status_is_the_error_that_says_what_to_do(status: int, kind: type[ConnectFailed]) -> None:
    error = error_of(Mishap(status, {"Location": "http://127.0.0.1:1/elsewhere"}, {"secret": "of the customer"}))
    assert (type(error), error.status) == (kind, status)
    assert "of the customer" not in str(error)


def test_too_many_calls_wrote_nothing_and_an_error_of_the_server_may_have() -> None:
    limited = error_of(Mishap(429, {"Retry-After": "7"}), "POST")
    broken = error_of(Mishap(503, {"Retry-After": "Wed, 25 Nov 2026 12:01:30 GMT"}), "POST")
    assert isinstance(limited, RateLimited)
    assert (limited.retry_after_s, limited.may_have_written) == (7.0, False)
    assert isinstance(broken, Unavailable)
    assert (broken.retry_after_s, broken.may_have_written) == (90.0, True)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [(None, 0), ("", 0), ("12", 12), ("-3", 0), ("soon", 0), ("9" * 30, 3600), ("Wed, 25 Nov 2026 11:00:00 GMT", 0)],
)
def test_a_retry_after_is_seconds_or_a_date_and_never_more_than_an_hour(value: str | None, seconds: float) -> None:
    assert retry_after(value, NOW) == seconds


def test_a_line_cut_after_a_write_may_have_written_and_a_refused_connection_has_not() -> None:
    cut = error_of(Mishap(cuts=True), "POST")
    assert isinstance(cut, Unavailable)
    assert cut.may_have_written
    with pytest.raises(Unavailable) as caught:
        http_at("http://127.0.0.1:9").call("POST", "/x", body={})
    assert not caught.value.may_have_written


def test_a_slow_answer_and_one_that_drips_are_given_up_in_time() -> None:
    late = error_of(Mishap(waits_s=3), timeout_s=0.3)
    drips = error_of(Mishap(data={"long": "x" * 200}, drips_s=0.05), timeout_s=0.5)
    assert ["within" in str(each) for each in (late, drips)] == [True, True]


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\n\r\n<html>log in</html>",
        b"HTTP/1.1 200 OK\r\n\r\n" + b"[" * 5000,
        b'HTTP/1.1 200 OK\r\n\r\n{"total": NaN}',
        b"HTTP/1.1 200 OK\r\n\r\n" + b'"' + b"x" * 20_000 + b'"',
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n{}",
        b"SSH-2.0-nonsense\r\n\r\n",
    ],
)
def test_an_answer_that_is_cut_or_too_long_or_no_json_is_an_error_of_ours(raw: bytes) -> None:
    error = error_of(Mishap(raw=raw))
    assert "<html>" not in str(error)


def test_nonsense_after_a_write_leaves_open_whether_it_was_written() -> None:
    error = error_of(Mishap(raw=b"HTTP/1.1 200 OK\r\n\r\n<html>"), "POST")
    assert isinstance(error, Unavailable)
    assert error.may_have_written


def test_a_next_page_at_another_address_is_not_asked_and_gets_no_log_in() -> None:
    thief = Echo()
    with serving(thief) as elsewhere, serving(Echo()) as url:
        with pytest.raises(Refused):
            http_at(url).linked("x", "http://[::1")
        for target in (
            f"{elsewhere}/x",
            "http://[::1/x",
            "http://127.0.0.1:99999/x",
            "https://127.0.0.1/x",
            f"{url}@evil.example/x",
        ):
            with pytest.raises(ConnectFailed):
                http_at(url).get(target)
    assert thief.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "http://crm.example/api",
        "ftp://x",
        "crm",
        "https://",
        "https://ann:pw@crm.example",
        "https://x/?q=1",
        "https://x:99999",
        "https://x:0",
        "https://[::1",
        "https://exa mple",
        "https://x/#a",
        "",
    ],
)
def test_an_address_that_cannot_be_meant_is_refused_before_anything_is_sent(url: str) -> None:
    with pytest.raises(ConfigError, match="url is") as caught:
        Http("crm", url, {})
    assert "pw" not in str(caught.value)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of this machine that nobody vouches for, with its key in the same file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("tls")
    asked = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost".split()
    asked += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem"]
    subprocess.run([openssl, *asked], cwd=folder, check=True, capture_output=True)
    both = folder / "both.pem"
    both.write_text((folder / "key.pem").read_text() + (folder / "cert.pem").read_text())
    return both


def test_an_https_address_that_nobody_vouches_for_gets_neither_log_in_nor_body(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = Echo()
    with serving(system, certificate=certificate) as url:
        with pytest.raises(Unavailable, match="SSLCert") as caught:
            http_at(url).call("POST", "/x", body={"name": "Dana"})
        assert system.asked == []
        assert not caught.value.may_have_written
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert http_at(url).get("/x") == {"path": "/x", "query": {}}
    assert system.asked[0].headers["authorization"] == SECRET
    assert system.asked[0].headers["user-agent"].startswith("retention-copilot/")


def test_a_header_with_a_line_break_is_refused() -> None:
    with serving(Echo()) as url, pytest.raises(Refused):
        Http("crm", url, {"X": "a\r\nInjected: yes"}).get("/x")


@given(st.text(min_size=1, max_size=30))
def test_no_id_leads_out_of_its_place_in_a_path(value: str) -> None:
    try:
        quoted = segment(value.encode(errors="ignore").decode())
    except NoSuchRecord:
        return
    assert not set(quoted) & set("/?#\\ ")
    assert quoted.strip(".")
