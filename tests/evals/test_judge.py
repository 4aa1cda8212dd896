"""A judge is asked one thing, shown to quote what stands there, and counts only after people have judged it."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from copilot.errors import BadInput, ConfigError, ModelUnavailable
from copilot.guard.redaction import RedactionPolicy
from copilot.models.breaker import Breaker
from copilot.models.chat import ChatModel
from copilot.models.patience import Surroundings
from evals.command import app
from evals.judge import Preference, calibrate, corrected_rate, judge_item, judge_pair, judge_sha
from evals.judge.calibration import Calibration, Labelled
from evals.judge.outputs import source_of, text_of
from evals.results import Result, write_result
from tests.copilot.models.conftest import model_at
from tests.copilot.models.local_server import Handler, fails, says, serving

IMPATIENT = Surroundings(sleep=lambda _seconds: None, chance=lambda: 0.0)
POLICY = RedactionPolicy()
TEXT, SOURCE = "The agent will call on Monday.", "agent: I'll call you Monday."
CRITERION = "The text says when somebody calls back."


def judge(url: Any) -> ChatModel:
    return model_at(url, around=IMPATIENT, breaker=Breaker(IMPATIENT.clock, failures_to_open=10**9))


def answers(told: Callable[[Mapping[str, str]], Any]) -> Callable[[Handler, Mapping[str, Any]], None]:
    """A judge that answers by what it is shown, part by part."""

    def behave(handler: Handler, asked: Mapping[str, Any]) -> None:
        content = asked["messages"][-1]["content"]
        parts = dict(re.findall(r"<<<DATA (\w+) \w+\n(.*?)\nDATA \1", content, re.DOTALL))
        says(json.dumps(told(parts)))(handler, asked)

    return behave


def item(told: Any) -> Any:
    with serving(says(json.dumps(told) if not isinstance(told, str) else told)) as server:
        return judge_item(judge(server), CRITERION, SOURCE, TEXT, policy=POLICY)


def test_an_answer_with_a_quote_that_stands_there_is_used() -> None:
    assert item({"holds": True, "quote": "call on  MONDAY"}).holds is True
    assert item({"holds": False, "quote": ""}).holds is False


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"holds": True, "quote": "call on Tuesday"}, "quote does not stand in the text"),
        ({"holds": False, "quote": "never said"}, "quote does not stand in the text"),
        ({"holds": True, "quote": ""}, "shows nothing"),
        ("yes, certainly", "no usable form"),
        ("", "no usable form"),
    ],
)
def test_what_cannot_be_used_is_no_answer_and_not_a_no(told: Any, reason: str) -> None:
    judged = item(told)
    assert judged.holds is None
    assert reason in judged.reason


def test_a_judge_that_is_away_is_told_and_not_scored() -> None:
    with serving(fails(500)) as server, pytest.raises(ModelUnavailable):
        judge_item(judge(server), CRITERION, SOURCE, TEXT, policy=POLICY)


def test_secrets_do_not_reach_the_judge() -> None:
    seen: list[str] = []

    def remember(parts: Mapping[str, str]) -> Any:
        seen.append(str(parts))
        return {"holds": False, "quote": ""}

    with serving(answers(remember)) as server:
        judge_item(judge(server), CRITERION, "customer: card 4111 1111 1111 1111", TEXT, policy=POLICY)
    assert "4111" not in seen[0]


def pair(choose: Callable[[Mapping[str, str]], str]) -> Preference:
    with serving(answers(lambda parts: {"better": choose(parts)})) as server:
        return judge_pair(judge(server), CRITERION, SOURCE, TEXT, "Call set.", policy=POLICY)


def test_the_better_text_wins_in_both_orders() -> None:
    assert pair(lambda parts: "first" if "Monday" in parts["first"] else "second") == Preference("a", True)
    assert pair(lambda parts: "second" if "Monday" in parts["first"] else "first") == Preference("b", True)


def test_a_judge_that_likes_the_first_place_decides_nothing() -> None:
    assert pair(lambda _parts: "first") == Preference("tie", False)
    assert pair(lambda _parts: "tie") == Preference("tie", True)


def labelled(*counts: tuple[bool, bool, int]) -> list[Labelled]:
    """(what people say, what the judge says, how often)."""
    return [Labelled((truth, truth), (said, said)) for truth, said, count in counts for _ in range(count)]


GOOD = labelled((True, True, 90), (True, False, 10), (False, False, 80), (False, True, 20))


def test_agreement_by_hand() -> None:
    found = calibrate("j", GOOD)
    assert (found.cases, found.sensitivity, found.specificity, found.accuracy) == (200, 0.9, 0.8, 0.85)
    # Expected by chance (100 * 110 + 100 * 90) / 200**2 = 0.5, so kappa = (0.85 - 0.5) / 0.5.
    assert found.kappa == pytest.approx(0.7)
    assert found.low == pytest.approx(0.7 - 1.96 * (0.85 * 0.15 / 200) ** 0.5 / 0.5)
    assert (found.constant, found.self_consistency, found.problems) == (0.5, 1.0, [])


def test_cases_on_which_people_differ_and_unusable_ones_are_counted_apart() -> None:
    more = [*GOOD, Labelled((True, False), (True,)), Labelled((True, True), (None, True))]
    found = calibrate("j", more)
    assert (found.cases, found.unused) == (200, 1)
    assert found.people_agree == pytest.approx(201 / 202)


@pytest.mark.parametrize(
    ("cases", "problem"),
    [
        (labelled((True, True, 60), (False, False, 60)), "120 labelled cases; at least 150"),
        (labelled((True, True, 180), (True, False, 10), (False, True, 10)), "always the same answer"),
        (labelled((True, True, 55), (True, False, 45), (False, False, 55), (False, True, 45)), "kappa 0.10"),
        (labelled((True, False, 90), (True, True, 10), (False, True, 90), (False, False, 10)), "no better than chance"),
    ],
)
def test_a_judge_that_is_not_good_enough_does_not_count(cases: list[Labelled], problem: str) -> None:
    assert any(problem in each for each in calibrate("j", cases).problems)


def test_labels_of_one_kind_calibrate_nothing() -> None:
    with pytest.raises(ValueError, match="5 of 5 usable cases hold"):
        calibrate("j", labelled((True, True, 5)))


def test_a_rate_is_corrected_for_what_the_judge_gets_wrong() -> None:
    found = calibrate("j", GOOD)
    # 55 of 100: (0.55 + 0.8 - 1) / (0.9 + 0.8 - 1) = 0.5.
    rate = corrected_rate(55, 100, found)
    assert rate.share == pytest.approx(0.5)
    assert rate.low < 0.5 - 0.098 < 0.5 + 0.098 < rate.high  # wider than without the judge's own uncertainty
    assert corrected_rate(0, 100, found).share == 0.0
    assert corrected_rate(100, 100, found).high == 1.0


def test_fewer_labels_make_a_wider_interval() -> None:
    few, many = (calibrate("j", GOOD * times) for times in (1, 10))
    widths = [rate.high - rate.low for rate in (corrected_rate(55, 100, each) for each in (few, many))]
    assert widths[0] > widths[1]


def test_a_rate_of_nothing_or_of_a_useless_judge_is_refused() -> None:
    useless = replace(calibrate("j", GOOD), sensitivity=0.5, specificity=0.5)
    for said, asked, found in ((0, 0, calibrate("j", GOOD)), (5, 10, useless)):
        with pytest.raises(ValueError, match="better than chance"):
            corrected_rate(said, asked, found)


def test_another_model_or_guide_is_another_judge() -> None:
    same = judge_sha("openai:a", "guide")
    assert same == judge_sha("openai:a", " guide\n")
    assert same not in (judge_sha("openai:b", "guide"), judge_sha("openai:a", "another"))


def test_texts_and_sources_of_outputs_are_found() -> None:
    note = {"note": {"text": "Note."}, "turns": [{"speaker": "agent", "text": "Hi"}]}
    assert (text_of(note), source_of(note)) == ("Note.", "agent: Hi")
    assert text_of({"say": "Ten off.", "line": "10 off."}) == "Ten off."
    assert (text_of(None), text_of({"ranked": []})) == ("", "")


@pytest.fixture
def at_the_judge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    """The commands with a judge at a local server that finds "Monday"."""

    def told(parts: Mapping[str, str]) -> Any:
        if "first" in parts:
            return {"better": "first" if "Monday" in parts["first"] else "second"}
        return {"holds": "Monday" in parts["text"], "quote": "Monday" if "Monday" in parts["text"] else ""}

    criterion = tmp_path / "callback.yaml"
    criterion.write_text(f"id: callback\nsays: {CRITERION}\nguide: A day or an hour.\n")
    with serving(answers(told)) as server:
        monkeypatch.setattr("evals.judge_commands._judge", lambda: judge(server))

        def call(command: str, *arguments: str) -> Any:
            fixed = ["--criterion", str(criterion), "--calibrations", str(tmp_path / "kept"), "--json"]
            result = CliRunner().invoke(app, [command, *arguments, *fixed])
            assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
            return result.exit_code, json.loads(result.stdout[result.stdout.index("{") :])

        yield call


def run_of(tmp_path: Path, name: str, *texts: str) -> Path:
    folder = tmp_path / name
    folder.mkdir()
    with (folder / "results.jsonl").open("w") as file:
        for number, text in enumerate(texts):
            output = {"text": text, "sources": ["a"]}
            write_result(file, Result(f"c{number}", 0, "k", (), "scored", {}, output))
    return folder


def test_a_judge_is_calibrated_and_its_rate_corrected(tmp_path: Path, at_the_judge: Callable[..., Any]) -> None:
    rows = [
        {"id": str(n), "source": "s", "text": f"Call on {day} {n}.", "labels": [day == "Monday"] * 2}
        for n in range(80)
        for day in ("Monday", "soon")
    ]
    labels = tmp_path / "labels.jsonl"
    labels.write_text("".join(json.dumps(row) + "\n" for row in rows))
    run = run_of(tmp_path, "run", "Call on Monday.", "Call soon.", "")
    code, before = at_the_judge("judge", str(run))
    assert (code, before["judged"], before["says_yes"], before["corrected"]) == (0, 2, 1, None)
    assert before["problems"] == ["this judge is not calibrated"]
    code, found = at_the_judge("calibrate", str(labels))
    assert (code, found["cases"], found["kappa"], found["problems"]) == (0, 160, 1.0, [])
    code, after = at_the_judge("judge", str(run), "--against", str(run_of(tmp_path, "other", "Soon.", "On Monday.")))
    assert after["corrected"]["share"] == pytest.approx(0.5)
    assert after["pairs"] == {"pairs": 2, "wins": 1, "losses": 1, "ties": 0, "consistent": 2}


def test_a_judge_that_does_not_count_exits_1(tmp_path: Path, at_the_judge: Callable[..., Any]) -> None:
    labels = tmp_path / "labels.jsonl"
    rows = [{"id": "a", "source": "", "text": "Monday", "labels": [True, True]}]
    rows += [{"id": "b", "source": "", "text": "soon", "labels": [False, False]}]
    labels.write_text("".join(json.dumps(row) + "\n" for row in rows))
    code, found = at_the_judge("calibrate", str(labels))
    assert code == 1
    assert "2 labelled cases; at least 150 are needed" in found["problems"]


def test_files_that_are_wrong_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPILOT_MODEL", "none")
    criterion, labels = tmp_path / "c.yaml", tmp_path / "l.jsonl"

    def failure(*arguments: str) -> BaseException | None:
        return CliRunner().invoke(app, [*arguments, "--criterion", str(criterion)]).exception

    assert "is no criterion" in str(failure("calibrate", str(labels)))
    criterion.write_text(f"id: a\nsays: {CRITERION}\n")
    assert isinstance(failure("calibrate", str(labels)), BadInput)
    labels.write_text('{"id": "a", "source": "", "text": "x", "labels": [true]}\n')
    assert "l.jsonl:1: labels.1" in str(failure("calibrate", str(labels)))
    labels.write_text("")
    assert isinstance(failure("calibrate", str(labels)), ConfigError)


def test_a_calibration_is_read_back_as_it_was(tmp_path: Path) -> None:
    from evals.judge.files import read_calibration, write_calibration

    found: Calibration = calibrate("j", GOOD)
    write_calibration(found, tmp_path / "k" / "a.json")
    assert read_calibration(tmp_path / "k" / "a.json") == found
    (tmp_path / "bad.json").write_text("[]")
    with pytest.raises(BadInput, match="is no calibration"):
        read_calibration(tmp_path / "bad.json")
