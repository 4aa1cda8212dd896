"""By when an answer is due: the date printed on the notice, else what the body or its office allows, else nothing.

Where the pack gives a body no number of days, nothing is guessed: the person who opens the case must enter the date.
"""

from datetime import datetime, timedelta

from copilot.replies.model import Deadline, Item
from knowledge.day_counts import add_days
from knowledge.rules.bureaus import Body, BureausFile
from knowledge.rules.bureaus import Deadline as Allowed
from knowledge.rules.channels import ChannelsFile


def deadline_of(item: Item, bureaus: BureausFile | None, channels: ChannelsFile, now: datetime) -> Deadline:
    """When the answer is due, and whether to warn.

    Args:
        item: what came in.
        bureaus: bodies and offices; None where the pack has none.
        channels: how soon posts, reviews and messages are acknowledged.
        now: the moment that days left are counted from.
    """
    body = bureaus.body(item.body_id) if bureaus and item.body_id else None
    if item.due_at is not None:
        return _deadline(item, item.due_at, "printed", bureaus, now)
    if body is None:
        channel = channels.channel(item.channel)
        minutes = channel.acknowledge_minutes if channel else None
        wait = timedelta(minutes=minutes) if minutes else timedelta(hours=channels.acknowledge_hours_otherwise)
        return _deadline(item, item.received_at + wait, "acknowledge", bureaus, now)
    allowed, rule = _allowed(body, item.office)
    if allowed.days is None:
        return Deadline(None, rule, None, warn=True, asks=f"Enter the date printed on the notice of {body.title}.")
    return _deadline(item, add_days(item.received_at, allowed.days, allowed.day_kind), rule, bureaus, now)


def _allowed(body: Body, office: str | None) -> tuple[Allowed, str]:
    plain = "_".join((office or "").lower().replace("-", " ").split())
    for each in body.offices:
        if plain and plain in (each.office, "_".join(each.title.lower().split())):
            return each, f"{body.body_id}/{each.office}"
    return body.first_answer, body.body_id


def _deadline(item: Item, due_at: datetime, rule: str, bureaus: BureausFile | None, now: datetime) -> Deadline:
    left = (due_at - now).total_seconds() / 86_400
    half = item.received_at + (due_at - item.received_at) / 2
    warns_at_half = bureaus is None or bureaus.warn_at_half_time
    warn = left <= (bureaus.warn_days_left if bureaus and rule != "acknowledge" else 0) or (
        warns_at_half and now >= half
    )
    return Deadline(due_at, rule, int(left // 1), warn)
