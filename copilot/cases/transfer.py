"""What an agent says when handing a caller over: who, why, what was done and promised, in at most sixty words."""

from collections.abc import Callable, Mapping
from typing import Any

SUMMARY_WORDS = 60


def is_verified(note: Mapping[str, Any]) -> bool:
    """Whether the caller passed; an answer that nobody checked ("given") is none."""
    return (note.get("verification") or {}).get("result") == "passed"


def warm_transfer(note: Mapping[str, Any], may_tell: Callable[[Mapping[str, Any]], bool] = bool) -> str:
    """The words of a warm transfer, in the language of the note; the caller may hear them.

    Args:
        note: of the call.
        may_tell: whether a statement may be spoken before the caller; any that says something, if left out.
    """
    contact, is_spanish = note.get("contact") or {}, note.get("language") == "es"
    name = contact.get("caller_name") or ("el cliente" if is_spanish else "the customer")
    if is_spanish:
        parts = [f"Le paso a {name}, {'identidad verificada' if is_verified(note) else 'identidad sin verificar'}."]
    else:
        parts = [f"I have {name} for you, {'verified' if is_verified(note) else 'not verified'}."]
    labels = ("Motivo", "Hecho", "Prometido") if is_spanish else ("Reason", "Done", "Promised")
    promises = [each["promise"] for each in note.get("follow_ups") or ()]
    told = ([note.get("reason") or {}], (note.get("actions") or ())[:2], promises[:2])
    for label, statements in zip(labels, told, strict=True):
        texts = [each["text"].rstrip(" .;") for each in statements if each.get("text") and may_tell(each)]
        if texts:
            parts.append(f"{label}: {'; '.join(texts)}.")
    words = " ".join(parts).split()
    return " ".join(words[:SUMMARY_WORDS]) + ("…" if len(words) > SUMMARY_WORDS else "")
