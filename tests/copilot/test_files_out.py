"""Workbooks, CSV and Word documents hold texts as texts, whatever they are."""

import csv
import io

import docx
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.spreadsheet import Table, as_csv, as_xlsx, harmless
from copilot.wordprocessing import Block, as_docx

QUOTED = 'a,b\n"c"'


@pytest.mark.parametrize("text", ["=1+1", "+1-555", "-cmd|x", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_a_spreadsheet_would_run_is_shown_as_text(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-1", "-12.50", "plain", "", "1+1"])
def test_what_nobody_would_run_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


def test_csv_comes_back_as_it_was() -> None:
    rows = list(csv.reader(io.StringIO(as_csv(["what"], [[text] for text in [QUOTED]]), newline="")))
    assert rows == [["what"], [QUOTED]]


@given(st.lists(st.text(max_size=40), min_size=1, max_size=5))
def test_any_text_makes_a_workbook_without_formulas(texts: list[str]) -> None:
    book = openpyxl.load_workbook(
        io.BytesIO(as_xlsx([Table("A [b] : c? / d * e and a very long name", ["x"], [[each] for each in texts])]))
    )
    (sheet,) = book
    assert len(sheet.title) <= 31
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_sheets_whose_names_are_cut_alike_stay_two() -> None:
    name = "Why customers want to leave, by monthly revenue"
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx([Table(name, ["x"], []), Table(f"{name} at risk", ["x"], [])])))
    assert len(set(book.sheetnames)) == 2


@given(st.text(max_size=60))
def test_any_text_makes_a_document(text: str) -> None:
    blocks = [Block("heading", text), Block("paragraph", text), Block("point", text), Block("quote", text)]
    blocks.append(Block("table", heads=["a", "b"], rows=[[text, text]]))
    made = docx.Document(io.BytesIO(as_docx(text, blocks)))
    assert len(made.tables) == 1
    assert made.core_properties.author == ""
