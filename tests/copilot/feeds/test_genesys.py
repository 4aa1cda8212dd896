"""Genesys Cloud transcription. The messages are built by hand in the form Genesys documents; none is a recording."""

import json
from typing import Any

import pytest

from copilot.errors import BadInput
from copilot.feeds import CallEnded, FeedEvent, Ignored, TurnHeard, read_genesys

CONVERSATION = "11111111-2222-3333-4444-555555555555"
STARTED_MS = 1_795_194_300_000  # 2026-11-20T17:05:00Z


def utterance(text: str, *, final: bool = True, channel: str = "EXTERNAL", confidence: float = 0.9) -> dict[str, Any]:
    said = {"confidence": confidence, "offsetMs": 4500, "durationMs": 900, "transcript": text}
    return {
        "utteranceId": "utt-1",
        "isFinal": final,
        "channel": channel,
        "alternatives": [{**said, "decoratedTranscript": text.capitalize()}],
        "engineProvider": "GENESYS",
    }


def body(*utterances: dict[str, Any], status: str = "SESSION_ONGOING") -> dict[str, Any]:
    return {
        "eventTime": "2026-11-20T17:05:06.000Z",
        "organizationId": "org",
        "conversationId": CONVERSATION,
        "communicationId": "com",
        "sessionStartTimeMs": STARTED_MS,
        "transcriptionStartTimeMs": STARTED_MS,
        "transcripts": list(utterances),
        "status": {"offsetMs": 6000, "status": status},
    }


def notification(event_body: dict[str, Any]) -> dict[str, Any]:
    return {"topicName": f"v2.conversations.{CONVERSATION}.transcription", "version": "2", "eventBody": event_body}


def eventbridge(event_body: dict[str, Any]) -> dict[str, Any]:
    head = {"version": "0", "id": "x", "detail-type": "v2.conversations.{id}.transcription", "source": "genesys"}
    return {**head, "detail": notification(event_body)}


def read(message: dict[str, Any], agent_channel: str = "INTERNAL") -> list[FeedEvent]:
    return list(read_genesys(json.dumps(message), agent_channel=agent_channel))


def heard(event: FeedEvent) -> TurnHeard:
    assert isinstance(event, TurnHeard)
    return event


def test_an_utterance_is_placed_by_the_clock_of_its_session() -> None:
    event = heard(read(notification(body(utterance("i want to cancel"))))[0])
    assert (event.call.call_id, event.turn.turn_id, event.turn.speaker) == (CONVERSATION, "utt-1", "customer")
    assert (event.is_final, event.corrects, event.turn.text) == (True, True, "i want to cancel")
    assert event.at is not None
    assert event.at.isoformat() == "2026-11-20T17:05:04.500000+00:00"


def test_the_wrapping_of_eventbridge_changes_nothing() -> None:
    plain = body(utterance("hello"))
    assert read(plain) == read(notification(plain)) == read(eventbridge(plain)) == read({"detail": plain})


def test_an_unfinished_utterance_is_a_partial_of_the_same_turn() -> None:
    partial, final = (heard(read(body(utterance("hello", final=final)))[0]) for final in (False, True))
    assert (partial.is_final, final.is_final) == (False, True)
    assert partial.turn.turn_id == final.turn.turn_id


def test_of_several_alternatives_the_surest_is_taken() -> None:
    both = utterance("i want to counsel", confidence=0.4)
    both["alternatives"] += utterance("i want to cancel", confidence=0.8)["alternatives"]
    assert heard(read(body(both))[0]).turn.text == "i want to cancel"


@pytest.mark.parametrize(
    ("agent_channel", "speakers"),
    [("INTERNAL", ["agent", "customer"]), ("EXTERNAL", ["customer", "agent"]), ("", ["unknown", "unknown"])],
)
def test_who_speaks_is_configured_and_never_guessed(agent_channel: str, speakers: list[str]) -> None:
    message = body(utterance("a", channel="INTERNAL"), utterance("b", channel="EXTERNAL"))
    assert [heard(event).turn.speaker for event in read(message, agent_channel)] == speakers


def test_a_keep_alive_and_the_channels_own_heartbeat_are_ignored() -> None:
    assert read(body()) == [Ignored("a keep-alive")]
    heartbeat = {"topicName": "channel.metadata", "eventBody": {"message": "WebSocket Heartbeat"}}
    assert isinstance(read(heartbeat)[0], Ignored)


def test_the_end_of_the_session_is_the_end_of_the_call_after_its_last_words() -> None:
    events = read(body(utterance("bye"), status="SESSION_ENDED"))
    assert [type(event) for event in events] == [TurnHeard, CallEnded]


def test_without_a_clock_the_offset_places_the_turn() -> None:
    message = {**body(utterance("hello")), "sessionStartTimeMs": None, "transcriptionStartTimeMs": None}
    event = heard(read(message)[0])
    assert (event.at, event.turn.t_ms) == (None, 4500)


def test_truncated_and_incomplete_messages_are_refused() -> None:
    whole = json.dumps(body(utterance("my card is 4539")))
    with pytest.raises(BadInput, match="not valid JSON") as refused:
        read_genesys(whole[:-40])
    assert "4539" not in str(refused.value)
    incomplete = {key: value for key, value in body(utterance("x")).items() if key != "conversationId"}
    with pytest.raises(BadInput, match="conversationId is missing"):
        read(incomplete)
    with pytest.raises(BadInput, match="sessionStartTimeMs"):
        read({**body(utterance("x")), "sessionStartTimeMs": 10**20})


def test_a_channel_genesys_does_not_have_is_refused() -> None:
    with pytest.raises(BadInput, match="INTERNAL, EXTERNAL"):
        read(body(utterance("x")), agent_channel="LEFT")
