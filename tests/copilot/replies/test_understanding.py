"""What is read out of an item: allegations, wishes, amounts, flags, who it may be, and the deadline."""

import time
from datetime import date

import pytest

from copilot.replies.desk import ReplyDesk
from tests.copilot.replies.conftest import NOW, understood

STORY = (
    "I have been with you since 2019. On October 3, 2026 a technician came and I was charged $85.00 for the visit,"
    " which nobody told me about. I called twice and was promised a refund, but it never came. Your agent was rude and"
    " hung up on me. I want the $85 back and an apology. Please answer by Friday."
)


def test_a_complaint_is_taken_apart(reply_desk: ReplyDesk) -> None:
    found = understood(reply_desk, STORY)
    assert [each.topic for each in found.allegations] == ["billing", "refund", "customer_service"]
    assert [wish.text for wish in found.wishes] == ["I want the $85 back and an apology.", "Please answer by Friday."]
    assert [amount.text for amount in found.amounts] == ["$85.00", "$85"]
    assert [day.text for day in found.dates] == ["October 3, 2026"]


def test_two_matters_in_one_sentence_are_two_allegations(reply_desk: ReplyDesk) -> None:
    found = understood(reply_desk, "My bill went up twice and my internet has been down for two days.")
    assert [each.topic for each in found.allegations] == ["billing", "outage"]


def test_a_spanish_complaint_is_taken_apart(reply_desk: ReplyDesk) -> None:
    text = (
        "Me cobraron dos veces la factura de octubre. Llevo tres días sin internet. Quiero que me devuelvan el dinero."
    )
    found = understood(reply_desk, text)
    assert [each.topic for each in found.allegations] == ["billing", "outage"]
    assert [wish.text for wish in found.wishes] == ["Quiero que me devuelvan el dinero."]


@pytest.mark.parametrize(("subject", "count"), [("Data caps", 1), ("Charged twice for October", 1), ("Meridell", 0)])
def test_a_subject_line_is_one_allegation_unless_it_is_a_name(reply_desk: ReplyDesk, subject: str, count: int) -> None:
    assert len(understood(reply_desk, subject, "FCC").allegations) == count


def test_few_stars_are_a_complaint_whatever_the_words(reply_desk: ReplyDesk) -> None:
    assert len(understood(reply_desk, "Meh", "google", rating=2).allegations) == 1
    assert len(understood(reply_desk, "Meh", "google", rating=5).allegations) == 0


def test_threats_and_needs_are_flagged_with_their_words(reply_desk: ReplyDesk) -> None:
    found = understood(reply_desk, "The bill is wrong. I will sue you. My husband passed away last month.")
    flags = {flag.flag_id: flag.quote.text for flag in found.flags}
    assert flags["legal_threat"] == "I will sue you."
    assert "vulnerable" in flags


def test_who_it_may_be_is_proposed_without_the_values(reply_desk: ReplyDesk) -> None:
    text = "My account MC-40718823 is wrong, call 737-555-0101."
    (match, *_) = understood(reply_desk, text, author="Denise Okafor").matches
    assert (match.customer_id, set(match.because)) == ("C-1001", {"account_id", "phone", "name"})
    assert not any("555" in each or "MC-" in each for each in match.because)
    assert understood(reply_desk, "It never works.", "X", author="@someone").matches == ()


@pytest.mark.parametrize(
    ("channel", "more", "due", "rule"),
    [
        ("BBB", {}, date(2026, 12, 8), "bbb"),
        ("BBB", {"bbb_office": "New England"}, date(2026, 12, 24), "bbb/new_england"),
        ("BBB", {"bbb_office": "Sacramento"}, date(2026, 12, 4), "bbb/sacramento"),
        ("BBB", {"bbb_office": "columbus_ga"}, date(2026, 12, 3), "bbb/columbus_ga"),  # 7 business days
        ("BBB", {"due_at": "2026-12-01"}, date(2026, 12, 1), "printed"),
        ("FCC", {}, date(2026, 12, 24), "fcc_informal"),
        ("CFPB", {}, date(2026, 12, 9), "cfpb"),
        ("state", {"state": "GA"}, None, "puc"),  # never guessed
    ],
)
def test_the_deadline_is_that_of_the_notice_the_office_or_the_body(
    reply_desk: ReplyDesk, channel: str, more: dict[str, str], due: date | None, rule: str
) -> None:
    deadline = understood(reply_desk, "They charged me twice.", channel, **more).deadline
    assert (deadline.due_at.date() if deadline.due_at else None, deadline.rule) == (due, rule)
    assert bool(deadline.asks) == (due is None)


def test_days_left_count_and_warn(reply_desk: ReplyDesk) -> None:
    late = reply_desk.understand(
        {"text": "Charged twice.", "received_at": "2026-11-01"}, channel="BBB", now=NOW
    ).deadline
    assert (late.days_left, late.warn) == (-11, True)
    fresh = understood(reply_desk, "Charged twice.", "BBB").deadline
    assert (fresh.days_left, fresh.warn) == (13, False)


def test_a_long_complaint_is_read_at_once(reply_desk: ReplyDesk) -> None:
    text = " ".join(
        f"On day {n} they charged me {n} dollars and the internet was down, nobody helped." for n in range(40)
    )
    understood(reply_desk, STORY)
    began = time.process_time()
    found = understood(reply_desk, text)
    assert time.process_time() - began < 0.5
    assert len(found.allegations) <= 15
