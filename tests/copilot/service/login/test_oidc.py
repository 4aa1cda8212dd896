"""Logging in at an identity provider: a real exchange over HTTP, and every way it must be refused."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from fastapi.testclient import TestClient

from copilot.errors import ConfigError
from copilot.service import create_app
from copilot.service.login.oidc import Provider
from copilot.settings import Settings
from copilot.wiring import open_parts
from tests.copilot.service.login.provider import CLIENT, FakeProvider, another_key, serving, shared_key

ROLES = "care-qa=reviewer care-leads=supervisor"


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    with serving(FakeProvider()) as provider:
        yield provider


@pytest.fixture
def browser(provider: FakeProvider, tmp_path: Path) -> Iterator[Callable[[], TestClient]]:
    more: dict[str, Any] = {"oidc_issuer": provider.url, "oidc_client_id": CLIENT, "oidc_roles": ROLES}
    parts = open_parts(Settings(data_dir=tmp_path / "data", embedder="none", **more), with_vectors=False)
    app = create_app(parts)
    yield lambda: TestClient(app, raise_server_exceptions=False, follow_redirects=False)
    parts.close()


def go(client: TestClient, then: str = "/insight") -> httpx2.Response:
    """What a browser does: to the provider, and back with its code."""
    there = client.get("/login/oidc", params={"then": then})
    assert there.status_code == 302
    query = parse_qs(urlsplit(there.headers["location"]).query)
    assert query["code_challenge_method"] == ["S256"]
    back = httpx2.get(there.headers["location"], follow_redirects=False).headers["location"]
    return client.get(back.removeprefix("http://testserver"))


def test_who_the_provider_knows_is_logged_in_with_the_highest_role(
    browser: Callable[[], TestClient], provider: FakeProvider
) -> None:
    provider.claims["roles"] = ["staff", "care-leads", "care-qa"]
    client = browser()
    assert 'href="/login/oidc?then=%2Finsight"' in client.get("/login?then=/insight").text
    answer = go(client)
    assert (answer.status_code, answer.headers["location"]) == (303, "/insight")
    session = client.get("/v1/session").json()
    assert (session["name"], session["role"]) == ("rosa@example.com", "supervisor")


@pytest.mark.parametrize(
    "more",
    [
        {"iss": "https://evil.example"},
        {"aud": "another-client"},
        {"exp": 1},
        {"nonce": "of another browser"},
        {"roles": []},
        {"roles": "care-qa-not"},
        {"roles": {"care-qa": True}},
    ],
)
def test_claims_that_do_not_fit_are_refused(
    browser: Callable[[], TestClient], provider: FakeProvider, more: dict[str, Any]
) -> None:
    provider.more = more
    client = browser()
    assert go(client).status_code == 403
    assert client.get("/v1/session").json() is None


@pytest.mark.parametrize(("key", "algorithm"), [(another_key(), "ES256"), (shared_key(), "HS256")])
def test_a_signature_of_somebody_else_is_refused(
    browser: Callable[[], TestClient], provider: FakeProvider, key: Any, algorithm: str
) -> None:
    provider.signs_with, provider.algorithm = key, algorithm
    assert go(browser()).status_code == 403


def test_another_browsers_answer_is_refused(browser: Callable[[], TestClient], provider: FakeProvider) -> None:
    there = browser().get("/login/oidc").headers["location"]
    back = httpx2.get(there, follow_redirects=False).headers["location"].removeprefix("http://testserver")
    assert browser().get(back).status_code == 403  # it has no log-in under way
    assert browser().get("/login/oidc/callback?error=access_denied&error_description=%3Cb%3E").status_code == 403


def test_a_provider_that_is_down_is_told(browser: Callable[[], TestClient], provider: FakeProvider) -> None:
    provider.is_down = True
    answer = browser().get("/login/oidc")
    assert (answer.status_code, "does not answer" in answer.json()["detail"]) == (502, True)


def test_the_password_form_is_shut(browser: Callable[[], TestClient]) -> None:
    assert browser().post("/login", data={"name": "admin", "password": "x"}).status_code == 403


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"oidc_client_id": ""}, "OIDC_CLIENT_ID is empty"),
        ({"oidc_roles": ""}, "OIDC_ROLES is empty"),
        ({"oidc_roles": "care-qa=king"}, "VALUE=ROLE"),
        ({"oidc_roles": "care-qa"}, "VALUE=ROLE"),
    ],
)
def test_wrong_settings_are_told_at_the_start(settings: dict[str, str], says: str) -> None:
    given = {"oidc_issuer": "https://id.example", "oidc_client_id": CLIENT, "oidc_roles": ROLES, **settings}
    with pytest.raises(ConfigError, match=says):
        Provider(Settings(**given))  # type: ignore[arg-type]
