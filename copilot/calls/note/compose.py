"""Writes the account note of a call from its state: sentence by sentence, each with its turns, no model needed."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from copilot.calls.fields import Field, extract_fields
from copilot.calls.note.grounded import grounded
from copilot.calls.note.material import Material
from copilot.calls.note.model import AccountNote, Statement
from copilot.calls.note.outcome import outcome_code, outcome_statement
from copilot.calls.note.questions import open_questions
from copilot.calls.note.reason import reason_sentences
from copilot.calls.note.statements import actions, facts, follow_ups, told
from copilot.calls.note.talks import offers, verification
from copilot.calls.note.text import note_text
from copilot.calls.state import CallState
from copilot.guard.grounding import gazetteer_of, house_names_of
from copilot.spoken import written_form
from knowledge.pack import Pack
from knowledge.rules.dispositions import DispositionsFile

UNKNOWN_REASON = "GEN_INFO"
DISCLOSURES = ("recording_notice", "dispatch_consent")


def warm_up(languages: Iterable[str]) -> None:
    """Read in advance what the first note would have to read, so that it is not slower than the others."""
    for language in languages:
        extract_fields([], language=language)


def labels_of(note: Mapping[str, Any], pack: Pack) -> dict[str, str | None]:
    """What a note in JSON derives from its two codes: the disposition, and the reason's label."""
    return {
        "disposition_code": f"{note['reason_code']}/{note['outcome_code']}",
        "reason_label": _reason_label(note["reason_code"], pack, note["language"]),
    }


def compose_note(state: CallState, pack: Pack, *, language: str) -> AccountNote:
    """The note of a call as far as it has come.

    Every statement names the turns it rests on and is made of their words; nothing else is written.
    """
    material = Material(state, language)
    reasons = reason_sentences(
        material.sentences, {cue.words for cue in state.cues if cue.kind in ("intent", "reason")}
    )
    fields = tuple(extract_fields(list(state.turns.values()), language=language))
    promised = follow_ups(material)
    code_of_reason = _reason_code(state, pack)
    code = outcome_code(material)
    note = AccountNote(
        call_id=state.call_id,
        language=language,
        contact=_contact(state, fields),
        verification=verification(material),
        reason_code=code_of_reason,
        reason_label=_reason_label(code_of_reason, pack, language),
        reason=_joined([material.retold(sentence) for sentence in reasons]),
        outcome_code=code,
        outcome=outcome_statement(code, material),
        facts=facts(material, {sentence.place for sentence in reasons}, fields),
        told=told(material),
        actions=actions(material),
        offers=offers(material),
        follow_ups=promised,
        open_questions=open_questions(material.sentences, language),
        disclosures_read=tuple(Statement(cue.label, (cue.turn_id,)) for cue in material.cues(*DISCLOSURES)),
        red_flags=tuple(Statement(cue.label, (cue.turn_id,)) for cue in state.cues if cue.kind == "flag"),
        ticket_ids=_ticket_ids(state, pack),
        fields=fields,
    )
    words = sum(len(turn.text.split()) for turn in state.turns.values())
    checked = grounded(note, state.turns, gazetteer=gazetteer_of(pack), known_names=house_names_of(pack))
    return note_text(checked, pack, call_words=words)


def _joined(statements: Sequence[Statement]) -> Statement:
    texts = dict.fromkeys(statement.text for statement in statements)
    turn_ids = dict.fromkeys(turn_id for statement in statements for turn_id in statement.turn_ids)
    return Statement("; ".join(texts), tuple(turn_ids))


def _reason_code(state: CallState, pack: Pack) -> str:
    """The weightiest code that a cue leads to; the pack's code for "not recognised" otherwise."""
    dispositions = pack.rules.get("dispositions")
    if not isinstance(dispositions, DispositionsFile):
        return UNKNOWN_REASON
    heard = state.cue_ids
    fitting = (reason.code for reason in dispositions.reasons if heard.intersection(reason.cues))
    return next(fitting, dispositions.unknown_reason)


def _reason_label(code: str, pack: Pack, language: str) -> str | None:
    """What the pack calls a reason code; None for the code of what was not recognised."""
    dispositions = pack.rules.get("dispositions")
    if not isinstance(dispositions, DispositionsFile) or code == dispositions.unknown_reason:
        return None
    label = next((reason.label for reason in dispositions.reasons if reason.code == code), None)
    return label.in_language(language) if label else None


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
    return tuple(dict.fromkeys(found for form in forms for found in re.findall(form.pattern, written)))
