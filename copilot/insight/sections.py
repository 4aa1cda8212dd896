"""Sections of a report: each a table of plain rows, from which the page, the CSV and the workbook are all made."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from copilot.insight.customer_kpis import SAVE_DAYS
from copilot.insight.kpi import Kpi
from copilot.insight.outreach_lists import Completeness
from copilot.insight.quality_kpis import CardUse
from copilot.insight.saves import SaveRow

Row = Mapping[str, Any]
KPI_COLUMNS = ("kpi_id", "value", "unit", "numerator", "denominator", "excluded", "figures", "evidence")


@dataclass(frozen=True)
class Section:
    """A table; the values of a row are texts, numbers, None, or lists of texts, as JSON has them."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Row]

    def as_json(self) -> dict[str, Any]:
        """The section in JSON types."""
        return {"columns": list(self.columns), "rows": [dict(row) for row in self.rows]}

    def flat(self) -> list[list[str]]:
        """The rows as texts, for a file."""
        return [[_flat(row.get(column)) for column in self.columns] for row in self.rows]


def plain(value: Any) -> Any:
    """A value in JSON types: money and shares as texts, days and moments in ISO 8601."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple | set | frozenset):
        return list(value)
    return value


def section(name: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Section:
    """A section of these columns; what else stands in the rows is left out."""
    return Section(name, columns, [{column: plain(row.get(column)) for column in columns} for row in rows])


def kpi_section(kpis: Iterable[Kpi]) -> Section:
    """The figures, each with its numerator, denominator and what was left out."""
    return Section("kpis", KPI_COLUMNS, [each.as_json() for each in kpis])


def save_section(name: str, rows: Iterable[SaveRow]) -> Section:
    """Save rates beside acceptance, each share with what it was counted from."""
    columns = ["name", "contacts", "presented", "accepted", "acceptance"]
    for days in SAVE_DAYS:
        columns += [f"told_{days}", f"saved_{days}", f"save_rate_{days}", f"left_out_{days}", f"lost_{days}"]
    return section(name, columns, [_save_row(row) for row in rows])


def card_section(uses: Iterable[CardUse]) -> Section:
    """How useful cards were, by kind."""
    columns = ("kind", "shown", "useful", "not_useful", "dismissed", "silent", "useful_share", "evidence")
    return section("cards", columns, [asdict(use) for use in uses])


def outreach_sections(lists: Iterable[Completeness]) -> tuple[Section, Section]:
    """The lists with their proof, and their lines."""
    found = list(lists)
    heads = ("list", "total", "contacted", "reasoned", "open", "is_complete", "strays")
    proofs = [{**vars(each), "is_complete": each.is_complete} for each in found]
    lines = [vars(line) for each in found for line in each.lines]
    columns = ("list", "due_id", "customer_id", "at", "amount", "until", "why", "state", "told", "tries")
    return section("outreach", heads, proofs), section("outreach_lines", columns, lines)


def trend_section(weeks: Sequence[tuple[datetime, Sequence[Kpi]]]) -> Section:
    """Figures week by week."""
    rows = [{"week": begin.date(), **each.as_json()} for begin, kpis in weeks for each in kpis]
    return section("trends", ("kpi_id", "week", "value", "unit", "numerator", "denominator", "evidence"), rows)


def _save_row(row: SaveRow) -> dict[str, Any]:
    told = row.acceptance.as_json()
    found: dict[str, Any] = {
        "name": row.name,
        "contacts": row.contacts,
        "presented": told["denominator"],
        "accepted": told["numerator"],
        "acceptance": told["value"],
    }
    for days, save in row.saves.items():
        found |= {
            f"told_{days}": int(save.denominator),
            f"saved_{days}": int(save.numerator),
            f"save_rate_{days}": save.as_json()["value"],
            f"left_out_{days}": sum(each.count for each in save.excluded),
            f"lost_{days}": list(save.evidence),
        }
    return found


def _flat(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return "; ".join(_flat(each) for each in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_flat(each)}" for name, each in value.items())
    return str(value)
