"""Scorers give a value and a reason that a reader can redo; what is not labelled is unscored, never 0."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.cases import Case, Expected
from evals.results import Score
from evals.scorers import scorer_for
from evals.scorers._figures import holds, invented_numbers
from evals.scorers._labels import f1
from evals.scorers._secrets import no_secret
from evals.scorers._texts import edit_burden, length_band, rouge_l, says


def scores(task: str, output: Any, given: Mapping[str, Any] | None = None, **expect: Any) -> Mapping[str, Score]:
    case = Case(id="c", task=task, cluster="k", input=dict(given or {}), expect=Expected.model_validate(expect))
    return scorer_for(task)(case, output)


def a_note(text: str, **more: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {"text": "", "turn_ids": [], "support": 1.0}
    note = {
        "text": text,
        "language": "en",
        "reason_code": "RET_CANCEL",
        "outcome_code": "SAVED",
        "verification": {"result": "passed", "turn_ids": []},
        "reason": empty,
        "outcome": empty,
        "follow_ups": [],
        **more,
    }
    turns = [
        {
            "turn_id": "t1",
            "speaker": "customer",
            "text": "I want to cancel, eighty dollars and eighty three cents is a lot",
        },
        {"turn_id": "t2", "speaker": "agent", "text": "I can take ten dollars off Fiber six hundred for six months"},
    ]
    return {"note": note, "turns": turns, "names": ["Fiber 600", "Fiber Gig"]}


POINTS = [{"id": "cancel", "any": ["wants to cancel", "cancel"]}, {"id": "kids", "any": ["two kids"]}]


@pytest.mark.parametrize(
    ("text", "phrase", "is_said"),
    [
        ("Pays $1,080.50, sí.", "1080.50 si", True),
        ("They REFUNDED it", "refund", True),
        ("ten", "10", False),
        ("cannot cancel", "not cancel", False),
        ("", "anything", False),
    ],
)
def test_phrases_are_found_without_case_accents_and_punctuation(text: str, phrase: str, is_said: bool) -> None:
    assert says(text, phrase) is is_said


def test_key_points_are_the_share_that_is_said_and_the_missed_are_named() -> None:
    score = scores("note", a_note("Customer wants to cancel."), key_points=POINTS)["key_points"]
    assert (score.value, score.reason) == (0.5, "1 of 2 key points; missed: kids")


def test_what_is_not_labelled_is_unscored_and_not_nought() -> None:
    found = scores("note", a_note("Customer wants to cancel."))
    unscored = {name for name, score in found.items() if score.value is None}
    assert {"key_points", "nice_points", "next_steps", "number_recall", "codes", "forbidden", "rouge_l"} <= unscored
    assert found["secret"].value == 1.0


def test_spoken_and_typed_figures_are_the_same() -> None:
    said = ["eighty dollars and eighty three cents", "twenty five percent", "el siete de diciembre", "six months"]
    assert holds(["$80.83"], said, "en") == [True]
    assert holds(["$83.80", "25%", "December 7", "6 months", "9 months"], said, "en")[:2] == [False, True]
    assert holds(["7 de diciembre"], said, "es") == [True]
    assert holds(["6 months", "9 months"], said, "en") == [True, False]


def test_an_invented_number_is_hard_and_counted() -> None:
    precision, hard = invented_numbers(
        "Pays $80.83, was promised $312.47.", ["eighty dollars and eighty three cents"], "en"
    )
    assert (precision.value, hard.value) == (0.5, 0.0)
    assert "312.47" in hard.reason


def test_a_note_with_a_figure_nobody_said_breaks_the_hard_rule() -> None:
    assert scores("note", a_note("Pays $80.83."))["invented_number"].value == 1.0
    assert scores("note", a_note("Pays $80.38."))["invented_number"].value == 0.0


def test_a_plan_nobody_named_is_inconsistent() -> None:
    assert scores("note", a_note("Keeps Fiber 600."))["names"].value == 1.0
    assert scores("note", a_note("Keeps Fiber Gig."))["names"].value == 0.0
    assert scores("note", a_note("Keeps it."))["names"].value is None


def test_what_the_customer_said_is_not_the_agents_to_tell() -> None:
    told = [
        {"text": "10 off Fiber 600 for six months", "turn_ids": ["t2"]},
        {"text": "80.83 is a lot", "turn_ids": ["t1"]},
    ]
    score = scores("note", a_note("x", told=told))["attribution"]
    assert score.value == 0.5
    assert "80.83 is a lot" in score.reason


def test_a_statement_that_its_turns_deny_is_not_grounded() -> None:
    facts = [{"text": "Wants to cancel", "turn_ids": ["t1"]}, {"text": "Offered $20 off", "turn_ids": ["t2"]}]
    assert scores("note", a_note("x", facts=facts))["groundedness"].value == 0.5


def test_codes_name_the_one_that_is_wrong() -> None:
    score = scores("note", a_note("x"), codes={"outcome_code": "CANCELLED", "verification": "passed"})["codes"]
    assert (score.value, score.reason) == (0.5, "1 of 2 codes; missed: outcome_code is SAVED, not CANCELLED")


def test_next_steps_are_looked_for_among_the_follow_ups_alone() -> None:
    step = [{"id": "next-call", "any": ["monday"]}]
    promise = {
        "promise": {"text": "I'll call you", "turn_ids": ["t2"]},
        "owner": "agent",
        "due": "Monday",
        "due_at": None,
    }
    assert scores("note", a_note("Call on Monday."), key_points=step)["next_steps"].value == 0.0
    assert scores("note", a_note("x", follow_ups=[promise]), key_points=step)["next_steps"].value == 1.0


@pytest.mark.parametrize(
    "leak",
    [
        "card 4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "SSN 912-45-6087",
        "CVV is 737",
        "pin six one four nine",
        "6149",
    ],
)
def test_a_secret_in_an_output_is_found_and_not_repeated(leak: str) -> None:
    score = no_secret(f"Note. {leak}. End.", ["six one four nine", "6149"])
    assert score.value == 0.0
    assert not any(digit.isdigit() for digit in score.reason.replace("secret 1", "").replace("secret 2", ""))


@pytest.mark.parametrize("harmless", ["ticket TT-204117", "4111 1111 1111 1112", "$6,149.00", "call 555-0100", ""])
def test_other_numbers_are_no_secret(harmless: str) -> None:
    assert no_secret(harmless, ["six one four nine"]).value == 1.0


def test_a_length_outside_its_band_costs_by_how_far() -> None:
    assert length_band(50, 20, 100).value == 1.0
    assert length_band(10, 20, 100).value == 0.5
    assert length_band(200, 20, 100).value == 0.5


def test_the_burden_of_editing_is_the_share_of_words_that_change() -> None:
    assert edit_burden("a b c d", "a b c e").value == 0.75
    assert edit_burden("a b", None).value is None


def test_rouge_without_its_package_is_unscored_with_the_reason() -> None:
    assert rouge_l("a", None) == Score(None, "no reference")
    found = rouge_l("the fee is eight dollars", "the fee is eight dollars")
    assert found == Score(None, "rouge-score is not installed") or found.value == 1.0


def test_retrieval_by_hand() -> None:
    ranked = {"ranked": [{"doc_id": "b", "score": 2.0}, {"doc_id": "a", "score": 1.0}]}
    found = scores("retrieval", ranked, relevant={"a": 2, "z": 1})
    # DCG (2 at place 2) = 2 / log2 3 = 1.2619; ideal 2 + 1 / log2 3 = 2.6309.
    assert found["ndcg_at_10"].value == pytest.approx(1.2619 / 2.6309, abs=1e-3)
    assert (found["recall_at_5"].value, found["mrr"].value) == (0.5, 0.5)
    assert scores("retrieval", {"ranked": []}, relevant={"a": 1})["mrr"].value == 0.0
    assert scores("retrieval", ranked)["mrr"].value is None


def heard(*cues: str) -> dict[str, Any]:
    flags = {"legal_threat", "safety"}
    return {"cues": [{"cue": cue, "kind": "flag" if cue in flags else "intent"} for cue in cues]}


def test_cues_by_hand() -> None:
    found = scores("cues", heard("price", "safety"), labels=["price", "flag:legal_threat"], relevant={"safety": 0})
    assert found["cue_f1"].value == pytest.approx(2 / 3, abs=1e-3)  # price right, legal_threat missed, safety tolerated
    assert (found["flag_recall"].value, found["false_flag"].value) == (0.0, 1.0)
    assert scores("cues", heard("safety"), labels=[])["false_flag"].value == 0.0
    assert scores("cues", heard(), labels=[])["cue_f1"].value == 1.0
    assert scores("cues", heard())["cue_f1"].value is None


@given(st.sets(st.sampled_from("abcdef")), st.sets(st.sampled_from("abcdef")), st.sets(st.sampled_from("abcdef")))
def test_f1_is_a_share_and_one_exactly_when_nothing_is_missed_or_wrong(
    found: set[str], want: set[str], also: set[str]
) -> None:
    value = f1(found, want, "label", also).value
    assert value is not None
    assert 0 <= value <= 1
    assert (value == 1) == (want <= found and found - want <= also)


def decided(*ranked: tuple[str, str], instead: str | None = None) -> dict[str, Any]:
    rows = [{"offer_id": offer_id, "gain": gain} for offer_id, gain in ranked]
    return {"ranked": rows, "refused": [{"offer_id": "LOCK", "gain": "100.00"}], "instead": instead}


def test_offers_by_hand() -> None:
    output = decided(("CREDIT", "40.00"), ("NO_OFFER", "0.00"))
    found = scores(
        "offers", output, offers={"best": ["LOCK"], "eligible": ["LOCK", "CREDIT"], "ineligible": ["SPRING"]}
    )
    assert found["regret"].value == 0.4  # 60 of 100 lost
    assert (found["top1"].value, found["eligible_recall"].value, found["ineligible"].value) == (0.0, 0.5, 1.0)
    assert scores("offers", output, offers={"best": ["CREDIT"]})["regret"].value == 1.0
    assert scores("offers", output, offers={"ineligible": ["CREDIT"]})["ineligible"].value == 0.0
    assert scores("offers", output, codes={"instead": "clean_exit"})["gate"].value == 0.0


def masked(text: str, *spans: tuple[int, int, str]) -> dict[str, Any]:
    return {"texts": [text], "spans": [{"turn": 0, "start": s, "end": e, "kind": kind} for s, e, kind in spans]}


def test_half_a_masked_number_is_a_leak() -> None:
    case = {"text": "card 4111 1111 1111 1111, due $55"}
    whole = scores(
        "redaction", masked("card [CARD], due $55", (5, 24, "CARD")), case, labels=["CARD:0:5-24"], required=["$55"]
    )
    assert [whole[name].value for name in ("recall", "leak", "precision", "kept", "kind")] == [1, 1, 1, 1, 1]
    half = scores(
        "redaction", masked("card [CARD] 1111 1111", (5, 14, "PIN")), case, labels=["CARD:0:5-24"], required=["$55"]
    )
    assert [half[name].value for name in ("recall", "leak", "kept", "kind")] == [0, 0, 0, 0]
    assert half["leak"].reason == "left: CARD in turn 0"


def test_masking_what_is_no_secret_costs_precision() -> None:
    found = scores("redaction", masked("due [PIN]", (4, 7, "PIN")), {"text": "due $55"}, labels=[])
    assert (found["precision"].value, found["recall"].value) == (0.0, None)


def test_grounding_is_scored_by_the_side_the_sentence_is_on() -> None:
    output = {"supported": False, "support": 0.2, "reasons": ["has 5"]}
    right, wrong = scores("grounding", output, supported=False), scores("grounding", output, supported=True)
    assert (right["caught"].value, right["kept"].value, right["brier"].value) == (1.0, None, 0.96)
    assert (wrong["kept"].value, wrong["caught"].value) == (0.0, None)


def answered(*sentences: str, found: bool = True) -> dict[str, Any]:
    return {
        "found": found,
        "language": "en",
        "sentences": [{"text": text, "citations": ["a#1"]} for text in sentences],
        "sources": [{"doc_id": "a", "passage_id": "a#1", "quote": ""}] if found else [],
        "passages": {"a#1": "The late fee is $8 after 5 days."} if found else {},
    }


def test_answers_by_hand() -> None:
    found = scores("answer", answered("The late fee is $8."), codes={"found": "yes"}, relevant={"a": 2}, numbers=["$8"])
    assert {found[name].value for name in ("found", "citation_precision", "number_recall", "groundedness")} == {1.0}
    invented = scores("answer", answered("The late fee is $18."), relevant={"b": 2})
    assert {invented[name].value for name in ("invented_number", "citation_precision", "groundedness")} == {0.0}
    silent = scores("answer", answered(found=False), codes={"found": "no"})
    assert silent["found"].value == 1.0
    assert silent["groundedness"].value is None


def shown(*cards: tuple[str, str, str]) -> dict[str, Any]:
    """(kind, about, document) of each card."""
    return {
        "cards": [
            {"kind": kind, "about": about, "turn_ids": ["t1"], "doc_ids": [doc] if doc else []}
            for kind, about, doc in cards
        ]
    }


def test_cards_by_hand() -> None:
    output = shown(("script", "cancel", "a"), ("passage", "p", "z"), ("alert", "legal_threat", ""))
    found = scores("cards", output, relevant={"a": 2, "b": 2, "c": 1}, labels=["flag:legal_threat", "flag:safety"])
    assert (found["coverage"].value, found["precision"].value, found["alerts"].value) == (0.5, 0.5, 0.5)
    assert found["forbidden"].value is None
    assert scores("cards", output, forbidden=["z"])["forbidden"].value == 0.0
    assert scores("cards", shown(), relevant={"a": 2})["precision"].value is None


def test_numbers_read_out_are_the_typed_ones() -> None:
    said = [
        "six eight oh, five five five, oh one four nine",
        "the account ending eight eight two three",
        "C N four four oh one one seven",
    ]
    assert holds(["680-555-0149", "8823", "440117", "8832"], said, "en") == [True, True, True, False]
