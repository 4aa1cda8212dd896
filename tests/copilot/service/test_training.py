"""Training over HTTP."""

from tests.copilot.service.conftest import ClientOf


def test_an_agent_takes_a_quiz_and_the_supervisor_sees_it(client_of: ClientOf) -> None:
    agent, supervisor = client_of("agent"), client_of("supervisor")
    assert agent.get("/v1/training/changes").status_code == 200
    assert agent.get("/v1/training/results").status_code == 403
    quiz = agent.get("/v1/training/quiz", params={"about": "basics", "language": "en"}).json()
    answers = {each["question_id"]: each["options"][0] for each in quiz["questions"]}
    graded = agent.post(f"/v1/training/quiz/{quiz['quiz_id']}", json={"answers": answers}).json()
    assert graded["questions"] == len(quiz["questions"]) == 5
    assert all(each["citation"]["quote"] for each in graded["answers"])
    assert agent.post(f"/v1/training/quiz/{quiz['quiz_id']}", json={"answers": answers}).status_code == 409
    assert [each["right"] for row in supervisor.get("/v1/training/results").json() for each in row["quizzes"]] == [
        graded["right"]
    ]
    assert agent.get("/v1/training/quiz", params={"about": "all"}).status_code == 422
    gone = {"doc_id": "policies/late-fees-and-due-dates", "digest": "0"}
    assert agent.post("/v1/training/acknowledgements", json=gone).status_code == 404
