"""Judges: quotes are checked, orders are swapped, and what they say is corrected by what people said."""

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from copilot.errors import BadInput
from evals.command import app
from evals.judge import Labelled, calibrate, corrected_rate, judge_item, judge_pair, judge_sha
from evals.judge.calibration import cohen_kappa
from evals.qa import pack_policy
from tests.copilot.models.conftest import model_at
from tests.copilot.models.local_server import Behaviour, Handler, LocalServer, says, serving

POLICY = pack_policy(None)
TEXT = "We are sorry. The late fee is $8."


def answers(verdict: str, quote: str = "") -> Behaviour:
    return says(json.dumps({"verdict": verdict, "quote": quote}))


@pytest.mark.parametrize(
    ("behaviour", "value", "reason"),
    [
        (answers("yes", "the  LATE fee is $8"), True, "the  LATE fee is $8"),
        (answers("yes", "The late fee is $9."), None, "does not stand in the text"),
        (answers("yes"), None, "does not stand in the text"),
        (answers("no"), False, ""),
        (answers("unclear"), None, "cannot tell"),
        (says("I like it"), None, "does not fit its form"),
    ],
)
def test_a_yes_needs_words_that_stand_in_the_text(behaviour: Behaviour, value: bool | None, reason: str) -> None:
    with serving(behaviour) as server:
        found = judge_item(model_at(server.base_url), question="Is the fee told?", guide="-", text=TEXT, policy=POLICY)
    assert found.value is value
    assert reason in found.reason


def prefers(better: Mapping[str, str]) -> Behaviour:
    """Prefers a text, or a place, whatever stands there."""

    def behave(handler: Handler, asked: Mapping[str, Any]) -> None:
        user = asked["messages"][-1]["content"]
        is_first = user.index("GOOD") < user.index("BAD") if "text" in better else better["place"] == "first"
        says(json.dumps({"better": "first" if is_first else "second"}))(handler, asked)

    return behave


def test_the_better_text_wins_in_both_orders_and_a_favoured_place_is_a_tie() -> None:
    with serving(prefers({"text": "GOOD"})) as server:
        model = model_at(server.base_url)
        won = judge_pair(model, question="Is right", one="GOOD", other="BAD", policy=POLICY)
        lost = judge_pair(model, question="Is right", one="BAD", other="GOOD", policy=POLICY)
    assert (won.value, lost.value, won.is_consistent) == (1, -1, True)
    with serving(prefers({"place": "first"})) as server:
        tie = judge_pair(model_at(server.base_url), question="Is right", one="GOOD", other="BAD", policy=POLICY)
    assert (tie.value, tie.is_consistent, len(server.bodies)) == (0, False, 2)


