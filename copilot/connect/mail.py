"""A message as an e-mail: for the mail server, and for the file that a mail program opens as a draft."""

import re
from collections.abc import Mapping
from email.message import EmailMessage
from typing import Any

from copilot.connect.sending import plain_key

_ADDRESS = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+")


def has_address(message: Mapping[str, Any]) -> bool:
    """Whether `message["to"]` is one e-mail address."""
    return _ADDRESS.fullmatch(str(message.get("to") or "")) is not None


def mail_of(key: str, message: Mapping[str, Any], *, sender: str = "") -> EmailMessage:
    """The e-mail; its Message-ID is made of the key, so that whoever gets it twice can tell.

    Without a `sender` it has no From line: somebody sends it by hand.
    """
    mail = EmailMessage()
    if sender:
        mail["From"] = sender
        mail["Message-ID"] = f"<{plain_key(key)}@{sender.rpartition('@')[2]}>"
    mail["To"] = str(message["to"])
    mail["Subject"] = " ".join(str(message.get("subject") or "").split())[:300]
    answered = re.sub(r"[<>\s]", "", str(message.get("in_reply_to") or ""))
    if answered:
        mail["In-Reply-To"] = f"<{answered}>"
    mail.set_content(str(message.get("text", "")))
    return mail
