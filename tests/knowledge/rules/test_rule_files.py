"""The rule files as a whole: the demo pack is valid, and mistakes are answered with value, allowed and remedy."""

import copy
import json
import tomllib
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel, ValidationError

from knowledge.rules import (
    RULE_FILES,
    ApprovalsFile,
    BureausFile,
    ChannelsFile,
    DispositionsFile,
    FlagsFile,
    OffersFile,
    PackHead,
    SaveRulesFile,
    ScorecardFile,
    TariffFile,
)
from knowledge.rules.across import check_across

DEMO = Path(__file__).parents[3] / "knowledge" / "packs" / "demo"
TODAY = date(2026, 11, 20)
OWN_STEMS = sorted(set(RULE_FILES) - {"cues"})


def raw(stem: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DEMO / "rules" / f"{stem}.yaml").read_text("utf-8"))
    return loaded


def demo(stem: str) -> BaseModel:
    return RULE_FILES[stem].model_validate(raw(stem))


def refusals(model: type[BaseModel], data: object) -> list[tuple[tuple[int | str, ...], str]]:
    with pytest.raises(ValidationError) as caught:
        model.model_validate(data)
    return [(error["loc"], error["msg"]) for error in caught.value.errors()]


def refusal(stem: str, spoil: Callable[[dict[str, Any]], object]) -> tuple[tuple[int | str, ...], str]:
    data = copy.deepcopy(raw(stem))
    spoil(data)
    found = refusals(RULE_FILES[stem], data)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize("stem", OWN_STEMS)
def test_each_demo_rule_file_is_valid(stem: str) -> None:
    assert isinstance(demo(stem), RULE_FILES[stem])


def test_the_demo_pack_head_is_valid() -> None:
    head = PackHead.model_validate(tomllib.loads((DEMO / "pack.toml").read_text("utf-8")))
    assert (head.name, head.regimes.cpni, head.regimes.recording_consent) == ("meridell-demo", True, "all_party")


def test_the_demo_files_agree_with_each_other() -> None:
    assert check_across({stem: demo(stem) for stem in OWN_STEMS}) == []


def test_a_name_that_another_file_lacks_is_found_where_it_stands() -> None:
    offers = raw("offers")
    offers["offers"][3]["reasons"] = ["price", "prise"]
    files = {"offers": OffersFile.model_validate(offers), "dispositions": demo("dispositions")}
    (misfit,) = check_across(files)
    assert (misfit.stem, misfit.loc) == ("offers", ("offers", 3, "reasons", 1))
    assert "'prise' is not a churn reason of dispositions.yaml; there are: " in misfit.problem


def test_flags_and_dispositions_need_their_cues() -> None:
    found = check_across({"flags": demo("flags")}, cue_ids=["safety"])
    assert found[0].problem.startswith("'self_harm' is not a cue of cues.yaml; there are: safety.")


@pytest.mark.parametrize("stem", ["offers", "tariff", "approvals"])
def test_a_missing_currency_is_asked_for(stem: str) -> None:
    loc, says = refusal(stem, lambda data: data.pop("currency"))
    assert loc == ("currency",)
    assert says.startswith("currency is missing and must be given. Add a line `currency: ...`.")


@pytest.mark.parametrize("stem", OWN_STEMS)
def test_a_file_says_when_and_from_where_it_was_checked(stem: str) -> None:
    for name in ("as_of", "source"):
        loc, says = refusal(stem, lambda data, name=name: data.pop(name))  # type: ignore[misc]
        assert (loc, says.split(".")[0]) == ((name,), f"{name} is missing and must be given")


