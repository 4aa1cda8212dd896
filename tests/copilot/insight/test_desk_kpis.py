"""The figures of the desk equal what one computes by hand."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from copilot.insight.desk_kpis import desk_kpis
from copilot.insight.facts import Phone, Shift
from copilot.insight.kpi import Excluded

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def _found(phone: list[Phone], shifts: list[Shift] | None = None) -> dict[str, Any]:
    return {each.kpi_id: each for each in desk_kpis(phone, shifts or [])}


def test_handle_time_of_612_calls_is_300_seconds() -> None:
    # the vector of the handbook: (136,800 + 14,400 + 32,400) / 612 = 300
    rest = Phone("rest", NOON, "a", talk_s=136_800 - 611 * 200, hold_s=14_400 - 611 * 20, acw_s=32_400 - 611 * 50)
    phone = [Phone(f"p{n}", NOON, "a", talk_s=200, hold_s=20, acw_s=50) for n in range(611)] + [rest]
    aht = _found(phone)["aht"]
    assert (aht.numerator, aht.denominator, aht.value) == (183_600, 612, 300)
    assert aht.evidence[0] == "rest"  # the longest first


def test_a_small_day_counts_as_by_hand() -> None:
    phone = [
        Phone("p1", NOON, "ana", wait_s=5, talk_s=300, hold_s=30, acw_s=60),
        Phone("p2", NOON, "ana", wait_s=20, talk_s=100, hold_s=0, acw_s=40),
        Phone("p3", NOON, "ben", wait_s=21, talk_s=200, hold_s=10, acw_s=None),
        Phone("p4", NOON, None, answered=False, wait_s=50),
        Phone("p5", NOON, "ben", wait_s=None, talk_s=None, hold_s=None, acw_s=None),
    ]
    shifts = [
        Shift("s1", NOON, "ana", scheduled_min=480, adherent_min=432, logged_in_s=28_000, available_s=1_470),
        Shift("s2", NOON, "ben", scheduled_min=480, adherent_min=0, logged_in_s=0),
        Shift("s3", NOON, "eva", scheduled_min=0, logged_in_s=4_000, available_s=1_000),
    ]
    found = _found(phone, shifts)
    told = {name: (each.numerator, each.denominator, each.excluded) for name, each in found.items()}
    gone, unmeasured = Excluded("abandoned", 1), Excluded("not_measured", 1)
    assert told["att"] == (600, 3, (gone, unmeasured))  # 300 + 100 + 200 over three calls: 200 s
    assert told["aht"] == (390 + 140, 2, (gone, Excluded("not_measured", 2)))
    assert told["acw"] == (100, 2, (gone, Excluded("not_measured", 2)))
    assert told["daily_calls"] == (4, 3, ())  # ana, ben and eva worked on the one day
    assert told["login_time"] == (32_000, 2, ())
    assert told["occupancy"] == (530, 530 + 2_470, (Excluded("no_shift_or_not_measured", 2),))
    assert told["phone_time"] == (3_000, 2, (Excluded("no_shift_or_not_measured", 2),))
    assert told["adherence"] == (432, 960, (Excluded("not_scheduled", 1),))
    assert told["attendance"] == (1, 2, (Excluded("not_scheduled", 1),))
    # 5 s and 20 s are within 20; three were timed and one hung up: 2 of 4
    assert told["service_level"] == (2, 4, (unmeasured,))
    assert told["asa"] == (46, 3, (gone, unmeasured))
    assert told["abandon_rate"] == (1, 5, ())
    assert found["abandon_rate"].evidence == ("p4",)
    assert found["attendance"].evidence == ("s2",)


def test_abandoned_calls_stay_in_the_service_level() -> None:
    phone = [Phone("p1", NOON, wait_s=1), *(Phone(f"g{n}", NOON, answered=False) for n in range(9))]
    assert _found(phone)["service_level"].value == 10


def test_nothing_told_shows_nothing_and_no_zero() -> None:
    assert desk_kpis([], []) == []


def test_values_are_rounded_only_when_they_are_told() -> None:
    phone = [Phone(f"p{n}", NOON, talk_s=1) for n in range(2)] + [Phone("p3", NOON, talk_s=2)]
    att = _found(phone)["att"]
    assert att.value == Decimal(4) / 3
    assert att.as_json()["value"] == "1"
    assert att.as_json()["numerator"] == "4"


def test_a_day_is_an_agents_own() -> None:
    phone = [Phone(f"p{n}", NOON + timedelta(days=n % 2), "ana", talk_s=1) for n in range(6)]
    assert _found(phone)["daily_calls"].value == 3
