from fastapi.testclient import TestClient

from tests.copilot.service.conftest import ClientOf


def test_the_agents_question_is_answered_with_its_source(client: TestClient) -> None:
    answer = client.post("/v1/answers", json={"question": "How much is the AutoPay discount?"}).json()
    assert answer["found"]
    assert answer["provider"] == "extractive"
    assert answer["sources"][0]["doc_id"] == "policies/autopay-discount-2026"
    assert answer["sources"][0]["effective_from"] == "2026-04-01"


def test_without_a_question_the_callers_last_one_is_answered(client: TestClient) -> None:
    client.post("/v1/calls", json={"call_id": "asks", "language": "en"})
    turns = [
        {"speaker": "customer", "text": "How much is the late fee?"},
        {"speaker": "agent", "text": "Let me look that up."},
    ]
    client.post("/v1/calls/asks/turns", json={"turns": turns})
    answer = client.post("/v1/answers", json={"call_id": "asks"}).json()
    assert "$8" in answer["text"]


def test_nothing_asked_is_refused(client: TestClient) -> None:
    assert client.post("/v1/answers", json={}).status_code == 422
    assert client.post("/v1/answers", json={"question": "  "}).status_code == 422
    assert client.post("/v1/answers", json={"call_id": "nobody"}).status_code == 404


def test_what_was_not_found_is_kept_masked_as_a_knowledge_gap(client_of: ClientOf) -> None:
    question = {"question": "Do you sell zeppelins for card 4111 1111 1111 1111?"}
    for _ in range(2):
        assert client_of("agent").post("/v1/answers", json=question).json()["found"] is False
    gaps = client_of("supervisor").get("/v1/answers/gaps").json()
    assert [(gap["question"], gap["asked"]) for gap in gaps if "zeppelins" in gap["question"]] == [
        ("Do you sell zeppelins for card [CARD]?", 2)
    ]
    assert client_of("agent").get("/v1/answers/gaps").status_code == 403
