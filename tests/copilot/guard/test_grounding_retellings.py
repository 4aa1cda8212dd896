"""Grounding on hand-written retellings of demo calls and documents, on the documents, and what needs a record."""

from collections import Counter
from pathlib import Path

import pytest

from copilot.guard.grounding import Evidence, check_sentence, gazetteer_of, ground, house_names_of
from copilot.guard.grounding.bench import Score, read_cases, report, score_cases
from copilot.guard.grounding.cases import passage_cases
from copilot.guard.grounding.check import Claim
from knowledge.pack import load_pack

PACK = load_pack("demo")
NAMES = gazetteer_of(PACK)
RETELLINGS = read_cases(Path(__file__).with_name("retellings.yaml"), PACK, NAMES)


def caught(score: Score, *kinds: str) -> float:
    made = sum(score.perturbed[kind] for kind in kinds)
    return 1 - sum(len(score.uncaught[kind]) for kind in kinds) / made


def test_retellings_pass_and_what_is_made_of_them_is_caught() -> None:
    score = score_cases(RETELLINGS)
    print(report(score, with_misses=True))  # noqa: T201 - the numbers are asked for
    assert Counter(case.supported for case in RETELLINGS) == {True: 401, False: 427}
    assert len(score.false_alarms) <= 0.03 * score.supported, score.false_alarms
    assert caught(score, "amount", "count", "date", "day", "name", "unit") >= 0.97
    assert caught(score, "negation") >= 0.86
    assert caught(score, "speaker") >= 0.86
    assert score.auc is not None
    assert score.auc_of_overlap is not None
    assert score.auc >= score.auc_of_overlap + 0.3


def test_sentences_of_documents_pass_and_swaps_in_them_are_caught() -> None:
    score = score_cases(list(passage_cases(PACK, NAMES))[::6])  # every sixth of about 2,900
    made, missed = sum(score.perturbed.values()), sum(map(len, score.uncaught.values()))
    assert made > 500
    assert missed <= 0.02 * made, score.uncaught
    assert len(score.false_alarms) <= 0.02 * score.supported, score.false_alarms


SAID = Evidence("t1", "I've applied a twenty dollar credit to your account", "agent")
RECORD = Evidence("e1", "Credit of $20.00 applied to the account", kind="event")
SYSTEM = Evidence("s1", "Credit of 20.00 applied.", "system")


def test_a_note_may_rest_on_what_the_agent_said_a_reply_needs_a_record() -> None:
    reply = "I have applied the $20 credit to your account."
    assert check_sentence("Agent applied a $20 credit to the account.", [SAID]).supported
    without = check_sentence(reply, [SAID], needs_record=True)
    assert without.reasons == ("says applied, no record of it",)
    for record in (RECORD, SYSTEM):
        assert check_sentence(reply, [SAID, record], needs_record=True).supported
    assert not ground([Claim(reply, ("t1",))], {"t1": SAID}, needs_record=True)[0].supported


def test_a_rule_in_a_reply_claims_no_deed() -> None:
    rule = Evidence("p1", "The install fee is waived with a 12-month agreement.")
    assert check_sentence("The install fee is waived with a 12-month agreement.", [rule], needs_record=True).supported


def test_spanish_deeds_in_a_reply_need_a_record_too() -> None:
    said = Evidence("t1", "Ya le apliqué el crédito de veinte dólares", "agent")
    reply = "Ya le apliqué el crédito de $20."
    assert not check_sentence(reply, [said], language="es", needs_record=True).supported
    record = Evidence("e1", "Crédito de $20 aplicado", kind="event")
    assert check_sentence(reply, [said, record], language="es", needs_record=True).supported


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("Leaving early costs at least $240.", "Leaving early costs at most $240."),
        ("Notice is given 7 days after a pause.", "Notice is given 7 days before a pause."),
        ("The plan includes 10 MB of data.", "The plan includes ten gigabytes of data."),
        ("The fee is $8 a year.", "The fee is $8 a month."),
        (
            "Cash at a partner store costs $25.",
            "Cash is accepted at partner stores for $2. A returned check costs $25.",
        ),
        ("Customers may waive fees.", "Agents may waive fees."),
        ("A fee is charged on disputed amounts.", "No fee is charged on disputed amounts."),
        ("La última cuota vence 45 días antes del pago.", "La última cuota vence 45 días después del pago."),
    ],
)
def test_a_small_word_that_turns_it_round_is_caught(sentence: str, said: str) -> None:
    assert check_sentence(said, [Evidence("p1", said)]).supported
    assert not check_sentence(sentence, [Evidence("p1", said)]).supported


def test_what_was_asked_and_answered_with_no_is_not_so() -> None:
    turns = [
        Evidence("t1", "Do you want to keep the number?", "agent"),
        Evidence("t2", "No. Let it go.", "customer"),
    ]
    assert not check_sentence("She wants to keep the number.", turns).supported


def test_who_did_it_is_read_from_i_and_you() -> None:
    turns = [
        Evidence("t1", "I've got two kids on games and I'm on video calls all day", "customer"),
        Evidence("t2", "You've been with us since 2023, so I can offer ten dollars off", "agent"),
    ]
    assert check_sentence("The customer has two kids on games.", turns).supported
    assert not check_sentence("The agent has two kids on games.", turns).supported


def test_the_names_of_a_pack_are_its_plans_and_offers() -> None:
    assert {"Fiber 600", "Desk Pro", "OF-LOCK-12", "Seasonal suspension", "Suspensión por temporada"} <= set(NAMES)
    assert house_names_of(PACK) == ("Meridell",)
    said = [Evidence("t1", "you would be on Fiber six hundred", "agent")]
    assert not check_sentence("Customer would be on Fiber Gig.", said, gazetteer=NAMES).supported
