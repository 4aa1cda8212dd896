"""Lengths as platforms count them."""

import pytest

from copilot.replies.limits import excess, length, limit_of
from copilot.replies.understanding import channels_of
from knowledge.pack import Pack
from knowledge.rules.channels import Counting


@pytest.mark.parametrize(
    ("text", "counting", "units"),
    [
        ("hello", "x_weighted", 5),
        ("see https://meridell.example/a/very/long/path?x=1", "x_weighted", 4 + 23),
        ("日本", "x_weighted", 4),
        ("👨‍👩‍👧", "x_weighted", 2),  # a family is one emoji
        ("é", "x_weighted", 1),
        ("e\u0301", "x_weighted", 1),  # counted composed
        ("👨‍👩‍👧", "graphemes", 1),
        ("👨‍👩‍👧", "characters", 5),
        ("👍", "utf16", 2),
        ("ñandú", "graphemes", 5),
        ("", "x_weighted", 0),
    ],
)
def test_units(text: str, counting: Counting, units: int) -> None:
    assert length(text, counting) == units


def test_bluesky_counts_graphemes_and_bytes(demo_pack: Pack) -> None:
    channel = channels_of(demo_pack).channel("bluesky")
    assert channel is not None
    limit = limit_of(channel, "public_reply")
    assert limit is not None
    assert excess("a" * 300, limit) == 0
    assert excess("a" * 301, limit) == 1
    assert excess("👨‍👩‍👧" * 200, limit) > 0  # 200 graphemes, 3,600 bytes


def test_every_channel_has_a_limit_for_what_is_written_there(demo_pack: Pack) -> None:
    kinds = {"public": "public_reply", "regulator": "letter", "private": "private_message"}
    for channel in channels_of(demo_pack).channels:
        assert channel.limits == () or limit_of(channel, kinds[channel.draft_class]) is not None, channel.channel
