"""Passwords made of words: what follows "password is", what stands before "is my password", what looks like one."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from copilot.guard.redaction.codes import is_model
from copilot.guard.redaction.cues import Cue, Word
from copilot.guard.redaction.kinds import Span
from copilot.spoken.words import NUMBER_WORDS, word_set

_QUOTES = "\"'“”‘’«»"
_OF_WHAT = (
    r"(?:\s+(?:i|we|for|on|to|of|that|which|the|my|this|account|router|wifi|wi-fi|modem|portal|app|box|use|used|have|had"
    r"|set|itself|para|de|del|la|mi|que|uso|nueva|nuevo|actual|anterior|vieja)\b){0,5}"
    r"(?:\s+(?:for|on|to|of|in|from|by|given|sent|provided|printed|written|i|we|that|you|he|she|they|para|de|del|que|en)\b(?:\s+[^\W\d_][\w'’-]*){1,5}?)?"
)
_IS = (
    r"(?:is|was|es|era|used to be|would be|will be|should be|has been|sería|será|it's|its|reads|says|said|shows|dice"
    r"|decía)"
    r"\b[\s:,]*(?:(?:actually|currently|probably|literally|simply|set to|called|now|ahora)\b[\s:,]*)?"
)
_LINK = re.compile(rf"{_OF_WHAT}[\s{_QUOTES},)]*(?:which\s+)?(?:{_IS}|[:=#]\s*|\(\s*|-\s+)[{_QUOTES}]*", re.IGNORECASE)
_SHORT_LINK = re.compile(rf"\s+[{_QUOTES}]*")  # behind "the password's"
_SET_TO = re.compile(rf"\s+(?:to|as|a|por|en)\s+[{_QUOTES}]*", re.IGNORECASE)
_SETS: Final = word_set(
    "change changed changing set reset resetting update updated make made cambie cambia cambiar puse ponga cambio"
)
_TOKEN = re.compile(r"\S{1,200}")
_NEXT_TOKEN = re.compile(rf"\s+[{_QUOTES}]*(\S{{1,200}})")
_WORD_AND_DIGITS = re.compile(r"\s+([^\W\d_]{3,20} [0-9]{2,8})\b")
_DIGITS_NEXT = re.compile(r" [0-9]{2,8}\b(?!\s*(?:days?|times|characters|percent|%))")
_TRAILING = ".,;:!?)" + _QUOTES
_ENDS = re.compile(
    rf"[.,;:!?){_QUOTES}]*\s*(?:$|[.,;:!?]|(?:and|y|but|pero|please|por favor|thanks|gracias|again|once|twice|"
    r"\w+ times|\w+ veces|so|because|porque)\b)",
    re.IGNORECASE,
)
_ENDS_TEXT = re.compile(rf"[\s]{{0,12}}(?:$|[.,;!?){_QUOTES}])")
_NO_PASSWORD: Final = word_set(
    "not wrong incorrect expired required the a an on in being what too my your invalid working locked never no same"
    " correct reset changed blocked something to set case needed for easy hard weak strong important this that it"
    " forgotten lost about going still also compromised safe secure at least long short one missing unknown please"
    " invalida incorrecta la el un una no mi su vencida asking giving saying coming showing supposed just now i you we"
    " anything whatever cualquiera algo otra another new different better because so but and or if when help issue"
    " from with by into of he she they me us as under ok okay fine good right very really only up down off out back"
    " every each within cada dentro till until before after while"
    " word phrase nor yes then recovery protected manager again here there where how all between more less than less"
    " log login access get see use view open says said reads shows dice was were are is be been has have had"
    " your current old private public default temporary empty blank available active valid optional unique visible"
    " hint page screen field box prompt policy policies problem problems issues requirements rules reminder settings"
    " request requests email link change changes update security number numbers code codes question letters characters"
    " caracteres letras olvidada nueva vieja segura debil incorrecto correcta mala buena muy mas menos siempre"
    " que como para por de del en con sin se me le lo y o a ya asi esta este eso porque cuando donde bloqueada"
)
_PARTICIPLE = re.compile(r"[a-z]{3,}(?:ed|ing|n't|ado|ada|ando|iendo)")
_SPELLED = re.compile(r"(?:[ \-]+(?:[0-9]+|[A-Za-z]{1,2}|dash|dot|capital|underscore)\b){1,12}", re.IGNORECASE)
_NOT_SPELLED = re.compile(
    r"[ \-]+(?:i|my|is|it|or|and|to|so|on|in|at|if|me|we|he|an|as|by|of|up|no|ok|do|es|mi|la|el|de|y)\b.*", re.I | re.S
)
_LOGINS: Final = word_set("login user username usuario id email correo")
_TRIES: Final = word_set("try tried use used using enter entered with type typed prueba pruebe")
_PIECES = r"\S{1,64}(?: [0-9]{1,8}(?: [^\W\d_]{1,3})?)?"
_WHOSE = r"(?:(?:my|the|our|a|his|her|mi|la|su|de la|para la)\s+)?(?:(?:wifi|account|old|new|current|portal)\s+)?"
_BEFORE_LINK = re.compile(
    r"(?P<told>(?:^|[.!?:;]\s+|\b(?:it's|its|it is|es|use|used|using|tried|typing|typed|put|uso|usé|puse|entered)\s+))?"
    rf"(?P<value>[{_QUOTES}]?{_PIECES}[{_QUOTES}]?),?\s+(?:[-–—]\s+)?"
    rf"(?P<link>is|was|that's|thats|that is|es|era|eso es|esa es|es decir|as|como|for)\s+{_WHOSE}$",
    re.IGNORECASE,
)
_BEFORE_BARE = re.compile(rf"\b(?:it's|its|it is|es)\s+(?P<value>{_PIECES}),?\s+(?:the|my|la|mi)\s+$", re.IGNORECASE)
_LOOK_BACK = 120  # characters
_SENTENCE_END = re.compile(r"[.!?;]\s")
_REACH = 90  # characters
_CODED = re.compile(r"(?<![\w@.\-])(?=[^\s@]*[@!#$%^&*_]?[^\s@]*)\S{5,64}")
_UNITS_AFTER = re.compile(r"[$€£#(]?[0-9][0-9.,:/\-]*(?:st|nd|rd|th|am|pm|gb|mb|mbps|days?|hrs?|h|min|x|k|g|%)?", re.I)
_LABEL_BEFORE = re.compile(
    r"\b(?:user ?name|user|login|id|usuario|e-?mail|correo|error|code|model|version|ticket|case|order|account|cuenta"
    r"|ssid|network|red)\b(?:\s+(?:is|es|number|name))?[\s:=#]*$",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“«‘]([^\"”»’\n]{2,40})[\"”»’]|(?<!\w)'([^'\n]{2,40})'(?!\w)")
_LONGEST_QUOTED = 3  # words
_LABELS: Final = word_set("key pass psw psk")
_PAIR = re.compile(
    r"\b(?:user ?name|user|login|log in|id|usuario)\s*(?:and|&|/|\+|y)\s*(?:my\s+|the\s+|la\s+)?"
    r"(?:password|pass|pw|pwd|passwd|pin|contraseña|clave)\b\s*(?:are|is|were|was|son|es|:|=|-)?\s*[\"'“]?"
    r"(?P<user>[^\s,;/]{2,64})[\"'”]?(?:\s*[,;/&]\s*|\s+(?:and|y)\s+|\s+)[\"'“]?(?P<value>[^\s\"'”,;]{2,64})"
    r"|\b(?:credentials|credenciales|logins?(?: details| info)?)\b\s*(?:are|is|son|:|=)?\s*"
    r"(?:[^\s,;/]{2,64})\s*[/,;]\s*[\"'“]?(?P<second>[^\s\"'”,;]{2,64})",
    re.IGNORECASE,
)


def find_passwords(plain: str, words: Sequence[Word], cues: Sequence[Cue]) -> Iterator[Span]:
    """What follows "password is" or "password to", what stands before "is my password", what near it looks like one."""
    pairs = list(_paired(plain))
    yield from pairs
    for cue in [*cues, *_labels(plain, words)]:
        if cue.topic not in ("PASSWORD", "PIN"):
            continue
        # a Spanish "clave" is a password as often as a PIN
        is_word = cue.topic == "PASSWORD" or words[cue.first].text == "clave"
        start, end = words[cue.first].start, words[cue.last].end
        found = _after(plain, words, cue, is_word=is_word) or (_before(plain, start) if is_word else None)
        if found is not None:
            yield Span(*found, "PASSWORD" if is_word else "PIN")
        elif is_word and not pairs:
            yield from (Span(*place, "PASSWORD") for place in _nearby(plain, start, end))


# --- pairs and labels --------------------------------------------------------------------------------------------


def _paired(plain: str) -> Iterator[Span]:
    """The second of "username and password are kim22 and bluebird" and of "credentials: kim22 / bluebird"."""
    for pair in _PAIR.finditer(plain):
        group = "value" if pair["value"] else "second"
        value = pair[group].rstrip(_TRAILING)
        if value and _may_be_one(value) and _may_be_one(pair["user"] or "x1"):
            found = _value(plain, pair.start(group), value) or (pair.start(group), pair.start(group) + len(value))
            yield Span(*found, "PASSWORD")


def _labels(plain: str, words: Sequence[Word]) -> Iterator[Cue]:
    """Words that announce a password only as labels: the "key:" of a router's sticker."""
    for place, word in enumerate(words):
        if word.text in _LABELS and plain[word.end : word.end + 3].lstrip()[:1] in (":", "=", "#"):
            yield Cue("PASSWORD", place, place)


