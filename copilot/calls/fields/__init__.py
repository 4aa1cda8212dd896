"""What an agent would type into a form, read from the conversation without a language model.

A YAML file per language says how agents ask for a field and how callers announce it (`slots.en.yaml`, `slots.es.yaml`).
"""

from collections.abc import Sequence

from copilot.calls.fields.form import Field
from copilot.calls.fields.so_far import FieldsSoFar
from copilot.transcript import Turn

__all__ = ["Field", "FieldsSoFar", "extract_fields"]


def extract_fields(turns: Sequence[Turn], *, language: str = "en") -> list[Field]:
    """What an agent would type into a form from this conversation.

    Args:
        turns: the call in order; secrets may be masked ("[PIN]"), the mask then is the value. Turns of "unknown"
            speakers are read only for what announces itself. Of a turn over 100,000 characters the start is read.
        language: "en" or "es" (a region is ignored); other languages are read as English.

    Returns:
        fields in the order they were first given. Spoken numbers are in digits ("1293537402"), money as "$126.00",
        times as "9:30 am", addresses in one line. A corrected value replaces the earlier one; of two alternatives
        ("7402 or 0314") both are given, under one name. What the caller wants or what is wrong is one free text, named
        "request" if it was not asked under a name of its own.
    """
    return FieldsSoFar().fields(turns, language)
