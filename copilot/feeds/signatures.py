"""Who sent this? Signatures over the raw body, compared in constant time, before anything of it is read.

Twilio: `X-Twilio-Signature`, base64 HMAC over the address it called and the form's fields, sorted; a JSON body is
covered by its `bodySHA256` in the address. SHA-1 with the account's auth token, or SHA-256 with a shared key when
`X-Twilio-Webhooks-Signature-Settings` says so. Twilio sends no time, so a repeat is told by its ids alone.
Ours: Standard Webhooks, `webhook-signature: v1,<base64>` over `id.timestamp.body`, within five minutes.
"""

import base64
import binascii
import hashlib
import hmac
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from urllib.parse import parse_qs, urlsplit, urlunsplit

from copilot.errors import AccessDenied

WINDOW_S = 300
FEWEST_SECRET_BYTES = 16
DELIVERIES_IN_MEMORY = 100_000

_DEFAULT_PORTS = {"https": 443, "http": 80}
_TWILIO_HASHES = {"HMAC_SHA1": hashlib.sha1, "HMAC_SHA256": hashlib.sha256}
_PREFIX = "whsec_"


@dataclass(frozen=True)
class TwilioSecrets:
    """The auth token of the account, and the shared key where webhooks are signed with one; empty when not set."""

    auth_token: str = ""
    shared_key: str = ""


def check_twilio(
    headers: Mapping[str, str], url: str, fields: Iterable[tuple[str, str]], body: bytes, secrets: TwilioSecrets
) -> None:
    """Let only Twilio pass.

    Args:
        headers: of the request, names in lower case.
        url: the address Twilio called, with its query, as Twilio knows it.
        fields: the form's fields in the order they came; none where the body is JSON.
        body: the raw body.
        secrets: what the operator has set.

    Raises:
        AccessDenied: not signed, wrongly signed, or the secret is not set; names the setting.
    """
    algorithm = _twilio_algorithm(headers.get("x-twilio-webhooks-signature-settings", ""))
    given = headers.get("x-twilio-signature", "")
    secret = secrets.shared_key if algorithm == "HMAC_SHA256" else secrets.auth_token
    if not secret:
        setting = "TWILIO_SHARED_KEY" if algorithm == "HMAC_SHA256" else "TWILIO_AUTH_TOKEN"
        raise AccessDenied(f"COPILOT_FEED_{setting} is not set, so nobody can tell whether Twilio sent this. Set it.")
    signed = "".join(name + value for name, value in sorted(set(fields)))
    wanted = [_mac(secret.encode(), f"{each}{signed}".encode(), algorithm) for each in _with_and_without_port(url)]
    is_signed = any(hmac.compare_digest(one.encode(), given.encode()) for one in wanted)
    if not is_signed or not _has_signed_body(url, body, is_form=bool(signed)):
        raise AccessDenied(
            "X-Twilio-Signature does not fit. Check the secret; COPILOT_PUBLIC_URL must be the address Twilio calls."
        )


def _twilio_algorithm(settings: str) -> str:
    pairs = dict(part.strip().partition("=")[::2] for part in settings.split(","))
    algorithm = (pairs.get("algorithm") or "HMAC_SHA1").strip().upper()
    if algorithm not in _TWILIO_HASHES:
        raise AccessDenied(f"Twilio's algorithm {algorithm[:40]!r} is none of {', '.join(_TWILIO_HASHES)}. Choose one.")
    return algorithm


def _mac(secret: bytes, signed: bytes, algorithm: str) -> str:
    return base64.b64encode(hmac.new(secret, signed, _TWILIO_HASHES[algorithm]).digest()).decode()


def _has_signed_body(url: str, body: bytes, *, is_form: bool) -> bool:
    """Whether the signature covers the body: as form fields, by its hash in the address, or because there is none."""
    if is_form or not body:
        return True
    hashes = parse_qs(urlsplit(url).query).get("bodySHA256", [""])
    return hmac.compare_digest(hashlib.sha256(body).hexdigest().encode(), hashes[0].lower().encode())


