"""Reading one turn: its numbers, each judged by its own look, the cue before it, and what the call said so far."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from copilot.guard.redaction import codes, values
from copilot.guard.redaction.chains import REPLACEABLE, Chain, Piece
from copilot.guard.redaction.context import CallContext
from copilot.guard.redaction.cues import Cue, Topic, find_cues, read_words
from copilot.guard.redaction.judging import Judge
from copilot.guard.redaction.kinds import ALL_KINDS, SECRET_KINDS, Kind, Span
from copilot.guard.redaction.numerals import LONGEST_GAP_WORDS, Numeral, Surroundings
from copilot.guard.redaction.passwords import find_passwords
from copilot.guard.redaction.spelled import find_spelled
from copilot.guard.redaction.topics import (
    BANK_TOPICS,
    FILLERS,
    KIND_OF,
    NOT_ANSWERED,
    NOT_ASKED,
    PAYMENT_TOPICS,
    QUESTION_WORDS,
    RULES,
    SPELLED_TOPICS,
)
from copilot.spoken import Folded, NumberSpan
from copilot.spoken.atoms import language_lean
from copilot.spoken.words import NUMBER_WORDS, word_set
from copilot.transcript import Turn

_POSTFIX_LINKS = word_set("is are as como de es son for was that's thats that this eso ese esa esta este")
_WHERE = word_set("on for of to en de para")
_WHOSE = word_set("your my the su tu mi")
_SOUNDS_LIKE_DIGIT = frozenset({"to", "too", "for", "ate", "won", "tree", "oh", "o"})
_LONGEST_ANSWER_WORDS = 4
_OF_CARDS = word_set("exp expiry expiration expiration's valid caducidad vencimiento")  # what expires so is a card
_RETRY_WORDS = 10
_FEWEST_WORDS_OF_TALK = 2  # more of them make a sentence about something else
_PUTS_RIGHT = word_set("no sorry wait not wrong actually perdon espere espera equivoque")
_LONGEST_REJECTION = 400
_REJECTION = re.compile(
    r"\b(?:not (?:it|right|correct|valid|the one|matching|what i have)|\w*n['’]?t (?:match\w*|it|right|correct)|"
    r"(?:try (?:it )?|once )(?:again|more)|(?:another|one more|second) try|"
    r"no coincide|no es (?:ese|correct\w)|otra vez|intente)\b",
    re.IGNORECASE,
)
_FEWEST_LETTERS = 5  # of a code without a digit
_PIECES = re.compile(r"[ \-]+[0-9]{2,8}\b(?:[ \-]+[A-Za-z]{1,3}$)?")
_READ_BACK: Final[frozenset[Kind]] = frozenset({"PIN", "PASSWORD", "CVV", "SSN"})


class TurnReader:
    """The numbers and other secrets of one turn, read in order while the call's context moves along."""

    def __init__(self, folded: Folded, turn: Turn, context: CallContext, *, wants_codes: bool) -> None:
        self.plain = folded.text
        self.turn = turn
        self.words = read_words(self.plain)
        # no cue in the middle of a token: the "ss" of "P@ss1234"
        self.cues = [cue for cue in find_cues(self.words) if not _is_glued(self.plain, self.words[cue.first].start)]
        self._folded = folded
        self._wants_codes = wants_codes
        self._context = context
        language = context.language(language_lean(self.plain))
        self._is_asked = context.is_asked_number()
        self._around = Surroundings(self.plain, self.words, self.cues, language, is_asked=self._is_asked)
        self._judge = Judge(self._around, context)
        self._numerals: list[Numeral] = []

    @property
    def numbers(self) -> Sequence[NumberSpan]:
        """The numbers of the turn, in places of the folded text."""
        return self._around.numbers

    # --- what the turn says besides numbers -----------------------------------------------------------------------

    @property
    def content_words(self) -> int:
        """How many words say something: no fillers, no number words; counted up to 8."""
        count = 0
        for word in self.words:
            count += word.text not in FILLERS and word.text not in NUMBER_WORDS
            if count >= 8:
                break
        return count

    def asks_password(self) -> bool:
        """Whether somebody is asked for a password here: the answer may be any word."""
        if not any(cue.topic == "PASSWORD" for cue in self.cues) or len(self.words) > 60:
            return False
        said = {word.text for word in self.words}
        return not said & NOT_ASKED and ("?" in self.plain or bool(said & QUESTION_WORDS))

    def rejects_answer(self) -> bool:
        """Whether somebody is told that what they gave does not match."""
        return len(self.plain) < _LONGEST_REJECTION and bool(_REJECTION.search(self.plain))

    def short_answer(self) -> Span | None:
        """The answer to a question for a password: what is left of a short turn without its fillers."""
        said = [word for word in self.words if word.text not in FILLERS]
        if not said or len(said) > _LONGEST_ANSWER_WORDS or any(word.text in NOT_ANSWERED for word in said):
            return None
        end = said[-1].start + len(self.plain[said[-1].start :].split(maxsplit=1)[0])
        end = len(self.plain[:end].rstrip(".,;:!?"))
        more = _PIECES.match(self.plain, end)  # "tor 910 on"
        return Span(said[0].start, more.end() if more is not None else end, "PASSWORD")

    # --- spans -----------------------------------------------------------------------------------------------------

    def spans(self) -> list[Span]:
        """Every span of any kind, in places of the folded text; the policy is applied later."""
        fixed = self._fixed_spans()
        self._read_numbers([(span.start, span.end) for span in fixed])
        read = [self._span_of(numeral, numeral.kind) for numeral in self._numerals if numeral.kind is not None]
        read += self._misheard()
        self._context.hear_masked(kind for kind in ALL_KINDS if f"[{kind}]" in self.plain)
        return [*fixed, *self._birth_dates(), *read, *self._codes()]

    def _codes(self) -> Iterator[Span]:
        """Codes of letters and digits, unless one of their numbers is an amount, a date or the like."""
        if not self._wants_codes:
            return
        told = [numeral for numeral in self._numerals if numeral.is_told or numeral.is_named]
        is_announced = self._is_asked or any(cue.topic in SPELLED_TOPICS for cue in self.cues)
        may_be_model = not is_announced and self.content_words > _FEWEST_WORDS_OF_TALK
        ends = [numeral.span.end for numeral in told]
        for start, end in codes.find_codes(self.plain):
            after = bisect_right(ends, start)
            is_model = may_be_model and codes.is_model(self.plain[start:end])
            if (after == len(told) or told[after].span.start >= end) and not is_model:
                yield Span(start, end, "REFERENCE_NUMBER")

    def _fixed_spans(self) -> list[Span]:
        mails = [Span(start, end, "EMAIL") for start, end in values.find_mails(self.plain, self.words)]
        ibans = [Span(start, end, "BANK_ACCOUNT") for start, end in values.find_ibans(self.plain)]
        passwords = find_passwords(self.plain, self.words, self.cues)
        return [*mails, *ibans, *passwords, *self._spelled_codes()]

    def _spelled_codes(self) -> Iterator[Span]:
        """Codes spelled out after a cue, or in answer to a question; or unmistakably spelled."""
        for code in find_spelled(self.plain):
            first = self._around.word_at(code.start)
            place = bisect_left(self.cues, first, key=lambda cue: cue.last)
            cue = self.cues[place - 1] if place else None
            topic: Topic | None = cue.topic if cue and self._around.are_links(cue.last + 1, first) else None
            if topic is None and self._around.are_fillers(0, first):
                topic = self._context.answer_spelled()
            here = self._context.word
            if topic == "ACCOUNT_NUMBER" and (self._context.near_bank(here, here) or self._names_bank()):
                topic = "BANK_ACCOUNT"
            is_cue = any(code.start <= self.words[cue.first].start < code.end for cue in self.cues)  # "my D.O.B."
            is_code = not is_cue and (code.digits > 0 or code.signs >= _FEWEST_LETTERS)
            if topic in SPELLED_TOPICS and is_code and not RULES[topic].is_secret:
                self._context.harmless.append((self._digits_in(code.start, code.end), self._context.turn))
            if topic in SPELLED_TOPICS and is_code:
                yield Span(code.start, code.end, KIND_OF[topic])
            elif code.is_unmistakable:
                yield Span(code.start, code.end, "REFERENCE_NUMBER")

    def _digits_in(self, start: int, end: int) -> str:
        return "".join(number.digits for number in self._around.numbers if start <= number.start < end)

    def _names_bank(self) -> bool:
        return any(cue.topic == "BANK" or cue.topic in BANK_TOPICS for cue in self.cues)

    def _birth_dates(self) -> Iterator[Span]:
        for cue in self.cues:
            if cue.topic != "DATE_OF_BIRTH":
                continue
            end = self.words[cue.last].end
            place = bisect_left(self._around.dates, end, key=lambda date: date.start)
            if place < len(self._around.dates) and self._around.dates[place].start - end < 40:
                yield Span(self._around.dates[place].start, self._around.dates[place].end, "DATE_OF_BIRTH")

    def _span_of(self, numeral: Numeral, kind: Kind) -> Span:
        start, end = numeral.span.start, numeral.span.end
        if numeral.date is not None:
            start, end = min(start, numeral.date.start), max(end, numeral.date.end)
        elif kind == "PHONE":
            end = codes.with_extension(self.plain, end)
        elif kind in ("ACCOUNT_NUMBER", "REFERENCE_NUMBER", "PASSWORD"):
            start, end = codes.with_token(self.plain, *codes.with_letters(self.plain, start, end))
        return Span(start, end, kind)

    def _misheard(self) -> Iterator[Span]:
        """The "to" and "for" inside a secret: a recogniser's 2 and 4."""
        for before, after in pairwise(self._numerals):
            if before.kind is None or before.kind != after.kind:
                continue
            between = self.words[self._around.word_at(before.span.end) : after.word]
            if len(between) == 1 and between[0].text in _SOUNDS_LIKE_DIGIT:
                yield Span(between[0].start, between[0].end, before.kind)

    def _read_numbers(self, taken: list[tuple[int, int]]) -> None:
        """Judge the numbers one by one, opening the cues that stand before each."""
        taken.sort()
        cues = iter(self.cues)
        cue = next(cues, None)
        for span in self._around.numbers:
            while cue is not None and self.words[cue.first].start < span.start:
                self._open(cue)
                cue = next(cues, None)
            place = bisect_left(taken, (span.end, 0))
            if place and taken[place - 1][1] > span.start and span.digits:
                continue
            numeral = self._around.numeral(span, self._numerals[-1] if self._numerals else None)
            numeral.kind = self._kind_of(numeral)
            numeral.is_named |= numeral.kind is None and self._around.is_zip(span)
            self._numerals.append(numeral)
            self._chain(numeral)
        while cue is not None:
            self._open(cue)
            cue = next(cues, None)
        self._break_chain_by_talk()

    def _open(self, cue: Cue) -> None:
        before = self.words[max(0, cue.first - 3) : cue.first]
        is_lost = self.turn.speaker == "customer" and any(word.text in NOT_ASKED for word in before)
        is_mention = cue.topic == "ACCOUNT_NUMBER" and any(word.text in _WHERE for word in before[-2:])
        if any(word.text in _OF_CARDS for word in self.words[cue.first : cue.last + 1]):
            self._context.card_word = self._context.word + cue.last
        self._context.open(
            cue.topic, self._context.word + cue.last, self.turn.speaker, waits=not is_lost, is_mention=is_mention
        )
        self._claim_number_before(cue)

    def _claim_number_before(self, cue: Cue) -> None:
        """Take "4821 is my pin": a number without a cue of its own belongs to the one right after it."""
        if not self._numerals or not RULES[cue.topic].is_secret:
            return
        numeral = self._numerals[-1]
        rules = RULES[cue.topic]
        first = self._around.word_at(numeral.span.end)
        is_linked = first < cue.first and self.words[first].text in _POSTFIX_LINKS
        is_linked |= first == cue.first and cue.topic in ("CVV", "CODE")  # "it's 435 on the back"
        is_linked |= first + 1 == cue.first and cue.topic == "PIN" and self.words[first].text in ("the", "el", "la")
        has_size = rules.fewest <= numeral.size <= rules.most and numeral.kind in (None, "REFERENCE_NUMBER", "PHONE")
        between = self.words[first : cue.first]
        is_named = cue.topic == "CODE" and 1 < len(between) <= 4 and between[1].text in _WHOSE  # "is your X code"
        is_linked &= is_named or self._around.are_links(first + (first < cue.first), cue.first)
        if is_linked and has_size and cue.topic in KIND_OF:
            numeral.kind = KIND_OF[cue.topic]
            self._claim_other(numeral)

    def _claim_other(self, numeral: Numeral) -> None:
        """Take the first number of "it's 4821 or 4812 for the pin" as well."""
        other = self._numerals[-2] if len(self._numerals) > 1 else None
        if other is None or other.kind not in REPLACEABLE or other.size != numeral.size:
            return
        between = self.words[self._around.word_at(other.span.end) : numeral.word]
        if len(between) <= 3 and any(word.text in ("or", "o") for word in between):
            other.kind = numeral.kind

    def _kind_of(self, numeral: Numeral) -> Kind | None:
        word = self._context.word + numeral.word
        cue = self._context.cue_for(numeral.size, word, self.turn.speaker)
        kind = self._judge.kind(numeral, cue, word)
        if kind not in SECRET_KINDS:
            known = self._context.known_secret(numeral.span.digits, word)
            may_be_secret = (cue is None or cue.is_secret) and not numeral.is_told and not numeral.has_noun
            kind = known or (self._second_secret(numeral, word) if may_be_secret else None) or kind
        elif (cue is None or numeral.size >= 6) and self._context.repeats_harmless(numeral.span.digits):
            kind = None
        if kind in _READ_BACK:
            self._context.secrets[numeral.span.digits] = kind
            self._context.secret_turn = self._context.turn
        is_echo = self._context.is_echo(numeral.span.digits, self.turn.speaker)
        if kind == "CARD":
            self._context.card_word = word
        if kind in PAYMENT_TOPICS:
            self._context.touch_payment(word)
            self._context.card_digits += 0 if is_echo else numeral.size
        if cue is not None and (kind is not None or not cue.is_secret):
            end = self._context.word + self._around.word_at(numeral.span.end)
            self._context.take(cue, 0 if is_echo else numeral.size, end)
            numeral.is_harmless = not cue.is_secret
            numeral.is_named = cue.topic in ("NAMED", "OTHER", "COUNT", "AMOUNT", "PLACE")
            if numeral.is_harmless:
                self._context.harmless.append((numeral.span.digits, self._context.turn))
        return kind

    def _second_secret(self, numeral: Numeral, word: int) -> Kind | None:
        """A read-back of what came masked just before, or a PIN put right: "no, sorry, that's the gym, two four..."."""
        if numeral.is_answer or self._around.are_fillers(0, numeral.word):
            return self._context.unheard_secret(numeral.size)
        before = self.words[max(0, numeral.word - _RETRY_WORDS) : numeral.word]
        is_put_right = any(word.text in _PUTS_RIGHT for word in before)
        return self._context.retried(numeral.size, word) if is_put_right else None

    # --- numbers in pieces -----------------------------------------------------------------------------------------

    def _chain(self, numeral: Numeral) -> None:
        """Add the number to those said just before, and mask them all when together they are a secret."""
        chain = self._context.chain
        if self._breaks_chain(numeral) or not self._may_be_piece(numeral):
            chain.clear()
        if not self._may_be_piece(numeral):
            return
        start, end = self._folded.origin(numeral.span.start, numeral.span.end)
        chain.add(Piece(self.turn.turn_id, start, end, numeral.span.digits, self.turn.speaker, numeral.kind))
        kind = chain.mask()
        if kind is not None:
            self._mask_own(chain, kind)
            self._context.touch_payment(self._context.word + numeral.word)

    def _mask_own(self, chain: Chain, kind: Kind) -> None:
        """Give the kind to the numbers of this turn that are pieces of the chain."""
        own = sum(piece.turn_id == self.turn.turn_id for piece in chain.fresh)
        for numeral in self._numerals[len(self._numerals) - own :]:
            numeral.kind = kind if numeral.kind in REPLACEABLE else numeral.kind

    def _breaks_chain(self, numeral: Numeral) -> bool:
        if len(self._numerals) > 1:
            return not numeral.is_joined
        return not self._around.are_fillers(0, numeral.word)

    def _may_be_piece(self, numeral: Numeral) -> bool:
        goes_on = self._context.chain.is_begun and self._around.is_grouped_answer(numeral)
        is_told = numeral.date is not None or numeral.reading not in (None, "sum")
        if (is_told and not goes_on) or (numeral.is_told and not numeral.is_answer):
            return False
        if numeral.has_noun or numeral.is_harmless:
            return False
        if numeral.kind in ("ACCOUNT_NUMBER", "BANK_ACCOUNT", "ROUTING", "DATE_OF_BIRTH", "PIN", "PASSWORD"):
            return False
        return numeral.size >= 3 or numeral.is_answer

    def _break_chain_by_talk(self) -> None:
        last = self._around.word_at(self._around.numbers[-1].end) if self._around.numbers else 0
        rest = self.words[last : last + LONGEST_GAP_WORDS + 1]
        if len(rest) > LONGEST_GAP_WORDS or sum(word.text not in FILLERS for word in rest) > 1:
            self._context.chain.clear()


def _is_glued(plain: str, place: int) -> bool:
    return place > 0 and plain[place - 1] in "@_0123456789"
