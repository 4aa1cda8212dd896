"""Anger and abuse: the steps that calm an upset caller, and the warnings before a call with abuse is ended.

Irate is not abuse: loud words about the matter bring the calm steps, insults to the person bring a warning. A warning
counts when the agent has said it; nobody is hung up on who was not warned.
"""

from copilot.calls.cards import Card, in_language
from copilot.calls.care import ABUSE, IRATE
from copilot.calls.moment import Moment, Noticed
from knowledge.rules.base import Words
from knowledge.rules.flags import FlagsFile

WARNED = "abuse_warning"

_CALM = {"en": "An upset caller: step by step", "es": "Cliente molesto: paso a paso"}
_WARNING = {"en": "Insults: warning {now} of {all}", "es": "Insultos: advertencia {now} de {all}"}
_END = {
    "en": "{all} warnings given: the call may be ended",
    "es": "{all} advertencias dadas: puede terminar la llamada",
}
_END_BODY = {
    "en": "Say calmly that you are ending the call, end it, and tell your lead.",
    "es": "Diga con calma que termina la llamada, termínela y avise a su líder.",
}


def watch(moment: Moment) -> Noticed:
    """One card at most: abuse before anger, and of anger only the first."""
    rules = moment.desk.pack.rules.get("flags")
    if not isinstance(rules, FlagsFile):
        return Noticed()
    if ABUSE in moment.heard_ids and rules.abuse_script is not None:
        return Noticed(cards=(_abuse_card(moment, rules, rules.abuse_script),))
    if IRATE in moment.heard_ids and rules.calm_steps:
        return Noticed(cards=(_calm_card(moment, rules),))
    return Noticed()


def _calm_card(moment: Moment, rules: FlagsFile) -> Card:
    steps = (step.in_language(moment.language) for step in rules.calm_steps)
    body = "\n".join(f"{number}. {step}" for number, step in enumerate(steps, start=1))
    return _card(moment, IRATE, in_language(_CALM, moment.language), body, "calm_steps")


def _abuse_card(moment: Moment, rules: FlagsFile, warning: Words) -> Card:
    """The next warning; after the last of them, the words that end the call."""
    given, needed, language = _warnings_given(moment), rules.abuse_warnings_before_end, moment.language
    if given < needed:
        title = in_language(_WARNING, language).format(now=given + 1, all=needed)
        return _card(moment, ABUSE, title, warning.in_language(language), f"abuse_warning {given + 1}")
    title = in_language(_END, language).format(all=needed)
    closing = rules.abuse_closing
    body = closing.in_language(language) if closing else in_language(_END_BODY, language)
    return _card(moment, ABUSE, title, body, "abuse_end")


def _warnings_given(moment: Moment) -> int:
    """Turns in which the agent said that the call may be ended, after there was abuse."""
    heard = [cue for cue in moment.state.cues if cue.cue_id in (ABUSE, WARNED)]
    first_abuse = next((place for place, cue in enumerate(heard) if cue.cue_id == ABUSE), len(heard))
    return len({cue.turn_id for cue in heard[first_abuse:] if cue.cue_id == WARNED})


def _card(moment: Moment, cue_id: str, title: str, body: str, about: str) -> Card:
    words = next(cue.words for cue in moment.heard if cue.cue.id == cue_id)
    return Card("next_step", title, body, about, f"“{words}”", (moment.turn.turn_id,))
