"""Contact Lens segment streams. The messages are built by hand in the form AWS documents; none is a recording."""

import json
from typing import Any

import pytest

from copilot.errors import BadInput
from copilot.feeds import CallEnded, CallStarted, FeedEvent, Ignored, TurnHeard, read_contact_lens

CONTACT = "a1b2c3d4-5678-90ab-cdef-222222222222"
UTTERANCE = {
    "Utterance": {
        "Id": "u-1",
        "TranscriptId": "tr-1",
        "ParticipantId": "CUSTOMER",
        "ParticipantRole": "CUSTOMER",
        "PartialContent": "I want to",
        "BeginOffsetMillis": 4000,
        "EndOffsetMillis": 4600,
    }
}
TRANSCRIPT = {
    "Transcript": {
        "Id": "tr-1",
        "ParticipantId": "CUSTOMER",
        "ParticipantRole": "CUSTOMER",
        "Content": "I want to cancel.",
        "BeginOffsetMillis": 4000,
        "EndOffsetMillis": 5200,
        "Sentiment": "NEGATIVE",
        "IssuesDetected": [{"CharacterOffsets": {"BeginOffsetChar": 0, "EndOffsetChar": 17}}],
    }
}


def voice(event: str, *segments: dict[str, Any]) -> dict[str, Any]:
    head = {"Version": "1.0.0", "Channel": "VOICE", "AccountId": "123456789012", "InstanceId": "i-1"}
    return {**head, "ContactId": CONTACT, "LanguageCode": "es-US", "EventType": event, "Segments": list(segments)}


def chat(event: str, output: str, output_type: str, content: str, **changes: str) -> dict[str, Any]:
    said = {"Id": "m-1", "ParticipantId": "p", "ParticipantRole": "AGENT", "Content": content}
    time = {"AbsoluteTime": "2026-11-20T17:05:04.500Z"}
    return {
        "Version": "2.0.0",
        "Channel": "CHAT",
        "ContactId": CONTACT,
        "OutputType": output_type,
        "StreamingEventType": event,
        "StreamingSettings": {"LanguageCode": "en-US", "Output": output, "RedactionTypes": ["PII"]},
        "Segments": [{"Transcript": {**said, "ContentType": "text/plain", "Time": time, **changes}}],
    }


def read(*messages: dict[str, Any]) -> list[FeedEvent]:
    return list(read_contact_lens(json.dumps(messages[0] if len(messages) == 1 else messages)))


def heard(event: FeedEvent) -> TurnHeard:
    assert isinstance(event, TurnHeard)
    return event


def test_an_utterance_is_a_partial_of_the_transcript_it_names() -> None:
    partial, final = (heard(event) for event in read(voice("SEGMENTS", UTTERANCE, TRANSCRIPT)))
    assert (partial.is_final, partial.corrects, partial.turn.text) == (False, False, "I want to")
    assert (final.is_final, final.corrects, final.turn.text) == (True, True, "I want to cancel.")
    assert partial.turn.turn_id == final.turn.turn_id == "tr-1"
    assert (final.turn.speaker, final.turn.t_ms, final.call.language) == ("customer", 4000, "es")


def test_a_session_begins_and_ends_a_call_also_when_it_failed() -> None:
    started, completed, failed = read(voice("STARTED"), voice("COMPLETED"), voice("FAILED"))
    assert isinstance(started, CallStarted)
    assert (started.call.call_id, started.call.channel) == (CONTACT, "voice")
    assert completed == failed == CallEnded(CONTACT)


def test_chat_names_its_event_differently_and_has_a_clock() -> None:
    event = heard(read(chat("SEGMENTS", "Raw", "Raw", "Hello."))[0])
    assert (event.turn.turn_id, event.turn.speaker, event.call.channel) == ("m-1", "agent", "chat")
    assert event.at is not None
    assert event.at.isoformat() == "2026-11-20T17:05:04.500000+00:00"


def test_where_raw_and_redacted_words_are_sent_the_redacted_ones_are_taken() -> None:
    raw, redacted = read(
        chat("SEGMENTS", "RedactedAndRaw", "Raw", "I am Leo."),
        chat("SEGMENTS", "RedactedAndRaw", "Redacted", "I am [PII]."),
    )
    assert isinstance(raw, Ignored)
    assert heard(redacted).turn.text == "I am [PII]."


def test_segments_without_words_are_ignored() -> None:
    categories = {"Categories": {"MatchedCategories": ["x"]}}
    summary = {"PostContactSummary": {"Content": "…"}}
    assert [type(event) for event in read(voice("SEGMENTS", categories, summary))] == [Ignored, Ignored]
    picker = read(
        chat("SEGMENTS", "Raw", "Raw", "{}", ContentType="application/vnd.amazonaws.connect.message.interactive")
    )
    assert isinstance(picker[0], Ignored)


def test_an_unknown_role_is_nobody_we_know() -> None:
    segment = {"Transcript": {**TRANSCRIPT["Transcript"], "ParticipantRole": "SUPERVISOR"}}
    assert heard(read(voice("SEGMENTS", segment))[0]).turn.speaker == "unknown"


def test_a_truncated_message_is_refused_without_repeating_it() -> None:
    whole = json.dumps(voice("SEGMENTS", TRANSCRIPT))
    with pytest.raises(BadInput, match="not valid JSON") as refused:
        read_contact_lens(whole[: whole.index("cancel")])
    assert "I want" not in str(refused.value)


@pytest.mark.parametrize("body", ["[]", "[1]", '"text"', "[" * 100_000, b"\xff\xfe"])
def test_what_is_no_message_is_refused(body: str | bytes) -> None:
    with pytest.raises(BadInput, match="Contact Lens"):
        read_contact_lens(body)


def test_a_missing_field_is_named_and_nothing_of_the_list_is_used() -> None:
    nameless = {"Transcript": {key: value for key, value in TRANSCRIPT["Transcript"].items() if key != "Id"}}
    with pytest.raises(BadInput, match="Transcript: Id is missing"):
        read(voice("STARTED"), voice("SEGMENTS", nameless))
