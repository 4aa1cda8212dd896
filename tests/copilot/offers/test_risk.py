import csv
from pathlib import Path
from random import Random
from xml.etree import ElementTree as ET

import pytest

from copilot.errors import BadInput
from copilot.offers.risk import at_risk, backtest, calibration_svg, read_table

NAMES = ("id", "plan", "tenure", "price", "left")


def accounts(path: Path, count: int, seed: int = 1) -> Path:
    """Accounts of which newcomers on the monthly plan leave much more often; price is noise."""
    chance = Random(seed)
    with path.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(NAMES)
        for number in range(count):
            plan, tenure = chance.choice(["monthly", "yearly"]), chance.randrange(60)
            risk = 0.7 if plan == "monthly" and tenure < 20 else 0.1
            price = f"{chance.uniform(20, 90):.2f}" if chance.random() > 0.02 else ""
            rows.writerow([f"A{number}", plan, tenure, price, "Yes" if chance.random() < risk else "No"])
    return path


def test_the_model_finds_who_leaves_and_says_so_honestly(tmp_path: Path) -> None:
    found = backtest(read_table(accounts(tmp_path / "a.csv", 1200), target="left", id_column="id"))
    assert (found.trained_on, found.held_out) == (900, 300)
    assert found.model.auc > 0.75
    assert found.model.brier < found.base_rate_brier
    assert found.model.calibration_error < 0.1
    assert sum(each.n for each in found.model.bins) == 300


def test_the_same_seed_gives_the_same_backtest(tmp_path: Path) -> None:
    table = read_table(accounts(tmp_path / "a.csv", 400), target="left", id_column="id")
    assert backtest(table) == backtest(table)


def test_the_list_puts_the_likely_ones_first(tmp_path: Path) -> None:
    known = read_table(accounts(tmp_path / "a.csv", 600), target="left", id_column="id")
    fresh = read_table(accounts(tmp_path / "b.csv", 100, seed=2), target="left", id_column="id")
    listed = at_risk(known, fresh)
    first = {each.account_id for each in listed[:10]}
    plans = dict(zip(fresh.ids, fresh.columns["plan"], strict=True))
    assert {plans[account_id] for account_id in first} == {"monthly"}
    assert [each.risk for each in listed] == sorted((each.risk for each in listed), reverse=True)


def test_a_column_that_is_left_out_is_not_seen(tmp_path: Path) -> None:
    table = read_table(accounts(tmp_path / "a.csv", 10), target="left", id_column="id", leave_out=["plan"])
    assert list(table.columns) == ["tenure", "price"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("id,left\n1,maybe\n", "Line 2"),
        ("number,left\n1,yes\n", "no column 'id'"),
        ("", "no column 'id'"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(BadInput, match=says):
        read_table(path, target="left", id_column="id")


def test_too_few_accounts_or_only_one_kind_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="200"):
        backtest(read_table(accounts(tmp_path / "a.csv", 50), target="left", id_column="id"))


def test_the_plot_is_well_formed_and_holds_every_bin(tmp_path: Path) -> None:
    found = backtest(read_table(accounts(tmp_path / "a.csv", 400), target="left", id_column="id"))
    plot = ET.fromstring(calibration_svg(found.model, "Risk"))
    assert len(plot.findall("{http://www.w3.org/2000/svg}circle")) == len(found.model.bins)
