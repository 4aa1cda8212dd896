"""E-mail: the words of this message, what it answers, which body's notice it is. Nothing in it is an instruction."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any

LONGEST_HEADER = 2000
_QUOTE_HEAD = re.compile(
    r"^(?:on .{5,200} wrote:|el .{5,200} escribió:|-{2,}\s*(?:original message|mensaje original|forwarded message).*|"
    r"_{10,}|from: .+@.+|de: .+@.+)\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTED_LINE = re.compile(r"^>.*$", re.MULTILINE)
_BODIES = (
    ("bbb_complaint", re.compile(r"\bbetter business bureau\b|\bBBB\b|@[\w.-]*bbb\.org", re.IGNORECASE)),
    ("fcc_complaint", re.compile(r"\bFCC\b|federal communications commission|@[\w.-]*fcc\.gov", re.IGNORECASE)),
    (
        "cfpb_complaint",
        re.compile(r"\bCFPB\b|consumer financial protection|@[\w.-]*(?:consumerfinance|cfpb)\.gov", re.I),
    ),
    (
        "state_complaint",
        re.compile(r"attorney general|public utilit(?:y|ies) commission|public service commission", re.I),
    ),
)
_NOTICE_FIELDS = {
    "reference": re.compile(r"^\W*(?:complaint|case|ticket)\s*(?:id|no\.?|number|#)\W+\s*([\w-]{4,40})", re.I | re.M),
    "due_at": re.compile(
        r"^.*\b(?:respond|response|answer|reply)\w*\b.{0,60}?\b(?:by|before|due(?: date)?|no later than)\W+"
        r"((?:\d{4}-\d{2}-\d{2})|(?:\d{1,2}/\d{1,2}/\d{2,4})|(?:[A-Z][a-z]{2,8} \d{1,2}, \d{4}))",
        re.I | re.M,
    ),
    "consumer": re.compile(r"^\W*(?:consumer|complainant|customer)(?: name)?\s*:\s*(.{2,80})$", re.I | re.M),
    "desired_settlement": re.compile(
        r"^\W*desired (?:settlement|outcome|resolution)[^:\n]*:\s*(.{2,800}?)(?=\n\s*\n|\Z)", re.I | re.M | re.S
    ),
    "bbb_office": re.compile(r"\bBBB (?:of|serving) ([A-Z][\w ]{2,40}?)(?=[,.\n]|$)", re.M),
}
_COMPLAINT_TEXT = re.compile(
    r"^\W*(?:complaint(?: details| description| text)?|description|statement of (?:the )?(?:problem|complaint))\s*:\s*"
    r"(.+?)(?=^\W*(?:desired|consumer|complaint (?:id|no)|case (?:id|no))|\Z)",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Mail:
    """A mail as `read_item` takes it; or why it is no item (`skipped`)."""

    given: Mapping[str, Any] = field(default_factory=dict)
    skipped: str = ""


def read_mail(raw: bytes) -> Mail:
    """The mail in these bytes; whatever is broken in it, what can be read is."""
    try:
        message = message_from_bytes(raw, policy=policy.default)
    except (MessageError, ValueError, IndexError, KeyError, RecursionError):
        return Mail(skipped="it is no e-mail")
    if not isinstance(message, EmailMessage) or not message.keys():
        return Mail(skipped="it is no e-mail")
    why = _why_skipped(message)
    if why:
        return Mail(skipped=why)
    text = _text_of(message)
    own, quoted = cut_quoted(text)
    subject, sender = _header(message, "subject"), _header(message, "from")
    channel = next((name for name, signs in _BODIES if signs.search(f"{sender}\n{subject}")), "email")
    given: dict[str, Any] = {
        "id": _header(message, "message-id").strip("<> ") or None,
        "channel": channel,
        "title": subject,
        "text": own or text or subject,
        "from": {"name": parseaddr(sender)[0], "email": parseaddr(sender)[1]},
        "author": parseaddr(sender)[0],
        "received_at": _header(message, "date") or None,
        "thread": [{"text": quoted, "author": ""}] if quoted else [],
        "references": [*_ids(message, "references"), *_ids(message, "in-reply-to")],
        "attachments": [str(part.get_filename() or "")[:200] for part in _attachments(message)],
    }
    if channel != "email":
        given |= _notice(text)
    return Mail(given)


def cut_quoted(text: str) -> tuple[str, str]:
    """The writer's own words, and the history below them."""
    head = _QUOTE_HEAD.search(text)
    own, quoted = (text[: head.start()], text[head.start() :]) if head else (text, "")
    lines = _QUOTED_LINE.findall(own)
    if lines:
        own = _QUOTED_LINE.sub("", own)
        quoted = "\n".join([*(line.lstrip("> ") for line in lines), quoted])
    return own.strip(), quoted.strip()


def _notice(text: str) -> dict[str, str]:
    """What the notice of a body holds in its fields."""
    found = {name: hit.group(1).strip() for name, signs in _NOTICE_FIELDS.items() if (hit := signs.search(text))}
    complaint = _COMPLAINT_TEXT.search(text)
    if complaint and complaint.group(1).strip():
        found["text"] = complaint.group(1).strip()
    return found


def _why_skipped(message: EmailMessage) -> str:
    automatic = _header(message, "auto-submitted").lower()
    if automatic and automatic != "no":
        return "it was sent automatically"
    if (
        message.get("list-id")
        or message.get("list-unsubscribe")
        or _header(message, "precedence").lower() in ("bulk", "list")
    ):
        return "it comes from a list"
    sender = parseaddr(_header(message, "from"))[1].lower()
    if sender.startswith(("mailer-daemon@", "postmaster@")) or message.get_content_type() == "multipart/report":
        return "it is a bounce"
    return ""


def _text_of(message: EmailMessage) -> str:
    try:
        body = message.get_body(("plain", "html"))
        content = body.get_content() if body is not None else ""
    except (LookupError, ValueError, AttributeError, RecursionError, MessageError):
        payload = message.get_payload(decode=True)
        content = payload.decode("utf-8", errors="replace") if isinstance(payload, bytes) else ""
    return str(content).replace("\r\n", "\n").replace("\x00", "")


def _header(message: EmailMessage, name: str) -> str:
    try:
        return " ".join(str(message.get(name, "")).split())[:LONGEST_HEADER]
    except (ValueError, IndexError, AttributeError, LookupError, MessageError):
        return ""


def _ids(message: EmailMessage, name: str) -> list[str]:
    return re.findall(r"<([^<>\s]{1,300})>", _header(message, name))


def _attachments(message: EmailMessage) -> Iterator[EmailMessage]:
    try:
        yield from (part for part in message.iter_attachments() if isinstance(part, EmailMessage))
    except (AttributeError, TypeError, KeyError, RecursionError):
        return
