import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook

from copilot.models import InProcess
from copilot.service import create_app
from copilot.store import Role, Tokens
from copilot.wiring import Parts
from knowledge.pack import Pack
from tests.copilot.models.conftest import model_at
from tests.copilot.models.local_server import says, serving

ClientOf = Callable[[Role], TestClient]


@pytest.fixture(scope="module")
def supervisor(client_of: ClientOf) -> TestClient:
    return client_of("supervisor")


@pytest.fixture
def asked(demo_pack: Pack) -> dict[str, Any]:
    return {"customer": dict(demo_pack.customers["C-1001"]), "reason": "price", "on": "2026-11-20"}


def test_offers_are_decided_and_the_decision_can_be_made_again(client: TestClient, asked: dict[str, Any]) -> None:
    found = client.post("/v1/offers/evaluate", json=asked).json()
    assert (found["best"], found["show"]) == ("OF-LOCK-12", "OF-LOCK-12")
    again = client.get(f"/v1/offers/decisions/{found['decision_id']}").json()
    assert again["same"] is True
    assert again["answer"]["best"] == "OF-LOCK-12"


def test_money_is_told_as_text(client: TestClient, asked: dict[str, Any]) -> None:
    decisions = client.post("/v1/offers/evaluate", json=asked).json()["decisions"]
    first = decisions[0]
    for name in ("dEV", "C", "V0", "C_max", "roi"):
        assert isinstance(first[name], str)
    assert {"offer_id", "eligible", "reasons", "margin_after", "approval", "terms", "say"} <= first.keys()


def test_the_room_of_a_negotiation(client: TestClient, asked: dict[str, Any]) -> None:
    found = client.post("/v1/offers/negotiate", json=asked).json()
    assert found["profit"]["margin"] == "47.65"
    assert found["corridor"]["now"] == "85.00"
    assert float(found["corridor"]["lowest"]) < 85


def test_an_outcome_is_recorded_once(client: TestClient) -> None:
    body = {
        "outcome_id": "oc-1",
        "customer_id": "C-1001",
        "offer_id": "OF-LOCK-12",
        "reason": "price",
        "status": "shown",
        "tenure_months": 32,
    }
    assert client.post("/v1/offers/outcomes", json=body).status_code == 201
    again = client.post("/v1/offers/outcomes", json=body)
    assert (again.status_code, again.json()) == (200, {"recorded": False})
    accepted = client.post("/v1/offers/outcomes", json={**body, "status": "accepted"})
    assert accepted.json() == {"recorded": True}
    assert client.post("/v1/offers/outcomes", json={**body, "status": "refused"}).status_code == 409
    paying = client.post("/v1/offers/outcomes/oc-1/paying", json={"days": 90, "paying": True})
    assert paying.json() == {"recorded": True}
    assert client.post("/v1/offers/outcomes/none/paying", json={"days": 90, "paying": True}).status_code == 404


def test_what_outcomes_teach_is_for_supervisors(client: TestClient, supervisor: TestClient) -> None:
    assert client.get("/v1/offers/estimates").status_code == 403
    cells = supervisor.get("/v1/offers/estimates").json()
    assert all(cell["label"] == "no data" for cell in cells)
    assert supervisor.get("/v1/offers/fairness?by=tenure").status_code == 200


def test_decisions_come_as_a_spreadsheet(client: TestClient, supervisor: TestClient, asked: dict[str, Any]) -> None:
    client.post("/v1/offers/evaluate", json=asked)
    assert client.get("/v1/offers/decisions").status_code == 403
    text = supervisor.get("/v1/offers/decisions").text
    assert text.startswith("decision_id,at,on,customer_id")
    workbook = load_workbook(io.BytesIO(supervisor.get("/v1/offers/decisions?form=xlsx").content))
    assert workbook["Decisions"]["A1"].value == "decision_id"


def test_an_approval_goes_its_way(client: TestClient, supervisor: TestClient) -> None:
    body = {"role": "lead", "customer_id": "C-1012", "offer_id": "OF-EXTEND-20", "why": "price"}
    asked = client.post("/v1/offers/approvals", json=body)
    assert asked.status_code == 201
    path = f"/v1/offers/approvals/{asked.json()['approval_id']}"
    assert client.post(f"{path}/use").status_code == 409
    assert client.post(f"{path}/decision", json={"grant": True}).status_code == 403
    assert supervisor.post(f"{path}/decision", json={"grant": True}).json()["state"] == "granted"
    assert client.post(f"{path}/use").json()["state"] == "used"
    assert [step["status"] for step in client.get(path).json()["steps"]] == ["requested", "granted", "used"]


def test_what_is_wrong_is_named(client: TestClient, asked: dict[str, Any]) -> None:
    unknown = client.post("/v1/offers/evaluate", json={**asked, "reason": "boredom"})
    assert unknown.status_code == 422
    assert "boredom" in unknown.json()["detail"]
    assert client.post("/v1/offers/evaluate", json={**asked, "chanel": "phone"}).status_code == 422
    assert client.get("/v1/offers/decisions/none").status_code == 404


def test_an_offer_is_worded_by_the_model_where_it_is_asked_for(parts: Parts, asked: dict[str, Any]) -> None:
    say = "Your price of $85.00 a month can be locked until November 20, 2027, with no agreement."
    with serving(says(json.dumps({"say": say}))) as server:
        app = create_app(parts, host=InProcess(model_at(server)))
        client = TestClient(app, headers={"Authorization": f"Bearer {Tokens(parts.engine).create('agent')}"})
        found = client.post("/v1/offers/evaluate", json={**asked, "worded": True}).json()
        assert found["worded"] == {
            "say": say,
            "provider": "openai:local",
            "prompt": "offer_wording",
            "prompt_version": 1,
        }
        assert found["decisions"][0]["say"] != say
        assert "worded" not in client.post("/v1/offers/evaluate", json=asked).json()


def test_without_a_model_the_line_of_the_pack_stands(client: TestClient, asked: dict[str, Any]) -> None:
    found = client.post("/v1/offers/evaluate", json={**asked, "worded": True}).json()
    assert found["worded"] is None
    assert found["decisions"][0]["say"]