# --- after the cue -----------------------------------------------------------------------------------------------


def _after(plain: str, words: Sequence[Word], cue: Cue, *, is_word: bool) -> tuple[int, int] | None:
    end = words[cue.last].end
    says = (_SHORT_LINK if words[cue.last].text.endswith("'s") else _LINK).match(plain, end)
    if says is None:
        return _set_to(plain, words, cue, is_word=is_word) or _unlinked(plain, words, cue, is_word=is_word)
    token = _TOKEN.match(plain, says.end())
    if token is None:
        return None
    value = token.group().rstrip(_TRAILING)
    is_label = says.group().rstrip(_QUOTES + " ")[-1:] in (":", "=", "#")
    is_told = is_word and (_may_be_one(value) if not is_label else value.lower() not in _NO_PASSWORD)
    has_digits = is_word and _DIGITS_NEXT.match(plain, token.end()) is not None  # "is blessed 99"
    is_told |= has_digits and value.lower() not in _NO_PASSWORD
    return _value(plain, token.start(), value) if is_told or _is_coded(value) else None


def _set_to(plain: str, words: Sequence[Word], cue: Cue, *, is_word: bool) -> tuple[int, int] | None:
    """Take the "kitten" of "I changed my password to kitten"; "the password to log in" has no value."""
    to = _SET_TO.match(plain, words[cue.last].end)
    token = _TOKEN.match(plain, to.end()) if to else None
    if token is None or not any(word.text in _SETS for word in words[max(0, cue.first - 5) : cue.first]):
        return None
    told = _WORD_AND_DIGITS.match(plain, to.end() - 1) if to else None
    value = (told[1] if told else token.group()).rstrip(_TRAILING)
    is_last = is_word and _ENDS.match(plain, token.start() + len(value)) is not None
    return _value(plain, token.start(), value) if (is_last and _may_be_one(value)) or _is_coded(value) else None


