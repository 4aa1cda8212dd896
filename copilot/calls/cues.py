"""Reads the cues of a turn: what it says that the desk listens for."""

from collections.abc import Sequence
from dataclasses import dataclass

from copilot.transcript import Turn
from knowledge.phrases import Phrases, compile_phrases, plain_words
from knowledge.rules.cues import Cue


@dataclass(frozen=True)
class HeardCue:
    """A cue and the words that raised it, as the phrase matcher sees them (lower case, no accents)."""

    cue: Cue
    words: str


class CueReader:
    """The cues of a pack, compiled once."""

    def __init__(self, cues: Sequence[Cue]) -> None:
        self.by_id = {cue.id: cue for cue in cues}
        self._compiled = [
            (cue, _compile_by_language(cue.phrases), _compile_by_language(cue.unless)) for cue in cues if cue.phrases
        ]
        self._compiled_by_id = {entry[0].id: entry for entry in self._compiled}

    def hears(self, cue_id: str, turn: Turn, language: str) -> bool:
        """Whether a turn says what this cue listens for, raised before or not; no for a cue the pack does not have."""
        entry = self._compiled_by_id.get(cue_id)
        if entry is None or language not in entry[1] or not _may_say(entry[0], turn):
            return False
        _, phrases, unless = entry
        plain = plain_words(turn.text)
        taken_back = language in unless and unless[language].found_in(plain) is not None
        return not taken_back and phrases[language].found_in(plain) is not None

    def read(self, turn: Turn, language: str) -> list[HeardCue]:
        """The cues of one turn in the order of the pack; a turn of an unknown speaker may raise anybody's.

        A cue that repeats is raised once for each sentence it is heard in, the others once a turn.
        """
        plain = plain_words(turn.text)
        heard = []
        for cue, phrases, unless in self._compiled:
            if not _may_say(cue, turn) or language not in phrases:
                continue
            if phrases[language].found_in(plain) is None or (language in unless and unless[language].found_in(plain)):
                continue
            found = phrases[language].one_a_sentence(plain)
            heard += [HeardCue(cue, words) for words in (found if cue.repeat else found[:1])]
        return heard


def _compile_by_language(phrases: dict[str, tuple[str, ...]]) -> dict[str, Phrases]:
    return {language: compile_phrases(in_language) for language, in_language in phrases.items()}


def _may_say(cue: Cue, turn: Turn) -> bool:
    return cue.said_by == "any" or turn.speaker in (cue.said_by, "unknown")
