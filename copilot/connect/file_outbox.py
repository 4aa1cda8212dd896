"""The default way out: each message a file in a folder, for somebody to paste into a portal or to pick up."""

import json
import os
from collections.abc import Mapping
from email.policy import SMTP
from pathlib import Path
from typing import Any

from copilot.connect.mail import has_address, mail_of
from copilot.connect.sending import SendFailed, plain_key


class FileOutbox:
    """Writes `KEY.json` with everything and `KEY.txt` with the text; the same key is written once.

    Where there is an e-mail address, `KEY.eml` is beside them, which a mail program opens as a draft.
    """

    name = "file"
    is_idempotent = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, key: str, message: Mapping[str, Any]) -> Mapping[str, Any]:
        """Write the files, whole or not at all.

        Raises:
            SendFailed: the folder cannot be written.
        """
        name = plain_key(key)
        target = self._folder / f"{name}.json"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if not target.exists():  # it is written last: where it is, the others are
                _write(self._folder / f"{name}.txt", f"{message.get('text', '')}\n".encode())
                if has_address(message):
                    _write(self._folder / f"{name}.eml", _draft_mail(key, message))
                _write(target, json.dumps({"key": key, **message}, ensure_ascii=False, indent=2).encode() + b"\n")
        except OSError as error:
            raise SendFailed(f"{self._folder} cannot be written: {error.strerror}") from error
        return {"file": str(target)}


def _draft_mail(key: str, message: Mapping[str, Any]) -> bytes:
    mail = mail_of(key, message)
    mail["X-Unsent"] = "1"  # how mail programs know a draft
    return mail.as_bytes(policy=SMTP)


def _write(path: Path, content: bytes) -> None:
    fresh = path.with_name(f".{path.name}.new")
    with fresh.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
