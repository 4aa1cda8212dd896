from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from copilot.guard.dispatch import DispatchConsent, as_json, missing_fields, needs_new_consent, unspoken_elements
from knowledge.pack import house_consent

RULES = house_consent().dispatch
AT = datetime(2026, 11, 20, 15, tzinfo=UTC)
WINDOW = (AT + timedelta(days=4), AT + timedelta(days=4, hours=4))
GIVEN = DispatchConsent(
    ticket_id="TT-204117",
    carrier="Tri-Valley Access",
    reason="no dial tone at the box",
    window_start=WINDOW[0],
    window_end=WINDOW[1],
    site_contact="Ingrid Solvang",
    access_notes="dog, put away",
    possible_charge=Decimal("85.00"),
    charge_disclosed=True,
    given_by="Ingrid Solvang",
    relationship="account holder",
    auth_level="authenticated",
)


def test_a_whole_consent_lacks_nothing() -> None:
    assert missing_fields(GIVEN, RULES) == []


@pytest.mark.parametrize("name", RULES.required_fields)
def test_each_required_field_is_missed(name: str) -> None:
    assert missing_fields(replace(GIVEN, **{name: None}), RULES) == [name]


def test_a_charge_not_disclosed_an_unverified_caller_and_a_window_turned_round_are_missed() -> None:
    bad = replace(GIVEN, charge_disclosed=False, auth_level="identified", window_end=GIVEN.window_start)
    assert missing_fields(bad, RULES) == ["window_end", "charge_disclosed", "auth_level"]


def test_a_visit_that_costs_nothing_needs_no_other_number() -> None:
    assert missing_fields(replace(GIVEN, possible_charge=Decimal(0)), RULES) == []


def test_a_new_window_another_charge_or_a_consent_run_out_needs_a_new_one() -> None:
    same = {"window_start": WINDOW[0], "window_end": WINDOW[1]}
    charge = Decimal("85.00")
    assert not needs_new_consent(GIVEN, **same, possible_charge=Decimal(85), at=AT)
    assert needs_new_consent(GIVEN, **same, possible_charge=Decimal("95.00"), at=AT)
    later = {name: day + timedelta(days=1) for name, day in same.items()}
    assert needs_new_consent(GIVEN, **later, possible_charge=charge, at=AT)
    assert needs_new_consent(replace(GIVEN, expires_at=AT), **same, possible_charge=charge, at=AT)
    assert not needs_new_consent(replace(GIVEN, expires_at=AT + timedelta(1)), **same, possible_charge=charge, at=AT)


def test_elements_are_spoken_when_one_of_their_cues_was_heard() -> None:
    assert unspoken_elements(RULES, {"visit_window", "visit_reason"}) == ["site_contact", "access", "charge"]


def test_the_record_in_the_log_has_times_and_money_as_text() -> None:
    stored = as_json(replace(GIVEN, given_at=AT))
    assert (stored["possible_charge"], stored["given_at"], stored["charge_disclosed"]) == (
        "85.00",
        "2026-11-20T15:00:00+00:00",
        True,
    )
    assert "expires_at" not in stored
