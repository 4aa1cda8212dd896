"""The measure of the fields counts what was really said, strictly."""

import json
from pathlib import Path

import pytest

from copilot.calls.fields import Field
from copilot.calls.fields.bench import how_found, is_said, main, measure, normalised, with_masked_pins
from copilot.transcript import Turn


def found(value: str, *values: str) -> str | None:
    return how_found(value, [Field("any", other, ("1",)) for other in values])


def test_values_are_compared_without_case_punctuation_and_zero_cents() -> None:
    assert normalised("$126.00, José") == "126 jose"
    assert found("126.00", "$126") == "equal"
    assert found("12 Oak St., Springfield", "12 oak st springfield") == "equal"


def test_a_value_inside_a_little_longer_one_is_held_and_inside_a_long_one_is_missed() -> None:
    assert found("two lemonades", "order two lemonades") == "held"
    assert found("Rex", "I had a dog once and his name was Rex, he was lovely") is None


def test_free_text_is_alike_when_most_of_its_words_are_there() -> None:
    assert found("someone stole $300 from the account", "they said someone stole $300 from my account") == "alike"
    assert found("the cat ate my card reader", "someone stole $300") is None


def test_what_was_not_said_does_not_count() -> None:
    assert is_said("Laura Chen", "hi my name is laura chen")
    assert is_said("4455 8812", "it is 44558812")
    assert not is_said("Laura Chan", "hi my name is laura chen")


def test_the_tally_counts_equal_and_missed_values() -> None:
    call = {
        "call_id": "1",
        "turns": [{"speaker": "customer", "text": "my name is laura chen and the cat is called tom"}],
        "labels": {"fields_logged_by_agent": {"name": "Laura Chen", "pet": "Tom", "pin": "null", "unsaid": "9911"}},
    }
    tally = measure([call])
    assert (tally.logged, tally.said, tally.equal) == (3, 2, 1)
    assert tally.missed == [("1", "pet", "Tom")]


def test_only_free_standing_groups_of_four_digits_are_masked() -> None:
    masked = with_masked_pins(Turn("1", "customer", "pin 4410, born 01/02/1990, paid $4410, account 55120987"))
    assert masked.text == "pin [PIN], born 01/02/1990, paid $4410, account 55120987"


def test_the_table_has_a_row_per_way_of_reading(tmp_path: Path) -> None:
    call = {
        "call_id": "1",
        "turns": [{"speaker": "customer", "text": "my pin is 4410", "asr_text": "my pin is 4411"}],
        "labels": {"fields_logged_by_agent": {"pin": "4410"}},
    }
    (tmp_path / "transcripts.jsonl").write_text(json.dumps(call) + "\n", encoding="utf-8")
    table = main(str(tmp_path))
    assert "all, pins masked" in table
    assert "all, recogniser text" in table
    assert "('1', 'pin', '4410')" in main(str(tmp_path), show_missed=True)


def test_a_folder_without_transcripts_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        main(str(tmp_path))
