"""Passwords made of words: what follows "password is", what comes before "is my password"."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from copilot.guard.redaction.cues import Cue, Word
from copilot.guard.redaction.kinds import Span
from copilot.spoken.words import NUMBER_WORDS, word_set

_SAYS = re.compile(
    r"(?:\s+(?:i|we|for|on|to|of|that|the|my|this|account|router|wifi|wi-fi|modem|portal|app|box|use|used|have|had|set"
    r"|para|de|del|la|mi|que|uso)\b){0,5}"
    r"[\s\"'“”,]*(?:(?:is|was|es|era|would be|will be|should be|sería|its|it's|reads|says|said|shows|dice|decía)\b[\s:,]*|[:=#]\s*|-\s+)[\"'“”]*",
    re.IGNORECASE,
)
_IS_SHORT = re.compile(r"\s+[\"'“”]*")  # behind "the password's"
_SET_TO = re.compile(r"\s+(?:to|as|a|por)\s+[\"'“”]*", re.IGNORECASE)
_SETS: Final = word_set(
    "change changed changing set reset resetting update updated make made cambie cambia cambiar puse ponga cambio"
)
_TOKEN = re.compile(r"\S{1,200}")
_NEXT_TOKEN = re.compile(r"\s+(\S{1,200})")
_WORD_AND_DIGITS = re.compile(r"\s+([^\W\d_]{3,20} [0-9]{2,8})\b")
_TRAILING = ".,;:!?\"'”)"
_ENDS = re.compile(r"[.,;:!?\"'”)]*\s*(?:$|[.,;:!?]|(?:and|y|please|por favor|thanks|gracias)\b)", re.IGNORECASE)
_NO_PASSWORD: Final = word_set(
    "not wrong incorrect expired required the a an on in being what too my your invalid working locked never no same"
    " correct reset changed blocked something to set case needed for easy hard weak strong important this that it"
    " forgotten lost about going still also compromised safe secure at least long short one missing unknown please"
    " invalida incorrecta la el un una no mi su vencida asking giving saying coming showing supposed just now i you we"
    " anything whatever cualquiera algo otra another new different better because so but and or if when help issue"
    " from with by into of"
    " word phrase nor yes then recovery protected manager again here there where how"
    " log login access get see use view open says said reads shows dice was were are"
)
_SPELLED = re.compile(r"(?:[ \-]+(?:[0-9]+|[A-Za-z]{1,2}|dash|dot|capital|underscore)\b){1,12}", re.IGNORECASE)
_NOT_SPELLED = re.compile(
    r"[ \-]+(?:i|my|is|it|or|and|to|so|on|in|at|if|me|we|he|an|as|by|of|up|no|ok|do|es|mi|la|el|de|y)\b.*", re.I | re.S
)
_ENDS_TEXT = re.compile(r"[\s.,;:!?\"'”)]{0,12}$")
_LOGINS: Final = word_set("login user username usuario id email correo")
_TRIES: Final = word_set("try tried use used using enter entered with type typed prueba pruebe")
_BEFORE_LINK = re.compile(
    r"(?P<told>\b(?:it's|its|it is|es)\s+)?"
    r"(?P<value>\S{1,64}(?: [0-9]{1,8}(?: [^\W\d_]{1,3})?)?),? (?:is|that's|thats|that is|es|es decir|as)"
    r"(?: (?:my|the|our|mi|la|su))?(?: (?:wifi|account|old|new|current))?\s+$",
    re.IGNORECASE,
)
_LOOK_BACK = 120  # characters


def find_passwords(plain: str, words: Sequence[Word], cues: Sequence[Cue]) -> Iterator[Span]:
    """What follows "password is" or "password to", what stands before "is my password", and a coded token after it."""
    yield from _paired(plain)
    for cue in [*cues, *_labels(plain, words)]:
        if cue.topic not in ("PASSWORD", "PIN"):
            continue
        found = _after(plain, words, cue) or (
            _before(plain, words[cue.first].start) if cue.topic == "PASSWORD" else None
        )
        if found is not None:
            yield Span(*found, cue.topic)


_LABELS: Final = word_set("key pass psw psk")
_PAIR = re.compile(
    r"\b(?:user ?name|user|login|log in|id|usuario)\s*(?:and|&|/|\+|y)\s*(?:my\s+|the\s+|la\s+)?"
    r"(?:password|pass|pw|pwd|passwd|pin|contraseña|clave)\b\s*(?:are|is|were|was|son|es|:|=|-)?\s*[\"'“]?"
    r"(?P<user>[^\s,;/]{2,64})[\"'”]?(?:\s*[,;/&]\s*|\s+(?:and|y)\s+|\s+)[\"'“]?(?P<value>[^\s\"'”,;]{2,64})"
    r"|\b(?:credentials|credenciales|logins?)\b\s*(?:are|is|son|:|=)?\s*"
    r"(?:[^\s,;/]{2,64})\s*[/,;]\s*[\"'“]?(?P<second>[^\s\"'”,;]{2,64})",
    re.IGNORECASE,
)


def _paired(plain: str) -> Iterator[Span]:
    """The second of "username and password are kim22 and bluebird" and of "credentials: kim22 / bluebird"."""
    for pair in _PAIR.finditer(plain):
        group = "value" if pair["value"] else "second"
        value = pair[group].rstrip(_TRAILING)
        is_told = value.lower() not in _NO_PASSWORD and (pair["user"] or "").lower() not in _NO_PASSWORD
        if value and is_told:
            start = pair.start(group)
            spelled = _SPELLED.match(plain, start + len(value))
            is_all = spelled is not None and any(char.isdigit() for char in spelled.group())
            yield Span(start, spelled.end() if spelled is not None and is_all else start + len(value), "PASSWORD")


def _labels(plain: str, words: Sequence[Word]) -> Iterator[Cue]:
    """Words that announce a password only as labels: the "key:" of a router's sticker."""
    for place, word in enumerate(words):
        if word.text in _LABELS and plain[word.end : word.end + 3].lstrip()[:1] in (":", "=", "#"):
            yield Cue("PASSWORD", place, place)


