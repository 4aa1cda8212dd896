"""Case files that are made from marked texts are up to date, and marks come out where they stand."""

from evals.cases import read_cases
from evals.writing import CASES_DIR, written


def test_made_case_files_are_what_their_sources_make() -> None:
    for name, cases in written().items():
        assert read_cases(CASES_DIR / name) == cases, f"{name} is out of date: python -m evals.writing"


def test_a_marked_secret_is_found_at_its_place() -> None:
    case = written()["redaction.jsonl"][0]
    kind, turn, place = (case.expect.labels or ())[0].split(":")
    start, end = map(int, place.split("-"))
    assert (kind, turn, case.input["text"][start:end]) == ("CARD", "0", "4111 1111 1111 1111")
    assert "{" not in case.input["text"]


def test_a_sentence_that_is_made_wrong_rests_on_the_same_turns() -> None:
    cases = written()
    holding = {case.id.removeprefix("grounding-"): case for case in cases["grounding.jsonl"] if case.expect.supported}
    for case in cases["perturbations.jsonl"]:
        origin = holding["-".join(case.id.split("-")[1:3])]
        assert case.context == origin.context
        assert case.input["sentence"] != origin.input["sentence"]
        assert case.expect.supported is False
