"""Scores, contests, sessions and corrections over HTTP."""

from typing import Any

from copilot.wiring import Parts
from knowledge.rules.scorecard import ScorecardFile
from tests.copilot.service.conftest import ClientOf


def marks(parts: Parts, **other: Any) -> list[dict[str, Any]]:
    card = parts.pack.rule_file(ScorecardFile)
    assert card is not None
    items = [item for section in card.sections for item in section.items if "call" in item.subjects]
    return [{"item_id": item.id, "mark": 1, **other.get(item.id.replace("-", "_"), {})} for item in items]


def test_a_score_is_given_contested_and_answered(client_of: ClientOf, parts: Parts) -> None:
    agent, rosa, omar = client_of("agent"), client_of("reviewer"), client_of("reviewer")
    body = {
        "evaluation_id": "e-1",
        "subject": "call",
        "subject_id": "c-1",
        "agent": "nobody",
        "marks": marks(parts, disclosures={"mark": 0, "evidence": ["t7"]}),
    }
    assert agent.post("/v1/quality/evaluations", json=body).status_code == 403
    made = rosa.post("/v1/quality/evaluations", json=body)
    assert (made.status_code, made.json()["score"]) == (201, "0.0")
    assert agent.post("/v1/quality/evaluations/e-1/contest", json={"reason": "no"}).status_code == 409  # not theirs
    assert agent.get("/v1/quality/evaluations").json() == []  # an agent sees their own
    assert [each["evaluation_id"] for each in omar.get("/v1/quality/evaluations?agent=nobody").json()] == ["e-1"]
    assert omar.post("/v1/quality/evaluations/e-1/answer", json={"comment": "x"}).status_code == 409
    wrong = {**body, "evaluation_id": "e-2", "marks": [{"item_id": "none", "mark": 1}]}
    assert rosa.post("/v1/quality/evaluations", json=wrong).status_code == 422


def test_a_calibration_session_over_http(client_of: ClientOf, parts: Parts) -> None:
    rosa, omar = client_of("reviewer"), client_of("reviewer")
    for rater, subject in [(rater, subject) for rater in (rosa, omar) for subject in ("c-1", "c-2")]:
        body = {"subject": "call", "subject_id": subject, "marks": marks(parts)}
        assert rater.post("/v1/quality/sessions/s-1/marks", json=body).status_code == 204
    assert rosa.get("/v1/quality/sessions/s-1").status_code == 409
    assert rosa.post("/v1/quality/sessions/s-1/close").status_code == 403
    report = client_of("supervisor").post("/v1/quality/sessions/s-1/close").json()
    assert rosa.get("/v1/quality/sessions/s-1").json() == report
    assert {each["subjects"] for each in rosa.get("/v1/quality/agreement").json()["items"]} == {2}
    assert {each["verdict"] for each in report["items"]} == {"too few"}
    assert report["items"][0]["low"] is None
    assert rosa.get("/v1/quality/sessions/none").status_code == 409


def test_corrections_are_cases_and_count_as_edits(client_of: ClientOf) -> None:
    agent, rosa = client_of("agent"), client_of("reviewer")
    item = {"id": "q-1", "text": "My fee is wrong, you charged me $7.", "channel": "email"}
    draft_id = agent.post("/v1/drafts", json=item).json()["draft_id"]
    text = "Thank you. We are sorry. The fee of $7 is being looked into by our billing team."
    edit = {"decision_id": "q-1", "version": 1, "action": "edit", "text": text, "reasons": ["wording"]}
    rosa.post(f"/v1/reviews/{draft_id}/decision", json=edit).raise_for_status()
    (case,) = [each for each in rosa.get("/v1/quality/cases").json() if each["source"]["ref"] == draft_id]
    assert case["tags"] == ["email", "wording"]
    (row,) = [each for each in rosa.get("/v1/quality/edits").json() if each["group"] == "email"]
    assert (row["drafts"], row["reasons"]) == (1, {"wording": 1})


def test_a_machine_proposes_marks_for_a_call(client_of: ClientOf) -> None:
    agent, rosa = client_of("agent"), client_of("reviewer")
    agent.post("/v1/calls", json={"call_id": "p-1", "language": "en"})
    turns = [{"turn_id": "1", "speaker": "agent", "text": "Meridell, this call is recorded. How can I help?"}]
    agent.post("/v1/calls/p-1/turns", json={"turns": turns}).raise_for_status()
    agent.post("/v1/calls/p-1/end").raise_for_status()
    found = {each["item_id"]: each for each in rosa.get("/v1/quality/calls/p-1/proposals").json()}
    assert (found["recording-notice"]["mark"], found["recording-notice"]["evidence"]) == ("1", ["1"])
