"""Whether something of a class may be shown to a caller who has come this far."""

from copilot.guard.verification.model import DISCLOSURES, Permission, Standing, at_least
from copilot.guard.verification.rulebook import Rulebook
from knowledge.documents import Disclosure


def may_show(disclosure: Disclosure, standing: Standing, rulebook: Rulebook) -> Permission:
    """Whether this class is open, and why not.

    A release path (a call back to the number of record, mail to the address of record) opens its classes whatever
    the level.
    """
    if disclosure == "public":
        return Permission(True, "none", "public")
    needs = rulebook.level_for(disclosure)
    if disclosure in standing.released:
        return Permission(True, needs, f"{disclosure}: opened by a release path")
    need = rulebook.needs.get(disclosure)
    rule = f" ({need.rule})" if need is not None and need.rule and rulebook.cpni else ""
    allowed = at_least(standing.level, needs)
    return Permission(allowed, needs, f"{disclosure} needs the level {needs}{rule}; the caller is at {standing.level}")


def open_classes(standing: Standing, rulebook: Rulebook) -> tuple[Disclosure, ...]:
    """The classes that may be shown."""
    return tuple(each for each in DISCLOSURES if may_show(each, standing, rulebook).allowed)
