"""Mail, webhook and files when the other side behaves badly: never a false receipt, never a silent repeat."""

import email
import email.policy
from pathlib import Path

import pytest

from copilot.connect.file_outbox import FileOutbox
from copilot.connect.sending import SendFailed, plain_key
from copilot.connect.smtp import Smtp
from copilot.connect.webhook import Webhook
from tests.copilot.connect.servers import mail_server, raw_server

MESSAGE = {"to": "ana@example.com", "subject": "Re: My\r\nBcc: x@example.com bill", "text": "Gracias. We refunded it."}


def by_mail(port: int) -> Smtp:
    return Smtp("127.0.0.1", port, "care@meridell.example", starttls=False)


def test_a_mail_arrives_whole_and_its_subject_adds_no_header() -> None:
    with mail_server() as server:
        receipt = by_mail(server.port).send("D-1", MESSAGE)
    (raw,) = server.mails
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert (mail["to"], mail["bcc"], mail["message-id"]) == ("ana@example.com", None, receipt["message_id"])
    assert mail.get_content().strip() == "Gracias. We refunded it."


def test_a_goodbye_that_fails_does_not_unsend_a_mail() -> None:
    with mail_server({"quit": "421 closing"}) as server:
        assert by_mail(server.port).send("D-1", MESSAGE)["message_id"] == "<D-1@meridell.example>"


def test_a_line_that_drops_after_the_text_is_not_called_unsent() -> None:
    with mail_server(drops_after_text=True) as server, pytest.raises(SendFailed) as failed:
        by_mail(server.port).send("D-1", MESSAGE)
    assert (failed.value.may_have_left, len(server.mails)) == (True, 1)


@pytest.mark.parametrize(
    ("command", "answer", "is_final"),
    [
        ("rcpt", "450 later", False),
        ("rcpt", "550 nobody", True),
        ("mail", "451 busy", False),
        ("text", "552", True),
    ],
)
def test_a_refusal_is_certain_and_told_from_a_failure(command: str, answer: str, is_final: bool) -> None:
    with mail_server({command: answer}) as server, pytest.raises(SendFailed, match=answer[:3]) as failed:
        by_mail(server.port).send("D-1", MESSAGE)
    assert (failed.value.is_final, failed.value.may_have_left) == (is_final, False)


def test_nobody_there_is_certainly_not_sent() -> None:
    with mail_server() as server:
        port = server.port
    with pytest.raises(SendFailed, match="does not answer") as failed:
        by_mail(port).send("D-1", MESSAGE)
    assert not failed.value.may_have_left


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_no_receipt(status: int) -> None:
    answer = f"HTTP/1.1 {status} Elsewhere\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n".encode()
    with raw_server(answer) as port, pytest.raises(SendFailed, match="redirect") as failed:
        Webhook(f"http://127.0.0.1:{port}/hook").send("D-1", MESSAGE)
    assert failed.value.is_final


@pytest.mark.parametrize("answer", [b"garbage\r\n\r\n", b"", b"HTTP/1.1 2"])
def test_an_answer_that_is_none_is_a_failure(answer: bytes) -> None:
    with raw_server(answer) as port, pytest.raises(SendFailed, match="does not answer"):
        Webhook(f"http://127.0.0.1:{port}/hook").send("D-1", MESSAGE)


def test_a_message_with_an_address_is_also_a_draft_for_the_mail_program(tmp_path: Path) -> None:
    FileOutbox(tmp_path).send("D-1", MESSAGE)
    mail = email.message_from_bytes((tmp_path / "D-1.eml").read_bytes(), policy=email.policy.default)
    assert (mail["to"], mail["from"], mail["x-unsent"]) == ("ana@example.com", None, "1")
    FileOutbox(tmp_path).send("D-2", {"text": "A post.", "to": "not an address"})
    assert not (tmp_path / "D-2.eml").exists()


def test_two_keys_are_two_files(tmp_path: Path) -> None:
    keys = ["a/b", "a_b", "a:b", "../a", ".a", "A/b", "south/D-1", "D-1"]
    for key in keys:
        FileOutbox(tmp_path / "out").send(key, {"text": key})
    assert len(list((tmp_path / "out").glob("*.json"))) == len(keys) == len({plain_key(key) for key in keys})
    assert not [path for path in tmp_path.iterdir() if path.name != "out"]
