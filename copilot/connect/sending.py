"""Ways out for what people have approved: one adapter a file, all behind this."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any, Protocol

from copilot.errors import CopilotError


class SendFailed(CopilotError):
    """It was not sent, as far as can be told.

    Attributes:
        is_final: trying again is of no use.
        may_have_left: the other side may have it all the same; only a way that drops repeats may try again.
    """

    def __init__(self, message: str, *, is_final: bool = False, may_have_left: bool = False) -> None:
        super().__init__(message)
        self.is_final = is_final
        self.may_have_left = may_have_left


class Sender(Protocol):
    """A way out."""

    name: str
    is_idempotent: bool
    """Whether the same key is sent once however often it is given."""

    def send(self, key: str, message: Mapping[str, Any]) -> Mapping[str, Any]:
        """Send, and say what shows it.

        Raises:
            SendFailed: it was not sent.
        """
        ...


def plain_key(key: str) -> str:
    """A key in letters, digits, `.`, `_` and `-`; two keys never become one."""
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", key)
    if plain == key and not key.startswith("."):
        return key
    return f"{plain.lstrip('.')}-{hashlib.sha256(key.encode()).hexdigest()[:12]}"
