"""Numbers of the house that a pack calls secret: found by how they look, or by their name and number of digits."""

import re
from collections.abc import Iterable, Iterator, Sequence

from copilot.guard.redaction.codes import with_letters
from copilot.guard.redaction.cues import Word, read_words
from copilot.guard.redaction.kinds import SecretForm, Span
from copilot.spoken import NumberSpan

_REACH_WORDS = 8  # from the name of the number to its digits
_UNMISTAKABLE_DIGITS = 7  # a shorter number without letters needs its name before it


def secret_form(pattern: str, spoken_digits: int, labels: Iterable[str]) -> SecretForm:
    """The form of a pack's entry: its regular expression, how many digits are spoken, and its labels."""
    names = tuple(tuple(word.text for word in read_words(label)) for label in labels)
    whole = re.compile(rf"(?<![^\W_])(?:{pattern})(?![^\W_])", re.IGNORECASE)
    return SecretForm(whole, tuple(name for name in names if name), spoken_digits)


def find_forms(
    forms: Sequence[SecretForm], plain: str, words: Sequence[Word], numbers: Sequence[NumberSpan]
) -> Iterator[Span]:
    """Where the secret numbers of the house stand in a folded text."""
    for form in forms:
        called = [
            words[place + len(name) - 1].end
            for name in form.names
            for place in range(len(words) - len(name) + 1)
            if words[place].text == name[0] and tuple(word.text for word in words[place : place + len(name)]) == name
        ]
        for match in form.pattern.finditer(plain):
            digits = sum(char.isdigit() for char in match.group())
            is_plain = match.group().isdigit() and digits < _UNMISTAKABLE_DIGITS
            if match.group() and (not is_plain or _is_called(plain, called, match.start())):
                yield Span(*match.span(), "REFERENCE_NUMBER")
        for number in numbers:
            if len(number.digits) == form.spoken_digits and _is_called(plain, called, number.start):
                yield Span(*with_letters(plain, number.start, number.end), "REFERENCE_NUMBER")


def _is_called(plain: str, called: Sequence[int], start: int) -> bool:
    """Whether the name ends shortly before the place."""
    before = (end for end in called if end <= start and start - end < 20 * _REACH_WORDS)
    return any(len(plain[end:start].split()) <= _REACH_WORDS for end in before)
