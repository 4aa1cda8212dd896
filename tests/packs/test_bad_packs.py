"""Packs that are wrong: each refusal names the file, the line, what is allowed and what to do."""

import shutil
from pathlib import Path

import pytest

from knowledge.lint import lint_pack
from knowledge.pack import check_pack

HERE = Path(__file__).parent
EDITION_2 = (
    '  - {plan_id: full, name: "Full", service: membership, segment: [home], price: "62.00", '
    "valid_for: {start: 2026-01-01}}\n"
)


def spoiled(trade: str, folder: Path, name: str, before: str, after: str) -> tuple[list[str], int]:
    """What the check and the lint say of a pack with one passage of one file changed, and the line of the change."""
    shutil.copytree(HERE / trade, folder / trade)
    file = folder / trade / name
    text = file.read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), "utf-8")
    pack, problems = check_pack(folder / trade)
    found = problems or (lint_pack(pack) if pack else [])
    return [str(problem) for problem in found], text[: text.index(before)].count("\n") + 1


@pytest.mark.parametrize(
    ("name", "before", "after", "allowed", "remedy"),
    [
        pytest.param(
            "rules/offers.yaml",
            '"customer.tenure_months < 6"',
            '"customer.tenure_month < 6"',
            "'customer.tenure_month', which is not a fact; known are: customer.segment, customer.state, ",
            "Did you mean 'customer.tenure_months'?",
            id="unknown fact",
        ),
        pytest.param(
            "rules/offers.yaml",
            "{monthly_price: ",
            '{upfront: "-5.00", monthly_price: ',
            '"-5.00" is below zero; allowed is "0.00" or more.',
            "Write what it costs without a minus sign.",
            id="negative price",
        ),
        pytest.param(
            "rules/tariff.yaml",
            '"29.00"',
            '"-29.00"',
            '"-29.00" is below zero; allowed is "0.00" or more.',
            "Write what it costs without a minus sign.",
            id="negative price of a plan",
        ),
        pytest.param(
            "rules/offers.yaml",
            '{monthly_price: "5.00"',
            "{monthly_price: 5.00",
            "5.0 is a bare number; an amount with two decimals stands in quotes, so that no cent is lost.",
            'Write "25.00".',
            id="money as a float",
        ),
        pytest.param(
            "rules/offers.yaml",
            '"account.monthly_cents >= 9000"',
            '"pays 90 dollars or more"',
            "is not valid CEL at line 1, character 6: ",
            "Allowed are comparisons joined by && and ||",
            id="free text for a condition",
        ),
        pytest.param(
            "rules/offers.yaml",
            '"account.monthly_cents >= 9000"',
            '"account.monthly_cents >= 90.00"',
            "puts together kinds that do not fit at line 1, character 23: (int, double).",
            "money in cents: 5500, not 55.00",
            id="money compared with a float",
        ),
        pytest.param(
            "rules/offers.yaml",
            "reasons: [onboarding_failed]",
            "reasons: [never_started]",
            "'never_started' is not a churn reason of dispositions.yaml; there are: crowded, low_usage, moving, ",
            "Correct it here or declare it there.",
            id="unknown reason",
        ),
        pytest.param(
            "rules/offers.yaml",
            "commitment_months: 12",
            "approval: {role: boss}",
            "'boss' is not a role of approvals.yaml; there are: club-manager, desk, regional-manager.",
            "Correct it here or declare it there.",
            id="unknown role of an offer",
        ),
        pytest.param(
            "rules/approvals.yaml",
            "above_all: regional-manager",
            "above_all: boss",
            "'boss' is not declared; known are: desk, club-manager, regional-manager.",
            "Correct it or declare it above.",
            id="unknown role of the ladder",
        ),
        pytest.param(
            "rules/tariff.yaml",
            "  - {plan_id: trainer-pack",
            EDITION_2 + "  - {plan_id: trainer-pack",
            "entries 2 and 3 of plans are both full and overlap from 2026-01-01; allowed is one version a day.",
            "End the older one the day before.",
            id="overlapping validity",
        ),
        pytest.param(
            "rules/offers.yaml",
            "We can freeze the membership until {end_date}",
            "We can freeze the membership until {last_day}",
            "{last_day} cannot be filled in; allowed are {amount}, {months}, {end_date}, {price_now}, ",
            "Correct or delete it.",
            id="placeholder nobody fills",
        ),
        pytest.param(
            "rules/offers.yaml",
            "We can freeze the membership until {end_date}",
            "We can freeze the membership until {end_date",
            "has no partner; allowed are {amount}, ",
            "Close or delete it.",
            id="brace left open",
        ),
        pytest.param(
            "rules/offers.yaml",
            "offer_id: GYM-10-OFF",
            "offer_id: GYM-25-OFF",
            "offer 'GYM-25-OFF' stands twice, as entries 2 and 3 of offers; allowed is once.",
            "Rename or delete one.",
            id="offer twice",
        ),
        pytest.param(
            "rules/offers.yaml",
            'monthly_percent: "10"',
            'monthly_percent: "110"',
            '"110" is above 100 percent; allowed is "0" to "100".',
            'Write e.g. "8.25" for 8.25 %.',
            id="more than everything",
        ),
        pytest.param(
            "rules/offers.yaml",
            "kind: yes_no, says",
            "kind: yes_no, sum_of: {what: quantity, services: [membership]}, says",
            "'customer.has_doctors_note' is a sum and of kind yes_no; allowed is whole.",
            "Write `kind: whole`.",
            id="sum that is no number",
        ),
        pytest.param(
            "rules/approvals.yaml",
            "currency: USD",
            "currency: EUR",
            "'EUR' is not a currency of tariff.yaml; there are: USD.",
            "Correct it here or declare it there.",
            id="two currencies",
        ),
    ],
)
def test_a_bad_pack_is_refused_where_it_is_wrong(
    tmp_path: Path, name: str, before: str, after: str, allowed: str, remedy: str
) -> None:
    found, line = spoiled("gym", tmp_path, name, before, after)
    assert found[0].startswith(f"{name}:{line}: ")
    assert allowed in found[0]
    assert remedy in found[0]


