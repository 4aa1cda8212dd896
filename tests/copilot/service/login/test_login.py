"""Logging in with the user file: who may, for how long, and what foreign pages cannot do."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from copilot.errors import BadInput, ConfigError
from copilot.service import create_app
from copilot.service.login.pages import own_path
from copilot.service.rates import Rates, TooMany
from copilot.settings import Settings
from copilot.store import Identity, Tokens, open_database
from copilot.store.logins import LASTS, Logins
from copilot.users import UserFile
from copilot.wiring import Parts, open_parts

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    parts = open_parts(
        Settings(data_dir=tmp_path / "data", embedder="none", requests_per_minute=60), with_vectors=False
    )
    yield parts
    parts.close()


@pytest.fixture
def browser(parts: Parts) -> Callable[[], TestClient]:
    app = create_app(parts)
    return lambda: TestClient(app, raise_server_exceptions=False, follow_redirects=False)


def log_in(client: TestClient, parts: Parts, name: str = "rosa", role: str = "reviewer") -> str:
    """Add somebody and log them in; the token their changes carry."""
    password = UserFile(parts.settings.data_dir / "users.json").put(name, role, "default")
    answer = client.post("/login", data={"name": name, "password": password, "then": "/review"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/review")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert password not in cookie
    return str(client.get("/v1/session").json()["form_token"])


def test_who_logs_in_is_known_by_name_and_role(browser: Callable[[], TestClient], parts: Parts) -> None:
    client = browser()
    assert client.get("/v1/session").json() is None
    assert client.get("/v1/reviews").status_code == 401
    log_in(client, parts)
    session = client.get("/v1/session").json()
    assert (session["name"], session["role"], session["tenant"]) == ("rosa", "reviewer", "default")
    assert client.get("/v1/reviews").status_code == 200
    assert client.get("/v1/models/usage").status_code == 403


def test_a_change_needs_the_form_token_and_our_own_page(browser: Callable[[], TestClient], parts: Parts) -> None:
    client = browser()
    token = log_in(client, parts)
    assert client.post("/v1/reviews/next").status_code == 403
    assert client.post("/v1/reviews/next", headers={b"x-form-token": "ñ".encode()}).status_code == 403
    assert client.post("/v1/reviews/next", headers={"x-form-token": token}).status_code == 200
    foreign = {"x-form-token": token, "origin": "https://evil.example"}
    assert client.post("/v1/reviews/next", headers=foreign).status_code == 403
    own = {"x-form-token": token, "origin": "http://testserver"}
    assert client.post("/v1/reviews/next", headers=own).status_code == 200


def test_logging_out_ends_it(browser: Callable[[], TestClient], parts: Parts) -> None:
    client = browser()
    token = log_in(client, parts)
    cookie = client.cookies["rc_session"]
    assert client.post("/logout").status_code == 403
    assert client.post("/logout", headers={"x-form-token": token}).status_code == 204
    client.cookies.set("rc_session", cookie)
    assert client.get("/v1/session").json() is None


def test_a_wrong_password_says_nothing_more_and_ten_are_enough(browser: Callable[[], TestClient], parts: Parts) -> None:
    client = browser()
    UserFile(parts.settings.data_dir / "users.json").put("rosa", "reviewer", "default")
    for name in ("rosa", "nobody"):
        answer = client.post("/login", data={"name": name, "password": "<b>wrong</b>", "then": '"><script>'})
        assert answer.status_code == 401
        assert "The name or the password is wrong." in answer.text
        assert "<script>" not in answer.text
        assert "wrong</b>" not in answer.text
    codes = [client.post("/login", data={"name": "rosa", "password": "x"}).status_code for _ in range(10)]
    assert codes[-1] == 429
    assert int(client.post("/login", data={"name": "rosa", "password": "x"}).headers["retry-after"]) > 0
    assert client.post("/login", data={}, headers={"origin": "https://evil.example"}).status_code == 403


def test_who_asks_too_often_is_told_when_they_may_again(browser: Callable[[], TestClient], parts: Parts) -> None:
    client = browser()
    headers = {"Authorization": f"Bearer {Tokens(parts.engine).create('reviewer', person='rosa')}"}
    other = {"Authorization": f"Bearer {Tokens(parts.engine).create('reviewer', person='omar')}"}
    codes = [client.get("/v1/reviews", headers=headers).status_code for _ in range(70)]
    assert (codes[0], codes[-1]) == (200, 429)
    assert client.get("/v1/reviews", headers=other).status_code == 200  # the others are not held up
    browsing = browser()
    log_in(browsing, parts, "sam")
    codes = [browsing.get("/v1/reviews").status_code for _ in range(70)]
    assert (codes[0], codes[-1]) == (200, 429)


def test_the_page_runs_no_script_and_is_framed_by_nobody(browser: Callable[[], TestClient]) -> None:
    answer = browser().get("/login?then=/insight")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy
    assert 'value="/insight"' in answer.text
    assert browser().get("/login/login.css").status_code == 200


@pytest.mark.parametrize(
    ("then", "path"),
    [
        ("/review", "/review"),
        ("/insight?week=2026-W48", "/insight?week=2026-W48"),
        ("//evil.example", "/review"),
        ("/\\evil.example", "/review"),
        ("https://evil.example", "/review"),
        ("/x\r\nset-cookie: a=b", "/review"),
        ("", "/review"),
    ],
)
def test_nobody_is_sent_to_another_site(then: str, path: str) -> None:
    assert own_path(then) == path


def test_a_login_ends_after_a_working_day_and_with_its_person(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/logins.db")
    logins = Logins(engine)
    cookie, login = logins.begin(Identity("reviewer", "acme", person="rosa"), now=NOW)
    assert logins.find(cookie, now=NOW + LASTS - timedelta(seconds=1)) == login
    assert logins.find(cookie, now=NOW + LASTS) is None
    assert logins.find("other", now=NOW) is None
    logins.end_all("rosa", "other")
    assert logins.find(cookie, now=NOW) is not None
    logins.end_all("rosa", "acme")
    assert logins.find(cookie, now=NOW) is None
    engine.dispose()


def test_the_user_file_keeps_no_password(tmp_path: Path) -> None:
    users = UserFile(tmp_path / "users.json")
    assert users.check("rosa", "") is None
    password = users.put("rosa", "reviewer", "acme")
    kept = (tmp_path / "users.json").read_text("utf-8")
    assert password not in kept
    assert (tmp_path / "users.json").stat().st_mode & 0o077 == 0
    assert users.check("rosa", password) == Identity("reviewer", "acme", person="rosa")
    newer = users.put("rosa", "supervisor", "acme")
    assert users.check("rosa", password) is None
    found = users.check("rosa", newer)
    assert found is not None
    assert found.role == "supervisor"
    for wrong in (("", "reviewer"), ("x" * 101, "reviewer"), ("sam", "king")):
        with pytest.raises(BadInput):
            users.put(*wrong, "acme")
    users.remove("rosa")
    with pytest.raises(BadInput, match="there are: nobody"):
        users.remove("rosa")
    (tmp_path / "users.json").write_text("[{}]", "utf-8")
    with pytest.raises(ConfigError, match="no user file"):
        users.users()


def test_a_bucket_fills_again_as_time_goes_by() -> None:
    now = [0.0]
    rates = Rates(2, 10, clock=lambda: now[0])
    rates.check("a")
    rates.check("a")
    with pytest.raises(TooMany, match=re.escape("2 in 10 s")) as told:
        rates.check("a")
    assert told.value.retry_after_s == pytest.approx(5)
    rates.check("b")
    now[0] += 5
    rates.check("a")
    with pytest.raises(TooMany):
        rates.check("a")
    for _ in range(100):
        Rates(0, 10).check("a")
