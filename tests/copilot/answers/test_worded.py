"""Answers in a model's words, over real HTTP from a local server that says what the test tells it."""

import json
import os
import subprocess
import sys
from datetime import date

import pytest

from copilot.answers import Answer, Finding, find_answer, word_answer
from copilot.calls.desk import AUDIENCES, Desk
from copilot.errors import InvalidAnswer
from copilot.guard.masking import policy_for
from knowledge.documents import Document
from knowledge.passages import Passage
from knowledge.retriever import Hit, Retriever
from tests.copilot.models.conftest import model_at
from tests.copilot.models.hostile import HostileModel
from tests.copilot.models.local_server import LocalServer, says, serving

FEES = "A late fee of $8 is charged after a grace period of 5 days. The reconnection fee is $35."
PLANS = "Fiber 300 costs $55 a month with AutoPay."


def hit(place: int, text: str, title: str) -> Hit:
    document = Document(f"policies/{title.lower()}", title, text, "fees.md")
    return Hit(place, 0.9, Passage(f"policies/{title.lower()}#1", document.doc_id, 0, title, "", text), document)


FINDING = Finding(
    Answer("How much is the late fee?", True, "quoted", conflicts=("two figures",)),
    (hit(1, FEES, "Fees"), hit(2, PLANS, "Plans")),
)


def worded(*sentences: tuple[str, list[str]], finding: Finding = FINDING) -> tuple[Answer | None, LocalServer]:
    said = json.dumps({"sentences": [{"text": text, "passage_ids": ids} for text, ids in sentences]})
    with serving(says(said)) as server:
        return word_answer(model_at(server), finding, policy=policy_for(())), server


def test_a_worded_answer_names_its_passages_model_and_prompt() -> None:
    answer, server = worded(
        ("The late fee is $8, after 5 days of grace.", ["p1"]), ("Fiber 300 costs $55 a month.", ["p2"])
    )
    assert answer is not None
    assert answer.text == "The late fee is $8, after 5 days of grace. [1] Fiber 300 costs $55 a month. [2]"
    assert [source.doc_id for source in answer.sources] == ["policies/fees", "policies/plans"]
    assert [sentence.citations for sentence in answer.sentences] == [("policies/fees#1",), ("policies/plans#1",)]
    assert (answer.provider, answer.prompt, answer.prompt_version) == ("openai:local", "answer", 1)
    assert answer.conflicts == ("two figures",)
    assert "[p1] Fees" in server.asked[0]["messages"][1]["content"]


@pytest.mark.parametrize(
    "sentence",
    [
        ("The late fee is $9.", ["p1"]),
        ("The late fee is $8.", ["p2"]),  # another passage says so
        ("The late fee is $8.", ["p1", "p7"]),  # no such passage
        ("The late fee is $8.", []),
        ("The late fee is $35.", ["p1"]),  # the amount of another fee
        ("The reconnection fee is $8.", ["p1"]),
        ("The late fee is $8 and the first one is refunded.", ["p1"]),
        ("not in the documents", []),
    ],
)
def test_a_sentence_its_passages_do_not_bear_out_leaves_the_quoted_answer(sentence: tuple[str, list[str]]) -> None:
    answer, _server = worded(sentence)
    assert answer is None


def test_an_answer_may_name_the_house_and_says_nothing_was_done_without_a_record() -> None:
    passage = "You have been moved to Fiber 300 already, and the late fee has been waived, when the letter says so."
    finding = Finding(Answer("Is it waived?", True, "quoted"), (hit(1, FEES, "Fees"), hit(2, passage, "Letters")))
    said = json.dumps(
        {
            "sentences": [
                {"text": "Meridell charges a late fee of $8.", "passage_ids": ["p1"]},
                {"text": "The late fee has been waived.", "passage_ids": ["p2"]},
            ]
        }
    )
    with serving(says(said)) as server:
        model = model_at(server)
        answer = word_answer(model, finding, policy=policy_for(()), known_names=["Meridell"])
        assert word_answer(model, finding, policy=policy_for(())) is None
    assert answer is not None
    assert [sentence.text for sentence in answer.sentences] == ["Meridell charges a late fee of $8."]


def test_one_bad_sentence_is_left_out_and_more_bad_than_good_leave_none() -> None:
    good, bad = ("The late fee is $8.", ["p1"]), ("Everyone gets $500.", ["p1"])
    answer, _server = worded(good, bad)
    assert answer is not None
    assert answer.text == "The late fee is $8. [1]"
    assert worded(good, bad, bad)[0] is None


def test_an_answer_in_another_form_is_no_answer() -> None:
    with serving(says('{"sentences": "The late fee is $8."}')) as server, pytest.raises(InvalidAnswer):
        word_answer(model_at(server), FINDING, policy=policy_for(()))
    assert len(server.bodies) == 2  # one repair


def test_nothing_found_is_not_asked() -> None:
    answer, server = worded(finding=Finding(Answer("Zeppelins?", False, "Not in the documents.")))
    assert (answer, server.bodies) == (None, [])


def test_an_overruled_passage_is_not_shown_to_the_model(desk: Desk) -> None:
    search = desk._search
    assert isinstance(search, Retriever)
    question = "What goodwill credit limit does an agent have?"
    finding = find_answer(search, question, audiences=AUDIENCES, on=date(2026, 11, 20))
    chosen = finding.answer.sources[0].doc_id
    (conflict,) = finding.answer.conflicts
    overruled = conflict.split(" says ")[0]
    assert overruled != chosen
    assert chosen in {one.document.doc_id for one in finding.hits}
    assert finding.hits[0].document.doc_id == chosen


def test_the_command_words_the_answer_and_quotes_when_told_to(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("data")
    with serving(HostileModel(seed=3, share_broken=0.0, share_lies=0.0)) as server:
        environment = {
            **os.environ,
            "COPILOT_DATA_DIR": str(folder),
            "COPILOT_EMBEDDER": "none",
            "COPILOT_MODEL": "openai:local",
            "OPENAI_BASE_URL": server.base_url,
            "NO_PROXY": "127.0.0.1",
        }

        def run(*words: str) -> str:
            command = [sys.executable, "-m", "copilot.cli", *words]
            return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

        run("index", "--pack", "demo")
        worded_one = json.loads(run("answer", "How much is the late fee?", "--json"))
        quoted = json.loads(run("answer", "How much is the late fee?", "--extractive", "--json"))
    assert (worded_one["provider"], worded_one["prompt"]) == ("openai:local", "answer")
    assert (quoted["provider"], len(server.bodies)) == ("extractive", 1)
