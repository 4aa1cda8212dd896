"""Other systems over HTTP: found, proposed, confirmed by a person, and written by the service itself."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi.testclient import TestClient

from copilot.connect.signatures import _seal
from copilot.errors import ConfigError
from copilot.feeds import read_transcripts
from copilot.service import create_app
from copilot.settings import Settings
from copilot.store import Tokens
from copilot.wiring import Parts, open_parts
from knowledge.pack import PACKS
from tests.copilot.connect.systems.crm import TOKEN, Crm, mapping
from tests.copilot.connect.systems.serving import Asked, FakeSystem, Mishap, Told, serving

CALL = "demo-08-ticket-dispatch"  # its note has a number for call-backs
Parcel = tuple[TestClient, Crm]


class Stripe(FakeSystem):
    """One customer of a billing system, who has a phone number."""

    def __init__(self) -> None:
        super().__init__()
        self.phone = "+15550100"

    def answer(self, asked: Asked) -> Told:
        return Told({"id": "cus_1", "phone": self.phone})


@pytest.fixture
def stripe() -> Iterator[Stripe]:
    system = Stripe()
    with serving(system):
        yield system


@pytest.fixture
def crm() -> Iterator[Crm]:
    system = Crm()
    with serving(system):
        yield system


@pytest.fixture
def parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crm: Crm, stripe: Stripe) -> Iterator[Parts]:
    monkeypatch.setenv("CRM_TOKEN", TOKEN)
    monkeypatch.setenv("STRIPE_KEY", "rk_1")
    monkeypatch.setenv("STRIPE_HOOK", "whsec_1")
    billing = {
        "kind": "stripe_like",
        "url": stripe.url,
        "key_variable": "STRIPE_KEY",
        "webhook_variable": "STRIPE_HOOK",
    }
    systems = {"crm": mapping(crm.url), "billing": {**billing, "fields": {"phone": "phone"}}}
    (tmp_path / "connect.yaml").write_text(yaml.safe_dump({"systems": systems}))
    settings = Settings(data_dir=tmp_path / "data", embedder="none", connect=str(tmp_path / "connect.yaml"))
    parts = open_parts(settings, with_vectors=False)
    yield parts
    parts.close()


@pytest.fixture
def client(parts: Parts) -> Iterator[TestClient]:
    app = create_app(parts)
    headers = {"Authorization": f"Bearer {Tokens(parts.engine).create('agent')}"}
    yield TestClient(app, headers=headers, raise_server_exceptions=False)
    app.state.hall.close()


def end_a_call(client: TestClient) -> None:
    call = next(call for call in read_transcripts(PACKS / "demo" / "calls.jsonl") if call.call_id == CALL)
    client.post("/v1/calls", json={"call_id": CALL, "language": "en", "started_at": "2026-11-20T10:00:00-05:00"})
    turns = [vars(turn) for turn in call.turns]
    client.post(f"/v1/calls/{CALL}/turns", json={"turns": turns}).raise_for_status()
    client.post(f"/v1/calls/{CALL}/end").raise_for_status()


def proposed(client: TestClient, system: str = "crm", object_id: str = "C-1001") -> list[dict[str, Any]]:
    body = {"call_id": CALL, "system": system, "object_id": object_id}
    answer = client.post("/v1/connect/proposals", json=body)
    assert answer.status_code == 201, answer.text
    rows: list[dict[str, Any]] = answer.json()
    return rows


def wait_for(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.05)


def status_of(client: TestClient, proposal_id: str) -> str:
    rows = client.get("/v1/connect/proposals", params={"call_id": CALL}).json()
    return next(str(row["status"]) for row in rows if row["proposal_id"] == proposal_id)


def test_what_a_person_confirms_is_written_by_the_service(client: TestClient, crm: Crm) -> None:
    end_a_call(client)
    note, phone = proposed(client)
    assert [(row["field"], row["from"], row["to"]) for row in (phone,)] == [
        ("contact.phone", "+15550100", "4585550148")
    ]
    client.post(f"/v1/connect/proposals/{note['proposal_id']}/reject", json={"reason": "no"}).raise_for_status()
    confirmed = client.post(f"/v1/connect/proposals/{phone['proposal_id']}/confirm").json()
    assert (confirmed["status"], confirmed["decided_by"].split()[0]) == ("confirmed", "agent")
    wait_for(lambda: status_of(client, phone["proposal_id"]) == "written")
    assert crm.people["C-1001"]["contact"]["phone"] == "4585550148"
    assert (len(crm.writes), crm.notes["C-1001"]) == (1, [])
    assert client.post(f"/v1/connect/proposals/{phone['proposal_id']}/confirm").status_code == 409


def test_what_failed_is_listed_and_put_up_again(client: TestClient, crm: Crm) -> None:
    end_a_call(client)
    _, phone = proposed(client)
    crm.people["C-1001"]["contact"]["phone"] = "+15550155"
    client.post(f"/v1/connect/proposals/{phone['proposal_id']}/confirm").raise_for_status()
    wait_for(lambda: bool(client.get("/v1/connect/dead").json()))
    (dead,) = client.get("/v1/connect/dead").json()
    assert (dead["found"], dead["status"]) == ("+15550155", "failed")
    again = client.post(f"/v1/connect/proposals/{phone['proposal_id']}/requeue").json()
    assert (again["status"], again["from"]) == ("proposed", "+15550155")


def test_what_was_confirmed_before_a_restart_is_written_after_it(client: TestClient, crm: Crm, parts: Parts) -> None:
    end_a_call(client)
    note, _ = proposed(client)
    crm.on_write.append(Mishap(503))
    client.post(f"/v1/connect/proposals/{note['proposal_id']}/confirm").raise_for_status()
    wait_for(lambda: len(crm.writes) == 1)
    client.app.state.hall.close()  # type: ignore[attr-defined]
    again = create_app(parts)
    wait_for(lambda: len(crm.notes["C-1001"]) == 1)
    again.state.hall.close()


def test_a_customer_is_found_without_anything_of_the_account(client: TestClient) -> None:
    answer = client.get("/v1/connect/customers", params={"system": "crm", "by": "phone", "value": "+15550100"})
    assert [row["object_id"] for row in answer.json()] == ["C-1001", "C-1002", "C-1003"]
    assert set(answer.json()[0]) == {"object_id", "customer_id", "name", "language"}
    assert [row["system"] for row in client.get("/v1/connect/systems").json()] == ["billing", "crm"]


def test_errors_have_their_status_and_tell_no_secret(client: TestClient, crm: Crm) -> None:
    ask = {"system": "crm", "by": "id", "value": "C-1001"}
    for mishap, status in ((Mishap(429), 503), (Mishap(500), 503), (Mishap(403), 502)):
        crm.mishaps.append(mishap)
        answer = client.get("/v1/connect/customers", params=ask)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
        assert TOKEN not in answer.text
    assert client.get("/v1/connect/customers", params={**ask, "by": "shoe"}).status_code == 422
    assert client.post("/v1/connect/proposals/wb-none/confirm").status_code == 404
    assert client.get("/v1/connect/customers", params={**ask, "system": "other"}).status_code == 404
    unknown = {"call_id": "nobody", "system": "crm", "object_id": "C-1001"}
    assert client.post("/v1/connect/proposals", json=unknown).status_code == 404


def test_a_running_call_is_not_proposed_and_nobody_gets_in_without_a_token(client: TestClient) -> None:
    client.post("/v1/calls", json={"call_id": "running", "language": "en"})
    body = {"call_id": "running", "system": "crm", "object_id": "C-1001"}
    assert client.post("/v1/connect/proposals", json=body).status_code == 409
    bare = TestClient(client.app)
    assert {bare.get(f"/v1/connect/{path}").status_code for path in ("dead", "proposals", "systems")} == {401}


def test_a_signed_event_shows_at_once_that_a_proposal_is_outdated(client: TestClient, stripe: Stripe) -> None:
    end_a_call(client)
    _, phone = proposed(client, "billing", "cus_1")
    stripe.phone = "+15550155"
    body = json.dumps({"type": "customer.updated", "data": {"object": {"id": "cus_1"}}}).encode()
    stamp = str(int(datetime.now(UTC).timestamp()))
    signed = {"Stripe-Signature": f"t={stamp},v1={_seal('whsec_1', f'{stamp}.'.encode() + body).hex()}"}
    bare = TestClient(client.app, raise_server_exceptions=False)
    assert bare.post("/v1/connect/billing/events", content=body).status_code == 401
    assert bare.post("/v1/connect/billing/events", content=body + b" ", headers=signed).status_code == 401
    assert status_of(client, phone["proposal_id"]) == "proposed"
    taken = bare.post("/v1/connect/billing/events", content=body, headers=signed)
    assert (taken.status_code, taken.json()) == (202, {"objects": 1})
    wait_for(lambda: status_of(client, phone["proposal_id"]) == "failed")
    assert client.get("/v1/connect/dead").json()[0]["found"] == "+15550155"
    unsent = [bare.post(f"/v1/connect/{name}/events", content=body, headers=signed) for name in ("crm", "other")]
    assert [answer.status_code for answer in unsent] == [404, 404]
    assert "billing" not in unsent[1].text


def test_a_wrong_file_of_systems_stops_the_start(parts: Parts, tmp_path: Path) -> None:
    (tmp_path / "connect.yaml").write_text("systems: {crm: {kind: telepathy}}")
    with pytest.raises(ConfigError, match="telepathy"):
        create_app(parts)
