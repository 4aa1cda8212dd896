"""cues.yaml: what a cue must say of itself, and that those of the house and the demo pack can be used together."""

from typing import Any

import pytest
from pydantic import ValidationError

from knowledge.pack import house_cues, load_pack
from knowledge.rules.cues import Cue, CuesFile


def a_cue(**changes: Any) -> dict[str, Any]:
    return {"id": "cancel_intent", "kind": "intent", "label": {"en": "x"}, "phrases": {"en": ["cancel it"]}} | changes


def a_file(*cues: dict[str, Any]) -> CuesFile:
    return CuesFile.model_validate({"as_of": "2026-11-20", "source": "test", "cues": list(cues)})


def refusal(*cues: dict[str, Any]) -> str:
    with pytest.raises(ValidationError) as refused:
        a_file(*cues)
    return str(refused.value)


def test_a_cue_is_said_by_the_customer_and_heard_once_unless_it_says_otherwise() -> None:
    cue = a_file(a_cue()).cues[0]
    assert (cue.said_by, cue.repeat, cue.card, cue.unless) == ("customer", False, None, {})


def test_a_phrase_that_does_not_compile_is_quoted_with_the_remedy() -> None:
    said = refusal(a_cue(phrases={"en": ["fine", "cancel (it"]}))
    assert "phrase 'cancel (it' opens a bracket and never closes it. The syntax stands at the top of cues.yaml" in said
    assert "'gone)'" in refusal(a_cue(unless={"es": ["gone)"]}))


def test_two_cues_of_one_id_are_refused() -> None:
    assert "cue 'cancel_intent' stands twice, as entries 1 and 2 of cues" in refusal(a_cue(), a_cue())


@pytest.mark.parametrize(
    "wrong",
    [{"id": "Cancel Intent"}, {"kind": "wish"}, {"said_by": "machine"}, {"colour": "red"}, {"phrases": None}],
)
def test_a_wrong_field_is_named(wrong: dict[str, Any]) -> None:
    assert next(iter(wrong)) in refusal(a_cue(**wrong))


def test_every_cue_of_the_demo_pack_speaks_both_languages() -> None:
    missing = [
        (cue.id, language)
        for cue in load_pack("demo").cues
        for language in ("en", "es")
        if language not in cue.label or (cue.phrases and not cue.phrases.get(language))
    ]
    assert missing == []


def test_the_house_listens_for_payments_and_events_and_leaves_reasons_to_the_pack() -> None:
    assert {cue.kind for cue in house_cues()} == {"payment", "event"}


def test_every_payment_cue_and_no_event_but_an_insistent_no_has_a_card() -> None:
    carded = {cue.id for cue in load_pack("demo").cues if cue.card is not None}
    payments = {cue.id for cue in load_pack("demo").cues if cue.kind == "payment"}
    assert payments <= carded
    assert carded - payments == {"just_cancel"}


def test_a_cue_is_read_only() -> None:
    cue = Cue.model_validate(a_cue())
    with pytest.raises(ValidationError):
        cue.id = "other"  # type: ignore[misc]  # that it is refused is the point
