"""Letters that belong to a number: codes of letters and digits, an extension, a token that a number is glued into."""

import re
from collections.abc import Iterator
from typing import Final

from copilot.guard.redaction.topics import FILLERS
from copilot.spoken import MONTHS
from copilot.spoken.words import NUMBER_WORDS, word_set

# Short words of both languages, which are no part of a code.
_SHORT_WORDS: Final = word_set(
    "a i an am as at be by do go he hi if in is it me my no of oh ok on or so to up us we add age ago air all and any"
    " are ask bad bar bed big bit box boy bus but buy can car cut dad day did die dog due eat end est far fee few fix"
    " fly for fun gas get got guy had has her hey him his hit hot how its job key kid law led let lie lot low mad man"
    " map max may men met mid min mom mrs mr ms net new non nor not now odd off old one our out own pay per pin put ran"
    " red row run sad sat saw say see set she sir sit six son sum sun tax ten the tie tip too top try tv two use via vs"
    " way web who why win won yes yet you zip app etc pm am pst cst usa uk ssn dob cvv cvc exp acc thx gig was amp"
    " gb mb tb kb st nd rd th hr hrs sec kg lb lbs oz ft cm mm km usd eur mxn yr yrs mo mos wk wks ghz mhz hz fps mbps"
    " jun jul apr mar dec jan feb aug sep oct nov ene abr ago dic"
    " al de del el la las lo los le les mi mis te tu tus su sus se si ni y o u en un una es son con por sin que ya yo"
    " hoy mes día dia año era fue ha han hay muy más mas tan ahí así asi uno dos voy vez él sí"
)


_LETTERS_BEFORE = re.compile(r"(?:(?<![\w'’])[A-Za-z]{1,4}|(?<![\w'’])[A-Za-z]{1,3}[ \-#]{1,2})$")
_TOLD_BEFORE = re.compile(r"(?:\bis|\bnumber|\bes|:|#)\s+((?:[A-Za-z][ \-]){1,4}|[B-HJ-Zb-hj-z][A-Za-z]{0,2}[ \-]?)$")
_LETTERS_AFTER = re.compile(r"(?:[A-Za-z]{1,4}\b|[ \-][A-Za-z]{1,3}\b)")


def with_letters(plain: str, start: int, end: int) -> tuple[int, int]:
    """The stretch with the letters that belong to a code: "pvx 752197308", "2586 lk"."""
    told = _TOLD_BEFORE.search(plain, max(0, start - 24), start)
    before = _LETTERS_BEFORE.search(plain, max(0, start - 6), start)
    if told is not None:
        start = told.start(1)
    elif before is not None and before.group().strip(" -#").lower() not in _SHORT_WORDS:
        start = before.start()
    after = _LETTERS_AFTER.match(plain, end)
    if after is not None and (after.group()[0] == "-" or after.group().strip(" -").lower() not in _SHORT_WORDS):
        end = after.end()
    return start, end


_EXTENSION = re.compile(r"\s?(?:x|ext\.?|extension)\s?[0-9]{1,6}", re.IGNORECASE)


def with_extension(plain: str, end: int) -> int:
    """The end of a telephone number with its extension: "345-899-3560x4587"."""
    extension = _EXTENSION.match(plain, end)
    return extension.end() if extension else end


_GLUED = re.compile(r"[\w@#%&*!+~^]*")


def with_token(plain: str, start: int, end: int) -> tuple[int, int]:
    """The stretch with what it is glued to: the whole of "kitten2532" and "P@ss2091!", not the dollar of "$20"."""
    before = start
    while before > 0 and start - before < 64 and _GLUED.fullmatch(plain[before - 1]):
        before -= 1
    after = _GLUED.match(plain, end, end + 64)
    return before, after.end() if after else end


