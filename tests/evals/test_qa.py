"""Corrections of reviewers become cases: masked, one a thread, few a person and day, let in by a second person."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from copilot.errors import BadInput
from copilot.review.edits import Correction
from copilot.review.eval_cases import cases_of
from evals.cases import Case, read_cases, write_cases
from evals.command import app
from evals.qa import import_qa, masked_case, pack_policy, promote

POLICY = pack_policy(None)
MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


def correction(n: int, **more: Any) -> Correction:
    before, after = f"The fee is ${n}. We are sorry.", f"The fee is ${n + 1}. We are sorry. Call 555-0100."
    given = {"before": before, "after": after, "by": "Dana Ortiz", "at": MONDAY + timedelta(minutes=n), **more}
    about = {
        "draft_id": f"d{n}",
        "channel": "email",
        "provider": "extractive",
        "prompt_version": "",
        "reasons": ["figure"],
    }
    return Correction(**{**about, "item_text": f"Why fee {n}?", "cluster": f"thread-{n}", **given})


def corrected(*given: Correction, most_a_day: int = 100) -> list[Case]:
    return [Case.model_validate(row) for row in cases_of(given, most_a_day=most_a_day)]


def test_what_a_reviewer_changed_is_what_the_case_expects(tmp_path: Path) -> None:
    into = tmp_path / "qa.jsonl"
    assert len(import_qa(corrected(correction(7)), into, POLICY).added) == 1
    (case,) = read_cases(into)
    assert (case.task, case.split, case.cluster, case.tags) == ("reply", "dev", "thread-7", ("email", "figure"))
    assert [point.any for point in case.expect.key_points] == [("The fee is $8.",)]
    assert case.expect.forbidden == ("The fee is $7.",)
    assert (case.source.kind, case.source.ref, case.source.by) == ("qa_edit", "d7", "Dana Ortiz")


def test_nothing_personal_is_kept_in_what_was_said_or_should_have_been(tmp_path: Path) -> None:
    into = tmp_path / "qa.jsonl"
    secret = "My card is 4111 1111 1111 1111, mail jo.doe@meridell.test, call (512) 555-0142."
    given = correction(1, item_text=secret, before=f"Hello. {secret}", after=f"Hello there. {secret} Bye.")
    import_qa(corrected(given), into, POLICY)
    text = into.read_text("utf-8")
    assert [each for each in ("4111", "1111 1111", "jo.doe", "555-0142") if each in text] == []


def test_figures_that_are_part_of_a_secret_are_not_expected() -> None:
    raw = {"id": "a", "task": "reply", "cluster": "c", "input": {}, "expect": {"numbers": ["8", "4111111111111111"]}}
    assert masked_case(Case.model_validate(raw), POLICY).expect.numbers == ("8",)


def test_a_thread_counts_once_and_its_latest_correction_is_taken(tmp_path: Path) -> None:
    into = tmp_path / "qa.jsonl"
    early, late = correction(1, cluster="one"), correction(2, cluster="one")
    done = import_qa([*corrected(early), *corrected(late)], into, POLICY)
    assert (len(done.added), done.same_cluster) == (1, 1)
    assert read_cases(into)[0].source.ref == "d2"
    again = import_qa([*corrected(late), *corrected(correction(3, cluster="one"))], into, POLICY)
    assert (again.added, again.known, again.same_cluster) == ([], 1, 1)


def test_one_person_does_not_fill_the_suite_in_a_day_even_by_several_imports(tmp_path: Path) -> None:
    into = tmp_path / "qa.jsonl"
    first = import_qa(corrected(*(correction(n) for n in range(3))), into, POLICY, most_a_day=4)
    second = import_qa(corrected(*(correction(n) for n in range(3, 9))), into, POLICY, most_a_day=4)
    other = import_qa(corrected(correction(20, by="Sam Reyes")), into, POLICY, most_a_day=4)
    tomorrow = import_qa(corrected(correction(21, at=MONDAY + timedelta(days=1))), into, POLICY, most_a_day=4)
    counted = [(len(each.added), each.over_cap) for each in (first, second, other, tomorrow)]
    assert counted == [(3, 0), (1, 5), (1, 0), (1, 0)]


def test_what_comes_from_no_reviewer_or_expects_nothing_is_left_out(tmp_path: Path) -> None:
    made = Case(id="a", task="reply", cluster="c", input={"text": "x"})
    (edited,) = corrected(correction(1))
    empty = edited.model_copy(update={"id": "b", "cluster": "d", "expect": made.expect})
    done = import_qa([made, empty], tmp_path / "qa.jsonl", POLICY)
    assert (done.added, done.from_elsewhere, done.empty) == ([], 1, 1)
    assert not (tmp_path / "qa.jsonl").exists()


def folders(tmp_path: Path, *given: Correction, more: str = "") -> tuple[Path, list[str]]:
    (tmp_path / "cases").mkdir()
    (tmp_path / "suites").mkdir()
    head = f"name: reply\ntask: reply\ncases: [qa.jsonl]\n{more}metrics: [{{name: m, role: primary}}]\n"
    (tmp_path / "suites" / "reply.yaml").write_text(head, "utf-8")
    return tmp_path / "cases", import_qa(corrected(*given), tmp_path / "cases" / "qa.jsonl", POLICY).added


def test_a_second_person_lets_a_candidate_count_and_nobody_else(tmp_path: Path) -> None:
    cases, (case_id,) = folders(tmp_path, correction(1))
    for name in ("Dana Ortiz", " dana  ORTIZ ", "", "  "):
        with pytest.raises(BadInput, match="A second person"):
            promote(case_id, name, cases, suites=tmp_path / "suites")
    done = promote(case_id, "Sam Reyes", cases, suites=tmp_path / "suites")
    assert (done.split, done.source.by, done.source.reviewed_by) == ("gate", "Dana Ortiz", "Sam Reyes")
    assert read_cases(cases / "qa.jsonl") == [done]
    with pytest.raises(BadInput, match="in 'gate' already"):
        promote(case_id, "Sam Reyes", cases, suites=tmp_path / "suites")
    with pytest.raises(BadInput, match="No case 'nothing'"):
        promote("nothing", "Sam Reyes", cases, suites=tmp_path / "suites")


def test_cases_from_a_day_on_are_held_out_for_the_release(tmp_path: Path) -> None:
    late = correction(2, at=MONDAY + timedelta(days=7))
    cases, ids = folders(tmp_path, correction(1), late, more="holdout_from: 2026-11-20\n")
    splits = {
        case.source.ref: case.split for case in (promote(n, "Sam", cases, suites=tmp_path / "suites") for n in ids)
    }
    assert splits == {"d1": "gate", "d2": "holdout"}


def test_the_commands_take_a_file_in_and_promote_from_it(tmp_path: Path) -> None:
    (tmp_path / "cases").mkdir()
    (tmp_path / "suites").mkdir()
    write_cases(corrected(correction(1), correction(2)), tmp_path / "edits.jsonl")
    into = tmp_path / "cases" / "qa.jsonl"
    done = CliRunner().invoke(app, ["import-qa", str(tmp_path / "edits.jsonl"), "--into", str(into), "--json"])
    added = json.loads(done.stdout)["added"]
    assert len(added) == 2
    command = ["promote", added[0], "--by", "Sam Reyes", "--cases", str(tmp_path / "cases"), "--json"]
    assert json.loads(CliRunner().invoke(app, command).stdout)["split"] == "gate"
    assert [case.split for case in read_cases(into)].count("dev") == 1


def test_a_promoted_correction_is_measured_by_the_suite_of_replies(tmp_path: Path) -> None:
    cases, (case_id,) = folders(tmp_path, correction(1, item_text="You charged me a late fee twice. I want it back."))
    promote(case_id, "Sam Reyes", cases, suites=tmp_path / "suites")
    suite = tmp_path / "suites" / "reply.yaml"
    suite.write_text(suite.read_text("utf-8").replace("name: m,", "name: key_points,"), "utf-8")
    command = ["run", str(suite), "--baseline", "none", "--out", str(tmp_path / "runs"), "--json"]
    done = CliRunner().invoke(app, command)
    told = json.loads(done.stdout)
    assert (done.exit_code, told["cases"], told["failed"]) == (0, 1, 0)
    assert {"key_points", "edit_burden"} <= {each["name"] for each in told["metrics"]}
