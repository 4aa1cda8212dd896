"""Secrets that are not plain numbers: e-mail addresses, IBANs, passwords made of words, letters around a number."""

import re
import string
from collections.abc import Iterator, Sequence

from copilot.guard.redaction.cues import Cue, Word
from copilot.guard.redaction.kinds import Span
from copilot.spoken.words import NUMBER_WORDS, word_set

_MAIL_NAME = string.ascii_letters + string.digits + "._%+'-áéíóúüñ"
_MAIL_HOST = re.compile(r"[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,6}")
_HOSTS = "gmail|yahoo|hotmail|outlook|icloud|aol|rediffmail|live|msn|proton|protonmail|comcast|verizon|google|mail|test"
_SQUASHED_HOST = re.compile(rf"(\w*?)(?:{_HOSTS})\.?(?:com|net|org)")
_SQUASHED_ENDS = ("com", "net", "org", "gov", "edu")
_NO_HOSTS = word_set(
    "internet ethernet intranet cabinet telecom intercom clarinet dotcom planet wellnet subnet extranet"
)
_SPOKEN_END = word_set("com net org edu gov io co es mx us info biz fr de")
_DOTS = word_set("dot punto point")
_AT = word_set("at arroba")
_BEFORE_MAIL = word_set(
    "is to at email mail address the a my it its it's on with and of for send use es correo su mi a al en yes sure"
    " thanks okay ok id new old that i email's via through from not no"
)
_NAME_PARTS = word_set("dot punto point underscore dash hyphen guion plus period")
_DIGITS_BEFORE = re.compile(r"[0-9][0-9 ]*$")
_LONGEST_NAME = 10  # words of a spoken mail name


