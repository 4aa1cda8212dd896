"""A model at a local server, with time held still where nobody waits for real."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pydantic import BaseModel, Field

from copilot.guard.redaction import RedactionPolicy
from copilot.models import FilledPrompt, TaskLimits
from copilot.models.breaker import Breaker
from copilot.models.chat import ChatModel
from copilot.models.endpoint import Capabilities
from copilot.models.patience import Surroundings
from copilot.models.providers.openai import OpenAIEndpoint
from copilot.models.tokens import Estimate
from copilot.models.usage import UsageMeter
from tests.copilot.models.local_server import LocalServer

CARD = "4111 1111 1111 1111"
TASK = TaskLimits("test", timeout_s=2.0, deadline_s=5.0, max_retries=2, max_input_tokens=2_000, max_output_tokens=50)


class Sentence(BaseModel):
    text: str
    passage_ids: list[str] = Field(min_length=1)


class Worded(BaseModel):
    sentences: list[Sentence]


GOOD = '{"sentences": [{"text": "The late fee is $8.", "passage_ids": ["fees#1"]}]}'
WRONG = '{"sentences": [{"text": "The late fee is $8.", "passage_ids": []}]}'


@dataclass
class StillTime:
    """A clock that moves only when somebody sleeps, and the sleeps."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def around(self) -> Surroundings:
        return Surroundings(self.clock, self.sleep, lambda: 1.0)


@pytest.fixture
def still() -> StillTime:
    return StillTime()


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    monkeypatch.setenv("COPILOT_DATA_DIR", str(tmp_path))
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "COPILOT_MODEL", "COPILOT_CONFIG"):
        monkeypatch.delenv(name, raising=False)


def model_at(
    server: LocalServer | str,
    *,
    around: Surroundings | None = None,
    known: Capabilities | None = None,
    meter: UsageMeter | None = None,
    breaker: Breaker | None = None,
    concurrency: int = 4,
) -> ChatModel:
    return ChatModel(
        OpenAIEndpoint("local", server if isinstance(server, str) else server.base_url, "test-key"),
        known or Capabilities(),
        counter=Estimate(),
        concurrency=concurrency,
        meter=meter,
        around=around,
        breaker=breaker,
    )


def asking(text: str = "What is the late fee?", form: type[BaseModel] | None = Worded) -> FilledPrompt:
    return FilledPrompt("answer", 1, "You are careful.", text, RedactionPolicy(), form)
