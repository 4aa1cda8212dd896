"""Whether a customer may be called at this hour of theirs. Pure; the hours are data (consent.yaml)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from knowledge.rules.consent import CallingHours


@dataclass(frozen=True)
class CallWindow:
    """Whether a call may begin now, and between which times of the day; `rule_ids` are the rules that narrowed it."""

    may_call: bool
    opens: time
    closes: time
    rule_ids: tuple[str, ...]


def may_call_now(local: datetime, rules: Sequence[CallingHours], *, state: str = "") -> CallWindow:
    """Whether a customer may be called at `local`, the time where they are.

    All rules that reach the customer and are in force on the day hold together, so the narrowest does. Where no rule
    is left, nobody is called: a pack that forgot its hours must not open them.

    Args:
        local: date and time at the called party's place.
        rules: calling_hours of consent.yaml.
        state: postal code of the customer; "" when unknown: then every state's rule holds, for it may be theirs.
    """
    reaching = [rule for rule in rules if _reaches(rule, state) and _in_force(rule, local)]
    if not reaching:
        return CallWindow(False, time.min, time.min, ())
    opens, closes = max(rule.opens for rule in reaching), min(rule.closes for rule in reaching)
    is_weekday = all(local.isoweekday() in rule.weekdays for rule in reaching)
    at = local.time().replace(tzinfo=None)
    return CallWindow(is_weekday and opens <= at < closes, opens, closes, tuple(rule.id for rule in reaching))


def _reaches(rule: CallingHours, state: str) -> bool:
    return rule.reaches(state) if state else rule.status not in ("vacated", "proposed")


def _in_force(rule: CallingHours, local: datetime) -> bool:
    day = local.date()
    return (rule.effective_from or day) <= day <= (rule.effective_to or day)
