"""The account note: what happened in a call, ready at hang-up."""

from copilot.calls.note.compose import compose_note, labels_of, warm_up
from copilot.calls.note.editing import edited_note, history_of, is_settled, signed_note
from copilot.calls.note.model import AccountNote, Statement
from copilot.calls.note.preview import preview_note

__all__ = [
    "AccountNote",
    "Statement",
    "compose_note",
    "edited_note",
    "history_of",
    "is_settled",
    "labels_of",
    "preview_note",
    "signed_note",
    "warm_up",
]
