"""`copilot offers`, `copilot pack decisions`, `copilot bench offers` from the terminal."""

import json
import shutil
from pathlib import Path

from tests.copilot.commands.test_cli import copilot, refused

GYM = Path(__file__).parents[2] / "packs" / "gym"


def test_a_sample_customer_is_named_by_id(tmp_path: Path) -> None:
    asked = ("--pack", str(GYM), "--customer", "G-04", "--reason", "price", "--on", "2026-11-20")
    shown = copilot(tmp_path, "offers", *asked).stdout.splitlines()
    assert shown[0].startswith("1. GYM-10-OFF ")
    assert shown[1].strip() == "I can take 10 percent off for two months: $53.10 a month."
    told = json.loads(copilot(tmp_path, "offers", *asked, "--json").stdout)
    assert (told["best"], told["decisions"][0]["approval"]) == ("GYM-10-OFF", "desk")


def test_a_customer_that_is_neither_a_sample_nor_a_file_is_refused(tmp_path: Path) -> None:
    result = copilot(tmp_path, "offers", "--pack", str(GYM), "--customer", "G-99", "--reason", "price")
    refused(result, "G-99 cannot be read: No such file or directory.")


def test_examples_that_come_out_as_written_are_fine(tmp_path: Path) -> None:
    result = copilot(tmp_path, "pack", "decisions", str(GYM))
    assert (result.returncode, result.stdout.splitlines()[-1]) == (0, "18 examples, 0 decided otherwise")


def test_an_example_that_comes_out_otherwise_fails_and_says_why(tmp_path: Path) -> None:
    pack = tmp_path / "gym"
    shutil.copytree(GYM, pack)
    offers = pack / "rules" / "offers.yaml"
    offers.write_text(offers.read_text("utf-8").replace("months < 24", "months < 4"), "utf-8")
    result = copilot(tmp_path, "pack", "decisions", str(pack))
    assert result.returncode == 1
    assert "best is NO_OFFER, expected GYM-10-OFF; against it: tenure: " in result.stdout
    rows = [
        json.loads(line) for line in copilot(tmp_path, "pack", "decisions", str(pack), "--json").stdout.splitlines()
    ]
    assert [row["line"] for row in rows if row["differences"]] == [47]


def test_the_bench_of_offers_reports_no_fault(tmp_path: Path) -> None:
    result = copilot(tmp_path, "bench", "offers", "--pack", str(GYM), "--customers", "60", "--json")
    told = json.loads(result.stdout)
    assert (result.returncode, told["customers"], told["offers"], told["wrongly_ranked"]) == (0, 60, 30, [])
    assert (
        "customers x 30 offers" in copilot(tmp_path, "bench", "offers", "--pack", str(GYM), "--customers", "5").stdout
    )
