"""The must-say lines that a turn of the agent completes."""

from collections.abc import Iterator
from itertools import chain

from copilot.calls.moment import Moment, Reaction
from copilot.calls.navigator.hearing import Line, hear, line_of, may_say
from copilot.calls.navigator.progress import progress_of, shown_scripts
from copilot.calls.navigator.words import spoken_words
from copilot.calls.state import SCRIPT, SaidLine
from copilot.transcript import Turn
from knowledge.scripts import Script
from knowledge.words import words

MUST_SAY = "must_say"
TURNS = 3
"""A line may be said over so many turns of the agent, whatever the customer says in between."""


def lines_said(moment: Moment) -> list[SaidLine]:
    """The lines of the scripts at hand that this turn says, or says the end of."""
    if moment.turn.speaker not in ("agent", "unknown"):
        return []
    scripts = [_as_spoken(script, moment) for script in shown_scripts(moment.state, moment.desk)]
    return [said for script in scripts for said in _said_of(script, _turns(moment), moment)]


def as_reaction(said: SaidLine, turn: Turn) -> Reaction:
    """The event that ticks a line off; its words are those of the turn that completed the line."""
    body = {
        "cue_id": MUST_SAY,
        "kind": SCRIPT,
        "label": said.text,
        "turn_id": said.turn_id,
        "words": " ".join(words(turn.text)),
        "doc_id": said.doc_id,
        "step": said.step,
        "line": said.line,
        "near": said.near,
    }
    return Reaction("cue.raised", body)


def _turns(moment: Moment) -> list[Turn]:
    """The agent's last turns, this one first."""
    turns = [moment.turn]
    for turn in reversed(moment.state.turns.values()):
        if len(turns) == TURNS:
            break
        if turn.speaker == moment.turn.speaker:
            turns.append(turn)
    return turns


def _as_spoken(script: Script, moment: Moment) -> Script:
    """The script in the language of the call, where it has a variant in it."""
    if script.language == moment.language:
        return script
    places = moment.desk.jurisdictions_of(moment.state.customer_id)
    variant = moment.desk.variant(script.doc_id, moment.language, jurisdictions=places, on=moment.on)
    return variant or script


def _said_of(script: Script, turns: list[Turn], moment: Moment) -> Iterator[SaidLine]:
    spoken = [spoken_words(turn.text, script.language) for turn in turns]
    at_all = frozenset(chain.from_iterable(spoken))
    for step, number, text in progress_of(script, moment.state, moment.desk).lines("waiting", "skipped"):
        line = line_of(text, script.language)
        near = _nearness(line, spoken) if may_say(line, at_all) else None
        if near is not None:
            yield SaidLine(script.doc_id, step.number, number, text, moment.turn.turn_id, round(near, 2))


def _nearness(line: Line, spoken: list[tuple[str, ...]]) -> float | None:
    """How near the line was said, in the last turn alone, else with the turn before it, else with two; or None."""
    together: tuple[str, ...] = ()
    for turn in spoken:
        together = (*turn, *together)
        heard = hear(line, together)
        if heard is not None:
            said_just_now = heard.end > len(together) - len(spoken[0])
            return heard.near if said_just_now else None
    return None