def _unlinked(plain: str, words: Sequence[Word], cue: Cue, *, is_word: bool) -> tuple[int, int] | None:
    """Take the token right behind the cue: with a digit in it, or last in its sentence where a label or a login is."""
    token = _NEXT_TOKEN.match(plain, words[cue.last].end)
    if token is None:
        return None
    value = token[1].rstrip(_TRAILING)
    if not _is_coded(value) and (told := _WORD_AND_DIGITS.match(plain, words[cue.last].end)) is not None:
        # "password suresh 123"
        return _value(plain, told.start(1), told[1]) if _may_be_one(value) and is_word else None
    before = [word.text for word in words[max(0, cue.first - 6) : cue.first]]
    is_login = is_word and (
        any(text in _LOGINS for text in before)
        or any(text in _TRIES for text in before[-2:])
        or words[cue.first].text in ("pw", "pwd")
        or (cue.first == 0 and len(words) <= cue.last + 2)  # "contraseña azulito"
    )
    is_last = is_login and _may_be_one(value) and _ENDS.match(plain, token.start(1) + len(value))
    return _value(plain, token.start(1), value) if is_last or _is_coded(value) else None


# --- before the cue, and around it -------------------------------------------------------------------------------


def _before(plain: str, cue_start: int) -> tuple[int, int] | None:
    first = max(0, cue_start - _LOOK_BACK)
    bare = _BEFORE_BARE.search(plain, first, cue_start)
    if bare is not None and _may_be_one(bare["value"].split()[0]):
        return bare.span("value")
    link = _BEFORE_LINK.search(plain, first, cue_start)
    if link is None or link["value"].isdigit():
        return None
    value = link["value"].strip(_TRAILING)
    start = link.start("value") + link["value"].index(value) if value else 0
    is_used = link["link"].lower() in ("as", "como", "for")
    is_told = link["told"] is not None and bool(value) and _may_be_one(value.split()[0])
    is_told &= not is_used or bool((link["told"] or "").strip(" .!?:;"))
    is_looking = any(char.isdigit() for char in value) or link["value"][0] in _QUOTES
    return (start, start + len(value)) if value and (is_told or is_looking) else None


