"""Writes the account note of a call from its state: sentence by sentence, each with its turns, no model needed."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from copilot.calls.cards import in_language
from copilot.calls.fields import Field, FieldsSoFar, extract_fields
from copilot.calls.note.actions import actions
from copilot.calls.note.grounded import grounded
from copilot.calls.note.material import Material, distinct
from copilot.calls.note.model import AccountNote, Statement
from copilot.calls.note.outcome import outcome_code, outcome_statement
from copilot.calls.note.promises import follow_ups
from copilot.calls.note.questions import open_questions
from copilot.calls.note.reason import reason_sentences
from copilot.calls.note.required import missing_parts
from copilot.calls.note.statements import facts, told
from copilot.calls.note.talks import offers, verification
from copilot.calls.note.text import note_text
from copilot.calls.state import CallState, Raised
from copilot.guard.grounding import gazetteer_of, house_names_of
from copilot.spoken import written_form
from knowledge.pack import Pack
from knowledge.rules.dispositions import DispositionsFile

UNKNOWN_REASON = "GEN_INFO"
DISCLOSURES = ("recording_notice", "dispatch_consent")


# "C N 440117", "tt 204152": letters read out one by one, or without the dash they are written with.
_SPELLED = re.compile(r"\b((?:[a-z] ){1,3}[a-z]|[a-z]{2,4})[ -]?(\d{4,})\b", re.IGNORECASE)
_BLANK = re.compile(r"\{\w+\}")  # what the agent fills in: "my name is {agent_name}"


def warm_up(languages: Iterable[str]) -> None:
    """Read in advance what the first note would have to read, so that it is not slower than the others."""
    for language in languages:
        extract_fields([], language=language)


def labels_of(note: Mapping[str, Any], pack: Pack) -> dict[str, str | None]:
    """What a note in JSON derives from its two codes: the disposition, and their labels."""
    return {
        "disposition_code": f"{note['reason_code']}/{note['outcome_code']}",
        "reason_label": _reason_label(note["reason_code"], pack, note["language"]),
        "outcome_label": _outcome_label(note["outcome_code"], pack, note["language"]),
    }


def compose_note(
    state: CallState,
    pack: Pack,
    *,
    language: str,
    form: FieldsSoFar | None = None,
    narrow: Callable[[AccountNote], AccountNote] = lambda note: note,
) -> AccountNote:
    """The note of a call as far as it has come.

    Every statement names the turns it rests on and is made of their words; nothing else is written. `language` is the
    one the call is held in; the pack says which one its notes are in. `form` has read turns of this call already, and
    reads on. `narrow` may take statements out before the text is made of them.
    """
    note = draft_note(state, pack, language=language, form=form)
    words = sum(len(turn.text.split()) for turn in state.turns.values())
    checked = grounded(note, state.turns, gazetteer=gazetteer_of(pack), known_names=house_names_of(pack))
    checked = narrow(checked)
    checked = replace(checked, missing=missing_parts(checked, pack.head.note, language=language))
    return note_text(checked, pack, call_words=words)


def draft_note(state: CallState, pack: Pack, *, language: str, form: FieldsSoFar | None = None) -> AccountNote:
    """The note before its statements are checked against their turns, without its text."""
    note_language = language if pack.head.note.language == "call" else pack.head.note.language
    material = Material(state, language, note_language)
    reasons = reason_sentences(
        material.sentences, {cue.words for cue in state.cues if cue.kind in ("intent", "reason")}
    )[: 2 if note_language == language else 1]  # one whole quote reads better than two that are cut
    fields = tuple((form or FieldsSoFar()).fields(list(state.turns.values()), language))
    code_of_reason = _reason_code(state, pack)
    code = outcome_code(material)
    return AccountNote(
        call_id=state.call_id,
        language=note_language,
        call_language=language,
        contact=_contact(state, fields),
        verification=verification(material),
        reason_code=code_of_reason,
        reason_label=_reason_label(code_of_reason, pack, note_language),
        reason=_joined([material.retold(sentence) for sentence in reasons]),
        outcome_code=code,
        outcome=outcome_statement(code, material),
        outcome_label=_outcome_label(code, pack, note_language),
        facts=facts(material, {sentence.place for sentence in reasons}, fields),
        told=told(material),
        actions=actions(material),
        offers=offers(material),
        follow_ups=follow_ups(material, pack.head),
        open_questions=open_questions(material),
        disclosures_read=_disclosures_read(material, pack),
        red_flags=_labels([cue for cue in state.cues if cue.kind == "flag"], material, pack),
        ticket_ids=_ticket_ids(state, pack),
        fields=fields,
    )


def _joined(statements: Sequence[Statement]) -> Statement:
    texts = dict.fromkeys(statement.text for statement in statements)
    turn_ids = dict.fromkeys(turn_id for statement in statements for turn_id in statement.turn_ids)
    return Statement("; ".join(texts), tuple(turn_ids))


def _reason_code(state: CallState, pack: Pack) -> str:
    """The first code of the file that a cue leads to; the pack's code for "not recognised" otherwise.

    What the customer wants, and red flags, go before the reasons people leave for: "there's a contract" in a call
    about a move is no renewal.
    """
    dispositions = pack.rules.get("dispositions")
    if not isinstance(dispositions, DispositionsFile):
        return UNKNOWN_REASON
    wants = {cue.cue_id for cue in state.cues if cue.kind == "intent"}
    flags = {cue.cue_id for cue in state.cues if cue.kind == "flag"}
    for heard in (wants | flags if wants else set(), state.cue_ids):
        for reason in dispositions.reasons:
            if not heard.isdisjoint(reason.cues):
                return reason.code
    return dispositions.unknown_reason


def _reason_label(code: str, pack: Pack, language: str) -> str | None:
    """What the pack calls a reason code; None for the code of what was not recognised."""
    dispositions = pack.rules.get("dispositions")
    if not isinstance(dispositions, DispositionsFile) or code == dispositions.unknown_reason:
        return None
    label = next((reason.label for reason in dispositions.reasons if reason.code == code), None)
    return label.in_language(language) if label else None


def _outcome_label(code: str, pack: Pack, language: str) -> str | None:
    """What the pack calls an outcome code; None where it does not know it."""
    dispositions = pack.rules.get("dispositions")
    outcomes = dispositions.outcomes if isinstance(dispositions, DispositionsFile) else ()
    label = next((outcome.label for outcome in outcomes if outcome.code == code), None)
    return label.in_language(language) if label else None


def _disclosures_read(material: Material, pack: Pack) -> tuple[Statement, ...]:
    """The notices that were heard, and the must-say lines of scripts that were seen to be said."""
    heard = [cue for cue in material.state.cues if cue.cue_id in DISCLOSURES]
    lines = [Statement(_BLANK.sub("…", line.text), (line.turn_id,)) for line in material.state.said_lines]
    return tuple(distinct([*_labels(heard, material, pack), *lines]))


def _labels(cues: Iterable[Raised], material: Material, pack: Pack) -> tuple[Statement, ...]:
    """What these cues are called in the language of the note."""
    others = {} if material.note_language == material.language else {cue.id: cue.label for cue in pack.cues}
    language = material.note_language or material.language
    return tuple(
        distinct(
            Statement(in_language(others.get(cue.cue_id, {}), language) or cue.label, (cue.turn_id,)) for cue in cues
        )
    )


def _contact(state: CallState, fields: Sequence[Field]) -> dict[str, str | None]:
    return {
        "caller_name": next((field.value for field in fields if field.name == "customer name"), None),
        "customer_id": state.customer_id,
        "channel": state.channel,
        "direction": "inbound",
        "started_at": state.started_at,
    }


def _ticket_ids(state: CallState, pack: Pack) -> tuple[str, ...]:
    """Numbers of the house and of carriers as they were typed or spoken, the customer's own account number apart."""
    forms = [form for form in pack.head.numbers if not form.secret and form.name != "account"]
    written = written_form(" ".join(turn.text for turn in state.turns.values()))
    written += " " + " ".join(f"{''.join(found[1].split()).upper()}-{found[2]}" for found in _SPELLED.finditer(written))
    found = (match[0] for form in forms for match in re.finditer(form.pattern, written))
    return tuple(dict.fromkeys(found))
