"""Times in promises, from the words to the calendar. The house is in Chicago and closes at 22:00."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from copilot.calls.note.due_at import Due, closing_time, due_at, local_time
from copilot.calls.note.due_phrases import find_due

CHICAGO = ZoneInfo("America/Chicago")
FRIDAY = datetime(2026, 11, 20, 9, 12, tzinfo=CHICAGO)
CLOSES = time(22)


def due(text: str, said_at: datetime = FRIDAY) -> Due | None:
    phrase = find_due(text)
    return due_at(phrase, said_at, closes=CLOSES) if phrase else None


def moment(text: str, said_at: datetime = FRIDAY) -> tuple[str, str] | None:
    found = due(text, said_at)
    return (found.at.strftime("%Y-%m-%d %H:%M"), found.precision) if found else None


@pytest.mark.parametrize(
    ("text", "at", "precision"),
    [
        ("I'll call you by Thursday at 3", "2026-11-26 15:00", "exact"),
        ("I'll call you within 24 hours", "2026-11-21 09:12", "exact"),
        ("in half an hour", "2026-11-20 09:42", "exact"),
        ("within the hour", "2026-11-20 10:12", "exact"),
        ("in two business days", "2026-11-24 22:00", "day"),
        ("You'll have it in three to five business days", "2026-11-27 22:00", "window"),
        ("I'll text you tomorrow morning", "2026-11-21 12:00", "window"),
        ("tomorrow between 8 and noon", "2026-11-21 12:00", "window"),
        ("the day after tomorrow", "2026-11-22 22:00", "day"),
        ("by the end of the month", "2026-11-30 22:00", "day"),
        ("by end of day", "2026-11-20 22:00", "day"),
        ("by the end of next week", "2026-11-27 22:00", "window"),
        ("by the 15th", "2026-12-15 22:00", "day"),
        ("on the 20th", "2026-11-20 22:00", "day"),
        ("Monday the twenty-third by noon", "2026-11-23 12:00", "exact"),
        ("December third at ten", "2026-12-03 10:00", "exact"),
        ("on 12/01/2026 at 3:30 pm", "2026-12-01 15:30", "exact"),
        ("by five today", "2026-11-20 17:00", "exact"),
        ("tonight at nine", "2026-11-20 21:00", "exact"),
        ("I'll call you by eight", "2026-11-20 20:00", "exact"),  # 8:00 has passed, and the house is open at 20:00
        ("Le llamo el lunes a las 10", "2026-11-23 10:00", "exact"),
        ("yo le marco el lunes veintitrés a las seis", "2026-11-23 18:00", "exact"),
        ("en dos días hábiles", "2026-11-24 22:00", "day"),
        ("dentro de 48 horas", "2026-11-22 09:12", "exact"),
        ("pasado mañana", "2026-11-22 22:00", "day"),
        ("mañana por la mañana", "2026-11-21 12:00", "window"),
        ("hoy a las cinco y media", "2026-11-20 17:30", "exact"),
        ("a más tardar el cuatro de enero", "2027-01-04 22:00", "day"),
        ("el martes de ocho a doce", "2026-11-24 12:00", "window"),
        ("a fin de mes", "2026-11-30 22:00", "day"),
    ],
)
def test_a_time_that_was_said_is_put_on_the_calendar(text: str, at: str, precision: str) -> None:
    assert moment(text) == (at, precision)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("by Friday", "2026-11-27 22:00"),  # named on a Friday it is the next one
        ("this Friday", "2026-11-20 22:00"),
        ("next Friday", "2026-11-27 22:00"),
        ("next Monday", "2026-11-23 22:00"),
        ("el viernes que viene", "2026-11-27 22:00"),
        ("el próximo lunes", "2026-11-23 22:00"),
        ("el lunes de la próxima semana", "2026-11-23 22:00"),
    ],
)
def test_a_weekday_said_on_a_friday(text: str, at: str) -> None:
    assert moment(text) == (at, "day")


def test_next_friday_said_on_a_wednesday_is_the_friday_of_the_week_after() -> None:
    wednesday = datetime(2026, 11, 18, 9, 0, tzinfo=CHICAGO)
    assert moment("next Friday", wednesday) == ("2026-11-27 22:00", "day")
    assert moment("on Friday", wednesday) == ("2026-11-20 22:00", "day")


def test_days_and_months_run_over_the_end_of_the_year() -> None:
    last_day = datetime(2026, 12, 31, 16, 0, tzinfo=CHICAGO)  # a Thursday
    assert moment("within two business days", last_day) == ("2027-01-04 22:00", "day")  # Friday, Monday
    assert moment("tomorrow at nine", last_day) == ("2027-01-01 09:00", "exact")
    assert moment("by the 2nd", last_day) == ("2027-01-02 22:00", "day")
    assert moment("on January 5th", last_day) == ("2027-01-05 22:00", "day")
    assert moment("in one month", last_day) == ("2027-01-31 22:00", "day")


def test_the_leap_day_is_there_in_leap_years_only() -> None:
    assert moment("tomorrow", datetime(2028, 2, 28, 9, 0, tzinfo=CHICAGO)) == ("2028-02-29 22:00", "day")
    assert moment("on february 29th", datetime(2028, 2, 1, 9, 0, tzinfo=CHICAGO)) == ("2028-02-29 22:00", "day")
    assert moment("end of the month", datetime(2027, 2, 1, 9, 0, tzinfo=CHICAGO)) == ("2027-02-28 22:00", "day")
    assert due("on february 29th", datetime(2026, 2, 1, 9, 0, tzinfo=CHICAGO)) is None
    assert moment("in one month", datetime(2028, 1, 31, 9, 0, tzinfo=CHICAGO)) == ("2028-02-29 22:00", "day")


def test_hours_are_counted_as_a_watch_counts_them_when_the_clocks_change() -> None:
    before = datetime(2027, 3, 13, 9, 0, tzinfo=CHICAGO)  # the clocks go forward in the night, so a day has 23 hours
    counted, named = due("within 24 hours", before), due("tomorrow at 9 am", before)
    assert counted is not None
    assert named is not None
    assert counted.at.isoformat() == "2027-03-14T10:00:00-05:00"
    assert named.at.isoformat() == "2027-03-14T09:00:00-05:00"


def test_an_hour_that_the_clocks_skip_is_an_hour_later() -> None:
    found = due("tomorrow at 2:30 am", datetime(2027, 3, 13, 9, 0, tzinfo=CHICAGO))
    assert found is not None
    assert found.at.isoformat() == "2027-03-14T03:30:00-05:00"


def test_the_offset_is_that_of_the_day_itself() -> None:
    found = due("by Monday at noon", datetime(2026, 10, 30, 9, 0, tzinfo=CHICAGO))  # clocks go back on November 1
    assert found is not None
    assert found.at.isoformat() == "2026-11-02T12:00:00-06:00"


@pytest.mark.parametrize(
    "text",
    [
        "I'll send it",
        "I'll take ten dollars off for six months",
        "I'll call you about your Monday appointment",
        "You'll see it on the December 1 bill",
        "It has been broken since Monday",
        "within one billing cycle",
        "That's five dollars at 5 dollars each",
        "por seis meses",
        "desde el lunes",
        "",
        "at " * 5000,
        "monday " * 3000,
    ],
)
def test_what_names_no_time_ahead_is_not_guessed(text: str) -> None:
    found = find_due(text)
    assert found is None or len(text) > 9000  # a long row of Mondays is a time, and read in no time


@pytest.mark.parametrize(
    "text",
    ["by Thursday the 23rd", "Sunday the 22nd or Monday the 23rd", "on the 45th", "on 13/45/2026", "half a week"],
)
def test_words_that_contradict_each_other_have_no_date(text: str) -> None:
    assert due(text) is None


def test_a_corrected_time_gives_way_to_the_correction() -> None:
    assert moment("by Monday, no, sorry, Tuesday at two") == ("2026-11-24 14:00", "exact")
    assert moment("you'll see it on the January bill, no, sorry, December first") == ("2026-12-01 22:00", "day")


def test_the_time_behind_the_promise_counts_and_takes_its_day_along() -> None:
    text = "A visit is Saturday two to six, and then I call you Tuesday at three"
    found = find_due(text, text.index("I call"))
    assert found is not None
    assert found.said == "Tuesday at three"
    text = "It's on my list for Monday the twenty-third, I call you by two in the afternoon"
    found = find_due(text, text.index("I call"))
    assert found is not None
    assert found.said == "Monday the twenty-third, by two in the afternoon"
    placed = due_at(found, FRIDAY, closes=CLOSES)
    assert placed is not None
    assert placed.at.isoformat() == "2026-11-23T14:00:00-06:00"


@pytest.mark.parametrize(
    ("hours", "closes"), [("7:00-22:00", time(22)), ("8:00 – 17:30", time(17, 30)), ("always", time(23, 59))]
)
def test_the_day_ends_when_the_house_closes(hours: str, closes: time) -> None:
    assert closing_time(hours) == closes


def test_a_turn_is_placed_in_the_time_of_the_house() -> None:
    at = local_time("2026-11-20T16:40:00-07:00", 60_000, "America/Chicago")
    assert at is not None
    assert at.isoformat() == "2026-11-20T17:41:00-06:00"
    assert local_time(None, 60_000, "America/Chicago") is None
    naive = local_time("2026-07-01T10:00:00", None, "America/Chicago")
    assert naive is not None
    assert naive.isoformat() == "2026-07-01T10:00:00-05:00"
