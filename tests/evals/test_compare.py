"""Comparisons, and the files that are made of them, against hostile texts."""

import csv
import io
import json
import random
import re
import tomllib
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from xml.etree import ElementTree

import pytest
import typer
from typer.testing import CliRunner

from copilot.cli import add_joined
from evals.compare import Arm, Comparison, as_csv, as_json, compare
from evals.junit import as_junit
from evals.report import as_html, changed_cases, shown, word_diff
from evals.results import Result, Score, Status
from evals.suites import Suite
from evals.verdict import Exit

HOSTILE = "</pre><script>alert(1)</script>\x00\x1b[31m&amp;'\"<img src=x onerror=alert(2)> ]]>"
SUITE = Suite.model_validate(
    {
        "name": "try",
        "task": "plain",
        "cases": ["try.jsonl"],
        "slices": ["es", "en", "fr"],
        "metrics": [
            {"name": "recall", "role": "primary"},
            {"name": "figures", "role": "primary"},
            {"name": "safe", "role": "guardrail", "hard": True},
            {"name": "rouge", "role": "diagnostic"},
        ],
    }
)
Values = Mapping[str, float | None]


def result(case: str, values: Values, *, sample: int = 0, status: Status = "scored", text: object = "") -> Result:
    scores = {name: Score(value, f"why {name}") for name, value in values.items()}
    tags = ("es",) if case < "c5" else ("en",)
    return Result(case, sample, case, tags, status, scores, {"text": text}, "broke" if status != "scored" else "")


def arm(label: str, results: Sequence[Result]) -> Arm:
    return Arm(label, results)


def both(now: Sequence[Values], before: Sequence[Values]) -> Comparison:
    sides = [[result(f"c{n}", values) for n, values in enumerate(side)] for side in (now, before)]
    return compare(SUITE, arm("now", sides[0]), arm("before", sides[1]))


GOOD: Values = {"recall": 0.8, "figures": 0.9, "safe": 1.0, "rouge": 0.3}


def test_values_are_paired_by_case_and_averaged_over_samples() -> None:
    now = [result("c0", {"recall": 0.2}), result("c0", {"recall": 0.6}, sample=1), result("c1", {"recall": 1.0})]
    before = [result("c1", {"recall": 0.5}), result("c0", {"recall": 0.6})]
    found = compare(SUITE, arm("now", now), arm("before", before))
    recall = found.metrics[0]
    assert [recall.candidate, recall.baseline] == pytest.approx([0.7, 0.55])
    assert [each.changes["recall"] for each in found.cases] == pytest.approx([-0.2, 0.5])


def test_unscored_is_left_out_and_counted_by_the_side_it_is_missing_on() -> None:
    found = both(
        [{"recall": None}, {"recall": 0.5}, {"recall": None}], [{"recall": None}, {"recall": 0.5}, {"recall": 1.0}]
    )
    assert found.metrics[0].unscored == (1, 1, 0)
    assert found.metrics[0].candidate == 0.5
    assert found.metrics[1].effect is None
    assert found.verdict.exit is Exit.INCONCLUSIVE  # what no case measures has not passed


def test_lost_cases_leave_both_arms() -> None:
    now = [result(f"c{n:03}", GOOD, status="infrastructure" if n == 3 else "scored") for n in range(200)]
    before = [result(f"c{n:03}", GOOD, status="infrastructure" if n == 4 else "scored") for n in range(200)]
    found = compare(SUITE, arm("now", now), arm("before", before))
    assert (len(found.cases), found.errors.candidate_only, found.errors.baseline_only) == (198, 1, 1)
    assert found.verdict.exit is Exit.PASS


def test_a_hard_rule_counts_when_any_sample_breaks_it() -> None:
    now = [result("c0", GOOD), result("c0", {**GOOD, "safe": 0.0}, sample=1), result("c1", {**GOOD, "safe": 0.0})]
    before = [result("c0", GOOD), result("c0", GOOD, sample=1), result("c1", {**GOOD, "safe": 0.0})]
    found = compare(SUITE, arm("now", now), arm("before", before))
    assert found.newly_broken == [("c0", "safe")]
    assert found.verdict.exit is Exit.REGRESSION


def test_improvement_is_claimed_after_holm_and_slices_only_explore() -> None:
    now = [{**GOOD, "recall": 0.9 + n / 1000} for n in range(10)]
    found = both(now, [GOOD] * 10)
    assert [each.is_improved for each in found.metrics] == [True, False, False, False]
    assert {(each.tag, each.metric) for each in found.slices} == {
        (t, m) for t in ("es", "en") for m in ("recall", "figures")
    }
    assert found.metrics[0].sign_flip == pytest.approx(2 / 2**10)  # all ten clusters agree


def test_the_order_of_the_results_changes_no_byte() -> None:
    rng = random.Random(3)
    now = [result(f"c{n}", {**GOOD, "recall": rng.random()}, sample=k) for n in range(50) for k in range(3)]
    before = [result(f"c{n}", {**GOOD, "recall": rng.random()}, sample=k) for n in range(50) for k in range(3)]
    texts = {
        as_json(compare(SUITE, arm("now", rng.sample(now, 150)), arm("before", rng.sample(before, 150))))
        for _ in range(5)
    }
    assert len(texts) == 1
    assert json.loads(texts.pop())["metrics"][0]["clusters"] == 50


