"""What the call has said so far that tells what the next number is: open questions, payment talk, half-said numbers."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from copilot.guard.redaction.chains import Chain
from copilot.guard.redaction.cues import Topic
from copilot.guard.redaction.kinds import Kind
from copilot.guard.redaction.runs import NO_NUMBER
from copilot.guard.redaction.topics import (
    BANK_TOPICS,
    LATER_DIGITS,
    PAYMENT_TOPICS,
    RULES,
    SPELLED_TOPICS,
    STRICT_DIGITS,
    UNHEARD_DIGITS,
)

_SECRET_REACH_WORDS = 30  # in its own turn a cue for a secret holds this long
_SECOND_REACH_WORDS = 4  # and so far for a second number, once it has had one
_LIKE_REACH_WORDS = 8  # farther when it is as long as the first: "if not it would be ..."
_HARMLESS_REACH_WORDS = 8
_PENDING_TURNS = 8  # a question waits this long for its answer
_PENDING_WORDS = 80
_PAYMENT_WORDS = 90  # talk of cards and bank accounts colours what follows
_PAYMENT_TURNS = 14
_ECHO_TURNS = 3  # a read-back comes at once
_KEPT_HARMLESS = 8
_RETRY_WORDS = 10  # "[PIN]. No, sorry, that's the gym. Two four one oh."
_KEPT_CUES = 24
_BANK_NAME_REACH_WORDS = 3  # before the word "account"
_NAMED_REACH_WORDS = 2  # "Fiber 1000", "extension is 204"


@dataclass(slots=True)
class OpenCue:
    """A cue that may still get its number; `taken` digits went to it already."""

    topic: Topic
    turn: int
    word: int  # counted over the whole call
    speaker: str
    taken: int = 0
    last_digits: int = 0  # how many the last number had
    taken_word: int = 0  # where the last of them ended
    is_interrupted: bool = False  # other talk came in between
    waits: bool = True  # the number may come in a later turn
    is_mention: bool = False  # "the PIN on your account": it says whose

    @property
    def is_secret(self) -> bool:
        """Whether what it announces must never be kept."""
        return RULES[self.topic].is_secret

    @property
    def is_spent(self) -> bool:
        """Whether it has had all its digits."""
        return self.taken >= RULES[self.topic].full


@dataclass(slots=True)
class CallContext:
    """The state of one call between two numbers."""

    turn: int = 0
    word: int = 0
    cues: deque[OpenCue] = field(default_factory=lambda: deque(maxlen=_KEPT_CUES))
    secret_turn: int = -_PAYMENT_TURNS  # of the last PIN or the like
    chain: Chain = field(default_factory=Chain)
    payment_word: int = -_PAYMENT_WORDS
    payment_turn: int = -_PAYMENT_TURNS
    bank_word: int = -_PAYMENT_WORDS
    bank_name_word: int = -_PAYMENT_WORDS  # where a bank was named
    card_word: int = -_PAYMENT_WORDS
    card_digits: int = 0  # said since payment talk began
    lean: int = 0  # of the call's language: Spanish above 0, English below
    harmless: deque[tuple[str, int]] = field(default_factory=lambda: deque(maxlen=_KEPT_HARMLESS))  # digits, turn
    last_number: tuple[str, str] = ("", "")  # its digits and who said them
    unheard: dict[Kind, int] = field(default_factory=dict)  # secrets that came masked already, by their turn
    secrets: dict[str, Kind] = field(default_factory=dict)  # short ones by their digits: they are often read back

    def copy(self) -> "CallContext":
        """The same state to read on with, while this one stays as it is."""
        cues = deque((replace(cue) for cue in self.cues), maxlen=_KEPT_CUES)
        return replace(
            self,
            cues=cues,
            chain=self.chain.copy(),
            secrets=dict(self.secrets),
            unheard=dict(self.unheard),
            harmless=self.harmless.copy(),
        )

    def language(self, lean: int) -> str:
        """The language of a turn whose words lean so: its own, or the call's when they tell nothing."""
        self.lean += max(-3, min(3, lean))
        return "es" if (lean or self.lean) > 0 else "en"

    def is_echo(self, digits: str, speaker: str) -> bool:
        """Whether somebody reads back the number that was said last, or its end: "oh three four?"."""
        last_digits, last_speaker = self.last_number
        self.last_number = (digits, speaker)
        return len(digits) >= 3 and last_digits.endswith(digits) and speaker != last_speaker

    def known_secret(self, digits: str, word: int) -> Kind | None:
        """What the same digits were when they were said before; three digits alone count in payment talk only."""
        return self.secrets.get(digits) if len(digits) > 3 or self.in_payment(word) else None

    def hear_masked(self, kinds: Iterable[Kind]) -> None:
        """Note secrets that this turn holds as `[PIN]`: masked before a restart, or by whoever sent them.

        A read-back of them cannot be known by its digits; see `unheard_secret`.
        """
        for kind in kinds:
            self.unheard[kind] = self.turn
            if kind in PAYMENT_TOPICS:
                self.touch_payment(self.word)

    def unheard_secret(self, digits: int) -> Kind | None:
        """The secret of a turn or two ago, heard only as its mask, that so many digits may be the read-back of."""
        for kind, sizes in UNHEARD_DIGITS.items():
            if self.turn - self.unheard.get(kind, -_ECHO_TURNS - 1) <= _ECHO_TURNS and digits in sizes:
                return kind
        return None

    def repeats_harmless(self, digits: str) -> bool:
        """Whether the digits are those of a ticket or the like said just now, or a part of them."""
        recent = (said for said, turn in self.harmless if self.turn - turn <= _ECHO_TURNS)
        return len(digits) >= 3 and any(digits in said for said in recent)

    def retried(self, digits: int, word: int) -> Kind | None:
        """The PIN or password just given in this turn, when another number of its length follows."""
        for cue in reversed(self.cues):
            is_given = cue.topic in ("PIN", "PASSWORD") and cue.taken == digits
            if is_given and 0 <= word - cue.taken_word <= _RETRY_WORDS and cue.taken_word >= self.word:
                return "PIN" if cue.topic == "PIN" else "PASSWORD"
        return None

    def take(self, cue: OpenCue, digits: int, word: int) -> None:
        """Give the digits of a number that ends at this word to the cue."""
        cue.taken, cue.taken_word, cue.last_digits = cue.taken + digits, word, digits or cue.last_digits

    def reopen(self) -> None:
        """Wait again for the PIN or password that was just said: it was wrong, another one follows."""
        asked = next((cue for cue in reversed(self.cues) if cue.topic in ("PIN", "PASSWORD") and cue.taken), None)
        if asked is not None:
            self.cues.append(OpenCue(asked.topic, self.turn, self.word, asked.speaker))

    def open(self, topic: Topic, word: int, speaker: str, *, waits: bool = True, is_mention: bool = False) -> None:
        """Note a cue at a word of the call."""
        if topic == "BANK":
            self.bank_name_word = word
            return
        waits = waits and topic not in ("OTHER", "NAMED")
        self.cues.append(OpenCue(topic, self.turn, word, speaker, waits=waits, is_mention=is_mention))
        if topic in PAYMENT_TOPICS:
            if not self.in_payment(word):
                self.card_digits = 0
            self.touch_payment(word)
        if topic in BANK_TOPICS:
            self.bank_word = word
        if topic in ("CARD", "CVV"):
            self.card_word = word

    def touch_payment(self, word: int) -> None:
        """Payment is being talked about at this word."""
        self.payment_word, self.payment_turn = word, self.turn

    def in_payment(self, word: int) -> bool:
        """Whether card or bank details are likely to be read out now."""
        return word - self.payment_word < _PAYMENT_WORDS and self.turn - self.payment_turn < _PAYMENT_TURNS

    def near_card(self, word: int) -> bool:
        """Whether a card was spoken of lately."""
        return word - self.card_word < _PAYMENT_WORDS

    def near_bank(self, word: int, cue_word: int) -> bool:
        """Whether "account number" means a bank's: one was spoken of lately, or named with the cue."""
        is_named = self.bank_name_word >= cue_word - _BANK_NAME_REACH_WORDS
        return word - self.bank_word < _PAYMENT_WORDS or is_named

    def is_asked(self, topic: Topic) -> bool:
        """Whether a question of an earlier turn for it is open."""
        return any(cue.topic == topic for cue in self._pending(self.word))

    def is_asked_number(self) -> bool:
        """Whether a question for a card, an account or another such number is open, or one is being read out."""
        is_open = any(cue.topic not in NO_NUMBER for cue in self._pending(self.word))
        return is_open or bool(self.chain.fresh) or self.turn - self.secret_turn <= _ECHO_TURNS

    def answer_spelled(self) -> Topic | None:
        """The topic of the open question that a spelled code answers, which has its answer then."""
        cue = next((cue for cue in self._pending(self.word) if cue.topic in SPELLED_TOPICS), None)
        if cue is None:
            return None
        cue.taken = max(cue.taken, RULES[cue.topic].full if cue.is_secret else 0)
        return cue.topic

    def cue_for(self, digits: int, word: int, speaker: str) -> OpenCue | None:
        """The cue that a number of so many digits at this word belongs to."""
        for cue in reversed(self.cues):
            if cue.turn != self.turn:
                break
            if _reaches(cue, digits, word):
                return cue
        return self._answered_here(digits, word) or self._pending_cue(digits, word, speaker)

    def _answered_here(self, digits: int, word: int) -> OpenCue | None:
        """The question this turn has just answered, when a number as long as the answer follows: "2270, or 6149"."""
        for cue in reversed(self.cues):
            is_answered = cue.is_secret and cue.is_spent and cue.topic in ("PIN", "PASSWORD", "CODE")
            if is_answered and cue.taken_word >= self.word and digits == cue.last_digits:
                return cue if 0 <= word - cue.taken_word <= _LIKE_REACH_WORDS else None
        return None

    def _pending_cue(self, digits: int, word: int, speaker: str) -> OpenCue | None:
        """Of the questions of earlier turns the one to answer: a secret unless a harmless one clearly fits."""
        pending = list(self._pending(word))
        secret = next((cue for cue in pending if cue.is_secret and _may_take(cue, digits)), None)
        harmless = next((cue for cue in pending if not cue.is_secret and digits <= RULES[cue.topic].most), None)
        if secret is None or harmless is None:
            return secret or harmless
        return harmless if _outranks(harmless, secret, digits, speaker) else secret

    def _last_card_turn(self) -> int:
        """The turn that asked for the card being read out, or -1: what was talked of before it waits no longer."""
        return next((cue.turn for cue in reversed(self.cues) if cue.topic == "CARD" and cue.taken), -1)

    def _pending(self, word: int) -> Iterator[OpenCue]:
        card_turn = self._last_card_turn()
        for cue in reversed(self.cues):
            if self.turn - cue.turn > _PENDING_TURNS or word - cue.word > _PENDING_WORDS:
                return
            is_overtaken = cue.turn < card_turn and not cue.is_secret
            if cue.turn != self.turn and cue.waits and not cue.is_spent and not is_overtaken:
                yield cue

    def end_turn(self, topics: Iterable[Topic], content_words: int, words: int) -> None:
        """Close a turn: other talk interrupts the questions before it and ends those half answered."""
        if content_words >= 4:
            same = set(topics)
            for cue in self.cues:
                if cue.turn == self.turn or cue.topic in same:
                    continue
                cue.is_interrupted = True
                if cue.taken and cue.topic != "CARD":
                    cue.taken = RULES[cue.topic].full
        self.turn += 1
        self.word += words + 1


