"""Decisions as a spreadsheet: one row for each offer of each decision."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence

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
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def as_csv(stored: Iterable[StoredDecision]) -> str:
    """The table as CSV, a head line first."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([_harmless(value) for value in row] for row in _rows(stored))
    return out.getvalue()


def as_xlsx(stored: Iterable[StoredDecision]) -> bytes:
    """The table as an Excel workbook.

    Raises:
        ImportError: the extra [office] is not installed.
    """
    from openpyxl import Workbook  # noqa: PLC0415 - only when a workbook is asked for

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Decisions")
    sheet.append(COLUMNS)
    for row in _rows(stored):
        sheet.append([_harmless(value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


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


def _harmless(value: str) -> str:
    """A text that a spreadsheet would run as a formula is shown as text; numbers below zero stay numbers."""
    is_number = value.removeprefix("-").replace(".", "", 1).isdigit()
    return f"'{value}" if value.startswith(_FORMULA_STARTS) and not is_number else value
