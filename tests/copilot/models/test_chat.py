"""A model over real HTTP: what it sends, and what becomes of every kind of answer."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from copilot.errors import InvalidAnswer, ModelFailed, ModelUnavailable, PromptTooLong
from copilot.models import TaskLimits, load_prompt
from copilot.models.breaker import Breaker
from copilot.models.endpoint import Capabilities
from copilot.models.model import TokenUsage
from copilot.models.usage import Prices, UsageMeter
from tests.copilot.models.conftest import CARD, GOOD, TASK, WRONG, StillTime, Worded, asking, model_at
from tests.copilot.models.local_server import (
    Behaviour,
    cut_stream,
    drips,
    fails,
    is_endless,
    is_slow,
    no_choices,
    says,
    says_broken_json,
    says_html,
    says_odd_chunks,
    serving,
    takes_only,
)


def test_a_good_answer_comes_in_its_form_with_prompt_version_and_usage() -> None:
    with serving(says(GOOD)) as server:
        reply = model_at(server).complete(asking(), task=TASK)
    assert reply.output_as(Worded).sentences[0].passage_ids == ["fees#1"]
    assert (reply.prompt_name, reply.prompt_version, reply.model) == ("answer", 1, "openai:local")
    assert (reply.structured, reply.was_repaired, reply.is_cut) == ("json_schema", False, False)
    assert reply.usage == TokenUsage(11, 7, "server")


def test_everything_is_said_explicitly_in_the_request() -> None:
    with serving(says(GOOD)) as server:
        model_at(server).complete(asking(), task=TASK)
    (sent,) = server.asked
    assert server.paths == ["/v1/chat/completions"]
    assert (sent["max_tokens"], sent["temperature"], sent["stream"]) == (50, 0, True)
    assert "max_completion_tokens" not in sent
    assert sent["stream_options"] == {"include_usage": True}
    schema = sent["response_format"]["json_schema"]
    assert (schema["name"], schema["strict"]) == ("Worded", True)
    assert schema["schema"]["additionalProperties"] is False
    assert schema["schema"]["$defs"]["Sentence"]["required"] == ["text", "passage_ids"]


def test_a_model_name_that_turns_langchain_to_responses_still_asks_for_chat_completions() -> None:
    from copilot.models.providers.openai import OpenAIEndpoint

    with serving(says("OK")) as server:
        model = model_at(server)
        model._endpoint = OpenAIEndpoint("gpt-5.2-pro", server.base_url, "key")
        model.complete(asking(form=None), task=TASK)
    assert server.paths == ["/v1/chat/completions"]


def test_a_server_with_json_mode_only_gets_the_schema_in_the_prompt_and_is_remembered() -> None:
    with serving(takes_only(["json_object", "text"], says(GOOD))) as server:
        model = model_at(server)
        replies = [model.complete(asking(), task=TASK) for _ in range(2)]
    assert [reply.structured for reply in replies] == ["json_object", "json_object"]
    formats = [sent["response_format"]["type"] for sent in server.asked]
    assert formats == ["json_schema", "json_object", "json_object"]
    assert "passage_ids" in server.asked[1]["messages"][0]["content"]


def test_a_server_with_plain_text_only_answers_json_in_prose() -> None:
    text = f"<think>{{hm}}</think>Sure!\n```json\n{GOOD}\n```"
    with serving(takes_only(["text"], says(text))) as server:
        reply = model_at(server).complete(asking(), task=TASK)
    assert reply.structured == "text"
    assert reply.output_as(Worded).sentences[0].text == "The late fee is $8."


@pytest.mark.parametrize(
    ("field", "wrong", "right"),
    [
        ("limit_field", "max_tokens", "max_completion_tokens"),
        ("has_stream_usage", "stream_options", False),
        ("takes_temperature", "temperature", False),
    ],
)
def test_a_field_the_server_names_is_left_out_or_exchanged(field: str, wrong: str, right: object) -> None:
    with serving(fails(400, f"Unsupported parameter: {wrong}"), says(GOOD)) as server:
        model = model_at(server)
        model.complete(asking(), task=TASK)
    assert wrong not in server.asked[1]
    assert getattr(model.capabilities, field) == right
    assert model.capabilities.structured == "json_schema"


def test_a_server_that_refuses_both_names_of_the_limit_is_not_asked_for_ever() -> None:
    with serving(fails(400, "neither max_tokens nor max_completion_tokens nor stream_options, please")) as server:
        model = model_at(server)
        with pytest.raises(ModelUnavailable, match="HTTP 400"):
            model.complete(asking(), task=TASK)
        asked = len(server.bodies)
        report = model.check()
    assert asked <= 12  # every combination of what can be left out, at most once
    assert len(server.bodies) - asked <= 4
    assert (report.answers, model.capabilities) == (False, Capabilities())


def test_a_request_the_server_never_takes_teaches_nothing() -> None:
    with serving(fails(400, "context is too long")) as server:
        model = model_at(server)
        with pytest.raises(ModelUnavailable, match="HTTP 400"):
            model.complete(asking(), task=TASK)
    assert len(server.bodies) == 3  # once on each rung
    assert model.capabilities == Capabilities()


@pytest.mark.parametrize("first", ["no JSON here", '{"sentences": ', "[1, 2]", WRONG, '{"sentences": NaN}', "{" * 700])
def test_a_wrong_answer_is_repaired_once(first: str) -> None:
    with serving(says(first), says(GOOD)) as server:
        reply = model_at(server).complete(asking(), task=TASK)
    assert reply.was_repaired
    assert reply.usage.input_tokens == 22
    roles = [message["role"] for message in server.asked[1]["messages"]]
    assert roles == ["system", "user", "assistant", "user"]
    assert "That does not fit" in server.asked[1]["messages"][-1]["content"]


def test_the_repair_turn_names_the_fault() -> None:
    with serving(says(WRONG), says(GOOD)) as server:
        model_at(server).complete(asking(), task=TASK)
    assert "sentences.0.passage_ids: List should have at least 1 item" in server.asked[1]["messages"][-1]["content"]


def test_wrong_twice_is_given_up() -> None:
    with serving(says(WRONG)) as server, pytest.raises(InvalidAnswer, match=r"answer/1 does not fit .* repair"):
        model_at(server).complete(asking(), task=TASK)
    assert len(server.bodies) == 2


def test_json_cut_at_the_limit_is_not_repaired() -> None:
    with serving(says(GOOD[:20], finish="length")) as server, pytest.raises(InvalidAnswer, match="cut at the limit"):
        model_at(server).complete(asking(), task=TASK)
    assert len(server.bodies) == 1


@pytest.mark.parametrize("status", [429, 500, 503, 529])
def test_an_overloaded_server_is_asked_again(status: int, still: StillTime) -> None:
    with serving(fails(status), fails(status), says(GOOD)) as server:
        model_at(server, around=still.around()).complete(asking(), task=TASK)
    assert len(server.bodies) == 3
    assert still.slept == [0.5, 1.0]


def test_a_server_that_says_when_is_asked_again_then(still: StillTime) -> None:
    with serving(fails(429, **{"retry-after": "3"}), says(GOOD)) as server:
        model_at(server, around=still.around()).complete(asking(), task=TASK)
    assert still.slept == [3.0]


def test_nobody_waits_beyond_the_deadline(still: StillTime) -> None:
    with serving(fails(429, **{"retry-after": "60"})) as server, pytest.raises(ModelUnavailable, match="HTTP 429"):
        model_at(server, around=still.around()).complete(asking(), task=TASK)
    assert (len(server.bodies), still.slept) == (1, [])


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_refusal_is_not_asked_again_and_its_text_is_not_shown(status: int, still: StillTime) -> None:
    with serving(fails(status, "key sk-secret is wrong")) as server, pytest.raises(ModelUnavailable) as caught:
        model_at(server, around=still.around()).complete(asking(), task=TASK)
    assert len(server.bodies) == 1
    assert "sk-secret" not in str(caught.value)
    assert "copilot models check" in str(caught.value)


@pytest.mark.parametrize("slow", [is_slow(1.0, says(GOOD)), drips(2.0)])
def test_a_slow_or_dripping_server_is_left_in_time(slow: Behaviour) -> None:
    hasty = TaskLimits("hasty", 0.3, 0.9, 1, 2_000, 50)
    with serving(slow) as server:
        model = model_at(server)
        with pytest.raises(ModelUnavailable):  # loads LangChain, which takes a second
            model.complete(asking(), task=hasty)
        began = time.monotonic()
        with pytest.raises(ModelUnavailable, match="in time"):
            model.complete(asking(), task=hasty)
        took = time.monotonic() - began
    assert took < 1.5


@pytest.mark.parametrize("broken", [cut_stream, says_broken_json, says_html, says_odd_chunks])
def test_a_broken_stream_is_a_failure_and_not_half_an_answer(broken: Behaviour, still: StillTime) -> None:
    with serving(broken) as server, pytest.raises(ModelUnavailable):
        model_at(server, around=still.around()).complete(asking(form=None), task=TASK)
    assert len(server.bodies) == 1


@pytest.mark.parametrize("empty", [no_choices, says(None), says(""), says("  \n")])
@pytest.mark.parametrize("form", [None, Worded])
def test_nothing_is_no_answer(empty: Behaviour, form: type[Worded] | None, still: StillTime) -> None:
    with serving(empty) as server, pytest.raises(ModelFailed):
        model_at(server, around=still.around()).complete(asking(form=form), task=TASK)
    assert len(server.bodies) <= 2


def test_endless_text_is_cut_at_the_limit() -> None:
    with serving(is_endless) as server:
        reply = model_at(server).complete(asking(form=None), task=TASK)
    assert reply.is_cut
    assert len(reply.text) == 50 * 16
    assert reply.usage.counted_by == "us"


def test_endless_text_is_no_answer_in_a_form() -> None:
    with serving(is_endless) as server, pytest.raises(InvalidAnswer, match="cut"):
        model_at(server).complete(asking(), task=TASK)


def test_a_server_that_is_not_there_is_told_at_once(still: StillTime) -> None:
    with serving(says(GOOD)) as server:
        gone = server.base_url
    with pytest.raises(ModelUnavailable, match="could not be reached"):
        model_at(gone, around=still.around()).complete(asking(), task=TASK)
    assert still.slept == []


def test_no_card_number_is_in_the_bytes_the_server_got(demo_policy_values: dict[str, str]) -> None:
    from copilot.guard.masking import policy_for

    prompt = load_prompt("answer", 1).fill(demo_policy_values, policy=policy_for(["card", "ssn"]))
    with serving(says(f"Your card {CARD} is charged.")) as server:
        reply = model_at(server).complete(prompt, task=TASK)
    (body,) = server.bodies
    for digits in (b"4111", b"1111", b"four one one one"):
        assert digits not in body
    assert b"[CARD]" in body
    assert b"late fee" in body
    assert reply.text == "Your card [CARD] is charged."


def test_pii_in_a_formed_answer_is_masked_also_in_the_repair_turn() -> None:
    echoed = GOOD.replace("The late fee is $8.", f"Card {CARD} it is.")
    with serving(says(echoed.replace('["fees#1"]', "[]")), says(echoed)) as server:
        reply = model_at(server).complete(asking(), task=TASK)
    assert reply.output_as(Worded).sentences[0].text == "Card [CARD] it is."
    assert CARD not in reply.text
    assert all(CARD.encode() not in body for body in server.bodies)


def test_a_prompt_over_the_budget_is_not_sent() -> None:
    with serving(says(GOOD)) as server, pytest.raises(PromptTooLong, match=r"2000.*fewer"):
        model_at(server).complete(asking("word " * 2_000), task=TASK)
    assert server.bodies == []


def test_the_breaker_opens_and_closes(still: StillTime) -> None:
    breaker = Breaker(still.clock, failures_to_open=3, rest_s=30)
    with serving(fails(500)) as server:
        model = model_at(server, around=still.around(), breaker=breaker)
        with pytest.raises(ModelUnavailable, match="HTTP 500"):
            model.complete(asking(), task=TASK)
        assert model.is_degraded
        with pytest.raises(ModelUnavailable, match="left alone"):
            model.complete(asking(), task=TASK)
        assert len(server.bodies) == 3
        still.now += 30
        server.behaviours[:] = [says(GOOD)]
        model.complete(asking(), task=TASK)
        assert not model.is_degraded


def test_no_more_calls_at_once_than_allowed() -> None:
    with serving(is_slow(0.05, says(GOOD))) as server:
        model = model_at(server, concurrency=2)
        with ThreadPoolExecutor(8) as pool:
            replies = list(pool.map(lambda _: model.complete(asking(), task=TASK), range(8)))
    assert len(replies) == 8
    assert server.most_at_once == 2


def test_who_waits_too_long_for_a_turn_goes_without() -> None:
    hasty = TaskLimits("hasty", 0.1, 0.1, 0, 2_000, 50)
    with serving(is_slow(0.6, says(GOOD))) as server, ThreadPoolExecutor(1) as pool:
        model = model_at(server, concurrency=1)
        first = pool.submit(model.complete, asking(), task=TASK)
        while not server.bodies:
            time.sleep(0.01)
        with pytest.raises(ModelUnavailable, match="COPILOT_MODEL_CONCURRENCY"):
            model.complete(asking(), task=hasty)
        assert first.result().output is not None


def test_usage_and_cost_add_up_per_task(still: StillTime) -> None:
    meter = UsageMeter(Prices(Decimal(2), Decimal(10)))
    with serving(says(WRONG), says(GOOD), says(WRONG)) as server:
        model = model_at(server, meter=meter, around=still.around())
        model.complete(asking(), task=TASK)
        with pytest.raises(InvalidAnswer):
            model.complete(asking(), task=TASK)
    used = model.usage()["test"]
    assert (used.asked, used.failed, used.input_tokens, used.output_tokens) == (2, 1, 44, 28)
    assert used.usd == Decimal("0.000368")  # 44 * 2 + 28 * 10 millionths


def test_tracing_stays_off_even_when_the_environment_asks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from langchain_core.tracers import langchain as tracer
    from langsmith.utils import get_env_var, tracing_is_enabled

    with serving(says(GOOD)) as server:
        for name, value in {"TRACING": "true", "API_KEY": "key", "ENDPOINT": server.base_url}.items():
            monkeypatch.setenv(f"LANGSMITH_{name}", value)
        get_env_var.cache_clear()  # type: ignore[attr-defined]  # it is cached behind its overloads
        try:
            assert tracing_is_enabled()
            model_at(server).complete(asking(), task=TASK)
            tracer.wait_for_all_tracers()
        finally:
            monkeypatch.undo()
            get_env_var.cache_clear()  # type: ignore[attr-defined]  # the same
    assert server.paths == ["/v1/chat/completions"]


@pytest.fixture
def demo_policy_values() -> dict[str, str]:
    spoken = "four one one one, one one one one, one one one one, one one one one"
    return {
        "question": f"My card is {CARD}, and 4111\u200b1111\u200b1111\u200b1111, what is the late fee?",
        "passages": json.dumps({"fees#1": f"The late fee is $8. The card number is {spoken}."}),
        "language": "en",
    }


def test_every_completed_task_leaves_a_trace_without_a_word_of_it(caplog: pytest.LogCaptureFixture) -> None:
    meter = UsageMeter(Prices(Decimal(2), Decimal(10)))
    with caplog.at_level("INFO", "copilot.models"), serving(says(WRONG), says(GOOD), fails(401)) as server:
        model = model_at(server, meter=meter)
        model.complete(asking(), task=TASK)
        with pytest.raises(ModelUnavailable):
            model.complete(asking(), task=TASK)
        with pytest.raises(PromptTooLong):
            model.complete(asking("word " * 2_000), task=TASK)
    first, second, third = model.traces()
    assert [trace.outcome for trace in (first, second, third)] == ["repaired", "unavailable", "too_long"]
    assert (first.task, first.prompt, first.version, first.model) == ("test", "answer", 1, "openai:local")
    assert (first.input_tokens, first.output_tokens) == (22, 14)  # 11 and 7, twice
    assert first.usd == (22 * Decimal(2) + 14 * Decimal(10)) / 1_000_000
    assert len(caplog.records) == 3
    assert "late fee" not in caplog.text
