"""Save offers: who may be offered what, what it earns, who must approve, and in which words."""

from copilot.offers.decide import NO_OFFER, Decision, Desk, Estimates, Evaluation, Odds, evaluate, is_held_out
from copilot.offers.economics import Outlook, Value, margins, monthly_rate, value_of
from copilot.offers.estimates import CountedEstimates
from copilot.offers.facts import Book, CallContext, facts_of
from copilot.offers.fairness import fairness
from copilot.offers.rules import RuleResult

__all__ = [
    "NO_OFFER",
    "Book",
    "CallContext",
    "CountedEstimates",
    "Decision",
    "Desk",
    "Estimates",
    "Evaluation",
    "Odds",
    "Outlook",
    "RuleResult",
    "Value",
    "evaluate",
    "facts_of",
    "fairness",
    "is_held_out",
    "margins",
    "monthly_rate",
    "value_of",
]
