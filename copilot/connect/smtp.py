"""Messages by e-mail. SMTP cannot tell whether a message went out before a crash: such a one waits for a person."""

import re
import smtplib
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from typing import Any

from copilot.connect.sending import SendFailed

TIMEOUT_S = 30.0
_REFUSED_FOR_GOOD = 500


class Smtp:
    """Sends through one server.

    Args:
        host: and `port` of the server.
        sender: address of the From line.
        user: and `password` to log in with; empty: no login.
        starttls: whether to ask for encryption.
    """

    name = "smtp"
    is_idempotent = False

    def __init__(
        self, host: str, port: int, sender: str, *, user: str = "", password: str = "", starttls: bool = True
    ) -> None:
        self._host, self._port, self._sender = host, port, sender
        self._user, self._password, self._starttls = user, password, starttls

    def send(self, key: str, message: Mapping[str, Any]) -> Mapping[str, Any]:
        """Send to `message["to"]`; the Message-ID is made of the key, so that a repeat can be told by who gets it.

        Raises:
            SendFailed: no address, or the server refused.
        """
        mail = self._mail(key, message)
        try:
            with smtplib.SMTP(self._host, self._port, timeout=TIMEOUT_S) as server:
                if self._starttls:
                    server.starttls(context=ssl.create_default_context())
                if self._user:
                    server.login(self._user, self._password)
                server.send_message(mail)
        except smtplib.SMTPResponseException as error:
            is_final = error.smtp_code >= _REFUSED_FOR_GOOD
            raise SendFailed(f"the mail server answered {error.smtp_code}", is_final=is_final) from error
        except smtplib.SMTPRecipientsRefused as error:
            raise SendFailed("the mail server refuses the address", is_final=True) from error
        except (smtplib.SMTPException, OSError) as error:
            raise SendFailed(f"the mail server does not answer: {type(error).__name__}") from error
        return {"message_id": mail["Message-ID"]}

    def _mail(self, key: str, message: Mapping[str, Any]) -> EmailMessage:
        to, subject = str(message.get("to") or ""), str(message.get("subject") or "")
        if not re.fullmatch(r"[^\s@<>,;]+@[^\s@<>,;]+", to):
            raise SendFailed("the message has no e-mail address to go to", is_final=True)
        mail = EmailMessage()
        mail["From"], mail["To"] = self._sender, to
        mail["Subject"] = " ".join(subject.split())[:300]
        mail["Message-ID"] = f"<{re.sub(r'[^A-Za-z0-9.-]', '.', key)}@{self._sender.rpartition('@')[2]}>"
        if message.get("in_reply_to"):
            answered = re.sub(r"[<>\s]", "", str(message["in_reply_to"]))
            mail["In-Reply-To"] = f"<{answered}>"
        mail.set_content(str(message.get("text", "")))
        return mail
