"""Letters: every point answered from records, facts and policies, or asked; and the checks of an edited text."""

from datetime import date

import pytest

from copilot.errors import BadInput
from copilot.replies.desk import ReplyDesk
from copilot.replies.drafting import recheck
from copilot.replies.model import Check, Citation
from knowledge.pack import Pack
from tests.copilot.replies.conftest import NOW, drafted, failed, understood

COMPLAINT = "I was charged twice for October. My internet was down for two days. I want a refund."
FACTS = {
    "billing": "The second charge of $80.83 was refunded on November 12, 2026",
    "outage": "A cut cable was repaired on November 24, 2026.",
    "remedy": "The refund was issued.",
    "documents": "A copy of the corrected invoice is attached.",
    "next_step": "Rosa Meyer of the billing team will call by December 1, 2026.",
}


def test_an_answer_from_facts_has_no_open_place_and_may_be_sent(reply_desk: ReplyDesk) -> None:
    made = drafted(reply_desk, COMPLAINT, "FCC", facts=FACTS, complaint_id="F-77")
    assert (made.status, made.questions, failed(made)) == ("draft", (), {})
    assert "the complaint F-77" in made.text
    assert "[" not in made.text
    answers = {each.topic: each.answer_sentence_ids for each in made.allegations}
    by_id = {sentence.id: sentence for sentence in made.sentences}
    assert by_id[answers["billing"][0]].citations[0].ref == "billing"
    assert by_id[answers["outage"][0]].text == "A cut cable was repaired on November 24, 2026."


def test_what_nobody_knows_is_asked_and_never_made_up(reply_desk: ReplyDesk) -> None:
    made = drafted(reply_desk, COMPLAINT, "FCC")
    assert (made.status, made.is_blocked) == ("needs_facts", True)
    assert [each.open for each in made.allegations] == [True, True]
    assert {question.owner for question in made.questions} == {"finance", "support", "escalation"}
    assert failed(made)["every_allegation"] == "blocking"
    assert not any(char.isdigit() for char in made.text.split("1. On")[0].replace("November 24, 2026", ""))


def test_records_speak_only_when_they_are_given(reply_desk: ReplyDesk, demo_pack: Pack) -> None:
    known = demo_pack.customers["C-1001"]
    made = drafted(reply_desk, COMPLAINT, "email", record=known)
    assert "Our records show an invoice of $80.83 dated November 6, 2026." in made.text
    matched = drafted(reply_desk, COMPLAINT, "email", author="Denise Okafor", customer_id="C-1001")
    assert "Our records" not in matched.text  # a proposed match is no confirmed one


class OnePolicy:
    """A policy that is always found."""

    def policy_for(self, question: str, language: str, on: date) -> Citation | None:
        return Citation("passage", "policies/late-fees#1", "A late fee is $7.", "2026-01-01")


def test_a_policy_is_quoted_with_its_version(demo_pack: Pack) -> None:
    made = drafted(ReplyDesk(demo_pack, OnePolicy()), COMPLAINT, "email", facts=FACTS)
    assert "Our policy on this reads: “A late fee is $7.”" in made.text
    assert made.versions["passage:policies/late-fees#1"] == "2026-01-01"
    assert not failed(made)


def test_a_spanish_letter_is_spanish(reply_desk: ReplyDesk) -> None:
    text = "Me cobraron dos veces la factura de octubre y estoy sin internet. Quiero un reembolso."
    made = drafted(reply_desk, text, "email")
    assert made.language == "es"
    assert made.text.startswith("Hola:\n\nGracias por escribirnos.")
    assert "[Se pregunta a finance:" in made.text


def test_an_item_that_says_nothing_gets_questions(reply_desk: ReplyDesk) -> None:
    made = drafted(reply_desk, "Meridell", "FCC")
    assert (made.status, made.allegations) == ("needs_facts", ())
    assert made.questions[0].text.startswith("The item does not say what went wrong.")


def test_praise_by_mail_is_thanked_for_and_asks_nobody_anything(reply_desk: ReplyDesk) -> None:
    made = drafted(reply_desk, "Your technician was wonderful, thank you so much!", "email")
    assert (made.status, made.questions, made.text.count("?")) == ("draft", (), 0)
    assert "Thank you for your kind words." in made.text
    survey = drafted(reply_desk, "Todo excelente, gracias.", "survey", rating=10)
    assert survey.text.startswith("Hola:\n\nGracias por sus amables palabras.")


