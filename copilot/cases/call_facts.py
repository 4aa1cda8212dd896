"""What the note and the events of a call say about chances that were missed in it, as plain facts to judge by."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from copilot.cases.raised import raised_in
from knowledge.rules.flags import FlagsFile

_HANDED_ON = ("ESCALATED", "TRANSFERRED")
REPEAT = "repeat"  # the flag of a third contact on one issue
CONTACTS_OF_REPEAT = 3


def facts_of(note: Mapping[str, Any], events: Sequence[Mapping[str, Any]], flags: FlagsFile | None) -> dict[str, Any]:
    """The facts `copilot.cases.missed.missed_in` judges, as far as the call shows them; the rest is left out.

    The best offer is the one of the highest dEV among those put before the agent, at the value of that moment. What was
    presented counts only when every offer the agent spoke of is known by its id: an offer nobody can name may have been
    the right one.

    Args:
        note: of the call.
        events: of the call, `{type, body}`.
        flags: of the pack.
    """
    facts: dict[str, Any] = {"call_id": note["call_id"]}
    cards = [each["body"] for each in events if each.get("type") == "offer.shown" and each["body"].get("offer")]
    if cards:
        best = max((card["offer"] for card in cards), key=_worth)
        facts["best_offer"] = {"offer_id": best["offer_id"], "dEV": str(_worth(best))}
        known = [offer for card in cards for offer in (card["offer"], *(card.get("options") or ()))]
        facts["worth"] = {str(offer["offer_id"]): str(_worth(offer)) for offer in known}
    spoken = list(_spoken(note, events))
    if None not in spoken:
        facts["presented"] = sorted({str(offer_id) for offer_id in spoken})
    raised = [each.flag for each in raised_in(events, flags)]
    live = [flag.flag_id for flag in raised if flag.needs_live_supervisor]
    if live:
        facts |= {"flags": live, "escalated": note.get("outcome_code") in _HANDED_ON}
    if any(flag.flag_id == REPEAT for flag in raised):
        facts |= {"contacts_on_issue": CONTACTS_OF_REPEAT, "has_owner": bool(note.get("follow_ups"))}
    return facts


def _worth(offer: Mapping[str, Any]) -> Decimal:
    return Decimal(str(offer.get("dEV") or "0"))


def _spoken(note: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> Iterator[Any]:
    """Ids of the offers the agent spoke of, None for one that has no id; a card alone is none."""
    for each in note.get("offers") or ():
        yield each.get("offer_id")
    for each in events:
        is_said = each.get("type") == "offer.outcome" or "attempt" in (each.get("body") or {})
        if is_said and str(each.get("type")).startswith("offer."):
            yield each["body"].get("offer_id")
