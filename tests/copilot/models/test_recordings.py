"""Replays of recorded traffic: what we send is still what was recorded, and no key is in the files."""

import pytest
from vcr.errors import CannotOverwriteExistingCassetteException

from tests.copilot.models.conftest import TASK, Worded, asking, model_at
from tests.copilot.models.recording import CASSETTES, NOWHERE, RECORDED, ask, recorder


@pytest.mark.parametrize(("name", "calls"), [("good_answer", 1), ("repaired_answer", 2)])
def test_a_recording_plays_in_full_against_no_server(name: str, calls: int) -> None:
    with recorder("none").use_cassette(name) as cassette:
        reply = ask(NOWHERE)
    assert reply.output_as(Worded).sentences[0].text == "The late fee is $8."
    assert reply.was_repaired == (calls == 2)
    assert (cassette.all_played, cassette.play_count) == (True, calls)


def test_another_question_is_not_served_from_a_recording() -> None:
    with recorder("none").use_cassette("good_answer"), pytest.raises(CannotOverwriteExistingCassetteException):
        model_at(NOWHERE).complete(asking("Something else?"), task=TASK)


def test_the_recordings_hold_no_key_and_nothing_of_a_machine() -> None:
    texts = {path.stem: path.read_text("utf-8") for path in CASSETTES.glob("*.yaml")}
    assert texts.keys() == RECORDED.keys()
    joined = "".join(texts.values()).lower()
    assert "redacted" in joined
    assert [word for word in ("test-key", "bearer", "stainless", "127.0.0.1", "user-agent") if word in joined] == []
