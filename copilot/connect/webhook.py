"""Messages to a URL, signed as Standard Webhooks are: the receiver knows a repeat by `webhook-id`."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from copilot.connect.posting import ask

TIMEOUT_S = 15.0
_PREFIX = "whsec_"


class Webhook:
    """POSTs each message as JSON.

    Args:
        url: http or https.
        secret: `whsec_` and base64, or any text; empty: unsigned.
        clock: seconds since 1970.
    """

    name = "webhook"
    is_idempotent = True  # the receiver's part: the same webhook-id comes again after a crash

    def __init__(self, url: str, secret: str = "", *, clock: Callable[[], float] = time.time) -> None:
        if not url.startswith(("http://", "https://")):
            raise ValueError(f"{url[:60]!r} is no http(s) URL")
        self._url = url
        self._key = base64.b64decode(secret.removeprefix(_PREFIX)) if secret.startswith(_PREFIX) else secret.encode()
        self._clock = clock

    def send(self, key: str, message: Mapping[str, Any]) -> Mapping[str, Any]:
        """Send; a 2xx is the receipt.

        Raises:
            SendFailed: no answer, or another one.
        """
        body = json.dumps({"key": key, **message}, ensure_ascii=False).encode()
        headers = {"content-type": "application/json", **self._signed(key, body)}
        status = ask("the webhook", "POST", self._url, body, headers, timeout_s=TIMEOUT_S)
        return {"status": status, "webhook_id": key}

    def _signed(self, key: str, body: bytes) -> dict[str, str]:
        stamp = str(int(self._clock()))
        headers = {"webhook-id": key, "webhook-timestamp": stamp}
        if self._key:
            seal = hmac.new(self._key, b".".join([key.encode(), stamp.encode(), body]), hashlib.sha256).digest()
            headers["webhook-signature"] = f"v1,{base64.b64encode(seal).decode()}"
        return headers
