"""The account note: what happened in a call, ready at hang-up."""

from copilot.calls.note.compose import compose_note, labels_of, warm_up
from copilot.calls.note.model import AccountNote, Statement
from copilot.calls.note.preview import preview_note

__all__ = ["AccountNote", "Statement", "compose_note", "labels_of", "preview_note", "warm_up"]
