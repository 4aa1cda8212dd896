"""Outreach lists from customer records: who is due, and who may not be contacted by any way, with the reason."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from copilot.customer import customer_record
from copilot.insight.due_lists import due_of, settled_since, why_not
from copilot.insight.facts import Due, Touch
from copilot.replies.outreach import WAYS, outreach
from knowledge.pack import Pack

_FOR_NOW = ("calling_hours", "limit")
"""Checks that say nothing of tomorrow, or only of the words."""


def lists_from(
    records: Iterable[Mapping[str, Any]], pack: Pack, *, now: datetime
) -> Iterator[tuple[Due, Touch | None]]:
    """Each one due, with the reason where there is one already: it was paid, or no way is allowed.

    Args:
        records: of customers, see `copilot.customer`.
        pack: consent, hours and limits.
        now: the present.

    Raises:
        BadInput: a record is wrong.
    """
    for record in records:
        customer = customer_record(record)
        for due in due_of(customer, now=now):
            reason = settled_since(due, customer, now=now) or _forbidden(due, record, pack, now)
            yield due, reason


def _forbidden(due: Due, record: Mapping[str, Any], pack: Pack, now: datetime) -> Touch | None:
    """The reason, if every way is closed for more than the hour."""
    noon = now.replace(hour=12, minute=0, second=0, microsecond=0, tzinfo=None)
    reasons: list[str] = []
    for way in WAYS:
        made = outreach(due.list, way, record, pack, local=noon)
        failed = [
            check.detail
            for check in made.checks
            if not check.passed and check.severity == "blocking" and check.id not in _FOR_NOW
        ]
        if not failed:
            return None
        reasons += failed
    return why_not(due, "; ".join(dict.fromkeys(reasons)), now=now)
