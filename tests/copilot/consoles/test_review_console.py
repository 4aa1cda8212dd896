"""What the reviewers' console asks of the server: codes in words, sources of a draft, live checks of a text."""

import io

import docx
import pytest
from fastapi.testclient import TestClient

from copilot.service import create_app
from copilot.store import Tokens
from copilot.wiring import Parts
from tests.copilot.service.conftest import ClientOf

ITEM = {
    "item_id": "R-1",
    "channel": "x",
    "text": "My fiber has been down since Monday and nobody helps",
    "received_at": "2026-11-24T10:00:00-05:00",
}


@pytest.fixture(scope="module")
def reviewer(client_of: ClientOf) -> TestClient:
    return client_of("reviewer")


@pytest.fixture(scope="module")
def draft_id(reviewer: TestClient) -> str:
    return str(reviewer.post("/v1/drafts", json=ITEM).json()["draft_id"])


def test_the_page_runs_no_foreign_script_and_holds_no_token(parts: Parts) -> None:
    client = TestClient(create_app(parts))
    answer = client.get("/review")
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
    assert (policy["default-src"], policy["script-src"], policy["style-src"]) == ("'none'", "'self'", "'self'")
    assert policy["require-trusted-types-for"] == "'script'"
    assert "rc_" not in answer.text
    assert client.get("/console/review.js").headers["x-content-type-options"] == "nosniff"
    names = ("review.html", "..%2freviews.py", "demo.js")
    assert [client.get(f"/console/{name}").status_code for name in names] == [404] * 3


def test_a_text_is_checked_and_counted_as_its_channel_counts(reviewer: TestClient, draft_id: str) -> None:
    text = "We are sorry for the trouble. Please send us a direct message. 👍🏽"
    found = reviewer.post(f"/v1/console/drafts/{draft_id}/check", json={"text": text}).json()
    # an emoji counts 2 on X, whatever it is made of; the rest of the text 1 a character
    assert (found["counting"], found["length"], found["limit"]) == ("x_weighted", len(text) - 2 + 2, 280)
    assert found["over"] == 0
    long = reviewer.post(f"/v1/console/drafts/{draft_id}/check", json={"text": "a" * 300}).json()
    assert long["over"] == 20
    assert next(check for check in long["checks"] if check["id"] == "limit")["passed"] is False


def test_checking_stores_nothing_and_tells_of_secrets(reviewer: TestClient, draft_id: str) -> None:
    before = reviewer.get(f"/v1/reviews/{draft_id}").json()
    found = reviewer.post(f"/v1/console/drafts/{draft_id}/check", json={"text": "card 4111 1111 1111 1111"}).json()
    assert found["masked"] is True
    assert reviewer.get(f"/v1/reviews/{draft_id}").json() == before


def test_each_source_is_named_once_with_the_sentences_it_bears_out(reviewer: TestClient) -> None:
    item = {**ITEM, "item_id": "R-2", "channel": "FCC", "text": "You charged me a late fee of $10 twice."}
    draft = reviewer.post("/v1/drafts", json=item).json()
    sources = reviewer.get(f"/v1/console/drafts/{draft['draft_id']}/sources").json()
    cited = {(c["kind"], c["ref"], c["quote"]) for sentence in draft["sentences"] for c in sentence["citations"]}
    assert cited
    assert {(each["kind"], each["ref"], each["quote"]) for each in sources} == cited
    assert all(each["sentence_ids"] for each in sources)
    passages = [each for each in sources if each["kind"] == "passage"]
    assert all(each["title"] for each in passages)


def test_codes_come_in_both_languages(reviewer: TestClient) -> None:
    words = reviewer.get("/v1/console/words").json()
    assert {"wrong_fact", "tone"} <= {each["code"] for each in words["reasons"]}
    assert all(each["label"]["en"] and each["label"]["es"] for each in words["reasons"])
    assert "legal" in words["routes"]
    assert "file" in words["adapters"]


def test_proposals_for_a_reply_come_from_its_checks(reviewer: TestClient, draft_id: str) -> None:
    found = {each["item_id"]: each["mark"] for each in reviewer.get(f"/v1/console/drafts/{draft_id}/proposals").json()}
    assert found["every-issue"] in ("0", "1")


def test_an_answer_comes_as_a_word_document_with_every_paragraph(reviewer: TestClient, draft_id: str) -> None:
    file = docx.Document(io.BytesIO(reviewer.get(f"/v1/console/drafts/{draft_id}/answer.docx").content))
    text = reviewer.get(f"/v1/reviews/{draft_id}").json()["text"]
    assert [each.text for each in file.paragraphs[1:]] == text.split("\n\n")


@pytest.mark.parametrize("path", ["words", "drafts/D-1/sources", "drafts/D-1/proposals"])
def test_agents_see_nothing_of_the_console(client_of: ClientOf, path: str) -> None:
    assert client_of("agent").get(f"/v1/console/{path}").status_code == 403


def test_another_tenants_token_reads_nothing(parts: Parts, draft_id: str) -> None:
    token = Tokens(parts.engine).create("admin", "rival")
    rival = TestClient(create_app(parts), headers={"Authorization": f"Bearer {token}"}, raise_server_exceptions=False)
    asked = ("/v1/console/me", "/v1/console/words", f"/v1/console/drafts/{draft_id}/sources", "/v1/reviews")
    assert [rival.get(path).status_code for path in asked] == [403] * 4
    assert rival.post(f"/v1/console/drafts/{draft_id}/check", json={"text": "x"}).status_code == 403
