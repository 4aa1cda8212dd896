"""What is still open when the call comes to its end: questions, lines left out, promises without a time."""

from collections.abc import Iterator, Sequence

from copilot.calls.cards import Card, in_language
from copilot.calls.moment import Moment, Noticed
from copilot.calls.navigator import lines_said, progress_of, shown_scripts
from copilot.calls.note.questions import unanswered
from copilot.calls.note.timeless import promises_without_time
from copilot.calls.sentences import Sentence, sentences_of

CLOSING = frozenset({"closing", "caller_leaves"})
ABOUT = "before_hang_up"
MAX_EACH = 2

_TITLE = {"en": "Before you hang up", "es": "Antes de colgar"}
_QUESTION = {"en": "Still unanswered: “{}”", "es": "Sin respuesta: “{}”"}
_SKIPPED = {"en": "Not said: {}", "es": "No se dijo: {}"}
_PROMISE = {"en": "Promised without a time: “{}”", "es": "Prometido sin fecha: “{}”"}
_REASON = {"en": "The call is closing", "es": "La llamada termina"}


def watch(moment: Moment) -> Noticed:
    """One card, once a call, and only if something is open."""
    is_closing = not CLOSING.isdisjoint(moment.heard_ids)
    if not is_closing or any(card["about"] == ABOUT for card in moment.state.cards):
        return Noticed()
    found = list(_open_points(moment))
    if not found:
        return Noticed()
    lines = [in_language(wording, moment.language).format(text) for wording, text, _ in found]
    turn_ids = dict.fromkeys([*(turn_id for _, _, turn_id in found if turn_id), moment.turn.turn_id])
    title, why = in_language(_TITLE, moment.language), in_language(_REASON, moment.language)
    return Noticed(cards=(Card("next_step", title, "\n".join(lines), ABOUT, why, tuple(turn_ids)),))


def _open_points(moment: Moment) -> Iterator[tuple[dict[str, str], str, str | None]]:
    """Each with its wording and the turn it stands in, if it stands in one."""
    turns = [*moment.state.turns.values(), moment.turn]
    sentences = sentences_of(turn for turn in turns if turn.speaker != "system")
    for question in unanswered(sentences)[-MAX_EACH:]:
        yield _QUESTION, question.text, question.turn_id
    for text in _skipped(moment)[:MAX_EACH]:
        yield _SKIPPED, text, None
    for promise in _promises(moment, sentences)[-MAX_EACH:]:
        yield _PROMISE, promise.text, promise.turn_id


def _skipped(moment: Moment) -> list[str]:
    """Lines left out of the scripts the agent kept to."""
    new, scripts = lines_said(moment), shown_scripts(moment.state, moment.desk)
    progress = (progress_of(script, moment.state, moment.desk, new) for script in scripts)
    return [text for one in progress if one.was_kept_to for text in one.skipped]


def _promises(moment: Moment, sentences: Sequence[Sentence]) -> list[Sentence]:
    heard = [(cue.turn_id, cue.words) for cue in moment.state.cues if cue.cue_id == "promise_made"]
    heard += [(moment.turn.turn_id, cue.words) for cue in moment.heard if cue.cue.id == "promise_made"]
    return promises_without_time(heard, sentences)
