"""The present product against its committed results: no suite may get worse, and what makes one worse is caught."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest

from copilot.calls import core
from copilot.calls.note.compose import compose_note
from copilot.calls.note.model import AccountNote
from evals.baseline import offline_suites, read_baseline, run_offline
from evals.results import Result
from evals.suites import load_suite
from evals.verdict import Exit
from tests.evals.gating import means, verdict_of


@cache
def present(suite: str) -> list[Result]:
    """What the present code makes of a suite; run once for all tests."""
    return run_offline(load_suite(suite), Path(mkdtemp(prefix="copilot-gate-")) / suite)


@pytest.mark.parametrize("suite", offline_suites())
def test_the_present_product_is_no_worse_than_its_committed_results(suite: str) -> None:
    verdict = verdict_of(load_suite(suite), present(suite), read_baseline(suite))
    assert verdict.exit is not Exit.REGRESSION, "\n".join((verdict.headline, *verdict.lines))


@pytest.mark.parametrize("suite", offline_suites())
def test_every_case_of_a_suite_has_a_committed_result_and_none_fails(suite: str) -> None:
    cases = {case.id for case in load_suite(suite).load_cases()}
    assert {result.case_id for result in read_baseline(suite)} == cases
    assert [result.error for result in present(suite) if result.status != "scored"] == []


@pytest.mark.parametrize("suite", offline_suites())
def test_every_metric_that_counts_is_scored_by_some_case(suite: str) -> None:
    loaded = load_suite(suite)
    counted = {metric.name for metric in loaded.metrics if metric.role != "diagnostic"}
    assert {name for name in counted if not means(present(suite), name)} == set()
    known = {name for result in present(suite) for name in result.scores}
    assert {metric.name for metric in loaded.metrics} <= known


def test_suites_are_as_large_as_they_should_be() -> None:
    least = {"note": 30, "retrieval": 60, "cues": 60, "offers": 40, "reply": 30, "answer": 40}
    least |= {"redaction": 60, "grounding": 100, "perturbations": 100}
    sizes = {name: len(load_suite(name).load_cases()) for name in least}
    assert {name: size for name, size in sizes.items() if size < least[name]} == {}
    for name in least:
        languages = {tag for case in load_suite(name).load_cases() for tag in case.tags}
        assert {"en", "es"} <= languages


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
    ("worsened", "told"),
    [(without_half, "key_points"), (with_a_made_up_sum, "invented_number"), (with_a_card_number, "secret")],
)
def test_a_worse_note_writer_is_caught(
    worsened: Worsened, told: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(core, "compose_note", worsened)
    verdict = verdict_of(load_suite("note"), run_offline(load_suite("note"), tmp_path / "run"), read_baseline("note"))
    assert verdict.exit is Exit.REGRESSION
    assert any(told in line for line in verdict.lines)


def test_an_offer_that_may_not_be_made_is_caught_by_one_case() -> None:
    results = present("offers")
    first = next(result for result in results if result.scores["ineligible"].value == 1.0)
    scores: Mapping[str, Any] = {**first.scores, "ineligible": replace(first.scores["ineligible"], value=0.0)}
    worse = [replace(result, scores=scores) if result is first else result for result in results]
    verdict = verdict_of(load_suite("offers"), worse, read_baseline("offers"))
    assert verdict.exit is Exit.REGRESSION
    assert verdict.lines[0] == f"newly broken: {first.case_id}: ineligible"


# The bars of docs/evals.md: shares of wrong sentences that must be caught, by what was swapped.
BARS = {"amount count date day name unit": 0.90, "negation": 0.86, "speaker": 0.80}


@pytest.mark.parametrize(("kinds", "bar"), BARS.items())
def test_swapped_figures_days_names_negations_and_speakers_are_caught(kinds: str, bar: float) -> None:
    wanted = set(kinds.split())
    cases = {case.id for case in load_suite("perturbations").load_cases() if wanted & set(case.tags)}
    caught = [value for case_id, value in means(present("perturbations"), "caught").items() if case_id in cases]
    assert len(caught) >= 8
    assert sum(caught) / len(caught) >= bar