def _nearby(plain: str, cue_start: int, cue_end: int) -> Iterator[tuple[int, int]]:
    """What is quoted, or made of letters with digits or signs, in the sentence of the cue."""
    first = max(0, cue_start - _REACH)
    first = max((match.end() for match in _SENTENCE_END.finditer(plain, first, cue_start)), default=first)
    stop = _SENTENCE_END.search(plain, cue_end, cue_end + _REACH)
    last = stop.start() if stop else min(len(plain), cue_end + _REACH)
    for quoted in _QUOTED.finditer(plain, first, last):
        group = 1 if quoted[1] else 2
        if len(quoted[group].split()) <= _LONGEST_QUOTED and _may_be_one(quoted[group].split()[0]):
            yield quoted.span(group)
    for token in _CODED.finditer(plain, first, last):
        value = token.group().strip(_TRAILING + "(")
        start = token.start() + token.group().index(value) if value else 0
        is_cue = start < cue_end and cue_start < start + len(value)  # "one_time_code"
        if not is_cue and _looks_like_one(value) and not _LABEL_BEFORE.search(plain, max(0, start - 32), start):
            yield start, start + len(value)


def _looks_like_one(value: str) -> bool:
    """Whether letters stand with digits or signs in it as in no ordinary word, measure, address or name of a model."""
    has_letter, has_digit = any(char.isalpha() for char in value), any(char.isdigit() for char in value)
    has_sign = any(char in "@$!#%^&*" for char in value[1:])
    if not has_letter or not (has_digit or has_sign) or is_model(value) or _UNITS_AFTER.fullmatch(value):
        return False
    is_address = "://" in value or re.search(r"@[\w\-]+\.\w|\.(?:com|net|org)\b|^\[", value) is not None
    return not is_address


def _may_be_one(value: str) -> bool:
    """Whether a word can be a password: no word that sentences about passwords go on with."""
    lower = value.lower().strip(_TRAILING)
    return bool(lower) and lower not in _NO_PASSWORD and _PARTICIPLE.fullmatch(value) is None


def _is_coded(value: str) -> bool:
    return any(char.isdigit() for char in value) and any(char.isalpha() for char in value)


def _value(plain: str, start: int, value: str) -> tuple[int, int] | None:
    """The stretch of a value, with its pieces when it is spelled: "ynm 45 er"; None for a number, judged elsewhere."""
    if not value or all(part in NUMBER_WORDS or part.isdigit() for part in re.split(r"[\-_.,]+", value.lower())):
        return None
    end = start + len(value)
    spelled = _SPELLED.match(plain, end)
    if spelled is None:
        return start, end
    is_all = (
        any(char.isdigit() for char in value + spelled.group()) and _ENDS_TEXT.match(plain, spelled.end()) is not None
    )
    return start, end + len(spelled.group() if is_all else _NOT_SPELLED.sub("", spelled.group()))