def find_mails(plain: str, words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """E-mail addresses typed ("a@b.com"), spoken ("j smith at gmail dot com") or squashed ("ed 52 yahoocom")."""
    yield from _typed_mails(plain)
    for place, word in enumerate(words):
        if word.text in _SPOKEN_END and place >= 2 and words[place - 1].text in _DOTS:
            start = _spoken_start(plain, words, place)
            if start is not None:
                yield start, word.end
        elif len(word.text) > 6 and word.text.endswith(_SQUASHED_ENDS) and word.text not in _NO_HOSTS:
            host = _SQUASHED_HOST.fullmatch(word.text)
            has_name = host is not None and not host[1]
            yield (_name_start(plain, words, place) if has_name else word.start), word.end


def _typed_mails(plain: str) -> Iterator[tuple[int, int]]:
    at = plain.find("@")
    while at >= 0:
        before = plain[max(0, at - 64) : at]
        name = len(before) - len(before.rstrip(_MAIL_NAME))
        host = _MAIL_HOST.match(plain, at + 1)
        if name and host is not None:
            yield at - name, host.end()
        at = plain.find("@", at + 1)


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


# --- passwords ---------------------------------------------------------------------------------------------------

_SAYS = re.compile(
    r"[\s\"'“”]*(?:(?:is|was|es|would be|will be|should be|its|it's)\b[\s:]*|[:=#]\s*|-\s+)[\"'“”]*", re.IGNORECASE
)
_TOKEN = re.compile(r"\S{1,200}")
_NEXT_TOKEN = re.compile(r"\s+(\S{1,200})")
_WORD_AND_DIGITS = re.compile(r"\s+([^\W\d_]{3,20} [0-9]{2,8})\b")
_TRAILING = ".,;:!?\"'”)"
_NO_PASSWORD = word_set(
    "not wrong incorrect expired required the a an on in being what too my your invalid working locked never no same"
    " correct reset changed blocked something to set case needed for easy hard weak strong important this that it"
    " forgotten lost about going still also compromised safe secure at least long short one missing unknown please"
    " invalida incorrecta la el un una no mi su vencida"
)
_SPELLED = re.compile(r"(?:[ \-]+(?:[0-9]+|[A-Za-z]{1,2}|dash|dot|capital|underscore)\b){1,12}", re.IGNORECASE)
_NOT_SPELLED = re.compile(
    r"[ \-]+(?:i|my|is|it|or|and|to|so|on|in|at|if|me|we|he|an|as|by|of|up|no|ok|do)\b.*", re.I | re.S
)


def find_passwords(plain: str, words: Sequence[Word], cues: Sequence[Cue]) -> Iterator[Span]:
    """What follows "password is", and a token with a digit right after "password"."""
    for cue in cues:
        if cue.topic not in ("PASSWORD", "PIN"):
            continue
        end = words[cue.last].end
        says = _SAYS.match(plain, end)
        token = _TOKEN.match(plain, says.end()) if says else _NEXT_TOKEN.match(plain, end)
        if token is None:
            continue
        start = token.start(1) if says is None else token.start()
        value = plain[start : token.end()].rstrip(_TRAILING)
        is_coded = any(char.isdigit() for char in value)
        if says is None and not is_coded and (told := _WORD_AND_DIGITS.match(plain, end)) is not None:
            value, is_coded = told[1], value.lower() not in _NO_PASSWORD  # "password suresh 123"
        is_told = says is not None and cue.topic == "PASSWORD" and value.lower() not in _NO_PASSWORD
        if value and (is_told or (is_coded and not value.isdigit())) and value.lower() not in NUMBER_WORDS:
            yield Span(start, _spelled_end(plain, start + len(value)), cue.topic)


def _spelled_end(plain: str, end: int) -> int:
    """The end of a password said in pieces: "ynm 45 er"."""
    spelled = _SPELLED.match(plain, end)
    return end + len(_NOT_SPELLED.sub("", spelled.group())) if spelled else end


# --- letters around a number -------------------------------------------------------------------------------------

_LETTERS_BEFORE = re.compile(r"(?:\b[A-Za-z]{1,4}|\b[A-Za-z]{1,3}[ \-#]{1,2})$")
_LETTERS_AFTER = re.compile(r"(?:[A-Za-z]{1,4}\b|[ \-][A-Za-z]{1,3}\b)")
_ORDINARY = word_set(
    "to is no my id and the of for it pin ssn acc are was on in at so but i a an or you me we as by if do yes ok am pm"
    " not has its es de la el mi su y en con por thx sir hi hey has can how why who out now get got let new old"
)


def with_letters(plain: str, start: int, end: int) -> tuple[int, int]:
    """The stretch with the letters that belong to a code: "pvx 752197308", "2586 lk"."""
    before = _LETTERS_BEFORE.search(plain, max(0, start - 6), start)
    if before is not None and before.group().strip(" -#").lower() not in _ORDINARY:
        start = before.start()
    after = _LETTERS_AFTER.match(plain, end)
    if after is not None and after.group().strip(" -").lower() not in _ORDINARY:
        end = after.end()
    return start, end


_EXTENSION = re.compile(r"\s?(?:x|ext\.?|extension)\s?[0-9]{1,6}", re.IGNORECASE)


def with_extension(plain: str, end: int) -> int:
    """The end of a telephone number with its extension: "345-899-3560x4587"."""
    extension = _EXTENSION.match(plain, end)
    return extension.end() if extension else end


_CODE = re.compile(r"\b(?:[A-Za-z]{1,3}|[0-9]{1,12})(?:[ \-]?(?:(?<![A-Za-z])[A-Za-z]{1,3}|(?<![0-9])[0-9]{1,12}))+\b")
_NO_CODE = _ORDINARY | word_set("gb mb tb st nd rd th hr hrs min sec kg lbs usd yr yrs mbps go may jun jul apr mar dec")
_FEWEST_CODE_CHARACTERS = 5


def find_codes(plain: str) -> Iterator[tuple[int, int]]:
    """Booking and claim codes of short groups of letters and digits: "huk 528", "rf 56 f 5"."""
    for match in _CODE.finditer(plain):
        groups = match.group().lower().replace("-", " ").split()
        letters = [group for group in groups if not group.isdigit()]
        size = sum(char.isalnum() for char in match.group())
        has_both = any(char.isdigit() for char in match.group()) and bool(letters)
        is_spelled = len(groups) - len(letters) > 1  # "a 4 g 4 f 3": then single letters are no words
        has_words = any(group in _NO_CODE and not (is_spelled and len(group) == 1) for group in letters)
        if has_both and size >= _FEWEST_CODE_CHARACTERS and not has_words:
            yield match.span()
