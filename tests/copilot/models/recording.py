"""Recordings of model traffic, made and played; `python -m tests.copilot.models.recording` makes them anew."""

import sys
from pathlib import Path
from typing import Any

import vcr
from vcr.request import Request

from copilot.models import FilledPrompt, Reply
from tests.copilot.models.conftest import GOOD, TASK, WRONG, asking, model_at
from tests.copilot.models.local_server import Behaviour, says, serving

CASSETTES = Path(__file__).parent / "cassettes"
RECORDED: dict[str, list[Behaviour]] = {"good_answer": [says(GOOD)], "repaired_answer": [says(WRONG), says(GOOD)]}
NOWHERE = "http://127.0.0.1:9/v1"


def recorder(mode: str) -> Any:
    return vcr.VCR(
        cassette_library_dir=str(CASSETTES),
        path_transformer=vcr.VCR.ensure_suffix(".yaml"),
        record_mode=mode,
        match_on=["method", "path", "body"],
        filter_headers=[("authorization", "REDACTED"), "openai-organization", "openai-project", "cookie"],
        before_record_request=_without_machine,
        before_record_response=_without_date,
        decode_compressed_response=True,
    )


def question() -> FilledPrompt:
    return asking("What is the late fee? Passages: [fees#1] The late fee is $8.")


def ask(base_url: str) -> Reply:
    return model_at(base_url).complete(question(), task=TASK)


def _without_machine(request: Request) -> Request:
    for name in [name for name in request.headers if name.lower().startswith(("x-stainless", "user-agent", "host"))]:
        del request.headers[name]
    request.uri = f"http://model.invalid{request.path}"
    return request


def _without_date(response: dict[str, Any]) -> dict[str, Any]:
    response["headers"] = {name: kept for name, kept in response["headers"].items() if name.lower() == "content-type"}
    return response


if __name__ == "__main__":
    for name, behaviours in RECORDED.items():
        (CASSETTES / f"{name}.yaml").unlink(missing_ok=True)
        with serving(*behaviours) as server, recorder("once").use_cassette(name):
            ask(server.base_url)
        sys.stdout.write(f"{name} recorded\n")
