"""Grounding: what is supported passes, what was made wrong is caught, on our own labelled sentences."""

import time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.guard.grounding import Evidence, check_sentence, ground, ground_notes
from copilot.guard.grounding.bench import Case, check_case, read_cases, report, score_cases
from copilot.guard.grounding.check import Claim

CASES = read_cases(Path(__file__).with_name("grounding_cases.jsonl"))
SUPPORTED = [case for case in CASES if case.supported]


def agent(text: str) -> list[Evidence]:
    return [Evidence("t1", text, "agent")]


def customer(text: str) -> list[Evidence]:
    return [Evidence("t1", text, "customer")]


def test_perturbed_sentences_are_caught_and_true_ones_left_alone() -> None:
    score = score_cases(CASES)
    print(report(score, with_misses=True))  # noqa: T201 - the numbers are asked for
    made, missed = sum(score.perturbed.values()), sum(map(len, score.uncaught.values()))
    assert len(CASES) >= 120
    assert made >= 100
    assert missed <= 0.02 * made, score.uncaught
    assert len(score.false_alarms) <= 0.02 * score.supported, score.false_alarms
    assert score.auc is not None
    assert score.auc >= 0.9
    assert len(score.passed) <= 0.05 * score.unsupported, score.passed


def test_the_reason_says_what_the_sentence_and_the_evidence_say() -> None:
    result = check_sentence("Agent offered $25 off.", agent("I can take twenty dollars off"))
    assert not result.supported
    assert result.reasons == ("the amount $25 is not in the evidence; the evidence says $20",)


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("Bill is $80.83.", "it's eighty dollars and eighty-three cents"),
        ("Bill is $80.83.", "it says eighty eighty three on the bill"),
        ("Price is $49.99.", "the price is forty nine ninety nine"),
        ("Discount is 15%.", "that's a fifteen percent discount"),
        ("Visit on June 5.", "the visit is on the fifth of June"),
        ("Visit on 6/5.", "the visit is on june fifth"),
        ("Visit at 9:30 am.", "the visit is at nine thirty a.m."),
        ("Visit at 3:30.", "the visit is at half past three"),
        ("Offer lasts 12 months.", "the offer lasts a year"),
        ("It is due in 48 hours.", "it's due in two days"),
        ("Visit takes 10 to 15 minutes.", "the visit takes ten to fifteen minutes"),
        ("Number is 555-201-4419.", "five five five, two oh one, four four one nine"),
        ("Price is $32 a line.", "that is the one. Thirty-two dollars a line, that's the price"),
    ],
)
def test_a_figure_counts_in_any_written_form(sentence: str, said: str) -> None:
    result = check_sentence(sentence, agent(said))
    assert result.supported, result


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("Bill is $145.", "the bill is eighty dollars, and then sixty five"),  # a sum nobody said
        ("Discount is 20%.", "the discount is twenty dollars"),
        ("Offer lasts 6 years.", "the offer lasts six months"),
        ("Visit at 9 pm.", "the visit is at nine a.m."),
        ("Refund in 5 business days.", "the refund takes five days"),
        ("Card ending 4412.", "the card ending four four two one"),
    ],
)
def test_a_figure_of_another_kind_or_value_does_not(sentence: str, said: str) -> None:
    assert not check_sentence(sentence, agent(said)).supported


def test_what_is_offered_is_not_done() -> None:
    assert not check_sentence("Agent applied the credit.", agent("I can apply the credit for you")).supported
    assert check_sentence("Agent applied the credit.", agent("I've applied the credit for you")).supported


def test_who_agreed_is_the_one_who_said_so() -> None:
    turns = [*agent("I can do ten dollars off"), Evidence("t2", "Yeah, let's do that", "customer")]
    assert check_sentence("Customer agreed to $10 off.", turns).supported
    assert not check_sentence("Agent agreed to $10 off.", turns).supported


def test_a_plan_is_its_longest_name() -> None:
    plans = ["Fiber 600", "Fiber 600 Plus"]
    said = agent("you'd be on Fiber six hundred Plus")
    assert check_sentence("Customer would be on Fiber 600 Plus.", said, gazetteer=plans).supported
    assert not check_sentence("Customer would be on Fiber 600.", said, gazetteer=plans).supported


def test_no_evidence_supports_nothing_and_nothing_needs_none() -> None:
    assert not check_sentence("Agent applied a credit.", []).supported
    assert not check_sentence("Agent applied a credit.", agent("  ")).supported
    assert check_sentence("", []).supported


def test_a_long_text_is_read_in_reasonable_time() -> None:
    started = time.perf_counter()
    check_sentence("Agent applied a $20 credit.", agent("not twenty dollars, the fifth of june at nine " * 2000))
    assert time.perf_counter() - started < 10


def test_unsupported_sentences_are_dropped_or_marked() -> None:
    evidence = {"t1": Evidence("t1", "I've applied a twenty dollar credit", "agent")}
    claims = [Claim("Agent applied a $20 credit.", ("t1",)), Claim("Agent applied a $90 credit.", ("t1", "t9"))]
    assert [result.supported for result in ground(claims, evidence)] == [True, False]
    assert ground_notes(claims, evidence) == claims[:1]
    marked = ground_notes(claims, evidence, unsupported="mark")
    assert [claim.sentence for claim in marked] == [claims[0].sentence, "[unverified] Agent applied a $90 credit."]


@given(cents=st.integers(100, 999_999), place=st.integers(0, 5), change=st.integers(1, 9))
def test_an_amount_with_one_digit_changed_is_caught(cents: int, place: int, change: int) -> None:
    digits = str(cents)
    place %= len(digits)
    other = digits[:place] + str((int(digits[place]) + change) % 10) + digits[place + 1 :]
    said, claimed = (f"${Decimal(each) / 100:.2f}" for each in (digits, other))
    evidence = agent(f"I've applied a credit of {said} to the bill")
    assert check_sentence(f"Agent applied a credit of {said} to the bill.", evidence).supported
    assert not check_sentence(f"Agent applied a credit of {claimed} to the bill.", evidence).supported


@given(case=st.sampled_from(SUPPORTED), spaces=st.integers(1, 3), form=st.sampled_from(["lower", "upper", "as is"]))
def test_case_spaces_and_the_last_stop_do_not_matter(case: Case, spaces: int, form: str) -> None:
    sentence = {"lower": case.sentence.lower(), "upper": case.sentence.upper(), "as is": case.sentence}[form]
    result = check_case(case, f" {(' ' * spaces).join(sentence.split())}".rstrip("."))
    assert result.supported, result


@given(sentence=st.text(max_size=80), said=st.text(max_size=80), language=st.sampled_from(["en", "es", "pt-BR"]))
def test_any_text_has_an_answer(sentence: str, said: str, language: str) -> None:
    result = check_sentence(sentence, customer(said), language=language)
    assert 0 <= result.support <= 1
    assert result.supported == (not result.reasons)


@pytest.mark.parametrize(
    "text",
    ["The plan includes 10GB of data and free Wi-Fi.", "Details of [CARD] have been entered."],
)
def test_units_hyphens_and_masks_are_no_strange_names(text: str) -> None:
    assert check_sentence(text, [Evidence("t1", text, "agent")]).supported


def test_an_agent_who_dictates_what_the_caller_did_is_quoted_not_contradicted() -> None:
    words = "Caller gave a PIN that failed twice, asked for a SIM change."
    evidence = [Evidence("t1", f"For the note: {words}", "agent")]
    assert check_sentence(words, evidence).supported
    assert not check_sentence(words.replace("Caller", "Agent"), evidence).supported
