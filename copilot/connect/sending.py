"""Ways out for what people have approved: one adapter a file, all behind this."""

from collections.abc import Mapping
from typing import Any, Protocol

from copilot.errors import CopilotError


class SendFailed(CopilotError):
    """It was not sent; `is_final` says that trying again is of no use."""

    def __init__(self, message: str, *, is_final: bool = False) -> None:
        super().__init__(message)
        self.is_final = is_final


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
