"""A note of a demo call with anything in it made wrong does not show it."""

from dataclasses import replace
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.calls.note.grounded import grounded
from copilot.calls.note.model import AccountNote, Statement, Verification
from copilot.guard.grounding.perturb import swap_amount, swap_date, swap_day
from copilot.transcript import Turn
from knowledge.pack import load_pack
from knowledge.pack_files import read_records

SWAPS = (swap_amount, swap_date, swap_day)


@cache
def turns() -> list[Turn]:
    calls = read_records(load_pack("demo").directory, "calls.jsonl", "call_id", [])
    said = [turn for call in calls.values() if call["language"] == "en" for turn in call["turns"]]
    return [
        Turn(f"x{place}", turn["speaker"], turn["text"])
        for place, turn in enumerate(said)
        if turn["speaker"] == "agent"
    ]


EMPTY = AccountNote(
    call_id="c",
    language="en",
    contact={},
    verification=Verification(None, "none", "none", ()),
    reason_code="GEN_INFO",
    reason_label=None,
    reason=Statement("", ()),
    outcome_code="INFO",
    outcome=Statement("", ()),
)


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_a_statement_with_a_changed_figure_or_day_is_in_no_note(data: st.DataObject) -> None:
    turn = data.draw(st.sampled_from(turns()))
    swap = data.draw(st.sampled_from(SWAPS))
    chance = data.draw(st.randoms(use_true_random=False))
    shown = {turn.turn_id: turn}
    right = Statement(turn.text, (turn.turn_id,))
    wrong_text = swap(turn.text, chance)
    note = replace(EMPTY, told=(right,), reason=right)
    assert grounded(note, shown).told, "an untouched statement stays"
    if wrong_text is not None:
        wrong = Statement(wrong_text, right.turn_ids)
        checked = grounded(replace(EMPTY, told=(wrong,), reason=wrong), shown)
        assert checked.told == ()
        assert checked.reason.text == ""


def test_of_a_reason_only_the_wrong_part_goes() -> None:
    turn = Turn("t1", "customer", "my bill is eighty dollars and I want to cancel")
    note = replace(EMPTY, reason=Statement("Bill is $80; Bill is $90", ("t1",)))
    assert grounded(note, {"t1": turn}).reason.text == "Bill is $80"
