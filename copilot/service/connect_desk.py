"""What the endpoints of other systems share: the systems, the proposals, and the thread that writes them."""

import logging
from datetime import UTC, datetime
from threading import Lock

from copilot.connect.protocol import ObjectKind
from copilot.connect.systems import Connections
from copilot.errors import CopilotError
from copilot.service.looking import LookingLoop
from copilot.store.writebacks import Writebacks
from copilot.writeback import WriteBack

_logger = logging.getLogger(__name__)


class ConnectDesk:
    """The write-back of one tenant; the thread begins when something is confirmed, or was before a restart."""

    def __init__(self, connections: Connections, proposals: Writebacks) -> None:
        self.connections, self.proposals = connections, proposals
        self._writer = WriteBack(proposals, connections)
        self._loop: LookingLoop | None = None
        self._lock = Lock()
        if proposals.all("confirmed", "writing", limit=1):
            self.write_soon()

    def write_soon(self) -> None:
        """Leave word that something was confirmed."""
        with self._lock:
            if self._loop is None:
                self._loop = LookingLoop("write-back", self._writer.push)
        self._loop.wake()

    def look_again(self, system: str, kind: ObjectKind, object_id: str) -> None:
        """Compare what is proposed for an object with what is there now; a system that does not answer is no news."""
        try:
            self._writer.look_again(system, kind, object_id)
        except CopilotError as error:
            _logger.info("an object that was changed at %s cannot be read: %s", system, type(error).__name__)

    def close(self) -> None:
        """Stop writing; what is being written is written."""
        if self._loop is not None:
            self._loop.close()


def now() -> datetime:
    """The present time."""
    return datetime.now(UTC)