_CODE = re.compile(
    r"(?<![\w.,$€£'’])(?!0x[0-9a-fA-F])(?:[A-Za-z]{1,3}|[0-9]{1,12})"
    r"(?:[ \-]?(?:(?<![A-Za-z])[A-Za-z]{1,3}|(?<![0-9])[0-9]{1,12}))+\b"
)
_ENDS_TEXT = re.compile(r"[\s.,!?]{0,12}$")
_PART = re.compile(r"[A-Za-z]+|[0-9]+")
_CODE_CUE = re.compile(r"\b(?:number|n[uú]mero|code|c[oó]digo|id|pnr)\s+$", re.IGNORECASE)
_LINKS: Final = word_set("is es it")
_CONNECTORS: Final = word_set("in of to or by at and de a o y por")
_FEWEST_CODE_CHARACTERS = 5


def find_codes(plain: str) -> Iterator[tuple[int, int]]:
    """Booking and claim codes of short groups of letters and digits: "huk 528", "rf 56 f 5"; a bare "raja 123"."""
    for match in _CODE.finditer(plain):
        yield from _codes_in(plain, match.start(), match.end())
    answer = _NAMED_NUMBER.fullmatch(plain) or _NAMED_BEHIND_CUE.search(plain)
    if answer is not None and answer["name"].lower() not in _NO_NAMES:
        yield answer.span("code")


def _codes_in(plain: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The parts of a run between ordinary words; where several letters stand alone they are spelled, and all count."""
    parts = list(_PART.finditer(plain, start, end))
    is_last = _ENDS_TEXT.match(plain, end) is not None
    is_share = len(parts) == 3 and parts[1].group().lower() in _CONNECTORS  # "1 in 10", "2 of 5"
    is_told = _CODE_CUE.search(plain, max(0, start - 12), start) is not None
    is_alone = start < 4 and not plain[:start].strip()
    is_whole = is_last and not is_share and len(parts) > 2 and (is_alone or is_told)
    is_spelled = is_whole or sum(part.group().isdigit() for part in parts) > 1
    code: list[re.Match[str]] = []
    for part in [*parts, None]:
        if part is not None and not code and part.group().lower() in _LINKS:
            continue
        is_tail = is_last and part is parts[-1]
        longest = 2 if is_whole else int(is_spelled or is_tail)
        if part is not None and not (part.group().lower() in _SHORT_WORDS and len(part.group()) > longest):
            code.append(part)
            continue
        size = sum(len(piece.group()) for piece in code)
        has_both = len({piece.group().isdigit() for piece in code}) == 2
        if has_both and size >= _FEWEST_CODE_CHARACTERS:
            yield code[0].start(), code[-1].end()
        code = []


_MODEL = re.compile(r"(?:[A-Za-z]{1,3}-?[0-9]{1,4}[A-Za-z]{0,2}|[0-9]{1,4}-?[A-Za-z]{1,3})")


def is_model(code: str) -> bool:
    """Whether a code looks like the name of a product: "SP-230", "cm1200"."""
    return _MODEL.fullmatch(code) is not None


_FILLER = "|".join(
    sorted(
        (re.escape(word) for word in FILLERS if word not in NUMBER_WORDS and not word.isdigit()), key=len, reverse=True
    )
)
_NAMED_NUMBER = re.compile(
    rf"\W*(?:(?:{_FILLER})\W+){{0,6}}(?P<code>(?P<name>[^\W\d_]{{3,15}}) ?[0-9]{{2,8}})\W*", re.IGNORECASE
)
_NAMED_BEHIND_CUE = re.compile(
    r"\b(?:confirmation|booking|reservation|reference|claim|policy|pnr|reserva|confirmaci[oó]n)\b"
    r"(?: (?:number|code|no|id|my|the|mi))*(?: is| es|:)? (?P<code>(?P<name>[^\W\d_]{3,12}) ?[0-9]{2,8})\W*$",
    re.IGNORECASE,
)
_NO_NAMES: Final = (
    frozenset(MONTHS)
    | _SHORT_WORDS
    | FILLERS
    | word_set(
        "fiber internet plan plus page step year option line channel room unit suite floor extension gate level version"
        " number about around over under almost only between model week day hour minute total maybe roughly chapter"
        " windows iphone galaxy pixel android office error line apt apartment street tengo son como casi unos unas"
        " nivel"
    )
)