@pytest.mark.parametrize(
    ("price", "says"),
    [
        ("-5.00", '"-5.00" is below zero; allowed is "0.00" or more. Write what it costs without a minus sign.'),
        (25.5, "25.5 is a bare number; an amount with two decimals stands in quotes"),
        (25, "25 is a bare number; an amount with two decimals stands in quotes"),
        ("$25.00", "'$25.00' is not an amount with two decimals; allowed is the form \"25.00\", without currency sign"),
        ("25.5", "'25.5' is not an amount with two decimals; allowed is the form \"25.00\""),
        ("NaN", "'NaN' is not an amount with two decimals; allowed is the form \"25.00\""),
    ],
)
def test_a_price_is_a_quoted_decimal_of_zero_or_more(price: object, says: str) -> None:
    loc, said = refusal("tariff", lambda data: data["plans"][4].update(price=price))
    assert loc == ("plans", 4, "price")
    assert said.startswith(says)


def test_a_percentage_stays_within_a_hundred() -> None:
    loc, says = refusal("tariff", lambda data: data["taxes"][0].update(rate_percent="825"))
    assert loc == ("taxes", 0, "rate_percent")
    assert says == '"825" is above 100 percent; allowed is "0" to "100". Write e.g. "8.25" for 8.25 %.'


def test_an_unknown_state_is_refused_with_the_known_ones() -> None:
    loc, says = refusal("tariff", lambda data: data["states"].append("XX"))
    assert loc == ("states", 8)
    assert says.startswith("'XX' is not a state code; allowed are: AL, AK, ")


def test_an_unknown_jurisdiction_is_refused() -> None:
    loc, says = refusal("save_rules", lambda data: data["rules"][0].update(jurisdiction="MN"))
    assert loc == ("rules", 0, "jurisdiction")
    assert says.startswith("'MN' is not a jurisdiction; allowed are US and US- with a state code, e.g. US-CA")


def test_a_misspelt_field_is_refused_with_the_fields_there_are() -> None:
    loc, says = refusal("flags", lambda data: data["flags"][0].update(severty="high"))
    assert loc == ("flags", 0, "severty")
    assert says.startswith("'severty' is not a field here; allowed are: flag_id, title, severity, ")


def test_a_value_outside_a_choice_is_refused_with_the_choice() -> None:
    _, says = refusal("flags", lambda data: data["flags"][0].update(severity="urgent"))
    assert says.startswith(
        "'urgent' is not accepted: input should be 'critical', 'high', 'medium' or 'low'. Correct it."
    )


def test_a_date_is_year_month_day_and_no_number() -> None:
    for written in (2026, "20.11.2026", "November"):
        loc, says = refusal("channels", lambda data, written=written: data.update(as_of=written))  # type: ignore[misc]
        assert (loc, says) == (
            ("as_of",),
            f"{written!r} is not a date; allowed is year-month-day. Write e.g. 2026-11-20.",
        )


@pytest.mark.parametrize(
    ("stem", "field", "key"),
    [
        ("offers", "offers", "offer_id"),
        ("tariff", "declines", "id"),
        ("save_rules", "rules", "id"),
        ("approvals", "actions", "action"),
        ("flags", "flags", "flag_id"),
        ("dispositions", "outcomes", "code"),
        ("channels", "channels", "channel"),
        ("bureaus", "bodies", "body_id"),
        ("scorecard", "corrections", "code"),
    ],
)
def test_the_same_id_twice_is_refused_at_the_second_place(stem: str, field: str, key: str) -> None:
    first, second = raw(stem)[field][:2]
    loc, says = refusal(stem, lambda data: data[field][1].update({**second, key: first[key]}))
    assert loc == (field, 1, key)
    assert says.endswith(
        f"{first[key]!r} stands twice, as entries 1 and 2 of {field}; allowed is once. Rename or delete one."
    )


def test_every_problem_of_a_file_is_reported_at_once() -> None:
    data = raw("tariff")
    data["plans"][0]["price"] = 1.5
    data["fees"][0]["amount"] = "-1.00"
    del data["late_fee"]["grace_days"]
    locs = [loc for loc, _ in refusals(TariffFile, data)]
    assert locs == [("plans", 0, "price"), ("fees", 0, "amount"), ("late_fee", "grace_days")]


