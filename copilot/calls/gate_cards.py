"""The cards of the gates: what the law or the house wants said or left out, in the words of the pack."""

from collections.abc import Sequence

from copilot.calls.cards import Card
from copilot.calls.desk import Desk
from copilot.calls.leaving import Leaving
from copilot.guard.save_attempts import (
    DISCLOSURE_FIRST,
    FLAG,
    FORBIDDEN,
    NONE_LEFT,
    PERMISSION_FIRST,
    PERMISSION_UNCLEAR,
    SAID_NO,
)
from knowledge.rules.base import Words
from knowledge.rules.save_rules import Obstruction, SaveRule, SaveRulesFile

OBSTRUCTION = "obstruction:"
OFFER_GATE = "offer_gate:"
SAVE_RULE = "save_rule"
JUST_CANCEL = "just_cancel"  # id of the house cue whose alert the steps of the pack replace

_LABELS = {
    "gate": Words(en="Asked to cancel", es="Pidió cancelar"),
    "first": Words(en="Say first:", es="Diga primero:"),
    "ask": Words(en="Then ask:", es="Luego pregunte:"),
    "ask_first": Words(en="Ask first:", es="Pregunte primero:"),
    "left": Words(en="Save attempts left:", es="Intentos de retención restantes:"),
    "stops": Words(en="Ends it:", es="La termina:"),
    "a_no": Words(en="a clear no", es="un no claro"),
    "counsel": Words(en="Verify with counsel; last checked", es="Verificar con un abogado; revisado por última vez"),
    "not_yet": Words(en="Offer too early", es="Oferta antes de tiempo"),
    "no_offer": Words(en="No offer", es="Sin ofertas"),
    "steps": Words(en="They said cancel: process it now", es="Pidió cancelar: procésela ya"),
    "obstruction": Words(en="Do not make leaving hard", es="No dificulte la baja"),
}
_WHY = {
    FORBIDDEN: Words(
        en="No offer before the cancellation is complete.", es="Ninguna oferta antes de completar la cancelación."
    ),
    SAID_NO: Words(
        en="The customer said no. Process the cancellation.", es="El cliente dijo que no. Procese la cancelación."
    ),
    NONE_LEFT: Words(
        en="No save attempt is left. Process the cancellation.",
        es="No queda ningún intento. Procese la cancelación.",
    ),
    PERMISSION_UNCLEAR: Words(
        en="The answer to your question was not clear; get a yes.", es="La respuesta no fue clara; obtenga un sí."
    ),
}


def say(name: str, language: str) -> str:
    """A fixed word of the cards."""
    return _LABELS[name].in_language(language)


def gate_card(leaving: Leaving, desk: Desk, turn_id: str, heard: str, language: str) -> Card:
    """What holds for this customer who asked to cancel: what to say first, attempts left, what ends it."""
    rule, gate = leaving.rule, leaving.gate
    lines = [rule.note.in_language(language)] if rule.note else []
    lines += _why_lines(gate.why_not, desk, language)
    lines += _say_first_lines(gate.why_not, gate.must_say_first, language)
    lines.append(f"{say('left', language)} {gate.left}")
    if gate.left:
        lines.append(f"{say('stops', language)} {_stop_examples(desk.gates.save_rules, language)}")
    if rule.needs_counsel:
        lines.append(f"{say('counsel', language)} {rule.as_of.isoformat()}.")
    title = f"{say('gate', language)}: {rule.title} ({rule.id})"
    return Card("alert", title, "\n".join(lines), SAVE_RULE, f"“{heard}”", (turn_id,))


def offer_card(leaving: Leaving, desk: Desk, turn_id: str, heard: str, language: str) -> Card | None:
    """The alert when an offer was named that may not be named now; None when it may, or when that is not sure."""
    codes = [code for code in leaving.gate.why_not if code != PERMISSION_UNCLEAR]
    if not codes:
        return None
    lines = [*_why_lines(codes, desk, language), *_say_first_lines(codes, leaving.gate.must_say_first, language)]
    title = "not_yet" if codes[0] in (DISCLOSURE_FIRST, PERMISSION_FIRST) else "no_offer"
    reason = f"“{heard}”" if heard else ""
    return Card("alert", say(title, language), "\n".join(lines), f"{OFFER_GATE}{codes[0]}", reason, (turn_id,))


def steps_card(rules: SaveRulesFile, rule: SaveRule, turn_id: str, language: str) -> Card:
    """How the cancellation is processed, once the customer has clearly said cancel, or no."""
    lines = [f"{place}. {step.says.in_language(language)}" for place, step in enumerate(rules.cancel_steps, start=1)]
    return Card("alert", say("steps", language), "\n".join(lines), JUST_CANCEL, rule.id, (turn_id,))


def obstruction_card(sign: Obstruction, turn_id: str, language: str) -> Card:
    """A sign that leaving is being made hard, in the words of the pack."""
    title, body = say("obstruction", language), sign.alert.in_language(language)
    return Card("alert", title, body, f"{OBSTRUCTION}{sign.id}", sign.event, (turn_id,))


def _why_lines(codes: Sequence[str], desk: Desk, language: str) -> list[str]:
    lines = []
    for code in codes:
        if code.startswith(FLAG):
            flag = desk.gates.stopping_flags[code.removeprefix(FLAG)]
            lines.append(f"{say('no_offer', language)}: {flag.title.in_language(language)}.")
        elif code in _WHY:
            lines.append(_WHY[code].in_language(language))
    return lines


def _say_first_lines(codes: Sequence[str], must_say: Sequence[Words], language: str) -> list[str]:
    """The words that would open the gate, each with what to do with it; the codes of a gate go in the same order."""
    spoken = [code for code in codes if code in (DISCLOSURE_FIRST, PERMISSION_FIRST)]
    lines = []
    for code, words in zip(spoken, must_say, strict=False):  # an unclear permission has words and is not shown
        first = "first" if code == DISCLOSURE_FIRST else "ask" if DISCLOSURE_FIRST in spoken else "ask_first"
        lines.append(f"{say(first, language)} “{words.in_language(language)}”")
    return lines


def _stop_examples(rules: SaveRulesFile | None, language: str) -> str:
    examples = rules.stop_phrases.examples if rules else None
    return examples.in_language(language) if examples else say("a_no", language)
