"""Red flags of a call: which were raised, by which exact words, and which process route owns what comes of each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from knowledge.day_counts import add_days
from knowledge.rules.flags import Flag, FlagsFile, Severity

# By when the owner of a flag has taken it over; house defaults, no law.
_WITHIN: Mapping[Severity, timedelta] = MappingProxyType({"critical": timedelta(hours=1), "high": timedelta(hours=4)})
_WITHIN_DAYS: Mapping[Severity, int] = MappingProxyType({"medium": 1, "low": 2})


@dataclass(frozen=True)
class Turn:
    """What somebody said, masked, as it stands in the log after corrections."""

    turn_id: str
    speaker: str
    text: str


@dataclass(frozen=True)
class Raised:
    """A flag of the pack, and the turns whose words raised it."""

    flag: Flag
    turn_ids: tuple[str, ...]


def turns_of(events: Iterable[Mapping[str, Any]]) -> dict[str, Turn]:
    """The turns of a call by id, in the order they were said.

    Args:
        events: of one call, `{type, body}`, as `copilot replay` prints them.
    """
    found: dict[str, Turn] = {}
    for event in events:
        body = event.get("body") or {}
        if event.get("type") in ("turn.final", "turn.corrected") and body.get("turn_id") and "text" in body:
            turn_id = str(body["turn_id"])
            speaker = body.get("speaker") or (found[turn_id].speaker if turn_id in found else "unknown")
            found[turn_id] = Turn(turn_id, str(speaker), str(body["text"]))
    return found


def raised_in(events: Iterable[Mapping[str, Any]], flags: FlagsFile | None) -> list[Raised]:
    """The flags of a call, the gravest of the pack first, each with the turns that raised it."""
    turns: dict[str, dict[str, None]] = {}
    for event in events:
        body = event.get("body") or {}
        kind = event.get("type")
        name = body.get("flag") if kind == "alert.raised" else None
        if kind == "cue.raised" and body.get("kind") == "flag":
            name = body.get("cue_id")
        if name:
            turns.setdefault(str(name), {})[str(body.get("turn_id") or "")] = None
    known = flags.flags if flags else ()
    return [
        Raised(flag, tuple(turn_id for turn_id in turns[flag.flag_id] if turn_id))
        for flag in known
        if flag.flag_id in turns
    ]


def take_over_by(flags: Sequence[Flag], since: datetime) -> datetime:
    """When the owner must have taken the gravest of these flags over; business days for those that are not urgent.

    Raises:
        ValueError: no flag is given.
    """
    return min(_due(flag, since) for flag in flags)


def _due(flag: Flag, since: datetime) -> datetime:
    within = _WITHIN.get(flag.severity)
    return since + within if within else add_days(since, _WITHIN_DAYS[flag.severity], "business")
