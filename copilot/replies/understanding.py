"""Everything that is read out of an item before an answer is drafted."""

import re
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from copilot.errors import BadInput
from copilot.replies.allegations import find_allegations, find_wishes, tells_of_wrong
from copilot.replies.deadlines import deadline_of
from copilot.replies.flags import find_flags
from copilot.replies.model import Allegation, CustomerMatch, DraftClass, Item, Quote, Understanding
from copilot.replies.topics import topic_of
from knowledge.pack import Pack
from knowledge.rules.bureaus import BureausFile
from knowledge.rules.channels import ChannelsFile

_AMOUNT: Final = re.compile(
    r"\{?\$\s?\d[\d,]*(?:\.\d{1,2})?\}?|\b\d[\d,]*(?:\.\d{2})?\s?(?:dollars|usd|dólares|pesos)\b", re.I
)
_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    "nov(?:ember)?|dec(?:ember)?|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
)
_DATE: Final = re.compile(
    rf"\b\d{{4}}-\d{{2}}-\d{{2}}\b|\b[\dX]{{1,4}}/[\dX]{{1,4}}/[\dX]{{2,4}}\b|"
    rf"\b(?:{_MONTHS})\.? \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?\b|"
    rf"\b\d{{1,2}} de (?:{_MONTHS})(?: de(?:l)? \d{{4}})?\b|"
    rf"\b(?:{_MONTHS})\.? (?:of )?\d{{4}}\b",
    re.IGNORECASE,
)


def understand(item: Item, pack: Pack, *, now: datetime, matches: Sequence[CustomerMatch] = ()) -> Understanding:
    """What an item says, wants, threatens and rests on, and by when it is to be answered.

    Args:
        item: what came in.
        pack: channels, bodies, flags and cues.
        now: the moment that days left are counted from.
        matches: who it may be from, see `match_customers`.

    Raises:
        BadInput: the pack has no channels.
    """
    channels, bureaus = channels_of(pack), pack.rule_file(BureausFile)
    body = bureaus.body(item.body_id) if bureaus and item.body_id else None
    channel = channels.channel(item.channel)
    draft_class: DraftClass = body.draft_class if body else channel.draft_class if channel else "private"
    return Understanding(
        item=item,
        draft_class=draft_class,
        allegations=_allegations(item),
        wishes=find_wishes(item.text, item.language),
        dates=_quotes(_DATE, item.text),
        amounts=_quotes(_AMOUNT, item.text),
        flags=find_flags(item.text, item.language, pack),
        matches=tuple(matches),
        deadline=deadline_of(item, bureaus, channels, now),
    )


def understood_json(found: Understanding) -> dict[str, Any]:
    """What was read out of an item, in JSON types: allegations, wishes, dates, amounts, who it may be, the deadline."""
    return {
        "wishes": [asdict(each) for each in found.wishes],
        "dates": [asdict(each) for each in found.dates],
        "amounts": [asdict(each) for each in found.amounts],
        "matches": [asdict(each) for each in found.matches],
        "allegations": [asdict(each) for each in found.allegations],
        "deadline": {"rule": found.deadline.rule, "warn": found.deadline.warn, "asks": found.deadline.asks},
    }


def largest_amount(found: Understanding) -> Decimal:
    """The largest sum of money the item names, 0 when it names none."""
    figures = (re.sub(r"[^\d.]", "", each.text).strip(".") for each in found.amounts)
    return max((Decimal(figure) for figure in figures if figure), default=Decimal(0))


def channels_of(pack: Pack) -> ChannelsFile:
    """The channels of a pack.

    Raises:
        BadInput: it has none.
    """
    channels = pack.rule_file(ChannelsFile)
    if channels is None:
        raise BadInput(
            f"The pack {pack.name} has no rules/channels.yaml: nothing says how long a reply may be. Add one."
        )
    return channels


def _allegations(item: Item) -> list[Allegation]:
    found = find_allegations(item.text, item.language)
    if item.kind != "complaint":  # who complains to a body has a ground, whatever the subject line says
        found = [each for each in found if tells_of_wrong(each.quote.text, item.language)]
    if found or item.rating is None or item.rating > 3:
        return found
    topic = topic_of(item.text, item.language)  # few stars are a complaint, whatever the words
    return [Allegation("a1", Quote(item.text, 0, len(item.text)), topic)]


def _quotes(pattern: re.Pattern[str], text: str) -> list[Quote]:
    return [Quote(found.group(), found.start(), found.end()) for found in pattern.finditer(text)]
