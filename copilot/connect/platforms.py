"""Replies to reviews through the platforms' own interfaces, in their documented form. Each replaces its earlier reply.

Google Business Profile: PUT v4/{name}/reply {comment}. Google Play: POST …/applications/{package}/reviews/{id}:reply
{replyText}. App Store Connect: POST v1/customerReviewResponses. None was run against the real service.
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from copilot.connect.posting import ask
from copilot.connect.sending import SendFailed

TIMEOUT_S = 20.0
GOOGLE_BUSINESS = "https://mybusiness.googleapis.com"
GOOGLE_PLAY = "https://androidpublisher.googleapis.com"
APP_STORE = "https://api.appstoreconnect.apple.com"


class _Platform:
    """What they share: a bearer token, JSON, and an answer that is a receipt."""

    is_idempotent = True  # a second reply replaces the first

    def __init__(self, token: str, base_url: str) -> None:
        self._token, self._base_url = token, base_url.rstrip("/")

    def _ask(self, method: str, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        headers = {"authorization": f"Bearer {self._token}", "content-type": "application/json"}
        url = f"{self._base_url}/{path}"
        status = ask("the platform", method, url, json.dumps(body).encode(), headers, timeout_s=TIMEOUT_S)
        return {"status": status}


class GoogleBusiness(_Platform):
    """Replies to Google Business reviews; the item's id is the review's `name`, `accounts/…/locations/…/reviews/…`."""

    name = "google_business"

    def __init__(self, token: str, base_url: str = GOOGLE_BUSINESS) -> None:
        super().__init__(token, base_url)

    def send(self, key: str, message: Mapping[str, Any]) -> Mapping[str, Any]:
        """Put the reply.

        Raises:
            SendFailed: it was not taken.
        """
        return {**self._ask("PUT", f"v4/{quote(_id(message))}/reply", {"comment": message["text"]}), "key": key}


class GooglePlay(_Platform):
    """Replies to Google Play reviews of one app."""

    name = "google_play"

    def __init__(self, token: str, package: str, base_url: str = GOOGLE_PLAY) -> None:
        super().__init__(token, base_url)
        self._package = package

    def send(self, key: str, message: Mapping[str, Any]) -> Mapping[str, Any]:
        """Post the reply.

        Raises:
            SendFailed: it was not taken.
        """
        review = quote(_id(message), safe="")
        path = f"androidpublisher/v3/applications/{quote(self._package)}/reviews/{review}:reply"
        return {**self._ask("POST", path, {"replyText": message["text"]}), "key": key}


class AppStore(_Platform):
    """Replies to App Store reviews."""

    name = "app_store"

    def __init__(self, token: str, base_url: str = APP_STORE) -> None:
        super().__init__(token, base_url)

    def send(self, key: str, message: Mapping[str, Any]) -> Mapping[str, Any]:
        """Post the reply.

        Raises:
            SendFailed: it was not taken.
        """
        review = {"data": {"type": "customerReviews", "id": _id(message)}}
        data = {
            "type": "customerReviewResponses",
            "attributes": {"responseBody": message["text"]},
            "relationships": {"review": review},
        }
        return {**self._ask("POST", "v1/customerReviewResponses", {"data": data}), "key": key}


def _id(message: Mapping[str, Any]) -> str:
    item_id = str(message.get("item_id") or "")
    if not item_id:
        raise SendFailed("the message names no review", is_final=True)
    return item_id
