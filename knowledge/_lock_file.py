"""A file that one process at a time holds; the system frees it when the process dies, however it dies."""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO, Self

from knowledge.errors import IndexLocked


class LockFile:
    """A held lock; its file says which process holds it."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    @classmethod
    def acquire(cls, path: Path) -> Self:
        """Take the lock at once, or raise IndexLocked naming the holder."""
        file = path.open("a+", encoding="utf-8")
        try:
            _lock(file)
        except OSError as error:
            file.seek(0)
            holder = file.read(20).strip() or "unknown"
            file.close()
            raise IndexLocked(
                f"The vector index in {path.parent} is held by process {holder}. Stop that one, or run a Chroma server "
                "(`chroma run`) and set COPILOT_CHROMA_URL for both; searching alone does not need the lock."
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        return cls(file)

    def release(self) -> None:
        """Let the next one have it; doing so twice is harmless."""
        with suppress(ValueError):  # closed before
            self._file.close()


def _lock(file: IO[str]) -> None:
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - only there on Windows

        file.seek(1000)  # past the text, which others want to read
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl  # noqa: PLC0415 - not there on Windows

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
