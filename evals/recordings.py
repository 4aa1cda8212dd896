"""Recordings of model traffic: one vcrpy cassette a case and sample, replayed without a key or a network.

`evals/recordings/<suite>/<prompt-sha8>/<case>.<k>.yaml`. A call is found by the SHA-256 of its canonical {model,
params, messages, tools, k}; the codes of the fences, which are new in each call, do not count. Only vcrpy's form of a
cassette is used: its patching of HTTP clients is global to the process, and cases run in threads.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from copilot.guard.masking import mask_values, policy_for
from copilot.guard.redaction import RedactionPolicy
from copilot.models.endpoint import Answer, Ask, Capabilities
from copilot.models.model import LimitField, Structured, TokenUsage
from evals.results import digest, write_whole
from evals.runner import RecordingMissing

ABOUT = "about.json"
KEY_HEADER = "X-Recording-Key"
ADDRESS = "http://model.invalid/v1/chat/completions"
EVERY_KIND = policy_for(("date_of_birth", "email", "phone", "account"))
"""What questions are masked with: they are kept to be read by people, an answer is played from them by its key."""

_FENCE = re.compile(r"(<<<DATA \w+ )[0-9a-f]{16}(?=\n)|(\nDATA \w+ )[0-9a-f]{16}(?=>>>)")

Call = Mapping[str, Any]
Interactions = dict[str, tuple[Call, Answer]]


class About(BaseModel):
    """What the recordings of one prompt version were made with; `server` says what answered."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str
    prompt: str
    structured: Structured
    limit_field: LimitField
    takes_temperature: bool
    server: str
    samples: int

    @property
    def capabilities(self) -> Capabilities:
        """What the endpoint took, so that a replay asks in the same form."""
        return Capabilities(self.structured, self.limit_field, takes_temperature=self.takes_temperature)


@dataclass(frozen=True)
class Recordings:
    """The recordings of one suite and prompt version."""

    folder: Path
    record_command: str

    def about(self) -> About:
        """What they were made with.

        Raises:
            RecordingMissing: there are none, or what is said about them cannot be read.
        """
        try:
            return About.model_validate_json((self.folder / ABOUT).read_bytes())
        except (OSError, ValidationError) as error:
            raise RecordingMissing(f"No recordings in {self.folder.name} ({type(error).__name__}).") from None

    def write_about(self, about: About) -> None:
        """Say what they are made with."""
        write_whole(self.folder / ABOUT, json.dumps(about.model_dump(), indent=2, sort_keys=True) + "\n")

    def path(self, case_id: str, sample: int) -> Path:
        """The cassette of one case and sample; no id leads out of the folder."""
        return self.folder / f"{quote(case_id, safe='')}.{sample}.yaml"

    def load(self, case_id: str, sample: int) -> dict[str, Answer] | None:
        """The answers by the keys of their calls; None where there is no cassette.

        Raises:
            RecordingMissing: the cassette cannot be read.
        """
        path = self.path(case_id, sample)
        try:
            text = path.read_text("utf-8")
        except FileNotFoundError:
            return None
        try:
            return _answers(text)
        except (ValueError, KeyError, TypeError, IndexError, yaml.YAMLError) as error:
            raise RecordingMissing(f"{case_id}.{sample}: cannot be read ({type(error).__name__})") from None

    def save(self, case_id: str, sample: int, interactions: Interactions, policy: RedactionPolicy) -> None:
        """Write the cassette of one case and sample, masked; nothing is written where nothing was asked."""
        from vcr.serialize import serialize  # noqa: PLC0415 - a quarter of a second that only recordings need

        if not interactions:
            return
        requests = [_request(key, call) for key, (call, _) in interactions.items()]
        responses = [_response(answer, policy) for _, answer in interactions.values()]
        write_whole(self.path(case_id, sample), serialize({"requests": requests, "responses": responses}, _SafeYaml))

    def digest(self) -> str:
        """SHA-256 over the names and bytes of all of them."""
        parts = ((path.name.encode(), path.read_bytes()) for path in sorted(self.folder.glob("*.yaml")))
        return digest(*(each for part in parts for each in part))


def call_of(model: str, ask: Ask, known: Capabilities, sample: int) -> Call:
    """What is asked, in canonical form: the same question in another process gives the same."""
    params = {
        "max_output_tokens": ask.max_output_tokens,
        "temperature": 0 if known.takes_temperature else None,
        "structured": known.structured if ask.schema is not None else "text",
        "schema": ask.schema,
        "form": ask.form_name,
    }
    messages = [{"role": each.role, "content": _FENCE.sub(r"\1\2" + "0" * 16, each.text)} for each in ask.messages]
    return {"model": model, "params": params, "messages": messages, "tools": [], "k": sample}


def key_of(call: Call) -> str:
    """SHA-256 of the call in hex."""
    return hashlib.sha256(
        json.dumps(call, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    ).hexdigest()


class _SafeYaml:
    """YAML as vcrpy writes it, read without the tags that build Python objects."""

    @staticmethod
    def serialize(cassette: Any) -> str:
        return str(yaml.dump(cassette, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper), allow_unicode=True))

    @staticmethod
    def deserialize(text: str) -> Any:
        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - the safe loader


def _answers(text: str) -> dict[str, Answer]:
    from vcr.serialize import deserialize  # noqa: PLC0415 - a quarter of a second that only recordings need

    requests, responses = deserialize(text, _SafeYaml)
    return {
        str(request.headers[KEY_HEADER]): _answer(json.loads(response["body"]["string"]))
        for request, response in zip(requests, responses, strict=True)
    }


def _request(key: str, call: Call) -> Any:
    from vcr.request import Request  # noqa: PLC0415 - with vcrpy

    return Request("POST", ADDRESS, json.dumps(mask_values(call, EVERY_KIND), ensure_ascii=False), {KEY_HEADER: key})


def _response(answer: Answer, policy: RedactionPolicy) -> dict[str, Any]:
    usage = None if answer.usage is None else asdict(answer.usage)
    message = {"role": "assistant", "content": mask_values(answer.text, policy)}
    choice = {"index": 0, "message": message, "finish_reason": "length" if answer.is_cut else "stop"}
    body = json.dumps({"object": "chat.completion", "choices": [choice], "usage": usage}, ensure_ascii=False)
    headers = {"content-type": ["application/json"]}
    return {"status": {"code": 200, "message": "OK"}, "headers": headers, "body": {"string": body}}


def _answer(body: Any) -> Answer:
    choice, usage = body["choices"][0], body["usage"]
    return Answer(
        str(choice["message"]["content"]),
        choice["finish_reason"] == "length",
        None if usage is None else TokenUsage(**usage),
    )
