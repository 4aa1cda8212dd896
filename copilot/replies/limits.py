"""How long a text is as each platform counts, and whether it fits."""

import re
import unicodedata
from collections.abc import Callable, Mapping

import regex

from knowledge.rules.channels import Channel, Counting, TextLimit

URL_WEIGHT = 23
# Weighted counting of twitter-text, configuration v3: these code points count 1, all others 2, an emoji 2 as a whole.
_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
_URL = re.compile(
    r"(?:https?://|www\.)\S+|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|io|co|us|gov|edu|mx|es)\b\S*", re.I
)
_GRAPHEME = regex.compile(r"\X")
_EMOJI = regex.compile(r"\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3")
# What a public reply, a post or a letter is on a channel that has no limit of that kind.
_INSTEAD: Mapping[str, tuple[str, ...]] = {
    "public_reply": ("public_reply", "public_post", "letter", "private_message"),
    "letter": ("letter", "private_message", "public_reply"),
    "private_message": ("private_message", "letter", "public_reply"),
}


def length(text: str, counting: Counting) -> int:
    """The units of a text: characters (code points), graphemes, UTF-16 code units, or X's weighted characters."""
    return _COUNTERS[counting](text)


def limit_of(channel: Channel, kind: str) -> TextLimit | None:
    """The limit for a text of a kind (public_reply, private_message, letter) on a channel; None where there is none."""
    found = (channel.limit(each) for each in _INSTEAD.get(kind, (kind,)))
    return next((limit for limit in found if limit is not None), None)


def excess(text: str, limit: TextLimit | None) -> int:
    """By how many units a text is over a limit, or by how many bytes where it is over those; 0 when it fits."""
    if limit is None:
        return 0
    over = length(text, limit.counting) - limit.max
    bytes_over = len(text.encode()) - limit.max_bytes if limit.max_bytes is not None else 0
    return max(0, over, bytes_over)


def _weighted(text: str) -> int:
    plain = unicodedata.normalize("NFC", text)
    rest, urls = _URL.subn("", plain)
    return urls * URL_WEIGHT + sum(map(_weight, _GRAPHEME.findall(rest)))


def _weight(grapheme: str) -> int:
    if _EMOJI.search(grapheme) and not grapheme.isascii():
        return 2
    return sum(1 if any(low <= ord(char) <= high for low, high in _LIGHT) else 2 for char in grapheme)


_COUNTERS: Mapping[Counting, Callable[[str], int]] = {
    "characters": len,
    "graphemes": lambda text: len(_GRAPHEME.findall(text)),
    "utf16": lambda text: len(text.encode("utf-16-le")) // 2,
    "x_weighted": _weighted,
}