def test_rule_files_cannot_be_changed_after_reading() -> None:
    flags = demo("flags")
    assert isinstance(flags, FlagsFile)
    with pytest.raises(ValidationError, match="frozen"):
        flags.flags[0].severity = "low"  # type: ignore[misc]


# approvals


def test_overlapping_credit_tiers_are_refused() -> None:
    loc, says = refusal("approvals", lambda data: data["credits"][1].update(over="20.00"))
    assert loc == ("credits", 1, "over")
    assert says == (
        'entry 2 of credits, over "20.00", overlaps entry 1, which ends with "25.00"; '
        "allowed is to begin where the one before ends. Give both the same amount."
    )


def test_a_gap_between_tiers_and_a_closed_end_are_refused() -> None:
    _, gap = refusal("approvals", lambda data: data["value_tiers"][1].update(over="70.00"))
    assert 'over "70.00", leaves a gap after entry 1' in gap
    _, closed = refusal("approvals", lambda data: data["credits"][3].update(up_to="900.00"))
    assert closed == 'the last entry of credits ends with "900.00"; allowed is an open end. Delete its up_to.'


def test_a_lower_role_may_not_grant_more() -> None:
    loc, says = refusal("approvals", lambda data: data["credits"][2].update(role="agent"))
    assert loc == ("credits", 2, "role")
    assert "'agent' stands below 'lead' but grants more" in says


def test_an_undeclared_role_is_refused() -> None:
    loc, says = refusal("approvals", lambda data: data.update(above_all="cfo"))
    assert (loc, says.split(".")[0]) == (
        ("above_all",),
        "'cfo' is not declared; known are: agent, lead, manager, finance, legal",
    )


@pytest.mark.parametrize(
    ("amount", "role"),
    [("0.01", "agent"), ("25.00", "agent"), ("25.01", "lead"), ("250.00", "manager"), ("250.01", "finance")],
)
def test_a_credit_goes_to_the_lowest_role_that_may_grant_it(amount: str, role: str) -> None:
    approvals = demo("approvals")
    assert isinstance(approvals, ApprovalsFile)
    assert approvals.role_for_credit(Decimal(amount)) == role


# tariff


def test_two_versions_of_a_fee_may_not_overlap() -> None:
    loc, says = refusal("tariff", lambda data: data["fees"][0]["valid_for"].pop("end"))
    assert loc == ("fees", 1, "valid_for")
    assert says == (
        "entries 1 and 2 of fees are both autopay-discount and overlap from 2026-04-01; allowed is one version a day. "
        "End the older one the day before."
    )


def test_the_version_of_the_day_is_found() -> None:
    tariff = demo("tariff")
    assert isinstance(tariff, TariffFile)
    before, after = (tariff.fee_on("autopay-discount", day) for day in (date(2026, 3, 31), date(2026, 4, 1)))
    assert before is not None
    assert after is not None
    assert (before.amount, after.amount) == (Decimal("10.00"), Decimal("5.00"))
    old, new = (tariff.arrangement_on(day) for day in (date(2026, 6, 30), date(2026, 7, 1)))
    assert old is not None
    assert new is not None
    assert (old.min_down_percent, new.min_down_percent) == (Decimal(50), Decimal(25))


def test_a_restoration_fee_depends_on_the_service() -> None:
    tariff = demo("tariff")
    assert isinstance(tariff, TariffFile)
    fees = {service: tariff.fee_on("restoration", TODAY, service) for service in ("mobile", "internet", "equipment")}
    assert {service: fee and fee.amount for service, fee in fees.items()} == {
        "mobile": Decimal("20.00"),
        "internet": Decimal("35.00"),
        "equipment": None,
    }
    assert [tariff.tax_percent(state, TODAY) for state in ("TX", "NY", "FL")] == [Decimal("8.25"), Decimal("8.875"), 0]


