"""What another team is handed: who, what was said, what was done and promised, and what that team needs to know.

A packet is made of the note and the events of a call. Exact words are those of the log, never the note's retelling.
What a team needs and nobody knows is named, so that somebody asks. Teams that sell or publish get nothing of an account
that the caller was not verified for.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

from copilot.cases.raised import Raised, Turn, raised_in, turns_of
from copilot.cases.transfer import is_verified, warm_transfer
from copilot.errors import BadInput
from copilot.guard.verification import LEVELS, Rulebook, Standing, classify, may_show
from knowledge.rules.flags import FlagsFile, Route

ROUTES: tuple[Route, ...] = get_args(Route)
OUTWARD = frozenset({"marketing", "sales"})
# What a team needs besides what everybody gets.
_NEEDS: Mapping[str, tuple[str, ...]] = {
    "legal": ("exact_words", "disclosures_read"),
    "finance": ("amounts", "invoice_ids"),
    "collection": ("amounts", "disclosures_read", "exact_words"),
    "carrier": ("ticket_ids", "carrier_tickets", "diagnostics", "site_contact"),
    "support": ("ticket_ids", "diagnostics"),
    "fraud": ("exact_words",),
    "privacy": ("exact_words",),
    "red_flag": ("exact_words",),
    "escalation": ("exact_words",),
}
_RULES = {"legal": ("Quote the exact words; admit nothing and argue no facts.",)}
_AMOUNT = re.compile(r"\$\s?\d[\d,]*(?:\.\d{2})?")
_INVOICE = re.compile(r"\b(?:IN|INV|BILL)-?\d{3,}\b", re.IGNORECASE)


@dataclass(frozen=True)
class Known:
    """What a packet is made of: the note, the events of the call, and the customer's tickets, in fields of TMF621."""

    note: Mapping[str, Any]
    events: Sequence[Mapping[str, Any]] = ()
    tickets: Sequence[Mapping[str, Any]] = ()
    turns: Mapping[str, Turn] = field(default_factory=dict)

    @staticmethod
    def of(
        note: Mapping[str, Any],
        events: Iterable[Mapping[str, Any]] = (),
        tickets: Sequence[Mapping[str, Any]] = (),
    ) -> "Known":
        """What is known; events of other calls are left out."""
        own = [each for each in events if each.get("call_id", note["call_id"]) == note["call_id"]]
        return Known(note, own, tickets, turns_of(own))


def packet(
    known: Known, route: str, flags: FlagsFile | None = None, *, rulebook: Rulebook | None = None
) -> dict[str, Any]:
    """The packet of a call for a process route.

    Args:
        known: the note, masked as it always is, and what else there is.
        route: who gets it.
        flags: of the pack, for reasons and first steps.
        rulebook: of the pack; without one nothing counts as a fact of an account.

    Raises:
        BadInput: no such route.
    """
    if route not in ROUTES:
        raise BadInput(f"route is {route[:40]!r}; allowed are: {', '.join(ROUTES)}. Choose one.")
    note, language = known.note, str(known.note.get("language") or "en")
    raised = raised_in(known.events, flags)
    own = [each for each in raised if route in each.flag.routes]
    may_tell = _Sight(known, rulebook).may_tell
    kept = _all if route not in OUTWARD else may_tell
    reason = note.get("reason") or {}
    found: dict[str, Any] = {
        "route": route,
        "call_id": note["call_id"],
        "customer": note.get("contact"),
        "verified": {"is_verified": is_verified(note), **(note.get("verification") or {})},
        "reason": reason if kept(reason) else None,
        "flags": [_flag(each, known, language) for each in own],
        "outcome": note.get("outcome_code"),
        "done": [each for each in note.get("actions") or () if kept(each)],
        "offers_refused": [each for each in note.get("offers") or () if each.get("outcome") in ("refused", "stopped")],
        "open_promises": [each for each in note.get("follow_ups") or () if kept(each["promise"])],
        "due_at": min((each["due_at"] for each in note.get("follow_ups") or () if each.get("due_at")), default=None),
        "first_steps": [each.flag.first_step.in_language(language) for each in own],
        "rules": list(_RULES.get(route, ())),
        "summary": warm_transfer(note, may_tell),
    }
    needs = {name: _NEED[name](known, raised) for name in _NEEDS.get(route, ())}
    return {**found, **needs, "lacks": [name for name, value in needs.items() if not value]}


