"""Values that are known by their shape: codes, phones, e-mails, money, dates, times, counts, titled names.

Every reader takes a line and a range of its words and gives the values in their order, in the form a note has them:
"1293537402", "$126.00", "9:30 am", "October 14", "Dr. Johnson".
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from copilot.calls.fields.lines import Line, Word
from copilot.calls.fields.vocabulary import Shape, Slot, Vocabulary
from copilot.spoken import ORDINALS

_LONGEST_DATE = 8  # words
_LONGEST_EMAIL = 15  # words
_LONGEST_CODE = 40  # words: a card number said digit by digit, with room

_MASK = re.compile(r"\[[a-z][a-z_]*\]")
_DIGITS = re.compile(r"\d+(?:[.-]\d+)*")
_MONEY = re.compile(r"(?P<before>[$€£]?)(?P<number>\d+(?:[.,]\d+)*)(?P<after>[$€£]?)")
_CLOCK = re.compile(r"(?P<hour>[01]?\d|2[0-4])(?:[:.](?P<minute>[0-5]\d))?(?P<half>am|pm|a|p|h)?")
_RUN_TOGETHER = re.compile(r"(?P<hour>1[0-2]|[1-9])(?P<minute>[0-5]\d)(?P<half>am|pm)?")
_WRITTEN_DATE = re.compile(r"\d{1,4}([/.-])\d{1,2}\1\d{1,4}|\d{1,2}/\d{2,4}")
_DAY = re.compile(r"(?:[12]?\d|3[01])(?:st|nd|rd|th)?")
_ORDINAL_DAY = re.compile(r"(?:[12]?\d|3[01])(?:st|nd|rd|th)")
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Found:
    """A value and the words [start, end) that hold it."""

    start: int
    end: int
    value: str


def is_mask(word: Word) -> bool:
    """Whether redaction left this word, as in "[PIN]"."""
    return word.key.startswith("[") and bool(_MASK.fullmatch(word.key))


def has_digit(word: Word) -> bool:
    """Whether any character of the word is a digit."""
    return any(char.isdigit() for char in word.key)


def find_values(shape: Shape, line: Line, start: int, end: int, vocabulary: Vocabulary, slot: Slot) -> list[Found]:
    """The values of `shape` in the words [start, end), in their order; empty for shapes without a form of their own."""
    read = _READERS.get(shape)
    if read is None:
        return []
    found: list[Found] = []
    place = start
    while place < end:
        value = _mask(line, place, slot, vocabulary) or read(line, place, end, vocabulary, slot)
        if value:
            found.append(value)
        place = value.end if value else place + 1
    return found


def _mask(line: Line, place: int, slot: Slot, vocabulary: Vocabulary) -> Found | None:
    """A mask is the value of its own slot, and of any slot that was asked alone and has no mask of its own."""
    word = line.words[place]
    if not is_mask(word):
        return None
    kind = word.key[1:-1].upper()
    owner = vocabulary.masked.get(kind)
    is_own = owner is None or owner.name == slot.name or (slot.name == "account number" and kind == "BANK_ACCOUNT")
    return Found(place, place + 1, f"[{kind}]") if is_own else None


def _code(line: Line, place: int, end: int, vocabulary: Vocabulary, slot: Slot) -> Found | None:
    words = line.words
    stop = place
    end = min(end, place + _LONGEST_CODE)
    while stop < end and _may_be_in_code(line, stop, place, end):
        stop += 1
    if not any(has_digit(word) for word in words[place:stop]):
        return None
    if _reads_as_other(line, place, stop, end, vocabulary):
        return None
    said = line.said(place, stop)
    letters = any(char.isalpha() for char in said)
    code = re.sub(r"[\s().]" if letters else r"[\s().,-]", "", said)
    digits = sum(char.isdigit() for char in code)
    return Found(place, stop, code.upper() if letters else code) if slot.digits[0] <= digits <= slot.digits[1] else None


def _may_be_in_code(line: Line, place: int, first: int, end: int) -> bool:
    word = line.words[place]
    if place > first and (word.before == "." or (word.before == "," and not _is_short_digits(line, place))):
        return False
    if _DIGITS.fullmatch(word.key):
        return True
    if len(word.key) == 1 and word.key.isascii() and word.key.isalpha():  # spelled: "t k 4 8"
        return _spelled_to_digit(line, place, end) and (
            place > first or word.key not in ("a", "i", "y", "o") or len(line.words[place + 1].key) == 1
        )
    is_tied = place + 1 < end and line.text[word.end : line.words[place + 1].start] == "-"
    if is_tied and word.key.isalpha() and len(word.key) <= 4:
        return bool(_DIGITS.fullmatch(line.words[place + 1].key))
    return has_digit(word) and word.key.isalnum() and word.key.isascii() and not _is_unit(word)


def _spelled_to_digit(line: Line, place: int, end: int) -> bool:
    while place < end and len(line.words[place].key) == 1 and line.words[place].key.isalpha():
        place += 1
    return place < end and line.words[place].key.isdigit()


def _is_short_digits(line: Line, place: int) -> bool:
    return len(line.words[place].key) <= 4 and len(line.words[place - 1].key) <= 4 and line.words[place].key.isdigit()


def _is_unit(word: Word) -> bool:
    return bool(re.fullmatch(r"\d+(?:am|pm|st|nd|rd|th|gb|mb|mbps|k|h|hrs|min)", word.key))


def _reads_as_other(line: Line, place: int, stop: int, end: int, vocabulary: Vocabulary) -> bool:
    """Whether the digits are a date, a time, money or a count of something rather than a code."""
    word = line.words[place]
    if _WRITTEN_DATE.fullmatch(word.key) and "/" in word.key:
        return True
    if stop < end and line.words[stop].before == "":
        after = line.words[stop].key
        if (
            after in vocabulary.currencies
            or after in vocabulary.clocks
            or vocabulary.half_days.at(line.words, stop, end)
        ):
            return True
    return False


def _phone(line: Line, place: int, end: int, vocabulary: Vocabulary, slot: Slot) -> Found | None:
    found = _code(line, place, end, vocabulary, slot)
    if found is None or not found.value.isdigit():
        return None
    plus = "+" if line.text[line.words[place].start - 1 : line.words[place].start] == "+" else ""
    return Found(place, found.end, plus + found.value)


def _email(line: Line, place: int, end: int, vocabulary: Vocabulary, slot: Slot) -> Found | None:
    words = line.words
    if "@" in words[place].key:
        return Found(place, place + 1, words[place].key.rstrip("."))
    stop = place
    end = min(end, place + _LONGEST_EMAIL)
    parts: list[str] = []
    at = False
    while stop < end and (stop == place or words[stop].before == ""):
        key = words[stop].key
        is_sign = key in vocabulary.spoken_at or key in vocabulary.spoken_dot
        if is_sign == (not parts or parts[-1] in "@."):
            break
        at = at or key in vocabulary.spoken_at
        parts.append("@" if key in vocabulary.spoken_at else "." if is_sign else key)
        stop += 1
    if not at or len(parts) < 5 or "." not in parts[parts.index("@") :] or parts[-1] in "@.":
        return None
    return Found(place, stop, "".join(parts))


def _username(line: Line, place: int, end: int, vocabulary: Vocabulary, slot: Slot) -> Found | None:
    word = line.words[place]
    is_login = has_digit(word) and any(char.isalpha() for char in word.key)
    return Found(place, place + 1, line.said(place, place + 1)) if is_login and not _is_unit(word) else None


def _money(line: Line, place: int, end: int, vocabulary: Vocabulary, slot: Slot) -> Found | None:
    words = line.words
    match = _MONEY.fullmatch(words[place].key)
    if match is None:
        return None
    amount = _decimal(match["number"], words[place].string)
    sign = match["before"] or match["after"]
    stop = place + 1
    if not sign and stop < end and words[stop].key in vocabulary.currencies:
        sign = vocabulary.currencies[words[stop].key]
        stop += 1
    if amount is None or not sign:
        return None
    cents = _cents(line, stop, end, vocabulary)
    return Found(
        place, cents.end if cents else stop, f"{sign}{amount + (Decimal(cents.value) / 100 if cents else 0):.2f}"
    )


def bare_amount(line: Line, start: int, end: int) -> Found | None:
    """The last plain number in the words [start, end), read as money; for answers to "what is the amount"."""
    for place in range(end - 1, start - 1, -1):
        word = line.words[place]
        amount = _decimal(word.key, word.string) if re.fullmatch(r"\d+(?:[.,]\d+)*", word.key) else None
        if amount is not None and amount < 10_000_000:
            return Found(place, place + 1, f"{amount:.2f}")
    return None


def _cents(line: Line, place: int, end: int, vocabulary: Vocabulary) -> Found | None:
    for skip in (0, 1):  # "22 dollars 50 cents", "22 dollars and 50"
        at = place + skip
        if at < end and re.fullmatch(r"\d\d?", line.words[at].key) and (skip == 0 or len(line.words[place].key) <= 3):
            stop = at + 1
            if stop < end and line.words[stop].key in vocabulary.cents:
                return Found(at, stop + 1, line.words[at].key)
            if stop >= end and line.words[at].before == "":
                return Found(at, stop, line.words[at].key)
    return None


def _decimal(number: str, is_string: bool) -> Decimal | None:
    if is_string and re.fullmatch(r"\d{3,4}", number):  # "eighty nine ninety nine" is 89.99
        return Decimal(int(number)) / 100
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?", number):  # 1.200,50
        number = number.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"\d+,\d{1,2}", number):
        number = number.replace(",", ".")
    try:
        return Decimal(number.replace(",", ""))
    except InvalidOperation:
        return None


def _date(line: Line, place: int, end: int, vocabulary: Vocabulary, slot: Slot) -> Found | None:
    words = line.words
    if _WRITTEN_DATE.fullmatch(words[place].key):
        return Found(place, place + 1, words[place].key)
    relative = vocabulary.relative_days.at(words, place, end)
    is_part = place > 0 and words[place - 1].key in vocabulary.determiners  # "de la mañana" is no day
    if relative and not slot.calendar_only and not is_part:
        return Found(place, place + relative[0], line.said(place, place + relative[0]).lower())
    stop = place
    parts: list[str] = []
    while stop < min(end, place + _LONGEST_DATE) and (stop == place or words[stop].before != "."):
        part = _date_part(line, stop, vocabulary, is_first=not parts)
        if part is None:
            break
        parts.append(part)
        stop += 1
    while parts and words[stop - 1].key in (vocabulary.date_joiners | vocabulary.date_modifiers):
        parts.pop()
        stop -= 1
    keys = {word.key for word in words[place:stop]}
    is_month_day = bool(keys & vocabulary.months) and any(has_digit(word) for word in words[place:stop])
    if slot.calendar_only and len(parts) == 1 and _YEAR.fullmatch(parts[0]):
        return Found(place, stop, parts[0])
    is_ordinal = slot.shape == "date" and any(_ORDINAL_DAY.fullmatch(part) for part in parts)
    is_day = is_month_day or is_ordinal or bool(keys & vocabulary.weekdays)
    return Found(place, stop, " ".join(parts)) if is_day else None


def _date_part(line: Line, place: int, vocabulary: Vocabulary, *, is_first: bool) -> str | None:
    key = line.words[place].key
    if key in vocabulary.months or key in vocabulary.weekdays:
        return key.capitalize() if vocabulary.language == "en" else key
    if _DAY.fullmatch(key) or _YEAR.fullmatch(key):
        return key
    if key in ORDINALS:
        return str(ORDINALS[key])
    if key in vocabulary.date_modifiers or (key in vocabulary.date_joiners and not is_first):
        return key
    return None


def _time(line: Line, place: int, end: int, vocabulary: Vocabulary, slot: Slot) -> Found | None:
    words = line.words
    if words[place].key in vocabulary.noons:
        return Found(place, place + 1, words[place].key)
    match = _CLOCK.fullmatch(words[place].key) or _RUN_TOGETHER.fullmatch(words[place].key)
    if match is None:
        return None
    half = {"a": "am", "p": "pm"}.get(match["half"] or "", match["half"] or "")
    minute = match["minute"] or ""
    stop = place + 1
    may_be_minute = not minute and stop + 1 < end and re.fullmatch(r"[0-5]\d", words[stop].key)
    if may_be_minute and vocabulary.half_days.at(words, stop + 1, end):
        minute, stop = words[stop].key, stop + 1
    is_clock = stop < end and words[stop].key in vocabulary.clocks
    stop += is_clock
    said_half = vocabulary.half_days.at(words, stop, end) if not half and stop < end else None
    if said_half:
        half, stop = said_half[1], stop + said_half[0]
    is_plain = ":" in words[place].key
    if not (half or is_clock or is_plain):
        return None
    clock = f"{int(match['hour'])}" + (f":{minute}" if minute and (minute != "00" or not half) else "")
    return Found(place, stop, clock + (f" {half}" if half in ("am", "pm") else ":00" if not minute else ""))


def bare_hour(line: Line, start: int, end: int) -> Found | None:
    """A plain hour ("at 5") in the words [start, end); for answers to "at what time"."""
    for place in range(start, end):
        match = _CLOCK.fullmatch(line.words[place].key) or _RUN_TOGETHER.fullmatch(line.words[place].key)
        if match:
            return Found(place, place + 1, match["hour"] + (f":{match['minute']}" if match["minute"] else ":00"))
    return None


def _number(line: Line, place: int, end: int, vocabulary: Vocabulary, slot: Slot) -> Found | None:
    key = line.words[place].key
    return Found(place, place + 1, key) if key.isdigit() and len(key) <= 5 else None


def _titled(line: Line, place: int, end: int, vocabulary: Vocabulary, slot: Slot) -> Found | None:
    words = line.words
    title = vocabulary.titles.get(words[place].key)
    if title is None or place + 1 >= end:
        return None
    stop = place + 1
    while stop < min(end, place + 3) and _is_name_word(line, stop, vocabulary) and (
        stop == place + 1 or (words[stop].before == "" and line.said(stop, stop + 1)[0].isupper())
    ):  # fmt: skip
        stop += 1
    if (
        line.has_case
        and line.said(place, place + 1)[0].isupper()
        and stop > place + 1
        and line.said(place + 1, place + 2).islower()
    ):
        return None  # "my Dr. says"
    is_common = place > 0 and words[place - 1].key in vocabulary.determiners
    if is_common and line.has_case and stop > place + 1 and line.said(place + 1, place + 2).islower():
        return None  # "the doctor told me"
    name = " ".join(capitalised(line.said(at, at + 1)) for at in range(place + 1, stop))
    return Found(place, stop, f"{title} {name}") if name else None


def _is_name_word(line: Line, place: int, vocabulary: Vocabulary) -> bool:
    key = line.words[place].key
    return key not in vocabulary.stop_words and key.replace("'", "").isalpha() and len(key) > 1 and (
        line.words[place].before == ""
    )  # fmt: skip


def capitalised(word: str) -> str:
    """The word with a capital if it was written without one."""
    return word[:1].upper() + word[1:] if word.islower() else word


_Reader = Callable[[Line, int, int, Vocabulary, Slot], Found | None]
_READERS: dict[Shape, _Reader] = {
    "code": _code,
    "phone": _phone,
    "email": _email,
    "username": _username,
    "money": _money,
    "date": _date,
    "time": _time,
    "number": _number,
    "titled": _titled,
}


def clauses(line: Line, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The ranges of words between full stops in [start, end)."""
    first = start
    for place in range(start + 1, end + 1):
        if place == end or line.words[place].before == ".":
            if first < place:
                yield first, place
            first = place
