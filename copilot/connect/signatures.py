"""Whether an event comes from the system that signed it: over the raw bytes, compared in constant time, not too old.

A missing or malformed header is a wrong signature; nothing is parsed before it is verified.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

TOLERANCE = timedelta(minutes=5)

Headers = Mapping[str, str]
"""Header names in lower case."""


def is_from_zendesk(secret: str, headers: Headers, body: bytes, now: datetime) -> bool:
    """X-Zendesk-Webhook-Signature: base64 of HMAC-SHA256 over the timestamp (ISO 8601) and the body, nothing between.

    Source: Zendesk developer documentation, "Verifying a webhook".
    """
    stamp = headers.get("x-zendesk-webhook-signature-timestamp", "")
    given = headers.get("x-zendesk-webhook-signature", "")
    wanted = base64.b64encode(_seal(secret, stamp.encode() + body)).decode()
    return _same(given, wanted) and _is_fresh(_iso(stamp), now)


def is_from_chatwoot(secret: str, headers: Headers, body: bytes, now: datetime) -> bool:
    """X-Chatwoot-Signature: `sha256=` and the hex of HMAC-SHA256 over the timestamp (seconds), a point, and the body.

    Source: Chatwoot pull request 13573; the point is what public receivers use. Installations from before it sign
    nothing.
    """
    stamp = headers.get("x-chatwoot-timestamp", "")
    wanted = "sha256=" + _seal(secret, stamp.encode() + b"." + body).hex()
    return _same(headers.get("x-chatwoot-signature", ""), wanted) and _is_fresh(_seconds(stamp), now)


def is_from_stripe(secret: str, headers: Headers, body: bytes, now: datetime) -> bool:
    """Stripe-Signature: `t=SECONDS,v1=HEX`, several v1 while a secret is changed; over seconds, a point, and the body.

    Source: Stripe documentation, "Verify webhook signatures manually".
    """
    parts = [part.strip().partition("=") for part in headers.get("stripe-signature", "").split(",")[:20]]
    stamps = [value for name, _, value in parts if name == "t"]
    if len(stamps) != 1:
        return False
    wanted = _seal(secret, stamps[0].encode() + b"." + body).hex()
    is_signed = any(_same(value, wanted) for name, _, value in parts if name == "v1")
    return is_signed and _is_fresh(_seconds(stamps[0]), now)


def _seal(secret: str, signed: bytes) -> bytes:
    return hmac.new(secret.encode(), signed, hashlib.sha256).digest()


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())


def _is_fresh(at: datetime | None, now: datetime) -> bool:
    return at is not None and abs(now - at) <= TOLERANCE


def _seconds(stamp: str) -> datetime | None:
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 11):
        return None
    return datetime.fromtimestamp(int(stamp), UTC)


def _iso(stamp: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(stamp)
    except ValueError:
        return None
    return at if at.tzinfo else None
