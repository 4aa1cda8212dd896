"""Drafts in a model's words, by a server that lies, over real HTTP: no lie is ever in a draft."""

from collections.abc import Iterator
from typing import Any

import pytest

from copilot.models import InProcess
from copilot.models.breaker import Breaker
from copilot.models.chat import ChatModel
from copilot.models.patience import Surroundings
from copilot.replies.desk import ReplyDesk
from copilot.replies.model import Draft
from tests.copilot.models.conftest import model_at
from tests.copilot.models.hostile import MARKERS, HostileModel
from tests.copilot.models.local_server import Behaviour, LocalServer, fails, says, serving
from tests.copilot.replies.conftest import NOW, failed
from tests.copilot.replies.test_letters import COMPLAINT, FACTS

COUNT = 300
IMPATIENT = Surroundings(sleep=lambda _seconds: None, chance=lambda: 0.0)


@pytest.fixture
def answering() -> Iterator[Any]:
    """A model at a server that behaves so."""
    open_servers = []

    def start(behaviour: Behaviour) -> tuple[ChatModel, LocalServer]:
        context = serving(behaviour)
        server = context.__enter__()
        open_servers.append(context)
        breaker = Breaker(IMPATIENT.clock, failures_to_open=10**9)
        return model_at(server, around=IMPATIENT, breaker=breaker), server

    yield start
    for context in open_servers:
        context.__exit__(None, None, None)


def worded(desk: ReplyDesk, model: ChatModel, channel: str, **more: Any) -> tuple[Draft, Draft]:
    given = {"text": COMPLAINT, "received_at": "2026-11-25", "facts": FACTS, **more}
    understood = desk.understand(given, channel=channel, now=NOW)
    made = desk.draft_of(understood, now=NOW)
    return made, desk.worded(made, understood, InProcess(model), now=NOW)


def test_no_lie_is_in_a_draft(reply_desk: ReplyDesk, answering: Any) -> None:
    hostile = HostileModel(seed=20261125)
    model, _server = answering(hostile)
    channels, reworded = ("FCC", "email", "x", "google", "BBB"), 0
    for number in range(COUNT):
        more = {"facts": FACTS} if number % 2 else {"facts": {}}
        made, draft = worded(reply_desk, model, channels[number % len(channels)], id=f"i-{number}", **more)
        reworded += draft.provider != "extractive"
        said = draft.text.lower()
        lies = [marker for marker in MARKERS if marker in said]
        assert not lies, draft.text
        assert not any(lie.lower() in said for lie in hostile.planted), draft.text
        assert set(failed(draft)) <= set(failed(made))
        assert "".join(sentence.text for sentence in draft.sentences)
    assert reworded > COUNT / 10  # the honest ones do come through
    assert hostile.told["lies"] > COUNT


def test_an_honest_rewording_names_its_model_and_prompt(reply_desk: ReplyDesk, answering: Any) -> None:
    model, server = answering(HostileModel(seed=1, share_broken=0.0, share_lies=0.0))
    made, draft = worded(reply_desk, model, "email")
    assert (draft.provider, draft.versions["prompt"]) == (model.name, "reply_private/1")
    assert draft.text != made.text
    assert draft.allegations == made.allegations
    assert all(sentence.text in draft.text for sentence in draft.sentences)
    assert COMPLAINT[:20] not in str(server.bodies[-1])  # what the customer wrote is not sent


@pytest.mark.parametrize("behaviour", [fails(500), says("no JSON"), says('{"statements": []}'), says("")])
def test_a_model_that_gives_nothing_leaves_the_draft_as_it_was(
    reply_desk: ReplyDesk, answering: Any, behaviour: Behaviour
) -> None:
    made, draft = worded(reply_desk, answering(behaviour)[0], "email")
    assert draft == made


def test_a_public_reply_in_other_words_never_confirms_a_customer(reply_desk: ReplyDesk, answering: Any) -> None:
    text = '{"statements": [{"id": "s1", "text": "Thank you, we are sorry to read how your account was handled."}]}'
    made, draft = worded(reply_desk, answering(says(text))[0], "x")
    assert draft == made
