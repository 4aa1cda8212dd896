"""A query in its conversation: how much each word and each turn before the question counts."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

# What the agent repeats back names the thing talked about, in the words of the documents. Where nobody is known to be
# the agent, any turn may be such a turn. With weights of 1 and no vector of the question alone, a change of topic cost
# half of the right answers; with less weight, questions that name nothing ("and how late are they open?") lose theirs.
AGENT_WEIGHT = 0.9
OTHER_WEIGHT = 0.45
DECAY_PER_TURN = 0.9
MAX_TURNS = 12

# An embedding costs by its length (7 ms at 70 tokens), and a long past drowns the question.
RECENT_TURNS = 8
AGENT_WORDS = 30
OTHER_WORDS = 15
QUESTION_SHARE = 1.25


@dataclass(frozen=True, slots=True)
class ContextTurn:
    """An earlier turn of the conversation."""

    text: str
    speaker: str = "customer"

    @property
    def is_agents(self) -> bool:
        """Whether the agent said it."""
        return self.speaker == "agent"


def weigh_words(
    query: str, context: Sequence[ContextTurn], words_of: Callable[[str], Iterable[str]]
) -> dict[str, float]:
    """The words of the question with weight 1, those of earlier turns with less the older they are.

    A word said several times has its largest weight, not the sum: repeated small talk must not outweigh the question.
    """
    weights = dict.fromkeys(words_of(query), 1.0)
    speakers_known = any(turn.is_agents for turn in context)
    for age, turn in enumerate(reversed(context[-MAX_TURNS:])):
        weight = OTHER_WEIGHT if speakers_known and not turn.is_agents else AGENT_WEIGHT
        weight *= DECAY_PER_TURN**age
        for word in words_of(turn.text):
            weights[word] = max(weight, weights.get(word, 0.0))
    return weights


def texts_to_embed(query: str, context: Sequence[ContextTurn]) -> list[tuple[str, float]]:
    """Texts whose vectors, each times its share, add up to the query's.

    The question after the last words of the agent and of the others, which says what it is about; and the question
    alone, which says what is asked now. Older words are cut first, the question always stays whole. Vectors of single
    turns added up instead lose what links question and thing (nDCG@10 0.29 against 0.46 on spoken questions).
    """
    if not context:
        return [(query, 1.0)]
    speakers_known = any(turn.is_agents for turn in context)
    left = {True: AGENT_WORDS, False: OTHER_WORDS} if speakers_known else {False: AGENT_WORDS + OTHER_WORDS}
    said: list[str] = []
    for turn in reversed(context[-RECENT_TURNS:]):
        words = turn.text.split()
        kept = words[max(0, len(words) - left[turn.is_agents]) :]
        left[turn.is_agents] -= len(kept)
        said = kept + said
    return [(" ".join([*said, query]), 1.0), (query, QUESTION_SHARE)]
