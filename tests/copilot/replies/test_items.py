"""Items in the shapes senders give them: read, masked, or refused in one line."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.errors import BadInput
from copilot.replies.desk import ReplyDesk
from copilot.replies.items import item_digest, parse_time
from tests.copilot.replies.conftest import NOW, understood

Shape = tuple[str, str | None, tuple[str, str, str, int | None]]
SHAPES: list[Shape] = [
    (
        """{"id": "cfpb-1", "channel": "CFPB", "text": "They never answered.",
            "labels": {"state": "TX", "date_received": "2026-11-21"}}""",
        None,
        ("cfpb-1", "cfpb_complaint", "They never answered.", None),
    ),
    (
        """{"id": "fcc-2", "channel": "FCC", "text": "Data caps",
            "labels": {"state": "Georgia", "date": "04-Aug-15"}}""",
        None,
        ("fcc-2", "fcc_complaint", "Data caps", None),
    ),
    (
        """{"reviewId": "g-1", "reviewer": {"displayName": "Ana"}, "starRating": "TWO", "comment": "Slow.",
            "createTime": "2026-11-20T10:00:00Z"}""",
        "google",
        ("g-1", "google_business", "Slow.", 2),
    ),
    (
        """{"reviewId": "p-1", "authorName": "Bo", "comments": [{"userComment": {"text": "Crashes", "starRating": 1,
            "lastModified": {"seconds": "1795600000"}, "reviewerLanguage": "es"}}]}""",
        "Google Play",
        ("p-1", "google_play", "Crashes", 1),
    ),
    (
        """{"id": "a-1", "rating": 1, "title": "Bad", "createdDate": "2026-11-20",
            "body": "It <b>never</b> works &amp; I pay.<script>x()</script>"}""",
        "App Store",
        ("a-1", "app_store", "It never works & I pay.", 1),
    ),
    (
        """{"id": "t-1", "text": "@meridell down again", "author_id": "77",
            "created_at": "2026-11-24T09:00:00+00:00"}""",
        "twitter",
        ("t-1", "x", "@meridell down again", None),
    ),
    (
        """{"message": "No signal", "from": {"name": "Cy"}, "comment_id": "f-1"}""",
        "fb",
        ("f-1", "facebook", "No signal", None),
    ),
    (
        """{"stars": 3, "title": "So so", "id": "tp-1", "consumer": {"displayName": "Di"}}""",
        "trustpilot",
        ("tp-1", "trustpilot", "So so", 3),
    ),
]


@pytest.mark.parametrize(("given_item", "channel", "expected"), SHAPES)
def test_items_of_platforms_and_bodies_are_read(
    reply_desk: ReplyDesk, given_item: str, channel: str | None, expected: tuple[str, str, str, int | None]
) -> None:
    item = reply_desk.understand(json.loads(given_item), channel=channel, now=NOW).item
    assert (item.item_id, item.channel, item.text, item.rating) == expected


def test_bodies_states_and_languages_are_told(reply_desk: ReplyDesk) -> None:
    fcc = understood(reply_desk, "My phone is out.", "FCC", labels={"state": "Georgia"}).item
    assert (fcc.body_id, fcc.jurisdiction, fcc.kind) == ("fcc_informal", "US-GA", "complaint")
    general = understood(reply_desk, "Office of the Attorney General: a consumer writes that...", "state").item
    assert general.body_id == "attorney_general"
    assert understood(reply_desk, "No tengo internet desde el lunes y nadie me ayuda.").item.language == "es"


def test_secrets_die_before_there_is_an_item(reply_desk: ReplyDesk) -> None:
    text = "My card 4111 1111 1111 1111 was charged, my social is 078-05-1120."
    item = understood(reply_desk, text, thread=[{"text": text}], desired_settlement=text, facts={"billing": text}).item
    said = f"{item.text} {item.desired} {item.thread} {item.facts}"
    assert "4111" not in said
    assert "1120" not in said


@pytest.mark.parametrize(
    ("wrong", "channel", "says"),
    [
        ({}, "email", "no text"),
        ({"text": "   "}, "email", "no text"),
        ({"text": "a"}, "carrier pigeon", "unknown"),
        ({"text": "a"}, None, "names no channel"),
        ({"text": "a", "received_at": "the day after"}, "email", "no date"),
        ({"text": "a" * 100_001}, "email", "characters"),
        ({"text": "a\x00b"}, "email", "binary"),
        ({"text": "a", "body_id": "moon"}, "FCC", "body_id"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(
    reply_desk: ReplyDesk, wrong: dict[str, Any], channel: str | None, says: str
) -> None:
    with pytest.raises(BadInput, match=says) as refused:
        reply_desk.understand(wrong, channel=channel, now=NOW)
    assert "\n" not in str(refused.value)


def test_the_same_item_has_the_same_id_and_a_further_message_another_digest(reply_desk: ReplyDesk) -> None:
    first, again = (understood(reply_desk, "My bill is wrong.", author="Bo").item for _ in range(2))
    assert first.item_id == again.item_id
    more = understood(reply_desk, "My bill is wrong.", author="Bo", thread=[{"text": "And now it is worse."}]).item
    assert item_digest(first) == item_digest(again) != item_digest(more)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-25", date(2026, 11, 25)),
        ("04-Aug-15", date(2015, 8, 4)),
        ("11/25/2026", date(2026, 11, 25)),
        ("November 25, 2026", date(2026, 11, 25)),
        ("Wed, 25 Nov 2026 10:00:00 -0600", date(2026, 11, 25)),
        ("1795608000", date(2026, 11, 25)),
        ("1795608000000", date(2026, 11, 25)),
    ],
)
def test_dates_as_people_and_platforms_write_them(text: str, day: date) -> None:
    found = parse_time(text)
    assert (found.date(), found.tzinfo is not None) == (day, True)


def test_a_printed_day_ends_at_its_end() -> None:
    assert parse_time("2026-11-25", at_end=True) == datetime(2026, 11, 25, 23, 59, 59, tzinfo=UTC)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=400), st.sampled_from(["email", "X", "BBB", "FCC", "survey"]))
def test_whatever_is_written_is_read_or_refused(reply_desk: ReplyDesk, text: str, channel: str) -> None:
    try:
        found = understood(reply_desk, text, channel)
    except BadInput:
        return
    item = found.item
    quotes = [*(each.quote for each in found.allegations), *found.wishes, *found.dates, *found.amounts]
    quotes += [flag.quote for flag in found.flags]
    assert all(item.text[quote.start : quote.end] == quote.text for quote in quotes)
    assert reply_desk.draft({"text": text}, channel=channel, now=NOW).item_digest == item_digest(item)
