"""Ids that look like secrets are refused, without being repeated; ordinary ids pass."""

import pytest

from copilot.errors import BadInput
from copilot.guard.identifiers import refuse_secret


@pytest.mark.parametrize(
    "value",
    ["4539148803436467", "4539-1488-0343-6467", "call 4539 1488 0343 6467", "378282246310005", "912-34-5678"],
)
def test_an_id_that_is_a_card_or_social_security_number_is_refused(value: str) -> None:
    with pytest.raises(BadInput, match="turn_id looks like a card") as caught:
        refuse_secret("turn_id", value)
    assert value not in str(caught.value)


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "t1",
        "1764034800123",  # milliseconds
        "1764034800123456",  # microseconds
        "CA4539148803436467aa00bb11cc22dd33",  # Twilio's form
        "6f1c0c1e-4539-1488-0343-646700000000",  # a UUID
        "4539148803436468",  # 16 digits, but no check digit
        "2026-11-25",
        "C-1004",
        "0",
        "9" * 200,
    ],
)
def test_ordinary_ids_pass(value: str | None) -> None:
    refuse_secret("call_id", value)
