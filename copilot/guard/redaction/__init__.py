"""Secrets die at the door: card, bank and social security numbers, PINs and passwords, spoken or typed."""

from copilot.guard.redaction.forms import secret_form
from copilot.guard.redaction.kinds import (
    ALL_KINDS,
    SECRET_KINDS,
    Amendment,
    Kind,
    Redacted,
    RedactionPolicy,
    SecretForm,
    Span,
    masked,
)
from copilot.guard.redaction.partials import hide_numbers, marks_in
from copilot.guard.redaction.records import redact_record
from copilot.guard.redaction.redactor import Redactor

__all__ = [
    "ALL_KINDS",
    "SECRET_KINDS",
    "Amendment",
    "Kind",
    "Redacted",
    "RedactionPolicy",
    "Redactor",
    "SecretForm",
    "Span",
    "hide_numbers",
    "marks_in",
    "masked",
    "redact_record",
    "secret_form",
]
