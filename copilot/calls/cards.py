"""Cards: what the sidebar shows, each with the words of the call that called for it and the passage it rests on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from copilot.calls.cues import HeardCue
from knowledge.documents import Disclosure, Document
from knowledge.passages import Passage, passages_of
from knowledge.quotes import best_sentences
from knowledge.retriever import Hit
from knowledge.rules.cues import Wording
from knowledge.rules.flags import Flag
from knowledge.scripts import Script, Step, must_say_lines

CardKind = Literal["passage", "script", "offer", "alert", "next_step", "answer"]

MAX_MUST_SAY_LINES = 3


@dataclass(frozen=True)
class Citation:
    """Where a card's words stand, word for word, and from when to when that text holds."""

    doc_id: str
    passage_id: str
    heading: str
    quote: str
    effective_from: str | None = None
    effective_to: str | None = None


@dataclass(frozen=True)
class Card:
    """One card; `about` names what it is about (a cue, a document, a passage), so that it comes up once."""

    kind: CardKind
    title: str
    body: str
    about: str
    reason: str
    turn_ids: tuple[str, ...]
    citations: tuple[Citation, ...] = field(default_factory=tuple)
    disclosure: Disclosure = "public"  # above the caller's level the card is appended hidden
    step: int | None = None
    """Of a script: the step its first line belongs to."""
    steps: int | None = None
    """Of a script: how many steps it has."""
    more: Mapping[str, Any] = field(default_factory=dict)
    """What only this kind of card tells; becomes part of the body."""

    def as_event_body(self, card_id: str) -> dict[str, Any]:
        """The card in the contract's form; `step` and `steps` only on scripts."""
        body = {name: value for name, value in asdict(self).items() if value is not None and name != "more"}
        lists = {"citations": list(body["citations"]), "turn_ids": list(self.turn_ids)}
        return {"card_id": card_id, **body, **lists, **self.more}


def in_language(wording: Wording, language: str) -> str:
    """The wording in this language, else in English, else in the first language there is."""
    return wording.get(language) or wording.get("en") or next(iter(wording.values()), "")


def cue_card(heard: HeardCue, turn_id: str, language: str) -> Card | None:
    """The card a cue brings with it; None when it has none."""
    card = heard.cue.card
    if card is None:
        return None
    title, body = in_language(card.title, language), in_language(card.body, language)
    return Card(card.kind, title, body, heard.cue.id, _heard(heard), (turn_id,))


def flag_card(heard: HeardCue, flag: Flag, turn_id: str, language: str) -> Card:
    """The alert of a red flag: what it is, and the first step."""
    title = flag.title.in_language(language)
    body = f"{flag.alert.in_language(language)} {flag.first_step.in_language(language)}"
    return Card("alert", title, body, heard.cue.id, _heard(heard), (turn_id,))


def script_card(
    script: Script, why: str, turn_ids: Sequence[str], *, from_step: int = 0, about: str | None = None
) -> Card | None:
    """The must-say lines of a script from a step on, word for word and at most three; None when there are none.

    Args:
        script: the script.
        why: the card's reason.
        turn_ids: the turns that called for it.
        from_step: the number of the first step whose lines are shown.
        about: what the card is about, the script as a whole if left out.
    """
    steps = [step for step in script.speaking_steps if step.number >= from_step]
    wanted = [line for step in steps for line in step.must_say][:MAX_MUST_SAY_LINES]
    if not wanted:
        return None
    return Card(
        "script",
        script.document.title,
        "\n".join(wanted),
        about or script.doc_id,
        why,
        tuple(turn_ids),
        tuple(_cite_lines(script, wanted)),
        step=steps[0].number,
        steps=len(script.steps),
        disclosure=script.document.disclosure,
    )


def step_card(script: Script, step: Step, why: str, turn_ids: Sequence[str]) -> Card | None:
    """The must-say lines of one step."""
    alone = Script(script.document, (step,))
    card = script_card(alone, why, turn_ids, about=f"{script.doc_id} step {step.number}")
    return replace(card, title=f"{card.title} – {step.title}", steps=len(script.steps)) if card else None


def script_for(triggers: Sequence[str], language: str) -> str:
    """Why a script is shown: what was heard."""
    return f"{'Script para' if language == 'es' else 'Script for'}: {', '.join(triggers)}"


def _cite_lines(script: Script, lines: Sequence[str]) -> Iterator[Citation]:
    passages = passages_of(script.document)
    for line in lines:
        passage = next((one for one in passages if line in must_say_lines(one.text)), passages[0])
        yield _cite(script.document, passage, line)


def passage_card(hit: Hit, query: str, turn_id: str) -> Card:
    """The sentences of a passage that are nearest to what was said."""
    passage = hit.passage
    quote = " ".join(best_sentences(passage, query, language=hit.document.language[:2]))
    citation = _cite(hit.document, passage, quote)
    title = " – ".join(dict.fromkeys(part for part in (passage.title, passage.heading.split(" > ")[-1]) if part))
    reason = f"{hit.score:.2f}"
    disclosure = hit.document.disclosure
    return Card("passage", title, quote, passage.passage_id, reason, (turn_id,), (citation,), disclosure)


def _cite(document: Document, passage: Passage, quote: str) -> Citation:
    begin, end = document.effective_from, document.effective_to
    return Citation(
        document.doc_id,
        passage.passage_id,
        passage.heading,
        quote,
        begin.isoformat() if begin else None,
        end.isoformat() if end else None,
    )


def _heard(heard: HeardCue) -> str:
    return f"“{heard.words}”"
