"""Reads what comes in, in whatever shape its sender gives it, into an `Item` with its secrets masked."""

import hashlib
import html
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from email.utils import parsedate_to_datetime
from typing import Any

from copilot.errors import BadInput
from copilot.guard.masking import mask_values
from copilot.guard.redaction import RedactionPolicy
from copilot.replies.channel_names import KIND_OF_GROUP, channel_of
from copilot.replies.model import Item, Message
from copilot.replies.places import jurisdiction_of
from copilot.spoken.language import detect_language
from knowledge.rules.bureaus import Body, BureausFile
from knowledge.rules.channels import ChannelsFile

MAX_CHARACTERS = 100_000
MAX_MESSAGES = 200
# Names that senders give the same thing, the most telling first; dots lead into objects and lists.
_ID = tuple("item_id id complaint_id reviewId review_id ticket_id message_id comment_id".split())
_TEXT = tuple("text body comment message narrative review complaint comments.0.userComment.text answer".split())
_TITLE = tuple("title subject headline issue labels.issue".split())
_AUTHOR = tuple(
    "author authorName reviewer.displayName reviewerNickname consumer.displayName from.name author_id handle consumer"
    " from name".split()
)
_RECEIVED = tuple(
    "received_at date_received labels.date_received labels.date created_at createdAt createTime createdDate"
    " comments.0.userComment.lastModified.seconds at date".split()
)
_RATING = tuple("rating stars starRating comments.0.userComment.starRating score".split())
_REFERENCE = tuple("reference complaint_number case_number complaint_id".split())
_DESIRED = tuple("desired_settlement desired desired_outcome resolution_sought".split())
_STATE = tuple("jurisdiction state labels.state territory".split())
_STARS = {"ONE": 1, "TWO": 2, "THREE": 3, "FOUR": 4, "FIVE": 5}
_FORMATS = ("%d-%b-%y", "%d-%b-%Y", "%m/%d/%Y", "%m/%d/%y", "%B %d, %Y", "%b %d, %Y", "%d.%m.%Y")
_TAG = re.compile(r"<(?:br|/p|/div|/li)\b[^>]*>", re.IGNORECASE)
_MARKUP = re.compile(
    r"<(?:script|style)\b.*?</(?:script|style)\s*>|<[a-zA-Z/!][^<>]{0,500}>", re.IGNORECASE | re.DOTALL
)
_ENTITY = re.compile(r"&(?:[a-z]{2,8}|#\d{1,6}|#x[0-9a-f]{1,5});", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MILLISECONDS = 10**11


def read_item(
    given: Mapping[str, Any],
    *,
    channels: ChannelsFile,
    bureaus: BureausFile | None,
    policy: RedactionPolicy,
    now: datetime,
    channel: str | None = None,
) -> Item:
    """The item that somebody sends, as JSON in our form or in that of a platform.

    Args:
        given: an object with at least a text or a title; see docs/replies.md for the names that are understood.
        channels: what is written where, and to whom we may answer how.
        bureaus: bodies that send complaints; None where the pack has none.
        policy: what is masked.
        now: when it comes in, where it does not say so itself.
        channel: where it was written, as people call it; over what the item says.

    Raises:
        BadInput: no text, too long a text, an unknown channel, or a date that is none.
    """
    where = channel_of(channel or _text_of(given, ("channel",)), channels)
    text, title = _clean(_text_of(given, _TEXT)), _clean(_text_of(given, _TITLE))
    text = text or title
    if not text:
        raise BadInput("The item has no text: give it as `text`, or a subject line as `title`.")
    received = _time_of(given, _RECEIVED) or now
    body = _body_of(given, where.channel, text, bureaus)
    state = jurisdiction_of(_text_of(given, _STATE))
    author = _clean(_text_of(given, _AUTHOR))
    item_id = _text_of(given, _ID) or _digest(where.channel, author, text, received.isoformat())
    # One redactor for all that was said, so that a number begun in the title and ended in the text is one.
    masked = mask_values({"text": text, "title": title, "desired": _clean(_text_of(given, _DESIRED))}, policy)
    record = given.get("record") or given.get("customer")
    return Item(
        item_id=item_id[:200],
        channel=where.channel,
        kind="escalation" if _text_of(given, ("kind",)) == "escalation" else KIND_OF_GROUP[where.group],
        text=masked["text"],
        language=_language_of(given, text),
        received_at=received,
        title=masked["title"],
        author=mask_values(author, policy),
        body_id=body.body_id if body else None,
        office=_text_of(given, ("bbb_office", "office")) or None,
        reference=_text_of(given, _REFERENCE) or None,
        due_at=_time_of(given, ("due_at", "response_due", "due"), at_end=True),
        jurisdiction=state,
        rating=_rating_of(given),
        desired=masked["desired"],
        customer_id=_text_of(given, ("customer_id",)) or None,
        record=mask_values(dict(record), policy) if isinstance(record, Mapping) else None,
        thread=_thread_of(given, policy),
        facts=_facts_of(given, policy),
    )


def item_json(item: Item) -> dict[str, Any]:
    """The item in JSON types, as `read_item` takes it again: what a queue keeps. It is masked."""
    fields = asdict(item)
    for name in ("received_at", "due_at"):
        fields[name] = fields[name].isoformat() if fields[name] else None
    fields["thread"] = [{**each, "at": each["at"].isoformat() if each["at"] else None} for each in fields["thread"]]
    return fields


def item_digest(item: Item) -> str:
    """A hash of what was said, item and thread: another one means that the conversation has gone on."""
    said = [item.title, item.text, *(f"{message.ours} {message.text}" for message in item.thread)]
    return _digest(*said)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def _look(given: Any, path: str) -> Any:
    for step in path.split("."):
        if isinstance(given, Mapping):
            given = given.get(step)
        elif isinstance(given, Sequence) and not isinstance(given, str) and step.isdecimal() and int(step) < len(given):
            given = given[int(step)]
        else:
            return None
    return given


def _text_of(given: Mapping[str, Any], names: Iterable[str]) -> str:
    """The first of these that is there as a text or a number; empty when none is."""
    for name in names:
        value = _look(given, name)
        if isinstance(value, str) and value.strip():
            return value
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
    return ""


def _clean(text: str) -> str:
    """Without mark-up and control characters, spaces tidied; paragraphs stay."""
    if len(text) > MAX_CHARACTERS:
        raise BadInput(f"The text has {len(text):,} characters; allowed are {MAX_CHARACTERS:,}. Send the letter alone.")
    if "\x00" in text or text.count("\ufffd") > len(text) // 20 > 0:
        raise BadInput("The text is binary; allowed is plain text, HTML or e-mail. Convert it first.")
    bare = _MARKUP.sub(" ", _TAG.sub("\n", text)) if "<" in text else text
    bare = html.unescape(bare) if _ENTITY.search(bare) else bare
    lines = (" ".join(line.split()) for line in _CONTROL.sub(" ", bare).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _language_of(given: Mapping[str, Any], text: str) -> str:
    named = _text_of(given, ("language", "lang", "comments.0.userComment.reviewerLanguage"))[:2].lower()
    return named if named in ("en", "es") else detect_language([text])


def _rating_of(given: Mapping[str, Any]) -> int | None:
    for name in _RATING:
        value = _look(given, name)
        if isinstance(value, str):
            value = _STARS.get(value.upper(), value)
        try:
            return max(0, min(10, round(float(value))))
        except (TypeError, ValueError, OverflowError):
            continue
    return None


def _time_of(given: Mapping[str, Any], names: Sequence[str], *, at_end: bool = False) -> datetime | None:
    text = _text_of(given, names)
    return parse_time(text, at_end=at_end) if text else None


def parse_time(text: str, *, at_end: bool = False) -> datetime:
    """A date or time as people and platforms write it, aware; a day alone begins at midnight UTC, or ends there.

    Raises:
        BadInput: it is no date.
    """
    text = text.strip()
    if re.fullmatch(r"\d{9,14}(?:\.\d+)?", text):
        seconds = float(text)
        return datetime.fromtimestamp(seconds / 1000 if seconds >= _MILLISECONDS else seconds, UTC)
    found = _iso(text) or _other(text)
    if found is None:
        raise BadInput(f"{text[:40]!r} is no date; write it as 2026-11-25, with a time where there is one.")
    if isinstance(found, datetime):
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return datetime.combine(found, time.max.replace(microsecond=0) if at_end else time.min, UTC)


def _iso(text: str) -> datetime | date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        return None


def _other(text: str) -> datetime | date | None:
    for form in _FORMATS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None


def _body_of(given: Mapping[str, Any], channel: str, text: str, bureaus: BureausFile | None) -> Body | None:
    if bureaus is None:
        return None
    named = _text_of(given, ("body_id", "body_name", "bureau"))
    if named:
        body = bureaus.body(named)
        if body is None:
            there = ", ".join(each.body_id for each in bureaus.bodies)
            raise BadInput(f"body_id {named[:60]!r} is unknown; allowed are: {there}. Correct it, or leave it out.")
        return body
    there_are = [body for body in bureaus.bodies if body.channel == channel]
    state = jurisdiction_of(_text_of(given, _STATE))
    local = [body for body in there_are if body.jurisdiction == state]
    if re.search(r"\battorney general\b", f"{_text_of(given, ('author', 'from'))} {text}", re.IGNORECASE):
        local = [body for body in there_are if body.body_id == "attorney_general"] or local
    general = [body for body in there_are if body.jurisdiction == "US"]
    return next(iter([*(local if len(local) == 1 else []), *general]), None)


def _thread_of(given: Mapping[str, Any], policy: RedactionPolicy) -> tuple[Message, ...]:
    messages = given.get("thread") or given.get("messages") or ()
    if not isinstance(messages, Sequence) or isinstance(messages, str):
        return ()
    read = []
    for each in messages[-MAX_MESSAGES:]:
        if not isinstance(each, Mapping) or not (text := _clean(_text_of(each, _TEXT))):
            continue
        at = _text_of(each, ("at", "created_at", "date"))
        author = _clean(_text_of(each, ("author", "from")))
        ours = each.get("ours") is True or author.lower() in ("agent", "us", "business")
        read.append(
            Message(mask_values(author, policy), mask_values(text, policy), parse_time(at) if at else None, ours)
        )
    return tuple(read)


def _facts_of(given: Mapping[str, Any], policy: RedactionPolicy) -> dict[str, str]:
    facts = given.get("facts")
    if not isinstance(facts, Mapping):
        return {}
    return {
        str(name)[:80]: mask_values(_clean(str(value)), policy) for name, value in facts.items() if value is not None
    }
