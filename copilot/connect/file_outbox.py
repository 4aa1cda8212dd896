"""The default way out: each message a file in a folder, for somebody to paste into a portal or to pick up."""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from copilot.connect.sending import SendFailed


class FileOutbox:
    """Writes `KEY.json` with everything and `KEY.txt` with the text; the same key is written once."""

    name = "file"
    is_idempotent = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, key: str, message: Mapping[str, Any]) -> Mapping[str, Any]:
        """Write the files, whole or not at all.

        Raises:
            SendFailed: the folder cannot be written.
        """
        name = re.sub(r"[^\w.-]", "_", key)
        target = self._folder / f"{name}.json"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if not target.exists():
                _write(self._folder / f"{name}.txt", f"{message.get('text', '')}\n")
                _write(target, json.dumps({"key": key, **message}, ensure_ascii=False, indent=2) + "\n")
        except OSError as error:
            raise SendFailed(f"{self._folder} cannot be written: {error.strerror}") from error
        return {"file": str(target)}


def _write(path: Path, text: str) -> None:
    fresh = path.with_name(f".{path.name}.new")
    with fresh.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
