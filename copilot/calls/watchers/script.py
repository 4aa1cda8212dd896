"""The script navigator: lines ticked off as the agent says them, the next step, the script in another language."""

from collections.abc import Iterator, Sequence
from itertools import takewhile

from copilot.calls.cards import Card, script_card, step_card
from copilot.calls.moment import Moment, Noticed
from copilot.calls.navigator import Progress, as_reaction, current_script, lines_said, progress_of
from copilot.calls.state import CallState, SaidLine
from knowledge.scripts import Step

NEXT = {"en": "Next step of the script", "es": "Siguiente paso del guion"}
SWITCHED = {"en": "The caller speaks English", "es": "El cliente habla español"}


def watch(moment: Moment) -> Noticed:
    """An event for each must-say line said, and a card when the script goes on with lines not shown so far."""
    said = lines_said(moment)
    card = _next_step(moment, said) if said else _in_callers_language(moment)
    return Noticed(tuple(as_reaction(line, moment.turn) for line in said), cards=(card,) if card else ())


def _next_step(moment: Moment, said: Sequence[SaidLine]) -> Card | None:
    """The first step behind the one just finished whose lines no card has shown."""
    script = moment.desk.scripts[said[-1].doc_id]
    progress = progress_of(script, moment.state, moment.desk, said)
    begun = next(step for step in script.steps if step.number == progress.furthest)
    if not progress.is_done(begun):
        return None
    shown = _shown_lines(moment.state)
    step = next((step for step in _ahead(progress, begun) if not shown.issuperset(step.must_say)), None)
    why = NEXT.get(script.language, NEXT["en"])
    return step_card(script, step, why, (moment.turn.turn_id,)) if step else None


def _ahead(progress: Progress, begun: Step) -> Iterator[Step]:
    """The next speaking step; if it is for one case only, those for the other cases, too. One case excludes others."""
    behind = [step for step in progress.script.speaking_steps if step.number > begun.number]
    cases = list(takewhile(lambda step: step.is_for_one_case, behind))
    if not begun.is_for_one_case and cases:
        yield from cases
    else:
        yield from behind[len(cases) : len(cases) + 1]


def _shown_lines(state: CallState) -> set[str]:
    scripts = (card for card in state.cards if card["kind"] == "script")
    return {citation["quote"] for card in scripts for citation in card["citations"]}


def _in_callers_language(moment: Moment) -> Card | None:
    """The current script's variant, from the step it had come to, when the caller has changed the language."""
    script = current_script(moment.state, moment.desk)
    if script is None or script.language == moment.language or moment.turn.speaker not in ("customer", "unknown"):
        return None
    places = moment.desk.jurisdictions_of(moment.state.customer_id)
    variant = moment.desk.variant(script.doc_id, moment.language, jurisdictions=places, on=moment.on)
    step = progress_of(script, moment.state, moment.desk).current
    if variant is None or step is None:
        return None
    why = SWITCHED.get(moment.language, SWITCHED["en"])
    return script_card(variant, why, (moment.turn.turn_id,), from_step=step.number)
