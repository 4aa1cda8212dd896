"""What another team is handed: who, what was said, what was done and promised, and what that team needs to know.

A packet is made of the note and is classed: what is above the level it may be read at is left out, and said so.
"""

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from copilot.errors import BadInput
from knowledge.rules.flags import FlagsFile, Route

ROUTES: tuple[Route, ...] = get_args(Route)
SUMMARY_WORDS = 60
# What a team needs besides what everybody gets, by the names of the note's parts.
_NEEDS: Mapping[str, tuple[str, ...]] = {
    "legal": ("exact_words", "disclosures_read"),
    "finance": ("amounts", "ticket_ids"),
    "collection": ("amounts", "disclosures_read"),
    "carrier": ("ticket_ids", "diagnostics", "site_contact"),
    "support": ("ticket_ids", "diagnostics"),
    "fraud": ("exact_words", "verification"),
    "privacy": ("exact_words",),
    "cancellation": ("offers",),
    "sales": ("offers",),
}


def packet(note: Mapping[str, Any], route: str, flags: FlagsFile | None = None) -> dict[str, Any]:
    """The packet of a call for a process route.

    Args:
        note: of the call; masked, as it always is.
        route: who gets it.
        flags: of the pack, for first steps.

    Raises:
        BadInput: no such route.
    """
    if route not in ROUTES:
        raise BadInput(f"route is {route!r}; allowed are: {', '.join(ROUTES)}. Choose one.")
    raised = [flags.flag(each["flag"]) for each in note.get("red_flags", ()) if flags and "flag" in each]
    found: dict[str, Any] = {
        "route": route,
        "call_id": note["call_id"],
        "customer": note.get("contact"),
        "verified": note.get("verification"),
        "reason": note.get("reason"),
        "outcome": note.get("outcome_code"),
        "done": [each["text"] for each in note.get("actions", ())],
        "offers_refused": [each for each in note.get("offers", ()) if each.get("outcome") == "refused"],
        "open_promises": list(note.get("follow_ups", ())),
        "first_steps": [flag.first_step.in_language(_language(note)) for flag in raised if flag],
        "withheld": note.get("withheld", 0),
        "summary": warm_transfer(note),
    }
    parts = {
        "exact_words": [{"words": each["text"], "turn_ids": each["turn_ids"]} for each in _said(note)],
        "amounts": [field for field in note.get("fields", ()) if "amount" in field["name"]],
    }
    for name in _NEEDS.get(route, ()):
        found[name] = parts[name] if name in parts else note.get(name)
    return found


def warm_transfer(note: Mapping[str, Any]) -> str:
    """What the agent says when handing the caller over: at most SUMMARY_WORDS words, in the language of the call."""
    contact, is_spanish = note.get("contact") or {}, _language(note) == "es"
    name = contact.get("caller_name") or ("el cliente" if is_spanish else "the customer")
    verified = (note.get("verification") or {}).get("result") == "passed"
    who = (
        f"{name}, {'verificado' if verified else 'sin verificar'}"
        if is_spanish
        else (f"{name}, {'verified' if verified else 'not verified'}")
    )
    parts = [f"Le paso a {who}." if is_spanish else f"I have {who} for you."]
    labels = ("Motivo", "Hecho", "Prometido") if is_spanish else ("Reason", "Done", "Promised")
    told = (
        (note.get("reason") or {}).get("text", ""),
        "; ".join(each["text"] for each in note.get("actions", ())[:2]),
        "; ".join(each["promise"]["text"] for each in note.get("follow_ups", ())[:2]),
    )
    parts += [f"{label}: {text}." for label, text in zip(labels, told, strict=True) if text]
    words = " ".join(parts).split()
    return " ".join(words[:SUMMARY_WORDS]) + ("…" if len(words) > SUMMARY_WORDS else "")


def _said(note: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    statements = [note.get("reason"), *note.get("facts", ()), *note.get("red_flags", ())]
    return [each for each in statements if isinstance(each, Mapping) and each.get("text") and each.get("turn_ids")]


def _language(note: Mapping[str, Any]) -> str:
    return str(note.get("language") or "en")
