"""The rolling summary of a running call in a model's words, each sentence checked against the turns it names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pydantic import BaseModel, Field

from copilot.calls.slow_path import Snapshot, evidence_of, turn_line
from copilot.calls.state import CallState
from copilot.guard.redaction import RedactionPolicy
from copilot.guard.wording import check_worded
from copilot.models import SUMMARY, Model
from copilot.transcript import Turn

PROMPT = "rolling_summary"
SUMMARY_ID = "summary"  # the same for every summary of a call, so that the next one takes its place
MAX_SENTENCES = 6
MAX_CHARACTERS = 12_000  # of turns; those before are known from the summary so far
STALE_TURNS = 8


@dataclass(frozen=True)
class SummarySentence:
    """A sentence and the turns that bear it out; `support` in 0..1."""

    text: str
    turn_ids: tuple[str, ...]
    support: float


@dataclass(frozen=True)
class Summary:
    """A summary made from a snapshot, not yet shown."""

    made_from: Snapshot
    sentences: tuple[SummarySentence, ...]
    provider: str
    prompt: str
    prompt_version: int

    def body(self, state: CallState) -> Mapping[str, Any] | None:
        """The body of its event as the call stands now; None when it has gone stale.

        Stale: the call has ended, capture is paused, STALE_TURNS turns came meanwhile, or what it rests on has changed.
        """
        came = len(state.turns) - len(self.made_from.turns)
        kept = [one for one in self.sentences if self.made_from.stands(one.turn_ids, state)]
        if state.ended or state.capture_paused or came >= STALE_TURNS or not kept:
            return None
        return {
            "answer_id": SUMMARY_ID,
            "kind": "summary",
            "text": " ".join(one.text for one in kept),
            "sentences": [{**asdict(one), "turn_ids": list(one.turn_ids)} for one in kept],
            "as_of_seq": self.made_from.seq,
            "provider": self.provider,
            "prompt": self.prompt,
            "prompt_version": self.prompt_version,
        }


class _Sentence(BaseModel):
    text: str = Field(min_length=1, max_length=600)
    turn_ids: list[str] = Field(max_length=20)


class SummaryForm(BaseModel):
    """The form the model answers in."""

    sentences: list[_Sentence] = Field(max_length=12)


def summarise(
    model: Model,
    call: Snapshot,
    before: Sequence[SummarySentence] = (),
    *,
    policy: RedactionPolicy,
    gazetteer: Iterable[str] = (),
    known_names: Iterable[str] = (),
) -> Summary | None:
    """A summary of the call so far; None when nothing the model wrote is borne out.

    Args:
        model: asked once, within the limits of a summary.
        call: what may be sent.
        before: the sentences of the last summary.
        policy: what the pack masks.
        gazetteer: names of plans, offers and products.
        known_names: names that need no turn, such as that of the business.

    Raises:
        ModelFailed: the model gave nothing usable.
    """
    turn_of = {f"t{place}": turn for place, turn in enumerate(call.turns, start=1)}
    prompt = model.prompt(PROMPT)
    values = {
        "summary": "\n".join(_line_of(sentence, turn_of) for sentence in before),
        "turns": _latest(turn_of),
        "language": call.language,
    }
    reply = model.complete(prompt.fill(values, policy=policy, form=SummaryForm), task=SUMMARY)
    terms, names = tuple(gazetteer), tuple(known_names)
    written = reply.output_as(SummaryForm).sentences[:MAX_SENTENCES]
    checked = [_checked(one, turn_of, call.language, terms, names) for one in written]
    sentences = tuple(one for one in checked if one is not None)
    if not sentences:
        return None
    return Summary(call, sentences, reply.model, reply.prompt_name, reply.prompt_version)


def _checked(
    written: _Sentence,
    turn_of: Mapping[str, Turn],
    language: str,
    gazetteer: Sequence[str],
    known_names: Sequence[str],
) -> SummarySentence | None:
    named = tuple(dict.fromkeys(one.strip("[] ") for one in written.turn_ids))
    if not named or not all(one in turn_of for one in named):
        return None
    text, evidence = written.text.strip(), [evidence_of(one, turn_of[one]) for one in named]
    found = check_worded(text, evidence, language=language, gazetteer=gazetteer, known_names=known_names)
    turn_ids = tuple(turn_of[one].turn_id for one in named)
    return SummarySentence(text, turn_ids, round(found.support, 2)) if found.supported else None


def _line_of(sentence: SummarySentence, turn_of: Mapping[str, Turn]) -> str:
    ids = ", ".join(short for short, turn in turn_of.items() if turn.turn_id in sentence.turn_ids)
    return f"- {sentence.text} ({ids})"


def _latest(turn_of: Mapping[str, Turn]) -> str:
    """The last turns, as many as fit."""
    lines: list[str] = []
    left = MAX_CHARACTERS
    for line in reversed([turn_line(*pair) for pair in turn_of.items()]):
        left -= len(line) + 1
        if left < 0:
            break
        lines.append(line)
    return "\n".join(reversed(lines))
