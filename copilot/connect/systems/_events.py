"""The events that other systems send here: read only when the system has signed them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from copilot.connect.protocol import BadSignature, System
from copilot.connect.shape import read_json

IsFrom = Callable[[str, Mapping[str, str], bytes, datetime], bool]


@dataclass(frozen=True)
class Event:
    """What came over the wire, and when."""

    headers: Mapping[str, str]
    body: bytes
    now: datetime


def signed_data(system: System, secret: str, is_from: IsFrom, event: Event) -> Any:
    """The JSON of an event that the system has signed; None where it is none.

    Raises:
        BadSignature: it is not signed by the system, or too long ago.
        Refused: no secret is configured.
    """
    if not secret:
        raise system.cannot("send events here; set webhook_variable")
    if not is_from(secret, event.headers, event.body, event.now):
        raise BadSignature(f"The event is not signed by {system.name}, or too long ago.")
    try:
        return read_json(event.body)
    except ValueError:
        return None