def test_a_question_is_answered_from_a_policy(demo_pack: Pack) -> None:
    made = drafted(ReplyDesk(demo_pack, OnePolicy()), "How much is the late fee?", "email")
    assert "You ask: “How much is the late fee?” Our policy on this reads: “A late fee is $7.”" in made.text
    assert "conversation_changed" not in failed(made)


def test_a_formal_complaint_is_not_drafted(reply_desk: ReplyDesk) -> None:
    made = drafted(reply_desk, COMPLAINT, "FCC", body_id="fcc_formal")
    assert (made.status, made.routes[0], list(failed(made))) == ("not_drafted", "legal", ["may_draft"])


def test_without_a_date_the_one_on_the_notice_is_asked_for(reply_desk: ReplyDesk) -> None:
    made = drafted(reply_desk, COMPLAINT, "state", state="GA", facts=FACTS)
    assert made.due_at is None
    assert any("notice" in question.text for question in made.questions)


def test_an_unknown_variant_is_refused(reply_desk: ReplyDesk) -> None:
    with pytest.raises(BadInput, match="shorter, warmer"):
        reply_desk.draft({"text": COMPLAINT}, channel="email", now=NOW, variant="louder")


def checks_of(desk: ReplyDesk, text: str, channel: str = "email", item: str = COMPLAINT) -> dict[str, Check]:
    """The failed checks of a text that a reviewer wrote instead of the draft."""
    stored = drafted(desk, item, channel, facts=FACTS)
    found = recheck(text, stored.as_json(), understood(desk, item, channel, facts=FACTS), desk.pack, now=NOW)
    return {check.id: check for check in found if not check.passed}


GOOD = "Hello,\n\nThank you for writing. We are sorry. The charge of $80.83 was refunded on November 12, 2026."


@pytest.mark.parametrize(
    ("text", "channel", "check", "severity"),
    [
        ("Thank you. We will credit you $500 today.", "email", "amounts_decided", "blocking"),
        ("Thank you. It was repaired on March 9, 2026.", "email", "amounts_decided", "blocking"),
        ("Thank you. I can give you the 12-month price lock.", "email", "amounts_decided", "blocking"),
        ("Thank you. If you delete your review we will refund you.", "x", "no_review_trade", "blocking"),
        ("Gracias. Le damos un descuento si borra su reseña.", "x", "no_review_trade", "blocking"),
        ("Thank you. We see that your account is past due.", "x", "no_customer_confirmation", "blocking"),
        ("Thank you. Please send us your account number.", "x", "no_request_for_data", "blocking"),
        ("Thank you. We refunded 80 dollars on 11/12.", "x", "no_account_data", "blocking"),
        ("Sorry! " + "We hear you and we would like to help. " * 20, "x", "limit", "blocking"),
        ("Thank you. No AI was used to write this.", "email", "no_denial_of_assistance", "blocking"),
        ("Thank you. We violated the law and are liable.", "email", "legal_words", "blocking"),
        ("Thank you. That is your own fault, you should have read the terms.", "email", "tone", "warning"),
        ("Thank you. We will fix it.", "email", "promise_has_owner", "warning"),
        ("The refund was issued.", "email", "empathy_first", "warning"),
        (GOOD + " [finance is asked: Which charges?]", "email", "every_allegation", "blocking"),
    ],
)
def test_what_a_reviewer_may_not_write_is_found(
    reply_desk: ReplyDesk, text: str, channel: str, check: str, severity: str
) -> None:
    found = checks_of(reply_desk, text, channel)
    assert found[check].severity == severity
    assert "\n" not in found[check].detail


def test_a_good_edit_passes(reply_desk: ReplyDesk) -> None:
    assert not checks_of(reply_desk, GOOD)


def test_a_further_message_of_theirs_blocks_the_draft(reply_desk: ReplyDesk) -> None:
    stored = drafted(reply_desk, COMPLAINT, "email", facts=FACTS)
    later = understood(reply_desk, COMPLAINT, "email", facts=FACTS, thread=[{"text": "I have a lawyer now."}])
    found = recheck(stored.text, stored.as_json(), later, reply_desk.pack, now=NOW)
    assert [check.id for check in found if not check.passed] == ["conversation_changed"]
