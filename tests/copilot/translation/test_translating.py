"""Translations by a server over real HTTP: what they lose or make up is found, whatever the model says."""

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from fastapi.testclient import TestClient

from copilot.errors import InvalidAnswer, ModelFailed
from copilot.guard.redaction import RedactionPolicy
from copilot.models import InProcess
from copilot.models.breaker import Breaker
from copilot.models.chat import ChatModel
from copilot.models.patience import Surroundings
from copilot.service import create_app
from copilot.store import Tokens
from copilot.translation.translating import Translated, translate, translation_faults
from copilot.wiring import Parts
from tests.copilot.models.conftest import model_at
from tests.copilot.models.hostile import TAILS, WHOLE
from tests.copilot.models.local_server import Behaviour, LocalServer, says, serving
from tests.copilot.service.conftest import parts

__all__ = ["parts"]

IMPATIENT = Surroundings(sleep=lambda _seconds: None, chance=lambda: 0.0)
TEXT = "Your bill of $85.00 for Fiber 600 is due on November 20, 2026. We will not charge you the late fee."
GOOD = "Su factura de $85.00 de Fiber 600 vence el 20 de noviembre de 2026. No le cobraremos el cargo por mora."
NAMES = ("Fiber 600", "Fiber 300")


@pytest.fixture
def answering() -> Iterator[Any]:
    with ExitStack() as open_servers:

        def start(behaviour: Behaviour) -> tuple[ChatModel, LocalServer]:
            server = open_servers.enter_context(serving(behaviour))
            breaker = Breaker(IMPATIENT.clock, failures_to_open=10**9)
            return model_at(server, around=IMPATIENT, breaker=breaker), server

        yield start


def line(text: str) -> Behaviour:
    return says(json.dumps({"text": text}, ensure_ascii=False))


def test_a_true_translation_comes_with_its_model_and_prompt(answering: Any) -> None:
    model, server = answering(line(GOOD))
    made = translate(model, TEXT, to="es", policy=RedactionPolicy(), names=NAMES)
    assert made == Translated(GOOD, model.name, "translation", 1)
    assert TEXT in str(server.bodies[-1], "utf-8")


def test_a_secret_is_not_sent(answering: Any) -> None:
    model, server = answering(line("Mi tarjeta es [CARD]."))
    with pytest.raises(InvalidAnswer):
        translate(model, "My card is 4111 1111 1111 1111 and it is the $5 one.", to="es", policy=RedactionPolicy())
    assert b"4111" not in server.bodies[-1]


@pytest.mark.parametrize(
    ("made", "fault"),
    [
        (GOOD.replace("85.00", "58.00"), "figure"),
        (GOOD.replace("20 de noviembre", "21 de noviembre"), "figure"),
        (GOOD + " Le damos $10.00 de crédito.", "figure"),
        (GOOD.replace("Fiber 600", "Fiber 300"), ""),
        (TEXT, "wrong language"),
        ("Vence.", "shorter"),
        (GOOD * 4, "longer"),
    ],
)
def test_what_is_lost_or_made_up_is_named(made: str, fault: str) -> None:
    faults = list(translation_faults(TEXT, made, to="es", names=NAMES))
    assert any(fault in each for each in faults), faults


@pytest.mark.parametrize(
    ("text", "made", "to"),
    [
        (TEXT, GOOD, "es"),
        (GOOD, TEXT, "en"),
        ("We call you within 2 business days.", "Le llamamos en 2 días hábiles.", "es"),
        (
            "The PIN [PIN] is masked; {agent_name} will help.",
            "El PIN [PIN] está oculto; {agent_name} le ayudará.",
            "es",
        ),
        ("20 percent off for 3 months.", "20 por ciento menos por 3 meses.", "es"),
        ("Llame al 555-0100 antes de las 5:00 p.m.", "Call 555-0100 before 5:00 p.m.", "en"),
    ],
)
def test_true_ones_pass(text: str, made: str, to: Any) -> None:
    assert list(translation_faults(text, made, to=to, names=NAMES)) == []


def test_a_mask_or_a_blank_that_is_gone_is_found() -> None:
    text, made = "Card [CARD] of {customer_name} failed.", "La tarjeta de {customer_name} falló."
    assert "changes a mask, a blank or an address" in list(translation_faults(text, made, to="es"))


@pytest.mark.parametrize("tail", [*TAILS, *WHOLE])
def test_a_hostile_model_adds_nothing(answering: Any, tail: str) -> None:
    model, _server = answering(line(f"{GOOD} {tail}"))
    faults = list(translation_faults(TEXT, f"{GOOD} {tail}", to="es", names=NAMES))
    if re.search(r"\d|https?:", tail):
        assert faults, tail
    if faults:
        with pytest.raises((InvalidAnswer, ModelFailed)):
            translate(model, TEXT, to="es", policy=RedactionPolicy(), names=NAMES)


def test_over_http_it_takes_a_model(parts: Parts) -> None:
    headers = {"Authorization": f"Bearer {Tokens(parts.engine).create('agent')}"}
    asked = {"text": TEXT, "to": "es"}
    with serving(line(GOOD)) as server:
        client = TestClient(create_app(parts, host=InProcess(model_at(server))), headers=headers)
        made = client.post("/v1/translations", json=asked).json()
        assert (made["text"], made["prompt"], made["prompt_version"]) == (GOOD, "translation", 1)
        assert client.post("/v1/translations", json={**asked, "to": "fr"}).status_code == 422
    with serving(line(GOOD.replace("85", "15"))) as server:
        client = TestClient(create_app(parts, host=InProcess(model_at(server))), headers=headers)
        refused = client.post("/v1/translations", json=asked)
        assert (refused.status_code, "figure" in refused.json()["detail"]) == (502, True)
    client = TestClient(create_app(parts), headers=headers)
    assert client.post("/v1/translations", json=asked).status_code == 503
