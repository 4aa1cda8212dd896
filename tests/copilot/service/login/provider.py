"""An identity provider on loopback in the form of OpenID Connect, which can also misbehave."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey
from joserfc.jws import JWSRegistry

CLIENT = "copilot"


class FakeProvider:
    """Hands out codes to whoever asks, and signs what the test wants it to claim."""

    def __init__(self) -> None:
        self.url = ""
        self.key = ECKey.generate_key("P-256", {"kid": "k1"})
        self.claims: dict[str, Any] = {"sub": "u-1", "email": "rosa@example.com", "roles": ["care-qa"]}
        self.more: Mapping[str, Any] = {}
        self.signs_with: Any = None
        self.algorithm = "ES256"
        self.is_down = False
        self._asked: dict[str, dict[str, str]] = {}

    def authorize(self, query: Mapping[str, str]) -> str:
        code = f"code-{len(self._asked)}"
        self._asked[code] = dict(query)
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form: Mapping[str, str]) -> dict[str, Any] | None:
        asked = self._asked.pop(form["code"], None)  # a code is good once
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if asked is None or base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return None
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 60, "nonce": asked["nonce"]}
        header = {"alg": self.algorithm, "kid": "k1"}
        registry = JWSRegistry(algorithms=[self.algorithm])
        signed = jwt.encode(
            header, {**claims, **self.claims, **self.more}, self.signs_with or self.key, registry=registry
        )
        return {"access_token": "at", "token_type": "Bearer", "id_token": signed}

    def description(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "id_token_signing_alg_values_supported": ["ES256", "HS256", "none"],
        }


@contextmanager
def serving(provider: FakeProvider) -> Iterator[FakeProvider]:
    """The provider behind HTTP."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path)
            if provider.is_down:
                self.answer(503, {})
            elif path.path == "/authorize":
                query = {name: values[0] for name, values in parse_qs(path.query).items()}
                self.send_response(302)
                self.send_header("location", provider.authorize(query))
                self.end_headers()
            elif path.path == "/keys":
                self.answer(200, KeySet([provider.key]).as_dict(private=False))
            else:
                self.answer(200, provider.description())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            given = provider.token({name: values[0] for name, values in parse_qs(body).items()})
            self.answer(200 if given else 400, given or {"error": "invalid_grant"})

        def answer(self, status: int, body: Mapping[str, Any]) -> None:
            raw = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its name in the base class)
            """Nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    provider.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()


def another_key() -> ECKey:
    """A key the provider does not publish, under the same name."""
    return ECKey.generate_key("P-256", {"kid": "k1"})


def shared_key() -> OctKey:
    """A key for signatures anybody with the secret could make."""
    return OctKey.import_key("a secret of at least thirty-two bytes", {"kid": "k1"})
