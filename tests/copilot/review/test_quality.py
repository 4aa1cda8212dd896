"""Scores, contests, calibration, edits, and the cases that come of corrections."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from copilot.errors import BadInput, Conflict, NotFound
from copilot.review.agreement import agreement, drift
from copilot.review.edits import Correction, burden, edited
from copilot.review.eval_cases import cases_of
from copilot.review.proposing import proposals, reply_proposals
from copilot.review.quality import QualityDesk
from copilot.review.scoring import Mark, read_marks, score
from copilot.store.scores import Scores
from evals.cases import Case
from knowledge.pack import Pack
from knowledge.rules.scorecard import Calibration, ScorecardFile
from tests.copilot.review.conftest import NOW


@pytest.fixture(scope="module")
def card(demo_pack: Pack) -> ScorecardFile:
    card = demo_pack.rule_file(ScorecardFile)
    assert card is not None
    return card


@pytest.fixture
def quality(engine: Engine, demo_pack: Pack) -> QualityDesk:
    return QualityDesk(Scores(engine), demo_pack)


def full(card: ScorecardFile, subject: str = "call", **other: Any) -> list[dict[str, Any]]:
    """Full marks for every item of a subject, but for some."""
    items = [item for section in card.sections for item in section.items if subject in item.subjects]
    names = {name.replace("_", "-"): value for name, value in other.items()}
    return [{"item_id": item.id, "mark": 1, **names.get(item.id, {})} for item in items]


def test_full_marks_are_a_hundred_and_a_failed_critical_item_is_nothing(card: ScorecardFile) -> None:
    assert score(read_marks(full(card), "call", card), card).score == Decimal("100.0")
    failed = full(card, recording_notice={"mark": 0, "evidence": ["t1"]})
    found = score(read_marks(failed, "call", card), card)
    assert (found.score, found.failed_critical) == (Decimal("0.0"), ("recording-notice",))


@settings(max_examples=60)
@given(rng=st.randoms(use_true_random=False))
def test_every_score_lies_between_nothing_and_a_hundred(rng: Any, card: ScorecardFile) -> None:
    marks = [Mark(str(each["item_id"]), Decimal(rng.choice(("0", "0.5", "1")))) for each in full(card)]
    found = score(marks, card).score
    assert found is not None
    assert 0 <= found <= 100


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"item_id": "none", "mark": 1}, "item_id"),
        ({"item_id": "recording-notice", "mark": 0.5, "evidence": ["t1"]}, "allowed are: 0, 1"),
        ({"item_id": "recording-notice", "mark": 0}, "evidence"),
        ({"item_id": "recording-notice", "mark": None}, "always applies"),
        ({"item_id": "recording-notice", "mark": "good"}, "allowed are"),
    ],
)
def test_wrong_marks_are_refused(card: ScorecardFile, wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        read_marks([wrong], "call", card)


def test_a_machines_mark_does_not_count_before_a_person_takes_it_over(card: ScorecardFile) -> None:
    marks = full(card, recording_notice={"mark": 0, "evidence": ["t1"], "by": "machine"})
    found = score(read_marks(marks, "call", card), card)
    assert (found.score, found.proposals) == (None, ("recording-notice",))


def test_a_score_of_one_item_is_none(card: ScorecardFile) -> None:
    with pytest.raises(BadInput, match="no mark for: no-card-data"):
        read_marks([{"item_id": "language", "mark": 1}], "reply", card)
    assert read_marks([each for each in full(card) if each["item_id"] != "disclosures"], "call", card)  # may not apply


def test_a_machine_proposes_with_evidence(card: ScorecardFile) -> None:
    note = {"disclosures_read": [{"text": "recording notice given", "turn_ids": ["t1"]}], "facts": []}
    events = [{"type": "alert.raised", "body": {"flag": "unverified_account", "turn_id": "t4"}}]
    found = {each.item_id: each for each in proposals(note, events, card)}
    assert (found["recording-notice"].mark, found["recording-notice"].evidence) == (Decimal(1), ("t1",))
    assert (found["verified-first"].mark, found["verified-first"].evidence) == (Decimal(0), ("t4",))
    assert all(each.by == "machine" for each in found.values())
    replies = reply_proposals([{"id": "every_allegation", "passed": False, "detail": "still open: a2"}], card)
    assert [(each.mark, each.evidence) for each in replies] == [(Decimal(0), ("still open: a2",))]


def test_the_agent_may_contest_and_somebody_else_answers(quality: QualityDesk, card: ScorecardFile) -> None:
    marks = full(card, disclosures={"mark": 0, "evidence": ["t7"]})
    scored = quality.add("e-1", "call", "c-1", "bea", marks, by="rosa", now=NOW)
    assert (scored.score, scored.status) == ("0.0", "scored")
    with pytest.raises(Conflict, match="bea's"):
        quality.contest("e-1", "I said it", by="omar", now=NOW)
    with pytest.raises(BadInput, match="reason"):
        quality.contest("e-1", " ", by="bea", now=NOW)
    with pytest.raises(Conflict, match="within 10 days"):
        quality.contest("e-1", "late", by="bea", now=NOW + timedelta(days=11))
    quality.contest("e-1", "I said it in t9", by="bea", now=NOW + timedelta(days=1))
    with pytest.raises(Conflict, match="somebody else"):
        quality.answer("e-1", by="rosa", now=NOW, comment="no")
    changed = quality.answer("e-1", by="sam", now=NOW, comment="right, t9", marks=full(card))
    assert (changed.score, changed.status, changed.version) == ("100.0", "changed", 3)
    assert [each.status for each in quality.scores.versions("e-1")] == ["scored", "contested", "changed"]
    assert [each.version for each in quality.scores.latest(agent="bea")] == [3]
    with pytest.raises(Conflict):
        quality.answer("e-1", by="sam", now=NOW, comment="again")


def test_nobody_scores_themselves_and_the_same_id_is_taken_once(quality: QualityDesk, card: ScorecardFile) -> None:
    with pytest.raises(Conflict, match="is the agent"):
        quality.add("e-1", "call", "c-1", "bea", full(card), by="bea", now=NOW)
    quality.add("e-1", "call", "c-1", "bea", full(card), by="rosa", now=NOW)
    with pytest.raises(Conflict):
        quality.add("e-1", "call", "c-1", "bea", full(card), by="omar", now=NOW)
    with pytest.raises(NotFound):
        quality.scores.versions("none")


# --- calibration -----------------------------------------------------------------------------------------------------


def table(*cells: int) -> dict[str, dict[str, float | None]]:
    """Marks of two raters for a 2x2 table: both yes, first only, second only, both no."""
    pairs = [(1, 1)] * cells[0] + [(1, 0)] * cells[1] + [(0, 1)] * cells[2] + [(0, 0)] * cells[3]
    return {rater: {f"s{n}": float(pair[place]) for n, pair in enumerate(pairs)} for place, rater in enumerate("ab")}


def test_kappa_of_the_known_table(card: ScorecardFile) -> None:
    found = agreement("item", table(30, 7, 5, 8), card.calibration)
    assert (found.measure, found.subjects, found.verdict) == ("kappa", 50, "calibrate")
    assert found.observed == pytest.approx(0.76)
    assert found.value == pytest.approx(0.406, abs=0.0005)
    assert found.low < found.value < found.high


@settings(max_examples=40, deadline=None)
@given(cells=st.lists(st.integers(1, 2), min_size=4, max_size=4))
def test_kappa_does_not_hang_on_who_is_first(cells: list[int], card: ScorecardFile) -> None:
    marks = table(*cells)
    turned = {"a": marks["b"], "b": marks["a"]}
    first, second = (agreement("i", each, card.calibration).value for each in (marks, turned))
    assert first == pytest.approx(second)


def test_alpha_takes_three_raters_and_gaps(card: ScorecardFile) -> None:
    alike = {rater: {f"s{n}": float(n % 2) for n in range(12)} for rater in "abc"}
    assert agreement("i", alike, card.calibration).value == pytest.approx(1.0)
    gaps = {**alike, "c": {f"s{n}": float(n % 2) for n in range(5)}}
    found = agreement("i", gaps, card.calibration)
    assert (found.measure, found.raters, found.verdict) == ("alpha", 3, "agree")


def test_few_subjects_get_no_verdict(card: ScorecardFile) -> None:
    assert agreement("i", table(2, 1, 1, 1), card.calibration).verdict == "too few"


def test_a_rater_far_from_the_others_is_named(card: ScorecardFile) -> None:
    calibration: Calibration = card.calibration
    scores = {name: {"s1": Decimal(points)} for name, points in (("a", 90), ("b", 88), ("c", 60))}
    found = drift(scores, calibration)
    assert found["c"] == (Decimal("-29.0"), True)
    assert found["b"][1] is True or found["b"] == (Decimal("13.0"), True)


def test_a_session_is_blind_and_reported(quality: QualityDesk, card: ScorecardFile) -> None:
    for number in range(12):
        for rater in ("rosa", "omar"):
            mark = {"mark": number % 2, "evidence": ["t1"]}
            marks = full(card, disclosures=mark if rater == "rosa" or number > 1 else {"mark": 1})
            quality.rate(f"s-{number // 4}", "call", f"c-{number}", marks, by=rater, now=NOW)
    with pytest.raises(Conflict, match="has rated"):
        quality.rate("s-0", "call", "c-1", full(card), by="rosa", now=NOW)
    with pytest.raises(Conflict, match="4 subjects"):
        quality.rate("s-0", "call", "c-99", full(card), by="rosa", now=NOW)
    with pytest.raises(Conflict, match="not closed"):
        quality.report("s-0")
    for session in ("s-0", "s-1", "s-2"):
        report = quality.close(session, by="sam", now=NOW)
        assert {each["verdict"] for each in report["items"]} == {"too few"}
    with pytest.raises(Conflict, match="is closed"):
        quality.rate("s-0", "call", "c-1", full(card), by="late", now=NOW)
    assert quality.close("s-2", by="sam", now=NOW) == quality.report("s-2") == report
    pooled = quality.report_of_all()
    (found,) = [each for each in pooled["items"] if each["item_id"] == "disclosures"]
    assert (found["measure"], found["verdict"], found["subjects"]) == ("kappa", "agree", 12)
    assert pooled["drift"].keys() == {"rosa", "omar"}
    with pytest.raises(BadInput, match="0 raters"):
        quality.close("none", by="sam", now=NOW)


def test_a_session_of_one_call_is_not_closed(quality: QualityDesk, card: ScorecardFile) -> None:
    for rater in ("rosa", "omar"):
        quality.rate("s-1", "call", "c-1", full(card), by=rater, now=NOW)
    with pytest.raises(Conflict, match="asks for 2"):
        quality.close("s-1", by="sam", now=NOW)


def test_of_two_contests_at_once_one_counts(quality: QualityDesk, card: ScorecardFile) -> None:
    quality.add("e-9", "call", "c-1", "bea", full(card), by="rosa", now=NOW)

    def contest(_: int) -> bool:
        try:
            quality.contest("e-9", "I said it", by="bea", now=NOW)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(contest, range(8))) == 1
    assert [each.status for each in quality.scores.versions("e-9")] == ["scored", "contested"]


# --- edits -----------------------------------------------------------------------------------------------------------


def correction(number: int = 1, **more: Any) -> Correction:
    fields: dict[str, Any] = {
        "draft_id": f"D-{number}",
        "channel": "email",
        "provider": "extractive",
        "prompt_version": "",
        "before": "Thank you. The fee is $7. It is nice.",
        "after": "Thank you. The fee is $5. Rosa will call.",
        "reasons": ["wrong_fact"],
        "by": "rosa",
        "at": NOW,
        "item_text": "My fee is wrong.",
    }
    return Correction(**{**fields, **more})


@given(st.text(max_size=80), st.text(max_size=80))
def test_nothing_changed_is_no_distance(before: str, after: str) -> None:
    found = edited(before, after)
    assert 0 <= found.characters <= 1
    assert (found.characters == 0) == (" ".join(before.split()) == " ".join(after.split()))


def test_sentences_are_kept_dropped_and_added() -> None:
    found = edited(correction().before, correction().after)
    assert found.kept == ("Thank you.",)
    assert found.dropped == ("The fee is $7.", "It is nice.")
    assert found.added == ("The fee is $5.", "Rosa will call.")


def test_the_burden_of_edits_by_week() -> None:
    rows = burden([correction(1), correction(2, after=correction().before), correction(3, at=NOW + timedelta(days=7))])
    assert [(row.week, row.drafts, row.unchanged, row.reasons) for row in rows] == [
        ("2026-W48", 2, 1, {"wrong_fact": 2}),
        ("2026-W49", 1, 0, {"wrong_fact": 1}),
    ]


def test_a_correction_is_a_case_of_the_harness() -> None:
    (made,) = cases_of([correction()])
    case = Case.model_validate(made)  # the form the harness reads
    assert case.expect.numbers == ("5",)
    assert case.expect.forbidden == ("The fee is $7.", "It is nice.")
    assert [point.any for point in case.expect.key_points] == [("The fee is $5.",), ("Rosa will call.",)]
    assert (case.split, case.tags, case.source.kind) == ("dev", ("email", "wrong_fact"), "qa_edit")
    assert cases_of([correction()]) == [made]


def test_cases_are_one_a_cluster_and_few_a_day() -> None:
    same = [correction(n, cluster="thread-1", at=NOW + timedelta(minutes=n)) for n in range(3)]
    assert [case["source"]["ref"] for case in cases_of(same)] == ["D-2"]
    assert len(cases_of([correction(n) for n in range(40)])) == 20
    assert cases_of([correction(1, after=correction().before)]) == []


def test_the_point_of_an_amount_ends_no_sentence() -> None:
    change = edited("You owe $12.50 today. Thanks!", "You owe $14.75 today. Thanks!")
    assert change.dropped == ("You owe $12.50 today.",)
    assert change.added == ("You owe $14.75 today.",)
    assert change.kept == ("Thanks!",)


def test_an_answer_changes_the_marks_it_names_and_keeps_the_rest(quality: QualityDesk, card: ScorecardFile) -> None:
    low = {"item_id": "language", "mark": 0, "evidence": ["t1"]}
    quality.add("kept", "reply", "r-kept", "ana", full(card, "reply", language=low), by="rob", now=NOW)
    quality.contest("kept", "It was in Spanish.", by="ana", now=NOW)
    made = quality.answer("kept", by="sue", now=NOW, comment="Right.", marks=[{"item_id": "language", "mark": 1}])
    assert ({mark["mark"] for mark in made.marks}, len(made.marks)) == ({"1"}, len(full(card, "reply")))
