"""The words of reports, from words.yaml, in the languages of the product."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from copilot.insight.sections import Section
from copilot.spreadsheet import Table

_FILE = Path(__file__).with_name("words.yaml")


@lru_cache(maxsize=1)
def all_words() -> Mapping[str, Any]:
    """What figures, exclusions, sections, columns and codes are called, `{group: {code: {en, es}}}`."""
    words: dict[str, Any] = yaml.safe_load(_FILE.read_text("utf-8"))
    return words


def word(group: str, code: str, language: str) -> str:
    """What a code is called; the code itself where nobody has named it. A figure is called by its title."""
    found = all_words().get(group, {}).get(code, {})
    told = found.get(language) or found.get("en") or code
    return str(told["title"]) if isinstance(told, Mapping) else str(told)


def named_table(section: Section, language: str) -> Table:
    """A section as a table for a file: heads, figures and exclusions in words; codes of rows stay codes."""
    heads = [word("columns", column, language) for column in section.columns]
    rows = [list(row) for row in section.flat()]
    for row, given in zip(rows, section.rows, strict=True):
        for place, column in enumerate(section.columns):
            if column == "kpi_id":
                row[place] = word("kpis", row[place], language)
            elif column == "excluded":
                told = (f"{each['count']} {word('excluded', each['why'], language)}" for each in given["excluded"])
                row[place] = "; ".join(told)
    return Table(word("sections", section.name, language), heads, rows)
