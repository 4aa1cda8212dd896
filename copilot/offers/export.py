"""Decisions as a spreadsheet: one row for each offer of each decision."""

import json
from collections.abc import Iterable, Iterator, Sequence

from copilot import spreadsheet
from copilot.store import StoredDecision

COLUMNS = (
    "decision_id",
    "at",
    "on",
    "customer_id",
    "reason",
    "offer_id",
    "rank",
    "eligible",
    "dEV",
    "C",
    "V0",
    "C_max",
    "roi",
    "margin_after",
    "approval",
    "reasons",
)


def as_csv(stored: Iterable[StoredDecision]) -> str:
    """The table as CSV, a head line first."""
    return spreadsheet.as_csv(COLUMNS, _rows(stored))


def as_xlsx(stored: Iterable[StoredDecision]) -> bytes:
    """The table as an Excel workbook.

    Raises:
        ImportError: the extra [office] is not installed.
    """
    return spreadsheet.as_xlsx([spreadsheet.Table("Decisions", COLUMNS, list(_rows(stored)))])


def _rows(stored: Iterable[StoredDecision]) -> Iterator[Sequence[str]]:
    for decision in stored:
        answer = json.loads(decision.answer)
        eligible = [each["offer_id"] for each in answer["decisions"] if each["eligible"]]
        for each in answer["decisions"]:
            rank = str(eligible.index(each["offer_id"]) + 1) if each["eligible"] else ""
            known = {
                **{name: each.get(name) for name in COLUMNS},
                "decision_id": decision.decision_id,
                "at": decision.at.isoformat(),
                "on": answer["on"],
                "customer_id": decision.customer_id,
                "reason": decision.reason,
                "rank": rank,
                "eligible": "yes" if each["eligible"] else "no",
                "reasons": "; ".join(each["reasons"]),
            }
            yield ["" if known[name] is None else str(known[name]) for name in COLUMNS]
