"""Every task drives the product, says what it cannot run with, and hears what noise makes of what was said."""

from pathlib import Path
from typing import Any

import pytest

from copilot.errors import BadInput, ModelUnavailable, PromptError
from copilot.models.model import CheckReport, Model, Reply, TaskLimits, TokenUsage
from copilot.models.prompts import FilledPrompt, Prompt, load_prompt
from evals.cases import Case
from evals.scorers import scored_tasks, scorer_for
from evals.tasks import TaskOptions, open_task, task_names
from evals.tasks._parts import PinnedPrompt


def a_case(task: str, **given: Any) -> Case:
    return Case(id=f"{task}-1", task=task, cluster="c", input=given)


class Writing:
    """A model that answers with a text of its own, and remembers which prompt it was asked with."""

    name = "test:writing"
    is_degraded = False

    def __init__(self, answer: dict[str, Any]) -> None:
        self.answer = answer
        self.asked: list[FilledPrompt] = []

    def warm_up(self) -> None:
        return None

    def usage(self) -> dict[str, Any]:
        return {}

    def traces(self) -> list[Any]:
        return []

    def prompt(self, name: str) -> Prompt:
        return load_prompt(name)

    def complete(self, prompt: FilledPrompt, *, task: TaskLimits) -> Reply:
        self.asked.append(prompt)
        assert prompt.form is not None
        output = prompt.form.model_validate(self.answer)
        usage = TokenUsage(1, 1, "us")
        return Reply("", output, prompt.name, prompt.version, self.name, "json_schema", usage, 0.1, False, False)

    def check(self) -> CheckReport:
        return CheckReport(self.name, True)


def test_every_task_has_a_scorer_and_every_scorer_a_task() -> None:
    assert task_names() == scored_tasks()


def test_an_unknown_task_and_scorer_are_told_with_those_there_are() -> None:
    with pytest.raises(BadInput, match="No task 'poem'; there are: answer, cards, cues"):
        open_task("poem")
    with pytest.raises(BadInput, match="No scorer for the task 'poem'; there are: answer"):
        scorer_for("poem")
    with pytest.raises(BadInput):
        open_task("_parts")


def test_a_note_is_written_from_turns_and_masks_what_it_must() -> None:
    turns = [
        {"speaker": "customer", "text": "I want to cancel my internet. My card is 4111 1111 1111 1111."},
        {"speaker": "agent", "text": "It is cancelled as of today."},
    ]
    made = open_task("note").run(a_case("note", turns=turns, language="en"), 0)
    assert "Cancellation" in made["note"]["text"]
    assert "4111" not in str(made)
    assert [row["speaker"] for row in made["turns"]] == ["customer", "agent"]


def test_a_call_of_the_pack_is_cut_and_changed_as_the_case_says() -> None:
    given = {"call": "demo-01-price-save", "until": "t2", "swap": [["Denise", "Marisol"]]}
    made = open_task("note").run(a_case("note", **given), 0)
    assert len(made["turns"]) == 2
    assert "Marisol" in made["turns"][1]["text"]
    assert "Denise" not in str(made["turns"])


def test_a_call_the_pack_does_not_have_is_told() -> None:
    with pytest.raises(BadInput, match="has no call 'demo-99'"):
        open_task("cues").run(a_case("cues", call="demo-99"), 0)
    with pytest.raises(BadInput, match="has no customer 'C-9'"):
        open_task("offers").run(a_case("offers", customer="C-9", reason="price"), 0)


def test_noise_changes_what_is_heard_and_not_who_said_it() -> None:
    case = a_case("note", call="demo-02-cancel-at-once")
    clear, noisy = (open_task("note", TaskOptions(noise=rate)).run(case, 0) for rate in (0.0, 0.2))
    assert [row["speaker"] for row in clear["turns"]] == [row["speaker"] for row in noisy["turns"]]
    assert clear["turns"] != noisy["turns"]


