"""Which language a call is held in, and when it changes."""

from collections.abc import Sequence

from copilot.spoken.language import Language, telling_words
from copilot.transcript import Turn

TELLING_WORDS = 3


def language_now(language: str, turns: Sequence[Turn]) -> str:
    """The language a call has come to: another than `language` once the caller's last two telling turns were in it.

    A turn tells when it has three function words of one language or more, and twice as many as of the other;
    "sí, okay" tells nothing. The way back is the same.
    """
    told = (_told(turn.text) for turn in reversed(turns) if turn.speaker in ("customer", "unknown"))
    telling = (found for found in told if found)
    last, before = next(telling, None), next(telling, None)
    return last if last and last == before else language


def _told(text: str) -> Language | None:
    spanish, english = telling_words(text)
    if max(spanish, english) < TELLING_WORDS or max(spanish, english) < 2 * min(spanish, english):
        return None
    return "es" if spanish > english else "en"