def test_every_plan_of_the_demo_customers_is_in_the_tariff() -> None:
    tariff = demo("tariff")
    assert isinstance(tariff, TariffFile)
    lines = (DEMO / "customers.jsonl").read_text("utf-8").splitlines()
    services = [s for line in lines for account in json.loads(line)["accounts"] for s in account["services"]]
    plans = {service["plan"] for service in services if service["product"] != "fee"}
    assert [name for name in sorted(plans) if tariff.plan_named(name) is None] == []


def test_a_phone_check_without_a_required_element_is_refused() -> None:
    loc, says = refusal("tariff", lambda data: data["phone_check"]["elements"].remove("how_to_revoke"))
    assert loc == ("phone_check",)
    assert says.startswith("elements lack how_to_revoke; required are: authorisation_date, ")


def test_an_unquoted_decline_code_is_refused() -> None:
    loc, says = refusal("tariff", lambda data: data["declines"][0]["codes"].append(5))
    assert loc == ("declines", 0, "codes", 14)
    assert says.startswith("5 is not accepted: input should be a valid string")


# save rules


@pytest.mark.parametrize(
    ("state", "segment", "rule_id", "attempts"),
    [
        ("MN", "home", "US-MN", 0),
        ("MN", "business", "US-DEFAULT", 1),
        ("CA", "home", "US-CA", 1),
        ("TX", "home", "US-DEFAULT", 1),
        ("", "home", "US-DEFAULT", 1),
    ],
)
def test_the_rule_of_the_place_applies(state: str, segment: Any, rule_id: str, attempts: int) -> None:
    rules = demo("save_rules")
    assert isinstance(rules, SaveRulesFile)
    rule = rules.rule_for(state, segment, TODAY, service_regulated=True)
    assert (rule.id, rule.max_save_attempts) == (rule_id, attempts)


def test_california_has_its_sentence_in_both_languages_and_takes_the_rest_from_policy() -> None:
    rules = demo("save_rules")
    assert isinstance(rules, SaveRulesFile)
    rule = rules.rule_for("CA", "home", TODAY, service_regulated=False)
    assert rule.disclosure_before_offer is not None
    assert (
        rule.disclosure_before_offer.in_language("en") == "You may complete the cancellation at any time by saying so."
    )
    assert rule.disclosure_before_offer.in_language("es").startswith("Puede completar la cancelación")
    assert (rule.permission_first, rule.confirm_in_writing, rule.needs_counsel) == (True, True, True)


def test_an_exemption_counts_only_once_counsel_has_allowed_it() -> None:
    data = raw("save_rules")
    data["apply_exemptions"] = True
    rules = SaveRulesFile.model_validate(data)
    assert rules.rule_for("CA", "home", TODAY, service_regulated=True).id == "US-DEFAULT"
    assert rules.rule_for("CA", "home", TODAY, service_regulated=False).id == "US-CA"


def test_a_vacated_rule_never_applies_and_a_rule_waits_for_its_first_day() -> None:
    rules = demo("save_rules")
    assert isinstance(rules, SaveRulesFile)
    online = rules.rule_for("TX", "home", date(2025, 1, 1), service_regulated=False, online_sale=True)
    assert online.id == "US-FED-ROSCA"
    assert rules.rule_for("CA", "home", date(2025, 6, 30), service_regulated=False).id == "US-DEFAULT"


def test_a_place_that_forbids_offers_has_no_attempts() -> None:
    loc, says = refusal("save_rules", lambda data: data["rules"][0].update(max_save_attempts=1))
    assert loc == ("rules", 0)
    assert says.startswith(
        "max_save_attempts is 1 while save_offer is forbidden_until_cancellation_complete; allowed is 0."
    )


# dispositions, flags, channels, bureaus, scorecard, head


def test_each_cue_leads_to_one_code() -> None:
    dispositions = demo("dispositions")
    assert isinstance(dispositions, DispositionsFile)
    assert dispositions.reason_by_cue["port_out"] == "RET_PORT_OUT"
    loc, says = refusal("dispositions", lambda data: data["reasons"][9]["cues"].append("port_out"))
    assert loc == ("reasons", 9, "cues")
    assert says == "cue 'port_out' leads to RET_PORT_OUT and RET_PAUSE; allowed is one code. Delete it from one."


