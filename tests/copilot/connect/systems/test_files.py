"""The folder of CSV or JSONL files, and the tables under it."""

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.connect.protocol import NoSuchRecord, Refused, Unavailable
from copilot.connect.shape import exact_json, nested, read_json, value_at
from copilot.connect.systems import load_connections
from copilot.connect.systems.files import FilesSystem
from copilot.connect.tables import csv_cell
from copilot.errors import ConfigError, NotFound

CUSTOMERS = """\
customer_id,name,phone,email,balance.current_due,notes
C-1,Dana Whitfield,(555) 010-0142,dana@example.org,84.10,"calls, often"
C-2,Luis Ortega,,luis@example.org,-,
C-3,Mae Lindqvist,+1 555 010 0199,,0.00,'=1+1
C-4,too,many,cells,1,2,3
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "customers.csv").write_text(CUSTOMERS, "utf-8")
    return tmp_path


def system(folder: Path) -> FilesSystem:
    return FilesSystem("files", folder)


def cells(folder: Path) -> list[list[str]]:
    with (folder / "customers.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_customers_are_found_by_id_phone_and_email(folder: Path) -> None:
    files = system(folder)
    assert [found.record.name for found in files.find("id", "C-1")] == ["Dana Whitfield"]
    assert [found.object_id for found in files.find("phone", "15550100199")] == ["C-3"]
    assert [found.object_id for found in files.find("email", " DANA@example.org ")] == ["C-1"]
    assert files.find("id", "C-9") == files.find("phone", "") == files.find("email", "") == []
    assert files.find("id", "C-1")[0].record.balance.current_due == Decimal("84.10")


def test_bad_rows_are_named_without_what_is_in_them_and_the_rest_is_used(folder: Path) -> None:
    problems = list(system(folder).check())
    assert [problem.split(":")[:2] for problem in problems] == [["customers.csv", "3"], ["customers.csv", "5"]]
    assert "Luis" not in " ".join(problems)


def test_a_changed_field_changes_one_cell_and_nothing_else(folder: Path) -> None:
    before = cells(folder)
    system(folder).write_field("k", "customer", "C-1", "phone", "(555) 010-0188")
    before[1][2] = "(555) 010-0188"
    assert cells(folder) == before
    assert system(folder).current("customer", "C-1", "phone") == "(555) 010-0188"


@pytest.mark.parametrize("hostile", ['=HYPERLINK("http://x","y")', "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+cmd", "\tx"])
def test_a_formula_is_written_as_a_text_and_read_back_as_it_was_said(folder: Path, hostile: str) -> None:
    files = system(folder)
    files.write_field("k", "customer", "C-1", "notes", hostile)
    assert cells(folder)[1][5] == f"'{hostile}"
    assert files.current("customer", "C-1", "notes") == hostile


@given(st.text(max_size=40))
def test_no_cell_begins_as_a_formula_and_every_cell_comes_back(value: str) -> None:
    from copilot.connect.tables import _without_guard

    cell = csv_cell(value)
    assert cell == value or not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    if not value.startswith("'"):
        assert _without_guard(cell) == value


@pytest.mark.parametrize(
    "value", ["<script>alert(1)</script>", 'say "hi", twice', "línea\ndos", "x" * 100_000, "\u202etxt", "NULL", "0012"]
)
def test_a_hostile_value_comes_back_as_it_is(folder: Path, value: str) -> None:
    files = system(folder)
    files.write_field("k", "customer", "C-1", "notes", value)
    assert files.current("customer", "C-1", "notes") == value
    assert [row[0] for row in cells(folder)] == ["customer_id", "C-1", "C-2", "C-3", "C-4"]


def test_line_ends_and_the_mark_that_spreadsheets_put_in_front_stay(tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_bytes("\ufeffcustomer_id,name\r\nC-1,Ann\r\nC-2,Zoë\r\n".encode())
    system(tmp_path).write_field("k", "customer", "C-2", "name", "Zoé")
    assert path.read_bytes() == "\ufeffcustomer_id,name\r\nC-1,Ann\r\nC-2,Zoé\r\n".encode()


def test_an_unknown_column_the_id_itself_and_an_unknown_customer_leave_the_file_as_it_is(folder: Path) -> None:
    before = (folder / "customers.csv").read_bytes()
    with pytest.raises(Refused, match="shoe"):
        system(folder).write_field("k", "customer", "C-1", "shoe", "44")
    with pytest.raises(Refused, match="customer_id"):
        system(folder).write_field("k", "customer", "C-1", "customer_id", "C-2")
    for kind, object_id in (("customer", "C-9"), ("ticket", "C-1")):
        with pytest.raises(NoSuchRecord):
            system(folder).write_field("k", kind, object_id, "phone", "1")  # type: ignore[arg-type]
    assert (folder / "customers.csv").read_bytes() == before


def test_a_file_in_another_encoding_is_read_as_far_as_it_can_be_and_never_written(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_bytes("customer_id,name\nC-1,Zoë\n".encode("latin-1"))
    assert [found.object_id for found in system(tmp_path).find("id", "C-1")] == ["C-1"]
    with pytest.raises(Refused):
        system(tmp_path).write_field("k", "customer", "C-1", "name", "Ann")


def test_columns_of_other_names_are_told_by_columns_yaml(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("Acct No,Full Name,Balance\nA-7,Dana Whitfield,12.50\n")
    (tmp_path / "columns.yaml").write_text(
        "customers: {customer_id: Acct No, name: Full Name, balance.current_due: Balance}\n"
    )
    files = system(tmp_path)
    assert files.find("id", "A-7")[0].record.balance.current_due == Decimal("12.50")
    files.write_field("k", "customer", "A-7", "name", "Dana W.")
    assert (tmp_path / "customers.csv").read_text() == "Acct No,Full Name,Balance\nA-7,Dana W.,12.50\n"
    assert files.current("customer", "A-7", "balance.current_due") == "12.50"


@pytest.mark.parametrize("text", ["customers: [a, b]", "customers: {a: b", "- x", "\0"])
def test_a_wrong_columns_yaml_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "columns.yaml").write_text(text)
    with pytest.raises(ConfigError, match=r"columns\.yaml"):
        system(tmp_path)


def test_jsonl_keeps_every_other_digit_and_the_kind_of_each_value(tmp_path: Path) -> None:
    path = tmp_path / "customers.jsonl"
    first = '{"customer_id": "C-1", "balance": {"current_due": 84.10, "past_due": 0.1}, "seats": 3, "paperless": false}'
    path.write_text(
        first + '\nno json\n{"customer_id": "C-2", "rate": 1.50e2, "big": 12345678901234567890.123456789}\n'
    )
    files = system(tmp_path)
    files.write_field("k", "customer", "C-1", "balance.current_due", "90.00")
    files.write_field("k", "customer", "C-1", "paperless", "true")
    files.write_field("k", "customer", "C-1", "seats", "four")
    files.write_field("k", "customer", "C-2", "name", "Luis")
    lines = path.read_text().splitlines()
    changed = (
        '{"customer_id": "C-1", "balance": {"current_due": 90.00, "past_due": 0.1}, "seats": "four", "paperless": true}'
    )
    assert lines[:2] == [changed, "no json"]
    assert '"big": 12345678901234567890.123456789' in lines[2]
    assert files.current("customer", "C-1", "balance.current_due") == "90.00"


def test_jsonl_does_not_overwrite_an_object_or_list_with_a_text(tmp_path: Path) -> None:
    path = tmp_path / "customers.jsonl"
    path.write_text('{"customer_id": "C-1", "accounts": [{"account_id": "A"}], "balance": {"past_due": 1}}\n')
    for field in ("accounts", "balance", "accounts.9.x", "customer_id.x"):
        with pytest.raises(Refused):
            system(tmp_path).write_field("k", "customer", "C-1", field, "x")
    assert "x" not in path.read_text()


HOSTILE_LINES = [
    "[1]",
    "7",
    '{"customer_id": 5}',
    "{" * 5000,
    '{"customer_id": ' + "9" * 6000 + "}",
    '{"a": NaN}',
    "\x00",
]


def test_hostile_lines_are_problems_and_nothing_more(tmp_path: Path) -> None:
    lines = [*HOSTILE_LINES, json.dumps({"customer_id": "C-1", "name": "x" * 2_000_000})]
    (tmp_path / "customers.jsonl").write_text("\n".join([*lines, '{"customer_id": "C-2", "name": "Ann"}']))
    files = system(tmp_path)
    assert len(files.check()) == len(lines)
    assert [found.object_id for found in files.find("id", "C-2")] == ["C-2"]


def test_a_note_is_appended_once_a_key_and_after_a_line_that_a_crash_cut(folder: Path) -> None:
    files = system(folder)
    (folder / "notes.jsonl").write_text('{"key": "wb-0", "te')
    files.add_note("wb-1", "customer", "C-1", "Wants\na call")
    files.add_note("wb-1", "customer", "C-1", "Wants\na call")
    assert files.has_note("wb-1", "customer", "C-1")
    assert not files.has_note("wb-0", "customer", "C-1")
    lines = (folder / "notes.jsonl").read_text().splitlines()
    assert json.loads(lines[1]) == {"key": "wb-1", "object": "customer", "object_id": "C-1", "text": "Wants\na call"}
    assert len(lines) == 2


def test_a_folder_that_is_not_there_has_nobody_and_takes_a_note(tmp_path: Path) -> None:
    files = system(tmp_path / "new")
    assert (files.check(), files.find("id", "C-1")) == ([], [])
    files.add_note("wb-1", "ticket", "T-1", "text")
    assert files.has_note("wb-1", "ticket", "T-1")


def test_a_folder_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable, match="cannot be written"):
        system(tmp_path / "file" / "under").add_note("wb-1", "customer", "C-1", "text")


def test_bills_are_read_beside_the_customers_and_bad_ones_are_named(folder: Path) -> None:
    (folder / "customers.csv").write_text("customer_id,name\nC-1,Ann\n")
    (folder / "invoices.csv").write_text(
        "customer_id,invoice_id,bill_date,due_date,total,state\n"
        "C-1,I-1,2026-10-01,2026-10-21,84.10,sent\nC-1,I-2,soon,2026-10-21,1,sent\nC-2,I-3,2026-10-01,2026-10-21,5,sent\n"
    )
    (folder / "payments.jsonl").write_text(
        '{"customer_id": "C-1", "paid_on": "2026-10-20", "amount": 84.10, "result": "declined", "decline_code": "51"}\n'
    )
    bills = system(folder).billing("C-1")
    assert [(each.invoice_id, each.total) for each in bills.invoices] == [("I-1", Decimal("84.10"))]
    assert [(each.amount, each.decline_code) for each in bills.payments] == [(Decimal("84.10"), "51")]
    assert bills.problems == ("invoices.csv:3: ValidationError, bill_date",)
    with pytest.raises(NoSuchRecord):
        system(folder).billing("C-9")


def test_the_default_is_a_folder_in_the_data_folder(tmp_path: Path) -> None:
    connections = load_connections("", tmp_path)
    assert list(connections.systems) == ["files"]
    connections.get("files").add_note("wb-1", "customer", "C-1", "text")
    assert (tmp_path / "connect" / "notes.jsonl").is_file()
    with pytest.raises(NotFound, match="files"):
        connections.get("crm")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", "systems"),
        ("systems: {}", "systems"),
        ("systems: [", "cannot be read"),
        ("systems: {Bad Name: {kind: files, folder: x}}", "Bad Name"),
        ("systems: {a: {kind: telepathy}}", "telepathy"),
        ("systems: {a: 5}", "kind is None"),
        ("systems: {a: {kind: files}}", "a.folder"),
        ("systems: {a: {kind: files, folder: x, fields: [b]}}", "a.fields"),
        ("systems: {a: {kind: files, folder: x, fields: {said: note}}}", "a.fields"),
        ("systems: {a: {kind: files, folder: x, fields: {customer: {said: note}}}}", "a.fields"),
        ("systems: {a: {kind: files, folder: x, fields: {shoe: {said: b}}}}", "a.fields"),
        ("systems: {a: {kind: files, folder: x, fields: {customer: {a: b}, c: d}}}", "a.fields"),
        ("systems: {a: {kind: __init__}}", "__init__"),
    ],
)
def test_a_wrong_file_of_systems_is_named(tmp_path: Path, text: str, names: str) -> None:
    path = tmp_path / "connect.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_connections(str(path), tmp_path)
    assert names in str(caught.value)


JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_json_goes_out_and_comes_back_without_a_float(data: Any) -> None:
    assert read_json(exact_json(data)) == data


@given(st.dictionaries(st.from_regex(r"[a-z]{1,2}(\.[a-z]{1,2}){0,2}", fullmatch=True), st.integers(), max_size=5))
def test_nested_values_stand_at_their_paths(flat: dict[str, int]) -> None:
    try:
        whole = nested(flat)
    except ValueError:
        return
    for path, value in flat.items():
        assert value_at(whole, path) == value
