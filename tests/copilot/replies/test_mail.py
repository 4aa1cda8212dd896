"""E-mail: own words and history, notices of bodies, and whatever else arrives in a mailbox."""

import mailbox
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.errors import BadInput
from copilot.replies.desk import ReplyDesk
from copilot.replies.files import read_given
from copilot.replies.mail import read_mail
from tests.copilot.replies.conftest import NOW

NOTICE = """Dear business,

The Better Business Bureau received a complaint.

Complaint ID: 19224455
Consumer Name: Denise Okafor
BBB of Sacramento, California
Please respond by December 4, 2026.

Complaint: They charged me for a modem I returned. I called twice.

Desired Settlement: A refund of the modem fee.
"""


def mail(text: str, *, sender: str = "Ana <ana@example.com>", subject: str = "My bill", **headers: str) -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"], message["Message-ID"] = sender, subject, "<m1@example.com>"
    message["Date"] = "Tue, 24 Nov 2026 10:00:00 -0600"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()


def test_own_words_and_history_are_parted(reply_desk: ReplyDesk) -> None:
    raw = mail("It is still wrong.\n\nOn Mon, Nov 23, 2026 Meridell wrote:\n> Hello Ana,\n> we looked at it.")
    item = reply_desk.understand(read_mail(raw).given, now=NOW).item
    assert (item.item_id, item.text, item.title, item.received_at.isoformat()) == (
        "m1@example.com",
        "It is still wrong.",
        "My bill",
        "2026-11-24T10:00:00-06:00",
    )
    assert "we looked at it" in item.thread[0].text


def test_a_notice_of_a_body_is_told_from_its_sender_and_fields(reply_desk: ReplyDesk) -> None:
    raw = mail(NOTICE, sender="BBB <noreply@sacramento.bbb.org>", subject="New complaint")
    found = reply_desk.understand(read_mail(raw).given, now=NOW)
    item = found.item
    assert (item.channel, item.reference, item.office, item.desired) == (
        "bbb_complaint",
        "19224455",
        "Sacramento",
        "A refund of the modem fee.",
    )
    assert item.text == "They charged me for a modem I returned. I called twice."
    assert (found.deadline.rule, str(found.deadline.due_at)[:10]) == ("printed", "2026-12-04")


def test_html_alone_is_read(reply_desk: ReplyDesk) -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "a@example.com", "x"
    message.set_content("<p>My <b>phone</b> is dead.</p><script>alert(1)</script>", subtype="html")
    assert reply_desk.understand(read_mail(message.as_bytes()).given, now=NOW).item.text == "My phone is dead."


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (mail("I am away", Auto_Submitted="auto-replied"), "automatically"),
        (mail("News", List_Unsubscribe="<mailto:x@example.com>"), "list"),
        (mail("Undelivered", sender="MAILER-DAEMON@example.com"), "bounce"),
        (b"", "no e-mail"),
        (b"\x00\xff\xfe", "no e-mail"),
    ],
)
def test_what_is_no_item_is_skipped_with_the_reason(raw: bytes, why: str) -> None:
    assert why in read_mail(raw).skipped


def test_a_mail_nested_deep_and_one_with_a_broken_charset_are_read_or_skipped() -> None:
    nested = mail("inner")
    for _ in range(60):
        nested = b"Content-Type: message/rfc822\nFrom: a@example.com\nSubject: s\n\n" + nested
    read_mail(nested)
    broken = b"From: a@example.com\nSubject: =?bad?Q?x?=\nContent-Type: text/plain; charset=none-such\n\nh\xe9llo"
    assert "h" in str(read_mail(broken).given["text"])


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=600))
def test_no_bytes_break_it(raw: bytes) -> None:
    read_mail(raw)


def test_a_mailbox_folder_gives_each_item_and_names_what_is_wrong(tmp_path: Path) -> None:
    box = mailbox.Maildir(tmp_path / "box")
    box.add(mail("One."))
    box.add(mail("I am away", Auto_Submitted="auto-replied"))
    (tmp_path / "box" / "survey.csv").write_text("id,rating,comment\n1,2,Too slow\n2,5,\n", "utf-8")
    (tmp_path / "box" / "items.jsonl").write_text('{"id": "a", "text": "b"}\nnonsense\n[1]\n', "utf-8")
    (tmp_path / "box" / "broken.json").write_text("{", "utf-8")
    found = list(read_given(tmp_path / "box"))
    assert sorted(
        str(each.given["text" if "text" in each.given else "comment"]) for each in found if not each.problem
    ) == [
        "One.\n".strip(),
        "Too slow",
        "b",
    ]
    problems = " ".join(each.problem for each in found)
    assert all(
        sign in problems for sign in ("skipped", "survey.csv:3", "items.jsonl:2", "items.jsonl:3", "broken.json")
    )


def test_a_file_that_is_not_there_is_refused() -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        list(read_given(Path("none.json")))
