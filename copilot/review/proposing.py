"""Marks a machine proposes for a call, from its note and events, each with its evidence; a person decides."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from copilot.review.scoring import Mark
from knowledge.rules.scorecard import ScorecardFile

Facts = tuple[Mapping[str, Any], Sequence[Mapping[str, Any]]]  # the note, and the events
Found = tuple[bool, Sequence[str]] | None


def proposals(note: Mapping[str, Any], events: Sequence[Mapping[str, Any]], scorecard: ScorecardFile) -> list[Mark]:
    """Proposed marks for the items whose check can be computed here; the others are left to people.

    Args:
        note: the account note of the call.
        events: of the call, each `{type, body, …}`.
        scorecard: of the pack.
    """
    found = []
    for item in (item for section in scorecard.sections for item in section.items):
        check = _CHECKS.get(item.machine_check or "")
        result = check((note, events)) if check and {"call", "note"} & set(item.subjects) else None
        if result is not None:
            passed, evidence = result
            mark = Decimal(1 if passed else 0)
            found.append(Mark(item.id, mark, tuple(evidence) or ("the whole call",), "", "machine"))
    return found


def reply_proposals(checks: Sequence[Mapping[str, Any]], scorecard: ScorecardFile) -> list[Mark]:
    """Proposed marks for a reply, from the checks of its draft, each `{id, passed, detail}`."""
    failed = {check["id"]: str(check["detail"]) for check in checks if not check["passed"]}
    known = {check["id"] for check in checks}
    found = []
    for item in (item for section in scorecard.sections for item in section.items if "reply" in item.subjects):
        name = _REPLY_CHECKS.get(item.machine_check or "")
        if name in known and name is not None:
            mark = Decimal(0 if name in failed else 1)
            found.append(Mark(item.id, mark, (failed.get(name, "the whole reply"),), "", "machine"))
    return found


def _recording_notice(facts: Facts) -> Found:
    said = [each for each in facts[0].get("disclosures_read", ()) if "record" in each["text"].lower()]
    return bool(said), [turn for each in said for turn in each["turn_ids"]]


def _verified_first(facts: Facts) -> Found:
    early = [each["body"] for each in facts[1] if each["type"] == "alert.raised"]
    wrong = [each for each in early if each.get("flag") in ("unverified_account", "unverified_call_detail")]
    if not wrong and not any(each["type"] == "auth.changed" for each in facts[1]):
        return None  # nobody was verified, and no alert: whether an account detail was named, a person must hear
    return not wrong, [str(each.get("turn_id")) for each in wrong]


def _no_card_data(facts: Facts) -> Found:
    marks = ("[CARD]", "[SSN]", "[BANK_ACCOUNT]")
    turns = [each["body"] for each in facts[1] if each["type"] == "turn.final"]
    masked = [each["turn_id"] for each in turns if any(mark in each["text"] for mark in marks)]
    return True, masked  # what is stored is masked; the places are shown


def _obstruction(facts: Facts) -> Found:
    cards = [each["body"] for each in facts[1] if each["type"] == "card.shown"]
    warned = [each for each in cards if str(each.get("about", "")).startswith("obstruction:")]
    return not warned, [turn for each in warned for turn in each["turn_ids"]]


def _note_grounded(facts: Facts) -> Found:
    statements = [facts[0].get("reason"), *(facts[0].get("facts") or ()), *(facts[0].get("actions") or ())]
    weak = [each for each in statements if isinstance(each, Mapping) and each.get("text") and not each.get("turn_ids")]
    return not weak, [str(each["text"]) for each in weak]


_REPLY_CHECKS = {
    "every_issue": "every_allegation",
    "grounded": "amounts_decided",
    "no_account_data": "no_account_data",
}
_CHECKS: Mapping[str, Callable[[Facts], Found]] = {
    "recording_notice": _recording_notice,
    "auth_before_cpni": _verified_first,
    "no_card_data": _no_card_data,
    "obstruction": _obstruction,
    "note_grounded": _note_grounded,
}
