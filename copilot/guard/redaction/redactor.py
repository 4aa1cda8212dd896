"""The streaming redactor: one per call, a turn in, the masked turn out, earlier turns amended when need be."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from copilot.guard.redaction.chains import REPLACEABLE
from copilot.guard.redaction.context import CallContext
from copilot.guard.redaction.forms import find_forms
from copilot.guard.redaction.kinds import Amendment, Kind, Redacted, RedactionPolicy, Span, masked, merged
from copilot.guard.redaction.partials import hide_numbers, marks_in, number_places
from copilot.guard.redaction.reader import TurnReader
from copilot.spoken import Folded, fold
from copilot.transcript import Turn

_KEPT_TURNS = 48  # for amendments
_KNOWN_LEAN = 5
_ANSWER_TURNS = 3  # a question for a password waits this long


@dataclass(slots=True)
class _Kept:
    turn: Turn
    spans: list[Span]


@dataclass(slots=True)
class _Asked:
    turn: int
    speaker: str


class Redactor:
    """Masks the turns of one call in their order; what the call said before tells what a number is.

    Args:
        policy: the kinds to mask; the default is every kind of secret.
        language: "en" or "es" when it is known before the first turn; both are read either way.
    """

    def __init__(self, policy: RedactionPolicy | None = None, *, language: str | None = None) -> None:
        self._policy = policy or RedactionPolicy()
        self._kinds = self._policy.kinds
        self._context = CallContext(lean=_KNOWN_LEAN if (language or "").lower().startswith("es") else 0)
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._asked: _Asked | None = None

    def redact(self, turn: Turn) -> Redacted:
        """The turn with its secrets masked.

        Returns:
            the masked text; the masked places of the text as it came in; and for earlier turns that turned out to hold
            a part of a secret their new text and spans, to replace what was stored. Time is linear in the text.
        """
        folded = fold(turn.text)
        reading = TurnReader(folded, turn, self._context, wants_codes="REFERENCE_NUMBER" in self._kinds)
        own = self._masked_spans(folded, [*reading.spans(), *self._answered(reading)], reading)
        self._keep(turn, own)
        self._note_question(reading)
        if reading.rejects_answer():
            self._context.reopen()
        amends = self._amended(turn.turn_id)
        self._context.end_turn((cue.topic for cue in reading.cues), reading.content_words, len(reading.words))
        return Redacted(masked(turn.text, own), own, amends)

    def preview(self, turn: Turn) -> str:
        """The text of a turn that is still being spoken, safe to show and to store; nothing is learnt from it.

        Every number is hidden: whether "four five three" begins a card or a street number shows only later.
        """
        folded = fold(turn.text)
        reading = TurnReader(folded, turn, self._context.copy(), wants_codes=False)
        return hide_numbers(
            turn.text, self._masked_spans(folded, [*reading.spans(), *self._answer_in(reading)], reading)
        )

    def correct(self, turn: Turn, stored: str) -> Redacted:
        """Other words for a turn heard before, masked, as if they had been said in its place.

        Nothing that is masked is shown again: where the turn held a secret, every number of the new words is masked;
        and so it is where the turn is too long ago for its surroundings to be known. Where it held a password, and the
        new words seem to hold none, all of them are masked.

        Args:
            turn: the new words.
            stored: the text of the turn as it was masked up to now.

        Returns:
            as `redact` does; `amends` are turns before and after it that hold a secret only with the new words.
        """
        before = self._kept.get(turn.turn_id)
        if before is None:
            own = _never_less(turn.text, Redactor(self._policy).redact(turn).spans, marks_in(stored))
            return Redacted(hide_numbers(turn.text, own), tuple(own))
        if before.turn.text == turn.text:
            return Redacted(masked(turn.text, before.spans), tuple(before.spans))
        again = Redactor(self._policy)
        for turn_id, kept in self._kept.items():
            again.redact(turn if turn_id == turn.turn_id else kept.turn)
        again._context.secrets.update(self._context.secrets)
        grown = [kept.turn.turn_id for kept in self._kept.values() if again._add_spans(kept) and kept is not before]
        again._kept[turn.turn_id].spans = own = _never_less(
            turn.text, again._kept[turn.turn_id].spans, marks_in(stored)
        )
        self._context, self._kept, self._asked = again._context, again._kept, again._asked
        amends = tuple(_amendment(self._kept[turn_id]) for turn_id in grown)
        return Redacted(masked(turn.text, own), tuple(own), amends)

    def _add_spans(self, known: _Kept) -> bool:
        """Keep masked what was masked before in a turn with these words; whether it has more masks than before."""
        kept = self._kept[known.turn.turn_id]
        if kept.turn.text == known.turn.text:
            kept.spans = list(merged([*known.spans, *kept.spans]))
        return masked(kept.turn.text, kept.spans) != masked(known.turn.text, known.spans)

    def _masked_spans(self, folded: Folded, found: Sequence[Span], reading: TurnReader) -> tuple[Span, ...]:
        """Of what was found that which the policy masks, in places of the text as it came in."""
        named = [span for span in found if span.kind in self._kinds]
        of_house = find_forms(self._policy.forms, folded.text, reading.words, reading.numbers)
        return merged([_origin(folded, span) for span in [*named, *of_house]])

    # --- questions for passwords, which are answered with any word ------------------------------------------------

    def _answered(self, reading: TurnReader) -> list[Span]:
        found = self._answer_in(reading)
        if found or (self._asked is not None and self._context.turn - self._asked.turn > _ANSWER_TURNS):
            self._asked = None
        return found

    def _answer_in(self, reading: TurnReader) -> list[Span]:
        asked = self._asked
        if asked is None or self._context.turn - asked.turn > _ANSWER_TURNS:
            return []
        if reading.turn.speaker == asked.speaker != "unknown":
            return []
        span = reading.short_answer()
        return [span] if span is not None else []

    def _note_question(self, reading: TurnReader) -> None:
        if reading.asks_password():
            self._asked = _Asked(self._context.turn, reading.turn.speaker)

    # --- amendments ------------------------------------------------------------------------------------------------

    def _keep(self, turn: Turn, spans: Sequence[Span]) -> None:
        self._kept[turn.turn_id] = _Kept(turn, list(spans))
        self._kept.move_to_end(turn.turn_id)
        while len(self._kept) > _KEPT_TURNS:
            self._kept.popitem(last=False)

    def _amended(self, current: str) -> tuple[Amendment, ...]:
        touched: list[str] = []
        for piece in self._context.chain.take_settled():
            kept = self._kept.get(piece.turn_id)
            if piece.kind not in self._kinds or piece.turn_id == current or kept is None:
                continue
            # a span of another kind was a guess: "4539" alone was taken for a reference number
            settled = [
                span
                for span in kept.spans
                if span.start <= piece.start and piece.end <= span.end and span.kind not in REPLACEABLE - {piece.kind}
            ]
            if not settled:
                guesses = [span for span in kept.spans if (span.start, span.end) != (piece.start, piece.end)]
                kept.spans = list(merged([*guesses, Span(piece.start, piece.end, piece.kind)]))
                touched.append(piece.turn_id)
        return tuple(_amendment(self._kept[turn_id]) for turn_id in dict.fromkeys(touched))


def _never_less(text: str, spans: Sequence[Span], marks: Sequence[Kind]) -> list[Span]:
    """The spans of corrected words, and more where the words before held secrets of these kinds."""
    if "PASSWORD" in marks and not any(span.kind == "PASSWORD" for span in spans):
        return [Span(0, len(text), "PASSWORD")]
    numbers = [Span(start, end, marks[0]) for start, end in number_places(text)] if marks else []
    return list(merged([*spans, *numbers]))


def _amendment(kept: _Kept) -> Amendment:
    return Amendment(kept.turn.turn_id, masked(kept.turn.text, kept.spans), tuple(kept.spans))


def _origin(folded: Folded, span: Span) -> Span:
    start, end = folded.origin(span.start, span.end)
    return Span(start, end, span.kind)
