"""Whether a sentence says what its turns or passages say: values, names, negation, who, done or not, and words."""

from copilot.guard.grounding.check import check_sentence, ground, ground_notes, says_something
from copilot.guard.grounding.gazetteer import gazetteer_of, house_names_of
from copilot.guard.grounding.model import Evidence, Grounding

__all__ = [
    "Evidence",
    "Grounding",
    "check_sentence",
    "gazetteer_of",
    "ground",
    "ground_notes",
    "house_names_of",
    "says_something",
]
