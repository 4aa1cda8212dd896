"""Channels as people and platforms call them."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from copilot.errors import BadInput
from copilot.replies.model import Kind
from knowledge.rules.channels import Channel, ChannelsFile

KIND_OF_GROUP: Mapping[str, Kind] = MappingProxyType(
    {
        "social": "post",
        "review": "review",
        "letter": "message",
        "message": "message",
        "complaint": "complaint",
        "survey": "survey",
    }
)
_ALIASES = {
    "x": "twitter tweet xtwitter",
    "facebook": "fb meta facebookpage",
    "instagram": "ig insta",
    "youtube": "yt",
    "google_business": "google googlereview googlereviews gbp gmb googlemaps googlebusinessprofile",
    "google_play": "play playstore googleplaystore android",
    "app_store": "apple appleappstore ios itunes appstorereview",
    "bbb_complaint": "bbb betterbusinessbureau",
    "fcc_complaint": "fcc fccinformal federalcommunicationscommission",
    "cfpb_complaint": "cfpb consumerfinancialprotectionbureau",
    "state_complaint": "puc psc ag attorneygeneral stateattorneygeneral commission statecommission state dps",
    "email": "mail eml gmail outlook escalation escalationform",
    "letter": "post mailletter fax",
    "chat": "webchat livechat messenger whatsapp dm",
    "sms": "text textmessage",
    "survey": "nps csat ces surveyanswer questionnaire",
}
_CHANNEL_OF = {alias: channel for channel, aliases in _ALIASES.items() for alias in aliases.split()}


def channel_of(name: str, channels: ChannelsFile) -> Channel:
    """The channel of that name or of what it is commonly called ("CFPB", "Google Play", "twitter").

    Raises:
        BadInput: there is none; names those there are.
    """
    plain = re.sub(r"[^a-z0-9]", "", name.lower())
    found = next((each for each in channels.channels if each.channel.replace("_", "") == plain), None)
    found = found or channels.channel(_CHANNEL_OF.get(plain, ""))
    if found is None:
        there = ", ".join(each.channel for each in channels.channels)
        said = f"The channel {name[:60]!r} is unknown" if name else "The item names no channel"
        raise BadInput(f"{said}; allowed are: {there}. Give one of them.")
    return found