def test_the_model_words_an_answer_with_the_prompt_that_is_named() -> None:
    answer = {"sentences": [{"text": "The late fee is $8.", "passage_ids": ["p1", "p2"]}]}
    model = Writing(answer)
    task = open_task("answer", TaskOptions(model=model, prompt="answer/1"))
    made = task.run(a_case("answer", question="How much is the late fee?"), 0)
    assert (made["provider"], made["text"].partition(" [")[0]) == ("test:writing", "The late fee is $8.")
    assert (model.asked[0].name, model.asked[0].version) == ("answer", 1)


def test_a_version_that_is_none_or_is_not_there_is_told() -> None:
    model: Model = Writing({})
    with pytest.raises(BadInput, match="no version of answer"):
        open_task("answer", TaskOptions(model=model, prompt="newest"))
    with pytest.raises(PromptError, match="No version 99"):
        open_task("answer", TaskOptions(model=model, prompt="99"))


def test_a_pinned_prompt_leaves_the_others_alone() -> None:
    model = PinnedPrompt(Writing({}), "note_wording", 1)
    assert model.prompt("note_wording").version == 1
    assert model.prompt("answer") == load_prompt("answer")


def test_a_summary_needs_a_model_and_keeps_what_its_turns_bear_out() -> None:
    with pytest.raises(BadInput, match="'summary' has no model"):
        open_task("summary")
    answer = {
        "sentences": [
            {"text": "The customer wants to cancel the internet.", "turn_ids": ["t2"]},
            {"text": "The customer was promised a $90 credit.", "turn_ids": ["t2"]},
        ]
    }
    task = open_task("summary", TaskOptions(model=Writing(answer)))
    made = task.run(a_case("summary", call="demo-01-price-save"), 0)
    assert made["text"] == "The customer wants to cancel the internet."


def test_a_pack_of_ones_own_is_used(tmp_path: Path) -> None:
    with pytest.raises(Exception, match=str(tmp_path)):
        open_task("retrieval", TaskOptions(pack=tmp_path / "nowhere"))


def test_a_prompt_of_one_kind_of_reply_is_pinned_for_that_kind_alone() -> None:
    model = Writing({"sentences": []})
    for prompt in ("reply_public/1", "1", "reply_regulator/1"):
        open_task("reply", TaskOptions(model=model, prompt=prompt))
    with pytest.raises(BadInput, match="'answer/1' is no version of reply_public"):
        open_task("reply", TaskOptions(model=model, prompt="answer/1"))
    with pytest.raises(PromptError, match="No version 99"):
        open_task("reply", TaskOptions(model=model, prompt="reply_private/99"))


def test_a_model_that_is_away_says_nothing_of_a_reply() -> None:
    class Away(Writing):
        def complete(self, prompt: FilledPrompt, *, task: TaskLimits) -> Reply:
            raise ModelUnavailable("not now")

    case = a_case("reply", channel="email", text="I was charged twice for October.")
    assert open_task("reply").run(case, 0)["provider"] == "extractive"
    with pytest.raises(ModelUnavailable):
        open_task("reply", TaskOptions(model=Away({}))).run(case, 0)


def test_the_line_of_an_offer_is_the_packs_own_where_the_model_adds_to_it() -> None:
    case = a_case("offer_wording", customer="C-1001", reason="price", language="en")
    own = open_task("offer_wording").run(case, 0)
    assert (own["say"], own["worded"], own["asked"]) == (own["line"], None, False)
    lying = TaskOptions(model=Writing({"say": f"{own['line']} And a free phone."}))
    assert open_task("offer_wording", lying).run(case, 0)["say"] == own["line"]
    honest = "Your price of $85.00 a month can be locked until November 20, 2027, with no agreement."
    made = open_task("offer_wording", TaskOptions(model=Writing({"say": honest}))).run(case, 0)
    assert (made["say"], made["worded"]["prompt"]) == (honest, "offer_wording")
