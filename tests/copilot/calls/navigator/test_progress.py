"""The steps of a script as far as they were said; scripts that were shown; what is open at the end."""

from typing import Any

from copilot.calls.desk import Desk
from copilot.calls.navigator import Progress, current_script, followed, said_lines, script_view, shown_scripts
from copilot.calls.state import REVEALS, WITHHELD, CallState, SaidLine
from copilot.store.events import Event
from knowledge.documents import Document
from knowledge.scripts import Script, script_of

SCRIPT = script_of(
    Document(
        "s",
        "Cancel",
        '## 1. Take\n> Must say: "One one one."\n> Must say: "Two two two."\n## 2. Listen\nfree\n'
        '## 3. If they stay\n> Must say: "Three three three."\n## 4. Close\n> Must say: "Four four four."\n',
        "s.md",
    )
)


def progress(*places: tuple[int, int], is_over: bool = False) -> Progress:
    return Progress(SCRIPT, {place: SaidLine("s", *place, "", "t1", 1.0) for place in places}, is_over)


def statuses(found: Progress) -> list[str]:
    return [found.status(step, line) for step in SCRIPT.steps for line in range(1, len(step.must_say) + 1)]


def current(found: Progress) -> int | None:
    return found.current.number if found.current else None


def test_before_anything_is_said_every_line_waits_at_the_first_step() -> None:
    assert statuses(progress()) == ["waiting"] * 4
    assert current(progress()) == 1


def test_a_step_is_done_when_all_of_its_lines_are_said() -> None:
    assert current(progress((1, 1))) == 1
    assert current(progress((1, 1), (1, 2))) == 2


def test_a_line_left_behind_is_skipped_and_one_for_another_case_is_not() -> None:
    found = progress((1, 1), (4, 1))
    assert statuses(found) == ["said", "skipped", "waiting", "said"]
    assert found.skipped == ["Two two two."]
    assert current(found) is None


def test_after_the_call_what_was_not_said_was_left_out_unless_nothing_was_followed() -> None:
    assert statuses(progress((1, 1), is_over=True)) == ["said", "skipped", "waiting", "skipped"]
    assert statuses(progress(is_over=True)) == ["waiting"] * 4


def test_a_script_of_which_more_was_left_out_than_said_was_not_kept_to() -> None:
    assert progress((1, 1), (4, 1)).was_kept_to
    assert not progress((4, 1)).was_kept_to


def shown(state: CallState, doc_id: str) -> None:
    body = {"card_id": "c", "kind": "script", "about": doc_id, "turn_ids": [], "citations": [{"doc_id": doc_id}]}
    state.apply(Event(state.call_id, state.seq + 1, "", "card.shown", body))


def said(state: CallState, script: Script, step: int) -> None:
    text = next(one.must_say[0] for one in script.steps if one.number == step)
    body = {"cue_id": "must_say", "kind": "script", "label": text, "turn_id": "t3", "words": "", "near": 0.9}
    body |= {"doc_id": script.doc_id, "step": step, "line": 1}
    state.apply(Event(state.call_id, state.seq + 1, "", "cue.raised", body))


def test_a_newer_script_takes_over_and_the_earlier_one_stays_open(desk: Desk) -> None:
    state = CallState("c")
    shown(state, "scripts/cancel-california")
    said(state, desk.scripts["scripts/cancel-california"], 3)
    shown(state, "scripts/safety-emergency")
    view = script_view(state, desk)
    assert (view["doc_id"], view["current"]) == ("scripts/safety-emergency", 1)
    (earlier,) = view["also_open"]
    assert earlier["doc_id"] == "scripts/cancel-california"
    assert "Yes, I can cancel that for you on this call." in earlier["missing"]
    assert view["skipped"] == [
        {
            "doc_id": "scripts/cancel-california",
            "step": 1,
            "text": "Yes, I can cancel that for you on this call.",
        }
    ]


def test_a_line_said_in_one_language_counts_in_its_variant(desk: Desk) -> None:
    state = CallState("c")
    shown(state, "scripts/cancel-price")
    said(state, desk.scripts["scripts/cancel-price"], 1)
    shown(state, "scripts/cancel-price-es")
    assert [script.doc_id for script in shown_scripts(state, desk)] == ["scripts/cancel-price-es"]
    view = script_view(state, desk)
    assert (view["language"], view["current"]) == ("es", 2)
    assert [line["status"] for step in view["steps"] for line in step["must_say"]][:2] == ["said", "waiting"]
    assert followed(state, desk)[0]["said"] == [desk.scripts["scripts/cancel-price-es"].steps[0].must_say[0]]


def test_a_script_whose_card_is_hidden_shows_no_line_until_it_is_opened(desk: Desk) -> None:
    state = CallState("c")
    hidden: dict[str, Any] = {"card_id": "c1", "kind": "script", "about": "", "turn_ids": [], "citations": []}
    whole = hidden | {"about": "s", "citations": [{"doc_id": "scripts/cancel-california"}]}
    state.apply(Event("c", 1, "", "card.shown", hidden | {WITHHELD: whole}))
    assert script_view(state, desk)["doc_id"] is None
    state.apply(Event("c", 2, "", "card.shown", whole | {REVEALS: 1}))
    assert script_view(state, desk)["doc_id"] == "scripts/cancel-california"


def test_without_a_script_the_view_is_empty(desk: Desk) -> None:
    view = script_view(CallState("c"), desk)
    assert (view["doc_id"], view["steps"], view["also_open"], view["followed"]) == (None, [], [], [])
    assert current_script(CallState("c"), desk) is None


def test_a_script_that_is_no_longer_in_the_pack_is_left_out(desk: Desk) -> None:
    state = CallState("c")
    shown(state, "scripts/gone")
    assert script_view(state, desk)["doc_id"] is None


def test_lines_said_stand_apart_from_what_the_call_is_about(desk: Desk) -> None:
    state = CallState("c")
    said(state, desk.scripts["scripts/cancel-california"], 3)
    (line,) = said_lines(state)
    assert (line.doc_id, line.step, line.turn_id) == ("scripts/cancel-california", 3, "t3")
    assert (state.cues, state.cue_ids, state.stage) == ([], set(), "opening")
