"""Who may be told what: classes of content, levels of a caller, what opens an item, and what proves nothing."""

from copilot.guard.verification.classes import Classed, classify
from copilot.guard.verification.gate import may_show, open_classes
from copilot.guard.verification.items import is_unlocked, items_in, unaided_items
from copilot.guard.verification.methods import Accepted, Claim, accept
from copilot.guard.verification.model import (
    DISCLOSURES,
    LEVELS,
    Permission,
    Standing,
    at_least,
    higher,
    lower,
    stricter,
)
from copilot.guard.verification.proof import wrong_hint, wrong_proof
from copilot.guard.verification.rulebook import Rulebook

__all__ = [
    "DISCLOSURES",
    "LEVELS",
    "Accepted",
    "Claim",
    "Classed",
    "Permission",
    "Rulebook",
    "Standing",
    "accept",
    "at_least",
    "classify",
    "higher",
    "is_unlocked",
    "items_in",
    "lower",
    "may_show",
    "open_classes",
    "stricter",
    "unaided_items",
    "wrong_hint",
    "wrong_proof",
]
