import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from copilot.cli import app
from copilot.errors import BadInput
from knowledge.pack import Pack

RESTORE = (
    "restore --past-due 84.37 --current-due 42.19 --fee 20.00 --lines 2 --tax-rate 8.25 --deposit 50 --credit 10 "
    "--disputed 12.50 --json"
)


def run(line: str) -> Result:
    return CliRunner().invoke(app, line.split())


@pytest.fixture
def record(tmp_path: Path, demo_pack: Pack) -> Path:
    path = tmp_path / "customer.json"
    path.write_text(json.dumps(demo_pack.customers["C-1006"]), "utf-8")
    return path


def test_restore_prints_the_sum_and_its_components() -> None:
    assert json.loads(run(RESTORE).stdout)["total"] == "155.17"
    assert json.loads(run(f"{RESTORE} --include-current").stdout)["total"] == "197.36"


def test_an_arrangement_the_rules_do_not_allow_exits_with_1() -> None:
    allowed = run("arrange --total 197.36 --down-percent 50 --instalments 3 --start 2026-11-20")
    assert allowed.exit_code == 0
    assert "32.90" in allowed.stdout
    refused = run("arrange --total 100 --down-percent 10 --instalments 3 --start 2026-11-20 --json")
    assert refused.exit_code == 1
    assert json.loads(refused.stdout)["problems"] == ["first payment 10.00 < 25.00 (25 % of 100.00)"]


def test_prorate_prints_the_amount() -> None:
    assert json.loads(run("prorate --price 59.99 --days 11 --period 30 --json").stdout)["amount"] == "22.00"


def test_a_bill_is_explained_and_checked(record: Path) -> None:
    explained = json.loads(run(f"bill explain {record} --json").stdout)
    assert explained["why"]["en"][0] == "International day pass is new on this bill: $24.00."
    assert run(f"bill check {record} --on 2026-11-20").exit_code == 0


def test_a_bill_that_does_not_agree_exits_with_1(record: Path) -> None:
    wrong = json.loads(record.read_text("utf-8"))
    wrong["balance"]["current_due"] = "1.00"
    record.write_text(json.dumps(wrong), "utf-8")
    checked = run(f"bill check {record} --on 2026-11-20 --json")
    assert checked.exit_code == 1
    assert json.loads(checked.stdout)["kind"] == "balance"


def test_codes_fees_and_quantities_are_answered() -> None:
    assert json.loads(run("bill decline 41 --json").stdout)["raises_fraud_flag"] is True
    leaving = "bill exit-fee --segment home --monthly 75 --started-on 2025-04-01 --ends-on 2027-03-31 --on 2026-10-31"
    assert json.loads(run(f"{leaving} --json").stdout)["amount"] == "50.00"
    priced = CliRunner().invoke(app, ["bill", "convert", "90 min", "min", "--price", "0.039", "--json"])
    assert json.loads(priced.stdout)["cost"] == "3.51"


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("restore --past-due abc", "past_due"),
        ("restore", "past_due"),
        ("restore --past-due 5 --disputed 6", "open_disputed"),
        ("prorate --price 59.99 --days 31 --period 30", "31 of 30 days"),
        ("bill decline 51 --scheme diners", "diners"),
        ("bill explain /nowhere.json", "/nowhere.json"),
        ("bill convert 5GB parsecs", "parsecs"),
    ],
)
def test_bad_input_names_the_value(line: str, named: str) -> None:
    failed = run(line)
    assert isinstance(failed.exception, BadInput)
    assert named in str(failed.exception)
