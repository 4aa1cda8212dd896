"""Verification reported by a person or another system: checked against its method before it opens anything."""

from copilot.calls.cards import Card
from copilot.calls.desk import Desk
from copilot.calls.moment import Reaction
from copilot.calls.state import AuthLevel, CallState
from copilot.guard.verification import Claim, accept


def auth_reported(state: CallState, desk: Desk, level: AuthLevel, method: str | None) -> list[Reaction]:
    """The events of a report: the change of verification, and the alert when it failed once too often.

    Raises:
        BadInput: the method is unknown, proves nothing, or does not carry to this level.
    """
    claim = Claim(level, method, state.channel, desk.flags_of(state.customer_id))
    accepted = accept(claim, state.standing, desk.rulebook)
    result = "failed" if level == "none" else "passed"
    body = {"level": level, "method": accepted.method, "result": result, "releases": list(accepted.releases)}
    reactions = [Reaction("auth.changed", body)]
    if result == "failed":
        card = step_up_card(state, desk, state.language or desk.pack.head.default_language, ())
        if card is not None:
            reactions.append(Reaction("card.shown", card.as_event_body(f"c{len(state.cards) + 1}")))
    return reactions


def step_up_card(state: CallState, desk: Desk, language: str, turn_ids: tuple[str, ...]) -> Card | None:
    """The alert after one more failed attempt, when it is one too many; once a call."""
    failed = 1 + sum(verified.result == "failed" for verified in state.verifications)
    is_shown = any(card["about"] == STEP_UP for card in state.cards)
    if failed < desk.rulebook.rules.max_failed_attempts or is_shown:
        return None
    title, body = desk.rulebook.warning("step_up", language)
    return Card("alert", title, body, STEP_UP, f"{failed} × {FAILED.get(language, FAILED['en'])}", turn_ids)


STEP_UP = "verification_step_up"
FAILED = {"en": "verification failed", "es": "verificación fallida"}
