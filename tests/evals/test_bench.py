"""The benchmark runs on every machine and measures what it says; its figures are printed, never asserted."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from evals.bench.measure import Figure
from evals.bench.peers import measure_peers
from evals.bench.rehearsal import SAID, rehearsed
from evals.bench.server import instant_server
from evals.bench.worker import CASES, Http, cases, make_recordings, measure_replay
from evals.results import RESULTS, read_results


def test_a_figure_says_whether_it_is_met() -> None:
    assert Figure("speed", 812.4, "cases/s", ">= 500", True).told.endswith("812.40 cases/s  >= 500       met")
    assert "NOT MET" in Figure("speed", 1.0, "cases/s", ">= 500", False).told
    assert Figure("peer", None, "cases/s", note="not installed").told.endswith("not installed")


def test_the_server_answers_each_case_in_a_process_of_its_own(tmp_path: Path) -> None:
    with instant_server() as base_url:
        assert Http(base_url).run(cases()[0], 0) == SAID
        command = [sys.executable, "-m", "evals.bench.worker", "counted", str(tmp_path), base_url]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert found["per_second"] > 0
    assert found["peak_mb"] > 0
    assert len(read_results(tmp_path / "run" / RESULTS)) == CASES == len((tmp_path / "calls").read_text().split())


def test_what_is_recorded_is_what_is_replayed(tmp_path: Path) -> None:
    make_recordings(tmp_path, "")
    assert len([*tmp_path.glob("*.yaml")]) == CASES
    assert measure_replay(tmp_path, "")["per_second"] > 0
    results = read_results(tmp_path / "run" / RESULTS)
    assert {(each.output, each.input_tokens) for each in results} == {(SAID, 20)}


def test_peers_that_are_not_there_are_said_to_be_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    told = [(peer.name, peer.per_second, peer.note) for peer in measure_peers(tmp_path, "http://127.0.0.1:9/v1")]
    assert told == [("promptfoo", None, "not installed"), ("inspect_ai", None, "not installed")]


def test_a_form_is_answered_from_the_lines_of_the_question() -> None:
    item = {"properties": {"text": {"type": "string"}, "turn_ids": {"type": "array"}}}
    schema = {
        "properties": {"sentences": {"type": "array", "items": {"$ref": "#/$defs/_Sentence"}}},
        "$defs": {"_Sentence": item},
    }
    asked = {
        "messages": [
            {"role": "user", "content": "<<<DATA turns abc\n[t1] customer: My bill is $8.\nDATA turns abc>>>"}
        ],
        "response_format": {"type": "json_schema", "json_schema": {"schema": schema}},
    }
    assert json.loads(rehearsed(asked)) == {"sentences": [{"text": "My bill is $8.", "turn_ids": ["t1"]}]}
    assert rehearsed({"messages": []}) == SAID