def _with_and_without_port(url: str) -> Sequence[str]:
    """Twilio signs sometimes with the port and sometimes without."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    bare = host.rpartition(":")[0] if parts.port else host
    port = parts.port or _DEFAULT_PORTS.get(parts.scheme, 443)
    return [url, *(urlunsplit(parts._replace(netloc=netloc)) for netloc in (bare, f"{bare}:{port}"))]


def check_standard(headers: Mapping[str, str], body: bytes, secrets: str, *, now_s: float) -> str:
    """Let only those pass who know our secret, and give the id of the delivery.

    Args:
        headers: of the request, names in lower case.
        body: the raw body.
        secrets: COPILOT_FEED_SECRET; several, with spaces between, while one is being replaced by another.
        now_s: the time, in seconds since 1970.

    Raises:
        AccessDenied: not signed, wrongly signed, signed too long ago, or the secret is not set or too short.
    """
    keys = _keys(secrets)
    delivery_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not delivery_id or not timestamp.isascii() or not timestamp.isdigit():
        raise AccessDenied(
            "webhook-id, webhook-timestamp (seconds) and webhook-signature are needed. Sign the request."
        )
    wanted = [sign_standard(key, delivery_id, timestamp, body) for key in keys]
    given = headers.get("webhook-signature", "").split()
    if not any(hmac.compare_digest(one.encode(), each.encode()) for one in wanted for each in given):
        raise AccessDenied(
            "webhook-signature does not fit. Check COPILOT_FEED_SECRET; sign id, timestamp and raw body."
        )
    if len(timestamp) > 12 or abs(now_s - int(timestamp)) > WINDOW_S:
        raise AccessDenied(
            f"webhook-timestamp is more than {WINDOW_S} seconds off. Sign again when sending again; check the clock."
        )
    return delivery_id


def sign_standard(key: bytes, delivery_id: str, timestamp: str, body: bytes) -> str:
    """One entry of a `webhook-signature` header."""
    signed = b".".join((delivery_id.encode(), timestamp.encode(), body))
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def _keys(secrets: str) -> list[bytes]:
    if not secrets.split():
        raise AccessDenied("COPILOT_FEED_SECRET is not set, so this feed is closed. Set it and sign with it.")
    keys = [_key(secret) for secret in secrets.split()]
    if any(len(key) < FEWEST_SECRET_BYTES for key in keys):
        raise AccessDenied(f"COPILOT_FEED_SECRET is shorter than {FEWEST_SECRET_BYTES} bytes. Set a longer one.")
    return keys


def _key(secret: str) -> bytes:
    """The bytes of a secret: base64 behind `whsec_`, as the standard writes it, else its characters."""
    if not secret.startswith(_PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error:
        raise AccessDenied(f"COPILOT_FEED_SECRET starts with {_PREFIX} but is no base64. Correct it.") from None


@dataclass
class Deliveries:
    """The deliveries of the last minutes, so that one sent again by somebody who listened in does nothing.

    In this process only; beside it, ids of turns make a repeat harmless.
    """

    _seen: OrderedDict[str, float] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def is_repeat(self, delivery_id: str, now_s: float) -> bool:
        """Whether this delivery was taken in before."""
        with self._lock:
            while self._seen and now_s - next(iter(self._seen.values())) > 2 * WINDOW_S:
                self._seen.popitem(last=False)
            return delivery_id in self._seen

    def remember(self, delivery_id: str, now_s: float) -> None:
        """Note a delivery once all of it is durable."""
        with self._lock:
            self._seen[delivery_id] = now_s
            self._seen.move_to_end(delivery_id)
            while len(self._seen) > DELIVERIES_IN_MEMORY:
                self._seen.popitem(last=False)
