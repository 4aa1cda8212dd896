"""Transcripts are played through the live path at their pace, and the report says what came of each."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from copilot.calls import core
from copilot.calls.note.compose import compose_note
from copilot.errors import BadInput
from evals.pipeline import lines_of, pipeline_command
from evals.replaying import Manner, pace_of, read_folder, replay
from evals.tasks import TaskOptions

app = typer.Typer()
app.command()(pipeline_command)


def a_call(call_id: str = "c1", **more: Any) -> dict[str, Any]:
    turns = [
        {"turn_id": "t1", "speaker": "agent", "text": "This is Meridell, how can I help?", "t_ms": 0},
        {"turn_id": "t2", "speaker": "customer", "text": "I want to cancel, it is too expensive.", "t_ms": 300},
        {"turn_id": "t3", "speaker": "agent", "text": "It is cancelled as of today.", "t_ms": 600},
    ]
    return {"call_id": call_id, "language": "en", "turns": turns, **more}


def folder_of(tmp_path: Path, *calls: dict[str, Any]) -> Path:
    (tmp_path / "calls.jsonl").write_text("".join(json.dumps(call) + "\n" for call in calls), "utf-8")
    return tmp_path


def test_a_folder_is_played_and_reported(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, a_call("a"), a_call("b"))
    (tmp_path / "again.jsonl").write_text(json.dumps(a_call("a")) + "\n", "utf-8")
    report = replay(read_folder(folder), TaskOptions(), Manner(at_once=2)).as_record()
    assert (report["calls"], report["turns"], report["failed"], report["gate_violations"]) == (3, 9, [], [])
    assert report["turns_with_card"] == {"count": 3, "of": 3, "share": 1.0}
    assert report["quotes_in_document"]["share"] == 1.0
    assert report["note_quality"]["invented_number"] == 1.0
    assert report["lag_behind_speech"] is None
    assert report["model"] == {}


def test_calls_are_played_at_their_own_pace_or_faster(tmp_path: Path) -> None:
    calls = read_folder(folder_of(tmp_path, a_call()))
    replay(calls, TaskOptions(), Manner())  # the pack is opened before the clock runs
    began = time.perf_counter()
    tally = replay(calls, TaskOptions(), Manner(pace=2.0))
    assert time.perf_counter() - began >= 0.3
    assert len(tally.lag_s) == 3
    assert min(tally.lag_s) >= 0


def test_cards_are_judged_at_the_turns_that_are_labelled(tmp_path: Path) -> None:
    plain = replay(read_folder(folder_of(tmp_path, a_call())), TaskOptions(), Manner()).as_record()
    assert plain["coverage"] == plain["precision"] == {"count": 0, "of": 0, "share": None}
    right = a_call(cards={"t2": ["scripts/cancel-price"]})
    report = replay(read_folder(folder_of(tmp_path, right)), TaskOptions(), Manner()).as_record()
    assert report["coverage"]["share"] == 1.0
    wrong = a_call(cards={"t2": ["policies/deposits"], "t3": ["policies/deposits"]})
    report = replay(read_folder(folder_of(tmp_path, wrong)), TaskOptions(), Manner()).as_record()
    assert (report["coverage"], report["precision"]["share"]) == ({"count": 0, "of": 2, "share": 0.0}, 0.0)


def test_a_broken_gate_is_reported_and_exits_1(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def leaking(*args: Any, **more: Any) -> Any:
        from dataclasses import replace

        note = compose_note(*args, **more)
        return replace(note, text=f"{note.text}\nCard 4111 1111 1111 1111, credit of $912.50.")

    monkeypatch.setattr(core, "compose_note", leaking)
    result = CliRunner().invoke(app, [str(folder_of(tmp_path, a_call())), "--json"])
    report = json.loads(result.stdout)
    assert result.exit_code == 1
    told = " ".join(report["gate_violations"])
    assert "c1: invented_number" in told
    assert "a secret in event" in told
    assert "4111" not in told


def test_a_call_that_breaks_the_path_is_told_and_the_others_go_on(tmp_path: Path) -> None:
    bad = a_call("4111 1111 1111 1111")  # an id that looks like a card number is refused
    result = CliRunner().invoke(app, [str(folder_of(tmp_path, bad, a_call("good")))])
    assert result.exit_code == 1
    assert "1 calls, 3 turns, 1 failed" in result.stdout


def test_the_report_reads_on_a_terminal(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, [str(folder_of(tmp_path, a_call()) / "calls.jsonl"), "--noise", "0.1"])
    assert result.exit_code == 0
    assert "turn to cards: p50" in result.stdout
    assert "gates broken: 0\nmodel: not asked" in result.stdout
    empty = replay([], TaskOptions(), Manner()).as_record()
    assert lines_of(empty)[0] == "0 calls, 0 turns, 0 failed"


@pytest.mark.parametrize("speed", ["0", "-1", "fast", "inf", "nan"])
def test_a_speed_that_is_none_is_told(speed: str) -> None:
    with pytest.raises(BadInput, match="give `max` or a number above 0"):
        pace_of(speed)


def test_wrong_folders_labels_and_noise_are_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"holds no \.jsonl or \.vtt file"):
        read_folder(tmp_path)
    with pytest.raises(BadInput, match=r"calls\.jsonl:1: cards are no object of lists"):
        read_folder(folder_of(tmp_path, a_call(cards={"t2": "x"})))
    with pytest.raises(BadInput, match=r"allowed is 0 to 0\.5"):
        replay([], TaskOptions(), Manner(noise=0.9))
