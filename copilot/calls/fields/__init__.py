"""What an agent would type into a form, read from the conversation without a language model."""

from copilot.calls.fields.extract import Field, extract_fields

__all__ = ["Field", "extract_fields"]
