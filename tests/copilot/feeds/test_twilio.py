"""Twilio Real-Time Transcription. The messages are built by hand in the form Twilio documents; none is a recording."""

import json

import pytest

from copilot.errors import BadInput
from copilot.feeds import CallEnded, CallStarted, Ignored, TurnHeard, read_twilio
from copilot.transcript import Place

SID, CALL = "GT0123456789abcdef0123456789abcdef", "CA0123456789abcdef0123456789abcdef"


def form(event: str = "transcription-content", **changes: str) -> dict[str, str]:
    """One callback, as posted; `Final` content of the inbound track unless changed."""
    fields = {
        "AccountSid": "AC0123456789abcdef0123456789abcdef",
        "CallSid": CALL,
        "TranscriptionSid": SID,
        "Timestamp": "2026-11-20T17:05:04.500000Z",
        "SequenceId": "4",
        "TranscriptionEvent": event,
    }
    if event == "transcription-content":
        words = json.dumps({"transcript": "I want to cancel.", "confidence": 0.98})
        fields |= {"LanguageCode": "en-US", "Track": "inbound_track", "TranscriptionData": words, "Final": "true"}
    return {**fields, **changes}


def heard(fields: dict[str, str], agent_track: str = "outbound_track") -> TurnHeard:
    (event,) = read_twilio(fields, agent_track=agent_track)
    assert isinstance(event, TurnHeard)
    return event


def test_a_final_has_an_id_of_the_vendors_own_ids_and_its_place_on_the_track() -> None:
    event = heard(form())
    assert (event.is_final, event.corrects, event.call.call_id) == (True, False, CALL)
    assert (event.turn.turn_id, event.turn.speaker, event.turn.text) == (f"{SID}-4", "customer", "I want to cancel.")
    assert event.turn.place == Place(f"{SID}-inbound_track", 4)
    assert event.at is not None
    assert event.at.isoformat() == "2026-11-20T17:05:04.500000+00:00"
    assert event.call.language == "en"


def test_partials_of_a_track_go_by_the_track_whatever_their_number() -> None:
    first, second = (heard(form(Final="false", Stability="0.9", SequenceId=number)) for number in ("2", "3"))
    assert not first.is_final
    assert first.turn.turn_id == second.turn.turn_id == f"{SID}-inbound_track"


@pytest.mark.parametrize(
    ("agent_track", "speaker"), [("inbound_track", "agent"), ("outbound_track", "customer"), ("", "unknown")]
)
def test_who_speaks_is_configured_and_never_guessed(agent_track: str, speaker: str) -> None:
    assert heard(form(), agent_track).turn.speaker == speaker


def test_start_and_stop_become_the_call_and_its_end() -> None:
    (started,) = read_twilio(form("transcription-started"), customer_id="C-1001")
    assert isinstance(started, CallStarted)
    assert (started.call.call_id, started.call.customer_id) == (CALL, "C-1001")
    assert read_twilio(form("transcription-stopped")) == [CallEnded(CALL)]


def test_an_error_and_an_unknown_event_are_ignored_with_the_reason() -> None:
    error = form("transcription-error", TranscriptionErrorCode="32655")
    assert read_twilio(error) == [Ignored("Twilio reports a transcription error 32655")]
    assert isinstance(read_twilio(form("transcription-something-new"))[0], Ignored)


def test_fields_we_do_not_know_are_left_alone() -> None:
    assert heard(form(ProviderData="{}", PartialResults="true")) == heard(form())


@pytest.mark.parametrize("field", ["CallSid", "TranscriptionSid", "SequenceId", "Track", "TranscriptionData", "Final"])
def test_a_missing_field_is_named(field: str) -> None:
    fields = form()
    del fields[field]
    with pytest.raises(BadInput, match=f"{field} is missing"):
        read_twilio(fields)


def test_truncated_words_are_refused_without_repeating_them() -> None:
    with pytest.raises(BadInput, match="TranscriptionData: not valid JSON") as refused:
        read_twilio(form(TranscriptionData='{"transcript": "my card is 4539 14'))
    assert "4539" not in str(refused.value)


@pytest.mark.parametrize(("field", "value"), [("SequenceId", "four"), ("SequenceId", "-1"), ("Track", "both_tracks")])
def test_a_value_twilio_does_not_send_is_refused(field: str, value: str) -> None:
    with pytest.raises(BadInput, match=field):
        read_twilio(form(**{field: value}))


def test_a_track_twilio_does_not_have_is_refused_with_those_it_has() -> None:
    with pytest.raises(BadInput, match="inbound_track, outbound_track"):
        read_twilio(form(), agent_track="left")


def test_a_time_that_cannot_be_read_costs_only_the_order() -> None:
    assert heard(form(Timestamp="yesterday")).at is None
