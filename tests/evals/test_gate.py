"""The present product against its committed results: no suite may get worse, and what makes one worse is caught."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest

from copilot.calls import core
from copilot.calls.note.compose import compose_note
from copilot.calls.note.model import AccountNote
from evals.arms import CODE, COMMITTED, Choices, RanArm, ground_of, open_arm
from evals.compare import Comparison
from evals.judging import judge
from evals.results import Result, scored
from evals.suites import load_suite
from evals.verdict import Exit

OFFLINE = "answer cards cues grounding note offer_wording offers perturbations redaction reply retrieval".split()
"""Suites that run without a model; `summary` and the three by kind of reply compare prompts."""


@cache
def present(suite: str) -> RanArm:
    """What the present code makes of a suite; run once for all tests."""
    return open_arm(CODE, ground_of(Choices(suite, Path(mkdtemp(prefix="copilot-gate-")))))


def against_committed(suite: str, candidate: RanArm) -> Comparison:
    return judge(load_suite(suite), candidate, open_arm(COMMITTED, ground_of(Choices(suite))))


def told(comparison: Comparison) -> str:
    return "\n".join((comparison.verdict.headline, *comparison.verdict.lines))


@pytest.mark.parametrize("suite", OFFLINE)
def test_the_present_product_is_no_worse_than_its_committed_results(suite: str) -> None:
    comparison = against_committed(suite, present(suite))
    # A code change may leave a small suite undecided; whoever made it looks at the report and commits new results.
    assert comparison.exit_code in (Exit.PASS, Exit.INCONCLUSIVE), told(comparison)


@pytest.mark.parametrize("suite", OFFLINE)
def test_nothing_changed_is_a_pass(suite: str) -> None:
    """Every metric that decides is scored in two clusters at least; else no run could ever pass."""
    comparison = judge(load_suite(suite), present(suite), present(suite))
    assert comparison.exit_code == Exit.PASS, told(comparison)


@pytest.mark.parametrize("suite", OFFLINE)
def test_no_case_breaks_its_task(suite: str) -> None:
    assert [f"{each.case_id}: {each.error}" for each in present(suite).arm.results if each.status != "scored"] == []


@pytest.mark.parametrize("suite", OFFLINE)
def test_every_metric_that_counts_is_scored_by_some_case(suite: str) -> None:
    results, metrics = present(suite).arm.results, load_suite(suite).metrics
    unscored = {each.name for each in metrics if each.role != "diagnostic" and not list(scored(results, each.name))}
    assert unscored == set()
    assert {each.name for each in metrics} <= {name for result in results for name in result.scores}


def test_suites_are_as_large_as_they_should_be_in_both_languages() -> None:
    least = {"note": 30, "retrieval": 60, "cues": 60, "offers": 40, "reply": 30, "answer": 40, "cards": 40}
    least |= {"redaction": 60, "grounding": 100, "perturbations": 100}
    cases = {name: load_suite(name).load_cases() for name in least}
    assert {name: len(each) for name, each in cases.items() if len(each) < least[name]} == {}
    assert [
        name for name, each in cases.items() if not {"en", "es"} <= {tag for case in each for tag in case.tags}
    ] == []


@pytest.mark.parametrize("suite", ["summary", "offer_wording", "reply_public", "reply_private", "reply_regulator"])
def test_suites_of_prompts_have_cases_and_samples(suite: str) -> None:
    loaded = load_suite(suite)
    assert loaded.load_cases()
    assert loaded.prompt
    assert loaded.samples == 3


Worsened = Callable[..., AccountNote]


def without_half(*args: Any, **more: Any) -> AccountNote:
    """A note writer that forgets facts, what was told, offers and follow-ups."""
    note = compose_note(*args, **more)
    return replace(note, facts=(), told=(), offers=(), follow_ups=(), actions=(), text=note.text[: len(note.text) // 2])


def with_a_made_up_sum(*args: Any, **more: Any) -> AccountNote:
    """A note writer that adds a credit nobody spoke of."""
    note = compose_note(*args, **more)
    return replace(note, text=f"{note.text}\nAgent applied a $312.47 credit.")


def with_a_card_number(*args: Any, **more: Any) -> AccountNote:
    """A note writer that lets a card number through."""
    note = compose_note(*args, **more)
    return replace(note, text=f"{note.text}\nCard 4111 1111 1111 1111.")


@pytest.mark.parametrize(
    ("worsened", "reason"),
    [(without_half, "key_points"), (with_a_made_up_sum, "invented_number"), (with_a_card_number, "secret")],
)
def test_a_worse_note_writer_is_caught(
    worsened: Worsened, reason: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(core, "compose_note", worsened)
    comparison = against_committed("note", open_arm(CODE, ground_of(Choices("note", tmp_path))))
    assert comparison.exit_code == Exit.REGRESSION
    assert any(reason in line for line in comparison.verdict.lines)


def with_score(result: Result, metric: str, value: float) -> Result:
    return replace(result, scores={**result.scores, metric: replace(result.scores[metric], value=value)})


def test_an_offer_that_may_not_be_made_is_caught_by_one_case() -> None:
    ran = present("offers")
    first, *others = ran.arm.results
    worse = replace(ran, arm=replace(ran.arm, results=[with_score(first, "ineligible", 0.0), *others]))
    comparison = against_committed("offers", worse)
    assert comparison.exit_code == Exit.REGRESSION
    assert comparison.verdict.lines[0] == f"newly broken: {first.case_id}: ineligible"


def test_other_cases_than_the_committed_ones_are_no_comparison() -> None:
    ran = present("cues")
    fewer = replace(ran, arm=replace(ran.arm, results=ran.arm.results[1:]))
    assert against_committed("cues", fewer).exit_code == Exit.RECORDINGS


# Shares of wrong sentences that must be caught, by what was swapped (docs/evals.md).
BARS = {"amount count date day name unit": 0.95, "negation": 0.86, "speaker": 0.86}


@pytest.mark.parametrize(("kinds", "bar"), BARS.items())
def test_swapped_figures_days_names_negations_and_speakers_are_caught(kinds: str, bar: float) -> None:
    wanted = set(kinds.split())
    ids = {case.id for case in load_suite("perturbations").load_cases() if wanted & set(case.tags)}
    caught = [value for case_id, value in scored(present("perturbations").arm.results, "caught") if case_id in ids]
    assert len(caught) >= 15
    assert sum(caught) / len(caught) >= bar


def test_a_check_that_refuses_everything_would_not_pass() -> None:
    """Swaps are caught by a check that says no to all; the suite of sentences that hold is what keeps it honest."""
    ran = present("grounding")
    refusing = [with_score(each, "kept", 0.0) if each.scores["kept"].value else each for each in ran.arm.results]
    assert against_committed("grounding", replace(ran, arm=replace(ran.arm, results=refusing))).exit_code == 1
