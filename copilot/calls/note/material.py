"""What a note is made of: the call as it stands, its sentences, and how they are retold."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from copilot.calls.note.model import Statement
from copilot.calls.note.quoted import quoted
from copilot.calls.note.reported import retell_agent, retell_customer
from copilot.calls.sentences import Sentence, by_turn, nearest, sentences_of
from copilot.calls.state import CallState, Raised
from copilot.spoken import written_form
from knowledge.remembering import remembered

_FIGURE = re.compile(r"\d+")


@dataclass(frozen=True)
class Material:
    """A call held in `language`, ready to be written about; in another `note_language` people are quoted as said."""

    state: CallState
    language: str
    note_language: str | None = None

    @cached_property
    def sentences(self) -> list[Sentence]:
        """What people said; system turns apart."""
        return sentences_of(turn for turn in self.state.turns.values() if turn.speaker != "system")

    @cached_property
    def _by_turn(self) -> dict[str, list[Sentence]]:
        return by_turn(self.sentences)

    def cues(self, *cue_ids: str) -> list[Raised]:
        """The cues of these ids, in the order they were heard."""
        return [cue for cue in self.state.cues if cue.cue_id in cue_ids]

    def retold(self, sentence: Sentence, *, by_agent: bool = False) -> Statement:
        """A sentence in the third person, or as a quote where the note is in another language; it rests on its turn.

        `by_agent` says who spoke where nobody marked it.
        """
        if self.note_language and self.note_language != self.language:
            return Statement(quoted(sentence.text, sentence.speaker, self.note_language), (sentence.turn_id,))
        is_agents = sentence.speaker == "agent" or (by_agent and sentence.speaker == "unknown")
        retell = retell_agent if is_agents else retell_customer
        return Statement(retell(sentence.text, self.language), (sentence.turn_id,))

    def of_cue(self, cue: Raised) -> Statement:
        """The sentence that raised a cue, retold; the cue's own label when its turn has none left."""
        sentence = self.sentence_of(cue)
        return self.retold(sentence) if sentence else Statement(cue.label, (cue.turn_id,))

    def places_of(self, *cue_ids: str) -> set[int]:
        """The places of the sentences in which these cues were heard."""
        found = map(self.sentence_of, self.cues(*cue_ids))
        return {sentence.place for sentence in found if sentence is not None}

    def sentence_of(self, cue: Raised) -> Sentence | None:
        """The sentence of the cue's turn that shares most words with what raised it."""
        return nearest(cue.words, self._by_turn.get(cue.turn_id, ()))


def figures_in(sentence: Sentence) -> int:
    """How many numbers a sentence holds, spoken ones included."""
    return _figures_of(sentence.text)


@remembered(4096)  # a note weighs a sentence several times; texts are masked before they come here
def _figures_of(text: str) -> int:
    return len(_FIGURE.findall(written_form(text)))


def distinct(statements: Iterable[Statement]) -> list[Statement]:
    """One of each text, in order; the turns of repeats are joined."""
    by_text: dict[str, Statement] = {}
    for statement in statements:
        known = by_text.get(statement.text)
        turn_ids = tuple(dict.fromkeys((*(known.turn_ids if known else ()), *statement.turn_ids)))
        by_text[statement.text] = Statement(statement.text, turn_ids)
    return list(by_text.values())
