"""The translation suite: a true translation gets everything, one in the wrong language nothing."""

import json
from contextlib import ExitStack

import pytest

from evals.cases import Case
from evals.scorers import scorer_for
from evals.suites import load_suite
from evals.tasks import TaskOptions, open_task
from tests.copilot.models.conftest import model_at
from tests.copilot.models.local_server import says, serving

TRUE = {
    "translation-01": "Su factura vence el 20 de noviembre. Si paga antes, no hay cargo por mora.",
    "translation-03": "No desconecte el módem mientras la luz esté roja.",
    "translation-11": "I was charged twice in October, and I want a refund of one of the two.",
    "translation-17": "The PIN [PIN] is not the right one, I will look for it.",
}
CASES = {case.id: case for case in load_suite("translation").load_cases()}


def run(case: Case, answer: str) -> dict[str, float | None]:
    with ExitStack() as open_servers:
        server = open_servers.enter_context(serving(says(json.dumps({"text": answer}, ensure_ascii=False))))
        output = open_task("translation", TaskOptions(model=model_at(server))).run(case, 0)
    return {name: score.value for name, score in scorer_for("translation")(case, output).items()}


@pytest.mark.parametrize("case_id", sorted(TRUE))
def test_a_true_translation_gets_everything(case_id: str) -> None:
    scores = run(CASES[case_id], TRUE[case_id])
    assert {value for value in scores.values() if value is not None} == {1.0}, scores


def test_a_refused_one_gets_nothing() -> None:
    case = CASES["translation-01"]
    scores = run(case, str(case.input["text"]))
    assert (scores["accepted"], scores["key_points"], scores["number_recall"]) == (0.0, 0.0, 0.0)
