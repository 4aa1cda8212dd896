"""Packets for other teams: exact words, what each needs, what nobody knows, and nothing above the caller's level."""

from datetime import timedelta
from typing import Any

import pytest

from copilot.cases.desk import CaseDesk
from copilot.cases.packets import ROUTES, Known, packet
from copilot.cases.transfer import warm_transfer
from copilot.errors import BadInput
from copilot.guard.verification import Rulebook
from knowledge.pack import Pack
from knowledge.rules.flags import FlagsFile
from tests.copilot.cases.conftest import NOW, note

WORDS = "If this isn't off by the first of December I will call my lawyer."


def turn(turn_id: str, speaker: str, text: str) -> dict[str, Any]:
    return {"type": "turn.final", "body": {"turn_id": turn_id, "speaker": speaker, "text": text}}


EVENTS = [
    turn("t2", "customer", "Our phones are off since Monday."),
    turn("t9", "customer", WORDS),
    {"type": "cue.raised", "body": {"cue_id": "legal_threat", "kind": "flag", "turn_id": "t9", "words": "my lawyer"}},
    {"type": "alert.raised", "body": {"flag": "legal_threat", "route": "legal", "turn_id": "t9"}},
    {"type": "cue.raised", "body": {"cue_id": "outage", "kind": "flag", "turn_id": "t2", "words": "phones are off"}},
    turn("t19", "agent", "Your balance is $119.56 on invoice IN-20417."),
    turn("t28", "agent", "Both lines are restored."),
]
TICKET = {
    "id": "T-1",
    "externalId": "TVA-1",
    "status": "pending",
    "diagnostics": {"power": "ok"},
    "workOrder": [{"siteContact": "Rosa"}],
}


@pytest.fixture
def flags(demo_pack: Pack) -> FlagsFile:
    found = demo_pack.rule_file(FlagsFile)
    assert found is not None
    return found


@pytest.mark.parametrize("route", ROUTES)
def test_every_route_gets_who_why_and_what_is_owed(route: str, flags: FlagsFile) -> None:
    made = packet(Known.of(note(), EVENTS), route, flags)
    assert made["customer"]["customer_id"] == "C-1004"
    assert [each["promise"]["text"] for each in made["open_promises"]] == [
        "Will call about the fee",
        "Will send the form",
    ]
    assert [each["offer_id"] for each in made["offers_refused"]] == ["OF-1"]
    assert made["due_at"] == "2026-11-23T12:00:00-06:00"
    assert made["verified"]["is_verified"] is True


def test_legal_gets_the_exact_words_and_the_first_step(flags: FlagsFile) -> None:
    made = packet(Known.of(note(), EVENTS), "legal", flags)
    assert {"speaker": "customer", "words": WORDS, "turn_ids": ["t9"]} in made["exact_words"]
    (flag,) = made["flags"]
    assert (flag["flag"], flag["words"], flag["turn_ids"]) == ("legal_threat", [WORDS], ["t9"])
    assert made["first_steps"] == [flags.flag("legal_threat").first_step.en]  # type: ignore[union-attr]
    assert "admit nothing" in made["rules"][0]


def test_words_that_only_the_note_retells_are_no_exact_words(flags: FlagsFile) -> None:
    made = packet(Known.of(note()), "legal", flags)
    assert made["exact_words"] == []
    assert "exact_words" in made["lacks"]


def test_corrected_words_and_those_of_another_call_do_not_go_out(flags: FlagsFile) -> None:
    fixed = {"type": "turn.corrected", "body": {"turn_id": "t9", "text": "I will call my doctor."}}
    other = {**turn("t9", "customer", "another call"), "call_id": "c-2"}
    made = packet(Known.of(note(), [*EVENTS, fixed, other]), "legal", flags)
    assert WORDS not in str(made)
    assert "another call" not in str(made)
    assert {"speaker": "customer", "words": "I will call my doctor.", "turn_ids": ["t9"]} in made["exact_words"]


def test_each_team_gets_what_it_needs_and_is_told_what_nobody_knows(flags: FlagsFile) -> None:
    told = note(told=[{"text": "The balance is $119.56", "turn_ids": ["t19"]}])
    finance = packet(Known.of(told, EVENTS), "finance", flags)
    assert finance["amounts"] == [{"amounts": ["$119.56"], "said": "The balance is $119.56", "turn_ids": ["t19"]}]
    assert (finance["invoice_ids"], finance["lacks"]) == (["IN-20417"], [])
    assert "exact_words" not in finance
    carrier = packet(Known.of(note(ticket_ids=["TVA-1"]), EVENTS, [TICKET]), "carrier", flags)
    assert (carrier["diagnostics"], carrier["site_contact"]) == ({"power": "ok"}, "Rosa")
    assert carrier["carrier_tickets"] == [{"id": "T-1", "externalId": "TVA-1", "status": "pending"}]
    assert packet(Known.of(note(), EVENTS), "carrier", flags)["lacks"] == [
        "ticket_ids",
        "carrier_tickets",
        "diagnostics",
        "site_contact",
    ]
    with pytest.raises(BadInput, match="legal"):
        packet(Known.of(note()), "the pub", flags)


def test_teams_that_sell_get_nothing_of_the_account_of_a_caller_who_was_not_verified(
    flags: FlagsFile, demo_pack: Pack
) -> None:
    rulebook = Rulebook(demo_pack.verification, cpni=demo_pack.head.regimes.cpni)
    balance = {"text": "Your balance is $119.56, due on the 26th", "turn_ids": ["t19"]}
    for level, result, told in (("none", "given", False), ("password", "passed", True)):
        open_note = note(actions=[balance], verification={"result": result, "level": level})
        known = Known.of(open_note, EVENTS)
        assert ("119.56" in str(packet(known, "sales", flags, rulebook=rulebook))) is told
        assert ("119.56" in packet(known, "support", flags, rulebook=rulebook)["summary"]) is told
        assert "119.56" in str(packet(known, "finance", flags, rulebook=rulebook)["done"])


def test_the_words_of_a_warm_transfer_are_few_and_in_the_callers_language() -> None:
    assert warm_transfer(note()) == (
        "I have Tamika Broussard for you, verified. Reason: Their phones are off. Done: Both lines restored. "
        "Promised: Will call about the fee; Will send the form."
    )
    spanish = warm_transfer(note(language="es", verification={"result": "given"}))
    assert spanish.startswith("Le paso a Tamika Broussard, identidad sin verificar. Motivo:")
    long = note(reason={"text": "word " * 200, "turn_ids": ["t1"]})
    assert len(warm_transfer(long).split()) <= 60
    assert warm_transfer({"call_id": "c-9"}) == "I have the customer for you, not verified."


def test_a_red_flag_becomes_a_case_of_its_owner_once(desk: CaseDesk) -> None:
    (case,) = desk.from_flags(note(), EVENTS, now=NOW)  # an outage opens none
    assert (case.case_id, case.kind, case.owner) == ("call-c-1:legal_threat", "route", "legal")
    assert case.body["severity"] == "critical"
    assert case.body["packet"]["exact_words"]
    (owed,) = case.open_obligations
    assert (owed.owner, owed.due_at) == ("legal", NOW + timedelta(hours=1))
    assert desk.from_flags(note(), EVENTS, now=NOW + timedelta(hours=3)) == [case]
    assert desk.from_flags(note(), EVENTS[:2], now=NOW) == []
