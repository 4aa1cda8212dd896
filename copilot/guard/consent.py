"""Consent: whether a call may be taken in, and how a yes or a no is told from a reply. Pure functions."""

from dataclasses import dataclass
from typing import Literal

from knowledge.phrases import Phrases, compile_phrases, plain_words
from knowledge.rules.consent import Answers

REPLY_WORDS = 10  # a yes or no stands at the beginning of a reply

Regime = Literal["one_party", "all_party"]
BeforeNotice = Literal["warn", "hold"]
Capture = Literal["take_in", "warn", "hold"]


def capture_before_notice(
    *, regime: Regime, before_notice: BeforeNotice, channel: str, recording: bool | None
) -> Capture:
    """What to do with words said now (REC-01, REC-02 of the domain handbook).

    Args:
        regime: whether all parties must know that the call is recorded.
        before_notice: what the pack wants done before the notice.
        channel: only calls are recorded; who writes knows that it is written.
        recording: the last word on recording: True notice given, False refused, None neither yet.
    """
    if recording is False:
        return "hold"
    if recording is True or regime == "one_party" or channel != "voice":
        return "take_in"
    return before_notice


@dataclass(frozen=True)
class ReplyReader:
    """Tells a yes from a no at the beginning of a reply, in one language."""

    agrees: Phrases
    declines: Phrases

    @classmethod
    def of(cls, answers: Answers, language: str) -> "ReplyReader":
        """The reader of a language; English where there is no other."""
        agrees, declines = (side.es if language == "es" else side.en for side in (answers.agrees, answers.declines))
        return cls(compile_phrases(agrees), compile_phrases(declines))

    def read(self, text: str) -> bool | None:
        """True for a yes, False for a no, None when the reply does not say.

        What comes first decides; where both begin at one word the longer phrase does: "no, go ahead" is a yes.
        """
        beginning = " ".join(plain_words(text).replace(" . ", " ").split()[:REPLY_WORDS])
        agrees, declines = _place(self.agrees, beginning), _place(self.declines, beginning)
        if agrees == declines:
            return None  # neither, for no phrase says both in the same words
        return agrees < declines


_NOWHERE = (REPLY_WORDS * 100, 0)


def _place(phrases: Phrases, plain: str) -> tuple[int, int]:
    """Where the phrases are first found, and how long (longer is smaller)."""
    match = phrases.pattern.search(f" {plain} ") if phrases.pattern else None
    return (match.start(), -len(match.group())) if match else _NOWHERE
