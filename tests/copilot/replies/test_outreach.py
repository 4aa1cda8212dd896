"""Messages that we begin: whether we may, by hour, opt-out and consent; and what they say."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from copilot.errors import BadInput
from copilot.replies.outreach import KINDS, outreach
from knowledge.pack import Pack

NOON = datetime(2026, 11, 25, 12, 0)  # noqa: DTZ001 - the time where the customer is
NIGHT = datetime(2026, 11, 25, 22, 30)  # noqa: DTZ001 - the same


def record(pack: Pack, customer_id: str = "C-1001", **flags: Any) -> Mapping[str, Any]:
    known = pack.customers[customer_id]
    declined = {"paid_on": "2026-11-20", "amount": "80.83", "method": "card 8812", "result": "declined"}
    usual = {"marketing_consent": True, "do_not_call": False, "vulnerable": False, "cpni_approval": "opt_out"}
    fresh = {**known["flags"], **usual, **flags}
    return {**known, "flags": fresh, "payments": [*known["payments"], declined], "left_on": "2026-01-01"}


def failed(kind: str, way: str, known: Mapping[str, Any], pack: Pack, **more: Any) -> set[str]:
    made = outreach(kind, way, known, pack, **{"local": NOON, **more})
    assert bool(made.text) == made.is_allowed
    return {check.id for check in made.checks if not check.passed}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("way", ["call", "sms", "email"])
def test_at_noon_with_consent_every_message_may_go(demo_pack: Pack, kind: str, way: str) -> None:
    assert failed(kind, way, record(demo_pack), demo_pack) == set()


@pytest.mark.parametrize(
    ("kind", "way", "flags", "more", "wrong"),
    [
        ("declined_card", "sms", {}, {"local": NIGHT}, "calling_hours"),
        ("renewal", "call", {}, {"local": NIGHT}, "calling_hours"),
        ("declined_card", "sms", {}, {"last_message": "STOP"}, "opt_out"),
        ("renewal", "sms", {}, {"last_message": "No más mensajes."}, "opt_out"),
        ("renewal", "sms", {"marketing_consent": False}, {}, "marketing_consent"),
        ("win_back", "call", {"do_not_call": True}, {}, "do_not_call"),
        ("win_back", "email", {"cpni_approval": ""}, {}, "cpni_approval"),
        ("renewal", "email", {"vulnerable": True}, {}, "vulnerable"),
    ],
)
def test_what_stands_against_a_message(
    demo_pack: Pack, kind: str, way: str, flags: dict[str, Any], more: dict[str, Any], wrong: str
) -> None:
    assert failed(kind, way, record(demo_pack, **flags), demo_pack, **more) == {wrong}


def test_a_mail_may_go_at_night_and_a_failed_payment_needs_no_marketing_consent(demo_pack: Pack) -> None:
    assert failed("renewal", "email", record(demo_pack), demo_pack, local=NIGHT) == set()
    known = record(demo_pack, marketing_consent=False, do_not_call=True)
    assert failed("declined_card", "sms", known, demo_pack) == set()


def test_nobody_is_told_of_a_payment_that_did_not_fail_or_asked_back_who_is_here(demo_pack: Pack) -> None:
    here = demo_pack.customers["C-1001"]
    assert "reason" in failed("declined_card", "sms", here, demo_pack)
    assert "reason" in failed("win_back", "email", here, demo_pack)


def test_the_words_are_in_the_customers_language(demo_pack: Pack) -> None:
    english = outreach("declined_card", "sms", record(demo_pack), demo_pack, local=NOON)
    assert english.text.startswith("Meridell: a payment of $80.83 did not go through.")
    spanish = outreach("declined_card", "sms", record(demo_pack, "C-1020"), demo_pack, local=NOON)
    assert "no se procesó" in spanish.text


@pytest.mark.parametrize(("kind", "way"), [("poem", "sms"), ("renewal", "pigeon")])
def test_what_is_unknown_is_refused(demo_pack: Pack, kind: str, way: str) -> None:
    with pytest.raises(BadInput, match="declined_card"):
        outreach(kind, way, record(demo_pack), demo_pack, local=NOON)
