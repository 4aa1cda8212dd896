"""Messages by e-mail. SMTP cannot tell whether a message went out before a crash: such a one waits for a person."""

import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from email.policy import SMTP
from typing import Any

from copilot.connect.mail import has_address, mail_of
from copilot.connect.sending import SendFailed

TIMEOUT_S = 30.0
_REFUSED_FOR_GOOD = 500
_OK = 250


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
            SendFailed: no address, the server refused, or it went away: after the text was on its way, nobody can
                tell whether it has it.
        """
        if not has_address(message):
            raise SendFailed("the message has no e-mail address to go to", is_final=True)
        mail = mail_of(key, message, sender=self._sender)
        with _failing(), self._connected() as server:
            self._address(server, str(message["to"]))
            _hand_over(server, mail.as_bytes(policy=SMTP))
            with suppress(smtplib.SMTPException, OSError):  # it has the mail: a goodbye that fails changes nothing
                server.quit()
        return {"message_id": mail["Message-ID"]}

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        server = smtplib.SMTP(self._host, self._port, timeout=TIMEOUT_S)
        try:
            if self._starttls:
                server.starttls(context=ssl.create_default_context())
            if self._user:
                server.login(self._user, self._password)
            server.ehlo_or_helo_if_needed()
            yield server
        finally:
            server.close()

    def _address(self, server: smtplib.SMTP, to: str) -> None:
        for code, answer in (server.mail(self._sender), server.rcpt(to)):
            if code not in (_OK, 251):
                raise smtplib.SMTPResponseException(code, answer)


def _hand_over(server: smtplib.SMTP, mail: bytes) -> None:
    try:
        code, answer = server.data(mail)
    except smtplib.SMTPDataError:  # it does not want the text at all
        raise
    except (smtplib.SMTPException, OSError) as error:
        detail = f"the mail server went away while it took the text: {type(error).__name__}"
        raise SendFailed(detail, may_have_left=True) from error
    if code != _OK:
        raise smtplib.SMTPDataError(code, answer)


@contextmanager
def _failing() -> Iterator[None]:
    try:
        yield
    except smtplib.SMTPResponseException as error:
        is_final = error.smtp_code >= _REFUSED_FOR_GOOD
        raise SendFailed(f"the mail server answered {error.smtp_code}", is_final=is_final) from error
    except UnicodeEncodeError as error:
        raise SendFailed("the address has characters this mail server does not take", is_final=True) from error
    except (smtplib.SMTPException, OSError) as error:
        raise SendFailed(f"the mail server does not answer: {type(error).__name__}") from error