def test_nothing_and_one_case_make_files_without_nan() -> None:
    for sides in ([], [GOOD]):
        text = as_json(both(sides, sides))
        assert ("NaN" in text, "Infinity" in text) == (False, False)
    assert json.loads(as_json(both([GOOD], [GOOD])))["metrics"][0]["low"] is None


def test_cells_that_a_spreadsheet_would_run_are_quoted() -> None:
    now, before = [result("=1+1", GOOD)], [result("=1+1", {**GOOD, "recall": 0.1})]
    rows = list(csv.reader(io.StringIO(as_csv(compare(SUITE, arm("now", now), arm("before", before))))))
    assert rows[1][:2] == ["'=1+1", "'=1+1"]
    assert ["'=1+1", "'=1+1", "recall", "0.8", "0.1", "0.7"] in rows


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.summaries: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] == "b" and data.startswith("c"):
            self.summaries.append(data)


def page(now: Sequence[Result], before: Sequence[Result]) -> str:
    found = compare(SUITE, arm("now", now), arm("before", before))
    return as_html(found, now, before, {"candidate": {"model": HOSTILE}})


def test_the_report_holds_hostile_text_as_text() -> None:
    html = page([result("c1", {**GOOD, "recall": 0.1}, text=HOSTILE)], [result("c1", GOOD, text=f"before {HOSTILE}")])
    assert ("\x00" in html, "\x1b" in html) == (False, False)
    parsed = _Page()
    parsed.feed(html)
    assert not {"script", "img", "iframe", "link"} & set(parsed.tags)
    assert not [name for name in parsed.attributes if name.startswith("on") or name in ("src", "href")]
    assert "default-src 'none'" in html
    assert re.search(r"https?://", html) is None


def test_the_report_shows_what_changed_the_worst_first_with_its_reason() -> None:
    now = [
        result(f"c{n}", {**GOOD, "recall": 0.8 + change}, text=f"now {n}")
        for n, change in enumerate((0.1, -0.3, 0, -0.1))
    ]
    before = [result(f"c{n}", GOOD, text=f"before {n}") for n in range(4)]
    html = page(now, before)
    parsed = _Page()
    parsed.feed(html)
    assert parsed.summaries == ["c1", "c3", "c0"]
    assert "3 of 4 cases changed" in html
    assert "why recall" in html
    assert "<del>before</del><ins>now</ins> 1" in html
    assert "What it took" in html
    same = compare(SUITE, arm("now", before), arm("before", before))
    assert changed_cases(same) == []


def test_texts_are_diffed_word_by_word_and_very_long_ones_in_bounded_time() -> None:
    assert word_diff("The fee is $8.", "The fee is $9.") == "The fee is <del>$8.</del><ins>$9.</ins>"
    assert word_diff("", "") == ""
    assert len(word_diff("a b " * 50_000, "b a " * 50_000)) < 100_000


def test_outputs_of_any_form_are_shown() -> None:
    assert shown("plain") == "plain"
    assert shown({"text": "the text", "turns": ["bulky"], "found": True}) == 'the text\n\n{\n "found": true\n}'
    assert shown([1, None]) == "[\n 1,\n null\n]"
    assert shown({"note": {"reason": "late fee"}}) == '{\n "note": {\n  "reason": "late fee"\n }\n}'


def test_junit_stays_xml_with_any_name() -> None:
    now = [result(f"c{n}{HOSTILE}", {**GOOD, "safe": 0.0}) for n in range(3)]
    before = [result(f"c{n}{HOSTILE}", GOOD) for n in range(3)]
    root = ElementTree.fromstring(as_junit(compare(SUITE, arm("now", now), arm("before", before))))
    assert int(root.attrib["failures"]) == len(root.findall("testcase/failure")) == 4
    assert int(root.attrib["tests"]) == len(root) == 6


@pytest.mark.parametrize("status", ["infrastructure", "unrecorded"])
def test_junit_tells_what_was_lost(status: Status) -> None:
    now = [result(f"c{n}", GOOD, status=status) for n in range(3)]
    found = compare(
        SUITE, Arm("now", now, ["c0.0: not recorded"]), arm("before", [result(f"c{n}", GOOD) for n in range(3)])
    )
    root = ElementTree.fromstring(as_junit(found))
    assert (root.attrib["errors"], len(root.findall("testcase/error"))) == ("1", 1)
    assert int(root.attrib["skipped"]) == 3


# --- how the commands come into the command line ----------------------------------------------------------------------


def test_the_project_names_commands_that_are_there() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))["project"]
    joined = project["entry-points"]["copilot.commands"]
    module, _, name = joined["eval"].partition(":")
    assert isinstance(getattr(import_module(module), name), typer.Typer)


def test_commands_of_other_packages_are_joined_by_the_name_of_a_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = tmp_path / "greetings-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: greetings\nVersion: 1\n")
    (about / "entry_points.txt").write_text("[try.commands]\ngreet = greetings:app\nshout = greetings:shout\n")
    code = "import typer\napp = typer.Typer()\n@app.command()\ndef one() -> None: typer.echo('hello')\n"
    code += "@app.command()\ndef two() -> None: ...\ndef shout() -> None: typer.echo('HELLO')\n"
    (tmp_path / "greetings.py").write_text(code)
    monkeypatch.syspath_prepend(str(tmp_path))
    commands = typer.Typer()
    add_joined(commands, "try.commands")
    assert CliRunner().invoke(commands, ["greet", "one"]).output == "hello\n"
    assert CliRunner().invoke(commands, ["shout"]).output == "HELLO\n"
