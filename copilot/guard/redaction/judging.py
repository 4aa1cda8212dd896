"""What one number is: by its look, by the cue it belongs to, by what the call is about."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from copilot.guard.redaction.chains import looks_like_card
from copilot.guard.redaction.context import CallContext, OpenCue
from copilot.guard.redaction.cues import Topic
from copilot.guard.redaction.kinds import ALL_KINDS, Kind
from copilot.guard.redaction.numerals import Numeral, Surroundings
from copilot.guard.redaction.topics import KIND_OF, RULES
from copilot.spoken.words import ZERO_LETTERS, word_set

_FEWEST_CARD_DIGITS = 13
_SSN_SHAPE = re.compile(r"[0-9]{3}[\s.\-‐-―]{1,3}[0-9]{2}[\s.\-‐-―]{1,3}[0-9]{4}")
_SSN_DIGITS = 9
_PHONE_DIGITS = frozenset({7, 8, 10, 11})
_EXPIRY_DIGITS = re.compile(r"(?:0?[1-9]|1[0-2])(?:20)?[2-4][0-9]")
_CONTRACTS = word_set(
    "contract promo promotion offer plan discount trial bill invoice factura recibo promocion plazo payment pago"
    " agreement lease warranty ticket coupon contrato oferta"
)
_DAY_CUES = word_set("on el by from since before after until del")
_CALLS = word_set("call dial llame llamar marque marcar")
_SERVICE_NUMBERS = frozenset("211 311 411 511 611 711 811 911 988".split())
_FEWEST_IN_PIECES: Mapping[Topic, int] = {"PIN": 3, "PASSWORD": 3}


@dataclass(frozen=True)
class Judge:
    """Judges the numbers of one turn; `context` is what the call said before and in the turn up to the number."""

    around: Surroundings
    context: CallContext

    def kind(self, numeral: Numeral, cue: OpenCue | None, word: int) -> Kind | None:
        """What the number is, given the cue it belongs to and its word's place in the call; None to keep it."""
        topic = cue.topic if cue is not None else None
        if numeral.size >= _FEWEST_CARD_DIGITS:
            return self._long_number(numeral, topic, cue.word if cue is not None else word)
        has_ssn_shape = _SSN_SHAPE.fullmatch(self.around.plain, numeral.span.start, numeral.span.end)
        if has_ssn_shape and topic not in ("PHONE", "REFERENCE_NUMBER"):
            return "SSN"
        if numeral.date is not None and not self._is_hyphened_piece(numeral, cue):
            return self._dated(numeral, topic, word)
        if numeral.reading is not None and not self._is_piece(numeral, cue):
            return None
        if cue is None or (cue.topic == "CARD" and cue.is_spent):  # behind a whole card comes its expiry or code
            return self._unannounced(numeral, word)
        return self._secret(numeral, cue, word) if cue.is_secret else self._harmless(numeral, cue.topic, cue.word)

    def _is_piece(self, numeral: Numeral, cue: OpenCue | None) -> bool:
        """Whether what is typed like a sum ("234.56") is a piece of the card being read out."""
        is_unfinished = 0 < self.context.card_digits < _FEWEST_CARD_DIGITS
        is_unfinished |= cue is not None and cue.topic == "CARD" and not cue.is_spent
        is_code = cue is not None and cue.topic in ("PIN", "PASSWORD", "CODE", "CVV") and self._is_direct(numeral, cue)
        return numeral.reading == "sum" and ((numeral.is_answer and is_unfinished) or is_code)

    def _is_hyphened_piece(self, numeral: Numeral, cue: OpenCue | None) -> bool:
        """Whether what is typed like a date ("01-10-00") is all of the answer, a piece of the card being read."""
        is_begun = cue is not None and cue.topic == "CARD" and 0 < self.context.card_digits < _FEWEST_CARD_DIGITS
        return is_begun and self.around.is_hyphened_answer(numeral) and not self.context.is_asked("EXPIRY")

    def _long_number(self, numeral: Numeral, topic: Topic | None, cue_word: int) -> Kind:
        """13 digits and more are a card unless a cue says otherwise and they do not look like one."""
        if topic in ("BANK_ACCOUNT", "ROUTING"):
            return "BANK_ACCOUNT"
        if looks_like_card(numeral.span.digits):
            return "CARD"
        if topic in ("ACCOUNT_NUMBER", "REFERENCE_NUMBER", "PHONE", "PASSWORD"):
            return self._harmless(numeral, topic, cue_word) or "CARD"
        return "CARD"

    def _dated(self, numeral: Numeral, topic: Topic | None, word: int) -> Kind | None:
        if topic == "DATE_OF_BIRTH":
            return "DATE_OF_BIRTH"
        if topic == "EXPIRY":
            # a card has no day: "vence el 4 de abril" is a bill, unless a card is being talked about
            is_card = numeral.date is None or not numeral.date.has_day or self.context.near_card(word)
            return "EXPIRY" if is_card and not self._is_of_contract(numeral) else None
        if topic in ("CARD", "CVV") and self.context.is_asked("EXPIRY") and not self._is_on_day(numeral):
            return "EXPIRY"
        if numeral.date is None or numeral.date.has_day or topic not in (None, "CARD", "CVV"):
            return None
        return "EXPIRY" if self.context.in_payment(word) and not self._is_on_day(numeral) else None

    def _is_on_day(self, numeral: Numeral) -> bool:
        """Whether "on" or the like stands before "7/21"."""
        first = self.around.word_at(numeral.date.start if numeral.date else numeral.span.start)
        return any(word.text in _DAY_CUES for word in self.around.words[max(0, first - 1) : first])

    def _is_of_contract(self, numeral: Numeral) -> bool:
        before = self.around.words[max(0, numeral.word - 8) : numeral.word]
        return any(word.text in _CONTRACTS for word in before)

    def _secret(self, numeral: Numeral, cue: OpenCue, word: int) -> Kind | None:
        """A number after a cue for a secret."""
        if self._is_loose(numeral, cue):
            return None
        if numeral.size in _PHONE_DIGITS and self.around.follows(numeral, _CALLS):
            return "PHONE"
        is_fresh = numeral.is_answer and (not cue.is_interrupted or cue.taken > 0)
        is_small_talk = numeral.has_noun and not numeral.is_joined
        is_near = is_fresh or self._is_direct(numeral, cue)
        if cue.topic == "CODE":
            # "the code you guys sent is", "my authenticator shows"
            is_near |= cue.turn == self.context.turn and not is_small_talk
            is_code = is_near and RULES["CODE"].fewest <= numeral.size <= RULES["CODE"].most
            return KIND_OF["CODE"] if is_code else self._unannounced(numeral, word)
        fewest = self._fewest(numeral, cue) if is_near and not is_small_talk else RULES[cue.topic].fewest
        if cue.topic == "CARD" and not is_near and not numeral.span.spoken:
            fewest = 4
        return self._of_topic(numeral, cue.topic) if numeral.size >= fewest else None

    def _fewest(self, numeral: Numeral, cue: OpenCue) -> int:
        """How many digits a number near its cue has at least."""
        if not self._is_whole_answer(numeral, cue):
            return _FEWEST_IN_PIECES.get(cue.topic, 1)
        return 1 if any(word.text in ZERO_LETTERS for word in self.around.words) else 2  # "nine, uh, oh" is two digits

    def _of_topic(self, numeral: Numeral, topic: Topic) -> Kind | None:
        """The kind of a number that is long enough for its cue."""
        if topic == "EXPIRY" and self._is_of_contract(numeral):
            return None
        is_card = (topic == "EXPIRY" and numeral.size > 8) or (topic == "CVV" and numeral.size > 4)
        if topic == "EXPIRY" and numeral.size <= 2 and not self.context.near_card(numeral.word + self.context.word):
            return None  # "vence el veinticinco": a day of the month
        return "CARD" if is_card else KIND_OF.get(topic)

    def _is_loose(self, numeral: Numeral, cue: OpenCue) -> bool:
        """Whether it is a small number in the sentence of a cue: "three on visa and four on amex"."""
        is_own = cue.turn == self.context.turn and cue.topic == "CARD"
        return is_own and numeral.size <= 2 and not numeral.is_joined and not numeral.is_joined_after

    def _is_whole_answer(self, numeral: Numeral, cue: OpenCue) -> bool:
        """Whether the turn is nothing but the number, after a question for a PIN: "two two" may be its first half."""
        words = self.around.words
        after = self.around.word_at(numeral.span.end)
        is_asked = cue.turn != self.context.turn and cue.topic in _FEWEST_IN_PIECES
        is_all = self.around.are_fillers(0, numeral.word) and self.around.are_fillers(after, len(words))
        return is_asked and is_all

    def _is_direct(self, numeral: Numeral, cue: OpenCue) -> bool:
        """Whether only link words stand between the cue and the number."""
        if cue.turn != self.context.turn:
            return False
        return self.around.are_links(cue.word - self.context.word + 1, numeral.word)

    def _harmless(self, numeral: Numeral, topic: Topic, cue_word: int) -> Kind | None:
        if topic == "PHONE" and self.around.plain[max(0, numeral.span.start - 1) : numeral.span.start].isalpha():
            return None  # "my phone is the DP750"
        if (
            topic == "ACCOUNT_NUMBER"
            and self.context.near_bank(self.context.word + numeral.word, cue_word)
            and numeral.size >= 3
        ):
            return "BANK_ACCOUNT"
        if numeral.size < RULES[topic].fewest or topic not in ALL_KINDS:
            return None
        return topic

    def _unannounced(self, numeral: Numeral, word: int) -> Kind | None:
        """A number that nothing announced: judged by payment talk, by its length, by standing alone."""
        if self.context.in_payment(word) and (kind := self._in_payment(numeral)) is not None:
            return kind
        if self._is_common(numeral):
            return None
        if numeral.size == _SSN_DIGITS:
            return "SSN"
        if numeral.size == _FEWEST_CARD_DIGITS - 1:
            return "CARD"
        return "PHONE" if numeral.size in _PHONE_DIGITS else self._reference(numeral)

    def _reference(self, numeral: Numeral) -> Kind | None:
        """A reference number for want of anything else, unless it is said as a quantity or a price is."""
        is_price = self.around.is_price(numeral.span)
        is_sum = numeral.span.spoken and (numeral.span.is_quantity or (numeral.size == 3 and is_price))
        if is_sum or (is_price and not (numeral.is_answer and self.context.is_asked_number())):
            return None
        return "REFERENCE_NUMBER" if numeral.size >= (3 if numeral.is_answer else 4) else None

    def _is_common(self, numeral: Numeral) -> bool:
        """Whether it is a year, a service number, a ZIP code or in thousands: "2023", "911", "PA 49058", "1,400"."""
        said = self.around.plain[numeral.span.start : numeral.span.end]
        is_year = numeral.size == 4 and "2000" <= numeral.span.digits <= "2035"
        is_grouped = numeral.span.is_quantity and "," in said
        return is_year or is_grouped or numeral.span.digits in _SERVICE_NUMBERS or self.around.is_zip(numeral.span)

    def _in_payment(self, numeral: Numeral) -> Kind | None:
        is_read_out = not numeral.span.is_quantity or not numeral.span.spoken
        is_card_known = self.context.card_digits >= _FEWEST_CARD_DIGITS
        # "they took 300": three typed digits in a sentence are a sum, unless the card was given and the code is due
        is_sum = numeral.size == 3 and not numeral.span.spoken and not numeral.is_answer and not is_card_known
        if numeral.size >= 3 and (is_read_out or numeral.is_answer) and not is_sum:
            if is_card_known and numeral.size <= 4:
                return "EXPIRY" if _EXPIRY_DIGITS.fullmatch(numeral.span.digits) else "CVV"
            return "CARD"
        is_part = numeral.is_answer and not numeral.has_noun
        is_unfinished = 0 < self.context.card_digits < _FEWEST_CARD_DIGITS or numeral.is_joined
        return "CARD" if is_part and is_unfinished else None