def _after(plain: str, words: Sequence[Word], cue: Cue) -> tuple[int, int] | None:
    end = words[cue.last].end
    says = (_IS_SHORT if words[cue.last].text.endswith("'s") else _SAYS).match(plain, end)
    if says is None:
        return _set_to(plain, words, cue) or _unlinked(plain, words, cue)
    token = _TOKEN.match(plain, says.end())
    if token is None:
        return None
    value = token.group().rstrip(_TRAILING)
    is_told = cue.topic == "PASSWORD" and value.lower() not in _NO_PASSWORD
    return _value(plain, token.start(), value) if is_told or _is_coded(value) else None


def _set_to(plain: str, words: Sequence[Word], cue: Cue) -> tuple[int, int] | None:
    """Take the "kitten" of "I changed my password to kitten"; "the password to log in" has no value."""
    to = _SET_TO.match(plain, words[cue.last].end)
    token = _TOKEN.match(plain, to.end()) if to else None
    if token is None or not any(word.text in _SETS for word in words[max(0, cue.first - 5) : cue.first]):
        return None
    told = _WORD_AND_DIGITS.match(plain, to.end() - 1) if to else None
    value = (told[1] if told else token.group()).rstrip(_TRAILING)
    is_last = cue.topic == "PASSWORD" and _ENDS.match(plain, token.start() + len(value)) is not None
    is_word = is_last and value.lower() not in _NO_PASSWORD
    return _value(plain, token.start(), value) if is_word or _is_coded(value) else None


def _unlinked(plain: str, words: Sequence[Word], cue: Cue) -> tuple[int, int] | None:
    """Take the token right behind the cue: with a digit in it, or after a user name and last in its sentence."""
    token = _NEXT_TOKEN.match(plain, words[cue.last].end)
    if token is None:
        return None
    value = token[1].rstrip(_TRAILING)
    if not _is_coded(value) and (told := _WORD_AND_DIGITS.match(plain, words[cue.last].end)) is not None:
        is_value = value.lower() not in _NO_PASSWORD  # "password suresh 123"
        return _value(plain, told.start(1), told[1]) if is_value else None
    before = [word.text for word in words[max(0, cue.first - 6) : cue.first]]
    is_login = cue.topic == "PASSWORD" and (
        any(text in _LOGINS for text in before)
        or any(text in _TRIES for text in before[-2:])
        or words[cue.first].text in ("pw", "pwd")
    )
    is_last = is_login and value.lower() not in _NO_PASSWORD and _ENDS.match(plain, token.start(1) + len(value))
    return _value(plain, token.start(1), value) if is_last or _is_coded(value) else None


def _before(plain: str, cue_start: int) -> tuple[int, int] | None:
    link = _BEFORE_LINK.search(plain, max(0, cue_start - _LOOK_BACK), cue_start)
    if link is None or link["value"].isdigit():
        return None
    is_told = link["told"] is not None and link["value"].lower() not in _NO_PASSWORD
    return link.span("value") if is_told or any(char.isdigit() for char in link["value"]) else None


def _is_coded(value: str) -> bool:
    return any(char.isdigit() for char in value) and not value.isdigit()


def _value(plain: str, start: int, value: str) -> tuple[int, int] | None:
    """The stretch of a value, with its pieces when it is spelled: "ynm 45 er"; None for a number, judged elsewhere."""
    if not value or all(part in NUMBER_WORDS or part.isdigit() for part in re.split(r"[\-_.,]+", value.lower())):
        return None
    end = start + len(value)
    spelled = _SPELLED.match(plain, end)
    if spelled is None:
        return start, end
    is_all = any(char.isdigit() for char in spelled.group()) and _ENDS_TEXT.match(plain, spelled.end()) is not None
    return start, end + len(spelled.group() if is_all else _NOT_SPELLED.sub("", spelled.group()))
