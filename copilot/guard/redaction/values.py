"""Secrets with a shape of their own: e-mail addresses and international bank account numbers."""

import re
import string
from collections.abc import Iterator, Sequence

from copilot.guard.redaction.cues import Word
from copilot.spoken.words import NUMBER_WORDS, word_set

_MAIL_NAME = string.ascii_letters + string.digits + "._%+'-áéíóúüñ"
_MAIL_HOST = re.compile(r"[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,6}")
_HOSTS = "gmail|yahoo|hotmail|outlook|icloud|aol|rediffmail|live|msn|proton|protonmail|comcast|verizon|google|mail|test"
_SQUASHED_HOST = re.compile(rf"(\w*?)(?:{_HOSTS})\.?(?:com|net|org)")
_SQUASHED_ENDS = ("com", "net", "org", "gov", "edu")
_NO_HOSTS = word_set(
    "internet ethernet intranet cabinet telecom intercom clarinet dotcom planet wellnet subnet extranet sitcom newcom"
    " welcom malcom commcom teletelecom magnet bonnet hornet garnet sonnet cyborg"
)
_SPOKEN_END = word_set(
    "com net org edu gov io co es mx us info biz fr de me uk ca au tv cc app dev ai eu in br ar cl pe ec nl it ch se pr"
)
_DOTS = word_set("dot punto point")
_AT = word_set("at arroba")
_BEFORE_MAIL = word_set(
    "is to at email mail address the a my it its it's on with and of for send use es correo su mi a al en yes sure"
    " thanks okay ok id new old that i email's via through from not no"
)
_NAME_PARTS = word_set("dot punto point underscore dash hyphen guion plus period bajo")
_HESITATIONS = word_set("uh um er eh este then luego and")
_DIGITS_BEFORE = re.compile(r"[0-9][0-9 ]*$")
_MAIL_WORDS = word_set("email mail gmail correo")
_FEWEST_WORDS = 2  # of a turn that may be something else than an address
_LONGEST_NAME = 10  # words of a spoken mail name


def find_mails(plain: str, words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """E-mail addresses typed ("a@b.com"), spoken ("j smith at gmail dot com") or squashed ("ed 52 yahoocom")."""
    yield from _typed_mails(plain)
    is_short = len(words) <= _FEWEST_WORDS
    is_about_mail = any(word.text in _MAIL_WORDS for word in words)
    for place, word in enumerate(words):
        if word.text in _SPOKEN_END and place >= 2 and words[place - 1].text in _DOTS:
            start = _spoken_start(plain, words, place)
            if start is not None:
                yield start, _spoken_end(words, place)
        elif len(word.text) > 6 and word.text.endswith(_SQUASHED_ENDS) and word.text not in _NO_HOSTS:
            host = _SQUASHED_HOST.fullmatch(word.text)
            has_digits = host is None and _has_digits_before(plain, word.start)
            if host is None and not has_digits and not (is_short or is_about_mail):
                continue  # "polycom", "homenet"
            has_name = (host is not None and not host[1]) or has_digits
            yield (_name_start(plain, words, place) if has_name else word.start), word.end


def _has_digits_before(plain: str, place: int) -> bool:
    return _DIGITS_BEFORE.search(plain, max(0, place - 12), place) is not None


def _typed_mails(plain: str) -> Iterator[tuple[int, int]]:
    at = plain.find("@")
    while at >= 0:
        before = plain[max(0, at - 64) : at]
        name = len(before) - len(before.rstrip(_MAIL_NAME))
        host = _MAIL_HOST.match(plain, at + 1)
        if name and host is not None:
            yield at - name, host.end()
        at = plain.find("@", at + 1)


def _spoken_end(words: Sequence[Word], place: int) -> int:
    """The end of a host, "co dot uk" and all."""
    while place + 2 < len(words) and words[place + 1].text in _DOTS and words[place + 2].text in _SPOKEN_END:
        place += 2
    return words[place].end


def _spoken_start(plain: str, words: Sequence[Word], end: int) -> int | None:
    for place in range(end - 2, max(-1, end - 10), -1):
        if words[place].text in _AT:
            return _name_start(plain, words, place)
    return None


def _name_start(plain: str, words: Sequence[Word], at: int) -> int:
    """Where the name before "at" begins: letters, number words and joints, then at most two other words."""
    start, whole_words = words[at].start, 0
    digits = _DIGITS_BEFORE.search(plain, max(0, start - 12), start)
    if digits is not None:
        start = digits.start()
    for place in range(at - 1, max(-1, at - _LONGEST_NAME), -1):
        word = words[place]
        is_part = len(word.text) == 1 or word.text in _NAME_PARTS or word.text in NUMBER_WORDS
        if not is_part:
            follows_joint = place + 1 < at and words[place + 1].text in _NAME_PARTS
            whole_words += not follows_joint
        if word.text in _HESITATIONS:
            whole_words -= 1
            continue
        if (word.text in _BEFORE_MAIL and len(word.text) > 1) or whole_words > 1:
            break
        start = word.start
    return start


# --- IBAN --------------------------------------------------------------------------------------------------------

_IBAN = re.compile(r"\b[A-Za-z]{2}[0-9]{2}[ \-]?(?:[A-Za-z0-9]{4}[ \-]?){2,7}[A-Za-z0-9]{0,4}\b")
_FEWEST_IBAN_DIGITS = 10


def find_ibans(plain: str) -> Iterator[tuple[int, int]]:
    """International bank account numbers, by their shape."""
    for match in _IBAN.finditer(plain):
        if sum(char.isdigit() for char in match.group()) >= _FEWEST_IBAN_DIGITS:
            yield match.span()
