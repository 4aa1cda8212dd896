"""Where calls come from: one file per source. Files give transcripts, live sources give `FeedEvent`s."""

from copilot.feeds.contact_lens import read_contact_lens
from copilot.feeds.events import CallEnded, CallStarted, FeedEvent, Ignored, TurnHeard
from copilot.feeds.genesys import check_channel, read_genesys
from copilot.feeds.messages import json_messages
from copilot.feeds.own import read_own, read_own_message
from copilot.feeds.signatures import Deliveries, TwilioSecrets, check_standard, check_twilio, sign_standard
from copilot.feeds.transcript_file import (
    MAX_TURN_CHARACTERS,
    TranscriptRecord,
    TurnRecord,
    parse_transcripts,
    read_transcripts,
)
from copilot.feeds.twilio import check_track, read_twilio
from copilot.feeds.webvtt import Voices, read_webvtt, read_webvtt_file

__all__ = [
    "MAX_TURN_CHARACTERS",
    "CallEnded",
    "CallStarted",
    "Deliveries",
    "FeedEvent",
    "Ignored",
    "TranscriptRecord",
    "TurnHeard",
    "TurnRecord",
    "TwilioSecrets",
    "Voices",
    "check_channel",
    "check_standard",
    "check_track",
    "check_twilio",
    "json_messages",
    "parse_transcripts",
    "read_contact_lens",
    "read_genesys",
    "read_own",
    "read_own_message",
    "read_transcripts",
    "read_twilio",
    "read_webvtt",
    "read_webvtt_file",
    "sign_standard",
]
