import pytest

from tests.copilot.calls.watchers.conftest import Line, PlayCall

CANCEL: Line = ("customer", "I want to cancel my internet service.", 1_000)


def signs(play_call: PlayCall, *lines: Line) -> list[str]:
    played = play_call(*lines, state="TX")
    return [card["about"] for card in played.cards("obstruction:")]


def test_a_transfer_after_the_request_is_warned_of(play_call: PlayCall) -> None:
    transfer: Line = ("agent", "I will transfer you to another department.")
    assert signs(play_call, CANCEL, transfer, transfer) == ["obstruction:transfer"]


@pytest.mark.parametrize(
    "before", [("customer", "Let me speak to a manager."), ("customer", "I am going to kill myself if this goes on.")]
)
def test_a_transfer_the_customer_asked_for_or_needs_is_none(play_call: PlayCall, before: Line) -> None:
    assert signs(play_call, CANCEL, before, ("agent", "Let me get my supervisor, I will connect you to her.")) == []


def test_before_the_request_and_after_completion_nothing_is_counted(play_call: PlayCall) -> None:
    transfer: Line = ("agent", "I will transfer you to billing.")
    done: Line = ("agent", "Your cancellation is complete.")
    assert signs(play_call, transfer, CANCEL, done, transfer) == []


@pytest.mark.parametrize(("back_at_ms", "warned"), [(123_000, []), (124_000, ["obstruction:long-hold"])])
def test_a_hold_of_more_than_two_minutes_is_warned_of(play_call: PlayCall, back_at_ms: int, warned: list[str]) -> None:
    lines: tuple[Line, ...] = (
        CANCEL,
        ("agent", "Can I put you on a brief hold?", 2_000),
        ("customer", "Okay.", 3_000),
        ("agent", "Thanks for waiting.", back_at_ms),  # 120 s after "Okay" are allowed, 121 s are not
    )
    assert signs(play_call, *lines) == warned


def test_a_customer_who_talks_is_not_on_hold_and_no_times_mean_no_hold(play_call: PlayCall) -> None:
    hold: Line = ("agent", "One moment please, bear with me a second.", 2_000)
    talk: tuple[Line, ...] = tuple(("customer", "and then", 2_000 + 60_000 * n) for n in range(1, 5))
    assert signs(play_call, CANCEL, hold, *talk, ("agent", "I see.", 250_000)) == []


def test_the_reason_may_be_asked_once(play_call: PlayCall) -> None:
    why: Line = ("agent", "May I ask what the main reason for leaving is?")
    answer: Line = ("customer", "It costs too much.")
    assert signs(play_call, CANCEL, why, answer) == []


def test_the_reason_asked_twice_is_warned_of_in_both_languages(play_call: PlayCall) -> None:
    spanish = play_call(
        ("customer", "Quiero cancelar mi internet"), ("agent", "¿Por qué quiere cancelar?"),
        ("customer", "Es muy caro."), ("agent", "¿Cuál es el motivo principal?"),
        state="TX", language="es",
    )  # fmt: skip
    assert [card["body"] for card in spanish.cards("obstruction:")] == [
        "Ya preguntó el motivo. No lo pregunte otra vez."
    ]


def test_a_third_pitch_is_warned_of(play_call: PlayCall) -> None:
    pitch: Line = ("agent", "I can waive the fee for you.")
    no: Line = ("customer", "That's not enough.")
    assert signs(play_call, CANCEL, pitch, no, pitch, no) == []
    played = play_call(CANCEL, pitch, no, pitch, no, pitch, state="TX", call_id="third")
    assert [card["about"] for card in played.cards("obstruction:")] == ["obstruction:third-pitch"]
