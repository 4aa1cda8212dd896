"""Numbers as people say and type them: where they stand in a text, and how they are written."""

from copilot.spoken.folding import Folded, fold
from copilot.spoken.numbers import NumberSpan, find_numbers
from copilot.spoken.words import MONTHS, NUMBER_WORDS, ORDINALS
from copilot.spoken.written import written_form

__all__ = [
    "MONTHS",
    "NUMBER_WORDS",
    "ORDINALS",
    "Folded",
    "NumberSpan",
    "find_numbers",
    "fold",
    "written_form",
]