def test_value_tiers_may_not_overlap(tmp_path: Path) -> None:
    tiers = '  - {id: small, over: "0.00", up_to: "200.00"}\n  - {id: large, over: "200.00"}'
    found, line = spoiled("invoicing", tmp_path, "rules/approvals.yaml", tiers, tiers.replace('r: "200', 'r: "150'))
    (overlap,) = found
    assert overlap == (
        f'rules/approvals.yaml:{line + 1}: value_tiers.1.over: entry 2 of value_tiers, over "150.00", overlaps '
        'entry 1, which ends with "200.00"; allowed is to begin where the one before ends. Give both the same amount.'
    )


@pytest.mark.parametrize(
    ("test", "says"),
    [
        ("'!(\"deceesed\" in call.cues)'", "'deceesed' is not a cue of cues.yaml; there are: "),
        ("'call.reason != \"prise\"'", "'prise' is not a churn reason of dispositions.yaml; there are: away, "),
    ],
)
def test_a_slip_in_a_name_within_a_condition_is_refused(tmp_path: Path, test: str, says: str) -> None:
    """Unnoticed, the gate would stand open for good."""
    before = "'!(\"deceased\" in call.cues)'"
    found, line = spoiled("newspaper", tmp_path, "rules/offers.yaml", before, test)
    assert found[0].startswith(f"rules/offers.yaml:{line}: gates.1.cel: {says}")


def test_a_service_in_a_condition_is_one_of_the_tariff(tmp_path: Path) -> None:
    test = '"account.monthly_cents >= 9000"'
    found, line = spoiled("gym", tmp_path, "rules/offers.yaml", test, "'\"trainr\" in account.services'")
    assert found[0].startswith(f"rules/offers.yaml:{line}: offers.0.conditions.1.cel: 'trainr' is not a service of ")


@pytest.mark.parametrize("name", ["offers", "approvals", "tariff"])
def test_a_missing_currency_is_refused(tmp_path: Path, name: str) -> None:
    found, _ = spoiled("gym", tmp_path, f"rules/{name}.yaml", "currency: USD\n", "")
    assert found[0].startswith(f"rules/{name}.yaml:")
    assert "currency is missing and must be given. Add a line `currency: ...`." in found[0]
    assert "three capital letters, e.g. USD" in found[0]


def test_without_a_tariff_the_ladder_has_the_currency_of_the_offers(tmp_path: Path) -> None:
    found, line = spoiled("invoicing", tmp_path, "rules/approvals.yaml", "currency: EUR", "currency: USD")
    (stranger,) = found
    assert stranger == (
        f"rules/approvals.yaml:{line}: currency: 'USD' is not a currency of offers.yaml; there are: EUR. "
        "Correct it here or declare it there."
    )


@pytest.mark.parametrize(
    ("name", "before", "after", "at", "says"),
    [
        (
            "rules/offers.yaml",
            "concession: {free_months: 1}\n    commitment_months: 12",
            "concession: {free_months: 1}",
            "offer_id: GYM-MONTH-FREE",
            "nobody can get GYM-MONTH-FREE: a month in which nothing is paid keeps no margin_floor_percent",
        ),
        (
            "rules/offers.yaml",
            'monthly_percent: "25", months: 3',
            'monthly_percent: "25", months: 8',  # 25 x 8 / 12 = 16.7 of 15 percent
            "offer_id: GYM-25-OFF",
            "nobody can get GYM-25-OFF: it gives 16.7 % of 12 months' charges, and max_concession_percent_12m is 15",
        ),
        (
            "rules/offers.yaml",
            "reasons: [onboarding_failed]",
            "reasons: [moving]",
            "offer_id: GYM-TRAINER",
            "nobody can get GYM-TRAINER: moving has pitch: false",
        ),
        (
            "rules/offers.yaml",
            "levers: [training_onboarding]",
            "levers: [pause]",
            "    offer_type: training_onboarding",
            "GYM-TRAINER is a training_onboarding, which no lever of onboarding_failed names",
        ),
        (
            "rules/offers.yaml",
            "!customer.has_doctors_note",
            "!customer.is_vulnerable",
            "customer.has_doctors_note",
            "no condition asks for customer.has_doctors_note",
        ),
        (
            "customers.jsonl",
            "customer.has_doctors_note",
            "customer.has_doctor_note",
            "customer.has_doctors_note",
            "'customer.has_doctor_note' is not a fact. Did you mean customer.has_doctors_note?",
        ),
        (
            "customers.jsonl",
            '"customer.has_doctors_note": false',
            '"customer.has_doctors_note": "no"',
            '"customer.has_doctors_note": false',
            "customer.has_doctors_note is 'no', and its kind is yes_no, so no condition can use it",
        ),
    ],
)
def test_what_can_never_work_is_a_warning(
    tmp_path: Path, name: str, before: str, after: str, at: str, says: str
) -> None:
    original = (HERE / "gym" / name).read_text("utf-8")
    line = original[: original.index(at)].count("\n") + 1
    found, _ = spoiled("gym", tmp_path, name, before, after)
    assert len(found) == 1
    assert found[0].startswith(f"{name}:{line}: {says}")