def _reaches(cue: OpenCue, digits: int, word: int) -> bool:
    rules = RULES[cue.topic]
    if word < cue.word:
        return False
    if cue.is_spent:  # "my PIN is either 9431 or 9503"
        reach = _LIKE_REACH_WORDS if digits == cue.last_digits and cue.topic == "PIN" else _SECOND_REACH_WORDS
        return rules.is_secret and word - cue.taken_word <= reach
    if rules.is_secret:
        return word - cue.word <= _SECRET_REACH_WORDS
    if cue.topic == "NAMED":
        return word - cue.word <= _NAMED_REACH_WORDS and digits <= rules.most
    return word - cue.word <= _HARMLESS_REACH_WORDS and digits <= rules.most


def _may_take(cue: OpenCue, digits: int) -> bool:
    return digits >= 3 or not cue.is_interrupted or cue.taken > 0


def _outranks(harmless: OpenCue, secret: OpenCue, digits: int, speaker: str) -> bool:
    if harmless.turn < secret.turn or (harmless.is_mention and secret.topic in ("PIN", "CODE", "PASSWORD")):
        return False
    is_asked = harmless.speaker != speaker or speaker == "unknown" or harmless.taken > 0
    is_later = harmless.turn > secret.turn and is_asked
    fitting = (LATER_DIGITS if is_later else STRICT_DIGITS).get(harmless.topic, frozenset())
    return digits in fitting