def test_kappa_is_that_of_the_formula() -> None:
    pairs = [(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10 + [(False, False)] * 15
    kappa, error = cohen_kappa(pairs)
    assert kappa == pytest.approx(0.4)  # observed 0.7, chance 0.5 * 0.6 + 0.5 * 0.4 = 0.5
    assert error == pytest.approx(math.sqrt(0.7 * 0.3 / 50) / 0.5)
    assert cohen_kappa([(True, True)] * 9) == (0.0, math.inf)


def labelled(count: int, *, wrong: int = 0, positives: float = 0.5) -> list[Labelled]:
    truths = [n < count * positives for n in range(count)]
    return [Labelled((truth != (n % count < wrong),), (truth, truth)) for n, truth in enumerate(truths)]


def test_a_good_judge_may_be_used_and_others_are_told_why_not() -> None:
    assert calibrate(labelled(200, wrong=10)).faults == []
    assert "150 are needed" in calibrate(labelled(100)).faults[0]
    assert "kappa may be as low" in calibrate(labelled(200, wrong=60)).faults[0]
    always_yes = [Labelled((True,), (truth, truth)) for truth in [True] * 180 + [False] * 20]
    assert "no better than always" in calibrate(always_yes).faults[-1]


def test_people_who_differ_and_a_judge_that_cannot_tell_are_counted_and_not_held_against_it() -> None:
    texts = [*labelled(160), Labelled((True,), (True, False)), Labelled((None, True), (True, True))]
    found = calibrate(texts)
    assert (found.labelled, found.agreed, found.unscored, found.accuracy) == (162, 160, 1, 1.0)
    assert found.self_consistency == 0.0
    with pytest.raises(BadInput, match="agree on no text"):
        calibrate([Labelled((None,), (True, True))])


def test_a_reported_rate_is_corrected_for_what_the_judge_gets_wrong() -> None:
    rng = np.random.default_rng(5)
    truth = 0.3
    inside, rates = 0, []
    for _ in range(300):  # sensitivity .9, specificity .8, checked on 200 texts, used on 500
        known = [(bool(rng.random() < (0.9 if yes else 0.2)), yes) for yes in [True] * 100 + [False] * 100]
        calibration = calibrate([Labelled((judged,), (yes, yes)) for judged, yes in known])
        actual = rng.random(500) < truth
        judged = np.where(actual, rng.random(500) < 0.9, rng.random(500) < 0.2)
        found = corrected_rate(int(judged.sum()), 500, calibration)
        rates.append(found.rate)
        inside += found.low <= truth <= found.high
    assert np.mean(rates) == pytest.approx(truth, abs=0.01)  # uncorrected it would be .27 + .14 = .41
    assert inside / 300 >= 0.9


@pytest.mark.parametrize(("yes", "judged"), [(0, 0), (-1, 5), (6, 5)])
def test_what_was_not_judged_has_no_rate(yes: int, judged: int) -> None:
    with pytest.raises(BadInput, match="judged texts"):
        corrected_rate(yes, judged, calibrate(labelled(200)))


def test_a_judge_of_chance_has_no_rate() -> None:
    always_yes = [Labelled((True,), (truth, truth)) for truth in [True] * 180 + [False] * 20]
    with pytest.raises(BadInput, match="no better than chance"):
        corrected_rate(5, 10, calibrate(always_yes))


def test_another_model_prompt_or_guide_is_another_judge() -> None:
    assert (
        len({judge_sha("m", "p", "g"), judge_sha("n", "p", "g"), judge_sha("m", "q", "g"), judge_sha("m", "p", "h")})
        == 4
    )


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[LocalServer]:
    def by_text(handler: Handler, asked: Mapping[str, Any]) -> None:
        is_yes = "fee is $8" in asked["messages"][-1]["content"]
        answers(*(("yes", "fee is $8") if is_yes else ("no",)))(handler, asked)

    with serving(by_text) as server:
        monkeypatch.setenv("COPILOT_MODEL", "openai:judge")
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        monkeypatch.setenv("COPILOT_DATA_DIR", str(tmp_path))
        yield server


def test_the_command_checks_a_judge_against_a_file_of_labels(judge: LocalServer, tmp_path: Path) -> None:
    rows = [
        {"question": "Is the fee told?", "text": TEXT if n % 2 else "We are sorry.", "people": [bool(n % 2)] * 2}
        for n in range(20)
    ]
    labels, guide = tmp_path / "labels.jsonl", tmp_path / "guide.txt"
    labels.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    guide.write_text("Yes when an amount is named.", "utf-8")
    done = CliRunner().invoke(app, ["calibrate", str(labels), "--guide", str(guide), "--json"])
    told = json.loads(done.stdout)
    assert (done.exit_code, told["kappa"], told["self_consistency"], told["sensitivity"]) == (1, 1.0, 1.0, 1.0)
    assert told["faults"] == ["20 texts are labelled twice; 150 are needed"]
    assert len(judge.bodies) == 40
    labels.write_text('{"question": "x"}\n', "utf-8")
    with pytest.raises(BadInput, match=r"labels\.jsonl:1"):
        CliRunner().invoke(app, ["calibrate", str(labels), "--guide", str(guide)], catch_exceptions=False)
