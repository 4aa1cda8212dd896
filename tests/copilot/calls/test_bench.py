"""Grounding is measured on what the notes of calls would say before the check."""

from dataclasses import replace

from copilot.calls.bench import note_cases
from copilot.calls.live import LiveCalls
from copilot.guard.grounding.bench import score_cases
from tests.copilot.conftest import call, said


def test_each_statement_of_a_note_is_a_case_with_its_turns(live: LiveCalls) -> None:
    turns = said(
        ("customer", "I want to cancel my internet, it went up to eighty dollars."),
        ("agent", "I can take ten dollars off a month for six months."),
        ("customer", "Okay, let's do that."),
    )
    cases = list(note_cases(live, [replace(call(), turns=tuple(turns))], live.desk.pack))
    assert any("$80" in case.sentence for case in cases)
    assert all(case.evidence and case.supported and case.known_names == ["Meridell"] for case in cases)
    score = score_cases(cases)
    assert score.false_alarms == []
    assert score.perturbed["amount"] > 0
    assert score.uncaught["amount"] == []
