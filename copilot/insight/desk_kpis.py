"""The figures of the desk: how long, how many, how well staffed. Formulas: domain handbook, section 7.4."""

from collections.abc import Iterator, Sequence

from copilot.insight.facts import Phone, Shift
from copilot.insight.kpi import Kpi, kpi

ANSWER_WITHIN_S = 20
"""The threshold of the service level: 80/20 is the usual goal."""
SHOWN = 50


def desk_kpis(phone: Sequence[Phone], shifts: Sequence[Shift], *, within_s: int = ANSWER_WITHIN_S) -> list[Kpi]:
    """Every figure of the desk there is something to count for.

    Args:
        phone: each call offered, abandoned ones included.
        shifts: each day of each agent on the roster.
        within_s: threshold of the service level, in seconds.
    """
    staffing = _staffing(phone, shifts) if shifts else ()
    found = [*_durations(phone), *_calls_a_day(phone, shifts), *staffing, *_queue(phone, within_s)]
    return [each for each in found if each.denominator or each.excluded]


def _durations(phone: Sequence[Phone]) -> Iterator[Kpi]:
    handled = [each for each in phone if each.answered]
    abandoned = len(phone) - len(handled)
    talked = [each for each in handled if each.talk_s is not None]
    longest = sorted(talked, key=lambda each: -(each.talk_s or 0))
    yield kpi(
        "att",
        sum(each.talk_s or 0 for each in talked),
        len(talked),
        "seconds",
        excluded={"abandoned": abandoned, "not_measured": len(handled) - len(talked)},
        evidence=[each.fact_id for each in longest[:SHOWN]],
    )
    whole = [each for each in handled if each.handle_s is not None]
    slow = sorted(whole, key=lambda each: -(each.handle_s or 0))
    yield kpi(
        "aht",
        sum(each.handle_s or 0 for each in whole),
        len(whole),
        "seconds",
        excluded={"abandoned": abandoned, "not_measured": len(handled) - len(whole)},
        evidence=[each.fact_id for each in slow[:SHOWN]],
    )
    after = [each for each in handled if each.acw_s is not None]
    yield kpi(
        "acw",
        sum(each.acw_s or 0 for each in after),
        len(after),
        "seconds",
        excluded={"abandoned": abandoned, "not_measured": len(handled) - len(after)},
        evidence=[each.fact_id for each in sorted(after, key=lambda each: -(each.acw_s or 0))[:SHOWN]],
    )


def _calls_a_day(phone: Sequence[Phone], shifts: Sequence[Shift]) -> Iterator[Kpi]:
    known = [each for each in phone if each.answered and each.agent is not None]
    days = {(each.agent, each.at.date()) for each in known}
    days |= {(each.agent, each.at.date()) for each in shifts if each.logged_in_s}
    nobody = sum(each.answered for each in phone) - len(known)
    yield kpi("daily_calls", len(known), len(days), "per_day", excluded={"no_agent": nobody})


def _staffing(phone: Sequence[Phone], shifts: Sequence[Shift]) -> Iterator[Kpi]:
    worked = [each for each in shifts if each.logged_in_s]
    scheduled = [each for each in shifts if each.scheduled_min]
    on_days = {(each.agent, each.at.date()) for each in worked}
    handled = [each for each in phone if each.answered]
    theirs = [each for each in handled if (each.agent, each.at.date()) in on_days and each.handle_s is not None]
    handle = sum(each.handle_s or 0 for each in theirs)
    available = sum(each.available_s for each in worked)
    left_out = {"no_shift_or_not_measured": len(handled) - len(theirs)}
    yield kpi("login_time", sum(each.logged_in_s for each in worked), len(worked), "seconds")
    yield kpi("phone_time", handle + available if worked else 0, len(worked), "seconds", excluded=left_out)
    yield kpi("occupancy", handle, handle + available if worked else 0, excluded=left_out)
    yield kpi(
        "adherence",
        sum(each.adherent_min for each in scheduled),
        sum(each.scheduled_min for each in scheduled),
        excluded={"not_scheduled": len(shifts) - len(scheduled)},
    )
    yield kpi(
        "attendance",
        sum(bool(each.logged_in_s) for each in scheduled),
        len(scheduled),
        excluded={"not_scheduled": len(shifts) - len(scheduled)},
        evidence=[each.fact_id for each in scheduled if not each.logged_in_s],
    )


def _queue(phone: Sequence[Phone], within_s: int) -> Iterator[Kpi]:
    answered = [each for each in phone if each.answered]
    timed = [each for each in answered if each.wait_s is not None]
    in_time = sum((each.wait_s or 0) <= within_s for each in timed)
    not_measured = len(answered) - len(timed)
    gone = [each for each in phone if not each.answered]
    # abandoned calls stay in the denominator: without them a queue nobody waits in looks best
    offered = len(timed) + len(gone)
    late = [each.fact_id for each in timed if (each.wait_s or 0) > within_s]
    yield kpi(
        "service_level",
        in_time,
        offered,
        excluded={"not_measured": not_measured},
        evidence=[*(each.fact_id for each in gone), *late][:SHOWN],
        within_s=within_s,
    )
    yield kpi(
        "asa",
        sum(each.wait_s or 0 for each in timed),
        len(timed),
        "seconds",
        excluded={"abandoned": len(gone), "not_measured": not_measured},
    )
    yield kpi("abandon_rate", len(gone), len(phone), evidence=[each.fact_id for each in gone[:SHOWN]])