def test_every_flag_speaks_both_languages() -> None:
    flags = demo("flags")
    assert isinstance(flags, FlagsFile)
    silent = [flag.flag_id for flag in flags.flags if not (flag.alert.es and flag.first_step.es and flag.title.es)]
    assert (len(flags.flags), silent) == (14, [])


def test_bluesky_counts_graphemes_and_bytes() -> None:
    channels = demo("channels")
    assert isinstance(channels, ChannelsFile)
    bluesky = channels.channel("bluesky")
    assert bluesky is not None
    limit = bluesky.limit("public_reply")
    assert limit is not None
    assert (limit.max, limit.counting, limit.max_bytes) == (300, "graphemes", 3000)


def test_a_limit_needs_its_source_and_day() -> None:
    loc, says = refusal("channels", lambda data: data["channels"][0]["limits"][0].pop("as_of"))
    assert loc == ("channels", 0, "limits", 0, "as_of")
    assert says.startswith("as_of is missing and must be given.")


def test_outreach_hours_stand_in_quotes_and_in_order() -> None:
    loc, says = refusal("channels", lambda data: data["outreach"].update(from_time="22:00"))
    assert (loc, says) == (
        ("outreach",),
        "to_time 21:00 is not after from_time 22:00; allowed is later. Correct it.",
    )
    # 8:00 without quotes is 480 in YAML 1.1
    loc, _ = refusal("channels", lambda data: data["outreach"].update(from_time=480))
    assert loc == ("outreach", "from_time")


def test_an_unknown_commission_has_no_guessed_deadline() -> None:
    bureaus = demo("bureaus")
    assert isinstance(bureaus, BureausFile)
    days = {body.body_id: body.first_answer.days for body in bureaus.bodies}
    assert (days["bbb"], days["fcc_informal"], days["puc"], days["attorney_general"]) == (14, 30, None, None)


def test_weights_of_a_scorecard_add_up() -> None:
    loc, says = refusal("scorecard", lambda data: data["sections"][0].update(weight=30))
    assert loc == ("sections", 0, "weight")
    assert says == "the items of 'compliance' weigh 25; allowed is exactly 30. Change a weight."


def test_a_score_is_the_weighted_share_and_zero_when_a_critical_item_fails() -> None:
    scorecard = demo("scorecard")
    assert isinstance(scorecard, ScorecardFile)
    # reason-found weighs 6, right-answer 10: 100 x (6 x 1 + 10 x 0.5) / 16
    marks = {"reason-found": Decimal(1), "right-answer": Decimal("0.5"), "codes": None}
    assert scorecard.score(marks) == Decimal("68.75")
    assert scorecard.score({**marks, "recording-notice": Decimal(0)}) == 0
    assert scorecard.score({}) is None


def test_a_pack_head_names_a_real_time_zone_and_its_own_languages() -> None:
    head = tomllib.loads((DEMO / "pack.toml").read_text("utf-8"))
    ((loc, says),) = refusals(PackHead, {**head, "timezone": "Texas"})
    assert (loc, says) == (
        ("timezone",),
        "'Texas' is not a time zone; allowed are IANA names. Write e.g. America/Chicago.",
    )
    ((_, says),) = refusals(PackHead, {**head, "languages": ["es"]})
    assert says.startswith("default_language 'en' is not in es.")


def test_card_and_social_security_numbers_cannot_be_left_unmasked() -> None:
    head = tomllib.loads((DEMO / "pack.toml").read_text("utf-8"))
    ((loc, says),) = refusals(PackHead, {**head, "redaction": {"kinds": ["card", "cvv"]}})
    assert (loc, says) == (("redaction",), "kinds lack bank_account, ssn, which are always masked. Add them.")