@dataclass(frozen=True)
class _Sight:
    """What may be told of the account: as much as the caller was verified for, and what callers said themselves."""

    known: Known
    rulebook: Rulebook | None

    def may_tell(self, statement: Mapping[str, Any]) -> bool:
        text, turn_ids = str(statement.get("text") or ""), statement.get("turn_ids") or ()
        if self.rulebook is None or not text:
            return True
        said = [self.known.turns[turn_id] for turn_id in turn_ids if turn_id in self.known.turns]
        if said and all(turn.speaker == "customer" for turn in said):
            return True
        level = (self.known.note.get("verification") or {}).get("level")
        standing = Standing(level) if level in LEVELS else Standing()
        return may_show(classify(text, self.rulebook).disclosure, standing, self.rulebook).allowed


def _all(_statement: Mapping[str, Any]) -> bool:
    return True


def _flag(each: Raised, known: Known, language: str) -> dict[str, Any]:
    return {
        "flag": each.flag.flag_id,
        "title": each.flag.title.in_language(language),
        "severity": each.flag.severity,
        "words": [known.turns[turn_id].text for turn_id in each.turn_ids if turn_id in known.turns],
        "turn_ids": list(each.turn_ids),
    }


def _exact_words(known: Known, raised: Sequence[Raised]) -> list[dict[str, Any]]:
    """The turns that raised flags, those of the reason and the facts, word by word in the order they were said."""
    note = known.note
    statements = [note.get("reason") or {}, *(note.get("facts") or ())]
    wanted = {turn_id for each in raised for turn_id in each.turn_ids}
    wanted |= {turn_id for each in statements for turn_id in each.get("turn_ids") or ()}
    return [
        {"speaker": turn.speaker, "words": turn.text, "turn_ids": [turn.turn_id]}
        for turn in known.turns.values()
        if turn.turn_id in wanted
    ]


def _statements(known: Known) -> list[Mapping[str, Any]]:
    note = known.note
    named = ("facts", "told", "actions")
    return [note.get("reason") or {}, *(each for name in named for each in note.get(name) or ())]


def _amounts(known: Known, _raised: Sequence[Raised]) -> list[dict[str, Any]]:
    found = []
    for each in _statements(known):
        amounts = _AMOUNT.findall(str(each.get("text") or ""))
        if amounts:
            found.append({"amounts": amounts, "said": each["text"], "turn_ids": each.get("turn_ids")})
    return found


def _invoice_ids(known: Known, _raised: Sequence[Raised]) -> list[str]:
    texts = [str(each.get("text") or "") for each in _statements(known)] + [turn.text for turn in known.turns.values()]
    named = [str(each["value"]) for each in known.note.get("fields") or () if "invoice" in str(each.get("name"))]
    return list(dict.fromkeys([*named, *(number for text in texts for number in _INVOICE.findall(text))]))


def _diagnostics(known: Known, _raised: Sequence[Raised]) -> dict[str, Any]:
    return {name: value for ticket in known.tickets for name, value in (ticket.get("diagnostics") or {}).items()}


def _site_contact(known: Known, _raised: Sequence[Raised]) -> str | None:
    visits = [order for ticket in known.tickets for order in ticket.get("workOrder") or ()]
    return next((str(order["siteContact"]) for order in reversed(visits) if order.get("siteContact")), None)


def _carrier_tickets(known: Known, _raised: Sequence[Raised]) -> list[dict[str, Any]]:
    names = ("id", "externalId", "name", "status", "observedImpact", "expectedResolutionDate")
    return [{name: ticket[name] for name in names if ticket.get(name)} for ticket in known.tickets]


def _ticket_ids(known: Known, _raised: Sequence[Raised]) -> list[str]:
    return list(known.note.get("ticket_ids") or ())


def _disclosures_read(known: Known, _raised: Sequence[Raised]) -> list[Mapping[str, Any]]:
    return list(known.note.get("disclosures_read") or ())


_Need = Callable[[Known, Sequence[Raised]], Any]
_NEED: Mapping[str, _Need] = {
    "exact_words": _exact_words,
    "amounts": _amounts,
    "invoice_ids": _invoice_ids,
    "diagnostics": _diagnostics,
    "site_contact": _site_contact,
    "carrier_tickets": _carrier_tickets,
    "ticket_ids": _ticket_ids,
    "disclosures_read": _disclosures_read,
}
