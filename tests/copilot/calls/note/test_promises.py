"""Who promised what, until when and how."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from copilot.calls.live import LiveCalls
from copilot.calls.note.promises import channel_in
from copilot.transcript import Speaker, Turn
from tests.copilot.conftest import call


def promises(live: LiveCalls, *lines: tuple[Speaker, str], language: str = "en", t_ms: int = 0) -> list[dict[str, Any]]:
    """Promises of a call that began on Friday, November 20, 2026 at 9:12 in Chicago."""
    started = datetime.fromisoformat("2026-11-20T09:12:00-06:00")
    live.start(replace(call(language=language), started_at=started))
    live.add_turns("call-1", [Turn(f"t{n}", speaker, text, t_ms) for n, (speaker, text) in enumerate(lines, start=1)])
    note: Mapping[str, Any] = live.end("call-1")
    return list(note["follow_ups"])


def test_an_agents_promise_has_name_day_and_channel(live: LiveCalls) -> None:
    (promise,) = promises(
        live,
        ("agent", "Thanks for calling, this is Marcus. How can I help?"),
        ("customer", "My internet is down."),
        ("agent", "I'll call you by Thursday at 3."),
    )
    assert (promise["owner"], promise["due"], promise["channel"]) == ("Marcus", "by Thursday at 3", "call")
    assert (promise["due_at"], promise["due_precision"]) == ("2026-11-26T15:00:00-06:00", "exact")
    assert promise["promise"]["turn_ids"] == ["t3"]


def test_hours_count_from_the_turn_not_from_the_start_of_the_call(live: LiveCalls) -> None:
    (promise,) = promises(live, ("agent", "I'll send you an email within 2 hours."), t_ms=600_000)
    assert promise["due_at"] == "2026-11-20T11:22:00-06:00"


def test_a_spanish_promise_has_its_day(live: LiveCalls) -> None:
    (promise,) = promises(live, ("agent", "Le habla Paola, le llamo el lunes a las 10."), language="es")
    assert (promise["due_at"], promise["channel"]) == ("2026-11-23T10:00:00-06:00", "call")


def test_the_customer_owns_what_the_customer_promises(live: LiveCalls) -> None:
    (promise,) = promises(live, ("customer", "I'll pay the rest on December 4th."), ("agent", "Thank you."))
    assert (promise["owner"], promise["due_at"]) == ("customer", "2026-12-04T22:00:00-06:00")
    assert promise["promise"]["turn_ids"] == ["t1"]


def test_a_spanish_customer_who_corrects_the_day_promises_the_corrected_one(live: LiveCalls) -> None:
    (promise,) = promises(live, ("customer", "Yo lo pago en la tienda el sábado. Bueno, no, el lunes."), language="es")
    assert (promise["owner"], promise["due"], promise["due_at"][:10]) == ("customer", "el lunes", "2026-11-23")


@pytest.mark.parametrize(
    "words", ["I'll never pay that.", "If I call you again, I'll be angry.", "I won't send anything.", "Le pago ahora."]
)
def test_a_threat_or_a_condition_is_no_promise(live: LiveCalls, words: str) -> None:
    assert promises(live, ("customer", words), ("agent", "I see.")) == []


@pytest.mark.parametrize(
    ("words", "owner"),
    [
        ("The technician will call you on Tuesday.", "technician"),
        ("Tri-Valley Access will call you tomorrow.", "Tri-Valley Access"),
        ("Our billing department will send you a letter in two weeks.", "billing department"),
        ("I'll call you when the technician will come.", "agent"),
    ],
)
def test_a_carrier_or_a_team_that_is_named_owns_the_promise(live: LiveCalls, words: str, owner: str) -> None:
    assert [promise["owner"] for promise in promises(live, ("agent", words))] == [owner]


def test_without_a_time_and_without_a_start_nothing_is_guessed(live: LiveCalls) -> None:
    (promise,) = promises(live, ("agent", "I'll call you back about that."))
    assert (promise["due"], promise["due_at"], promise["due_precision"]) == (None, None, None)
    live.start(call("no-start"))
    live.add_turns("no-start", [Turn("t1", "agent", "I'll call you on Monday.")])
    (promise,) = live.end("no-start")["follow_ups"]
    assert (promise["due"], promise["due_at"]) == ("on Monday", None)


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        ("I'll text you the link to call", "text"),
        ("you'll get an e-mail", "email"),
        ("le mando un correo", "email"),
        ("le marco mañana", "call"),
        ("a letter goes out", "mail"),
        ("it will be there", None),
    ],
)
def test_the_channel_is_the_first_that_is_named(text: str, channel: str | None) -> None:
    assert channel_in(text) == channel
