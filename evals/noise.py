"""Words misheard on purpose: what a speech recogniser makes of one word in ten or five; the same for a seed."""

import random
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from copilot.errors import BadInput

# What recognisers put for what was said, both ways (homophones, number words that sound alike, clipped endings).
_HEARD_FOR: Mapping[str, str] = MappingProxyType(
    dict(
        pair.split("=")
        for pair in (
            "their=there to=two too=two for=four four=for your=you're you're=your its=it's know=no no=know hear=here "
            "here=hear by=buy buy=by right=write write=right one=won won=one eight=ate ate=eight bill=build build=bill "
            "fifteen=fifty fifty=fifteen sixteen=sixty sixty=sixteen thirteen=thirty thirty=thirteen fourteen=forty "
            "forty=fourteen plan=plane plane=plan line=lying fiber=viber credit=created fee=free cancel=council "
            "modem=modern waive=wave wave=waive mail=male male=mail week=weak weak=week due=do do=due pin=pen pen=pin "
            "hay=ahí ahí=hay haber=a_ver tuvo=tubo sesenta=setenta setenta=sesenta dos=doce doce=dos cuenta=cuenca "
            "pago=paco quince=once once=quince línea=lidia recibo=resivo vez=ves casa=caza"
        ).split()
    )
)
_FILLERS = ("uh", "um", "the", "and", "eh", "pues")
_WORD = re.compile(r"\S+")
_CORE = re.compile(r"^(\W*)(.*?)(\W*)$", re.DOTALL)
MOST = 0.5


def add_noise(text: str, rate: float, seed: int | str) -> str:
    """The text with about `rate` of its words wrong: substituted, left out, or one put in.

    Of ten errors six are substitutions, three deletions and one an insertion, as recognisers of telephone speech make
    them. White space stays as it is; at rate 0 the text comes back unchanged.

    Args:
        text: what was said.
        rate: share of words that go wrong, 0..0.5 (word error rate).
        seed: the same seed and text give the same errors.

    Raises:
        BadInput: the rate is out of range.
    """
    if not 0 <= rate <= MOST:
        raise BadInput(f"The noise is {rate:g}; allowed is 0 to {MOST:g}, the share of words that go wrong. Try 0.15.")
    if rate == 0:
        return text
    chance = random.Random(f"{seed}:{text}")  # noqa: S311 - test data, no secret
    return _WORD.sub(lambda word: _misheard(word[0], rate, chance), text)


def _misheard(word: str, rate: float, chance: random.Random) -> str:
    if chance.random() >= rate:
        return word
    kind = chance.random()
    if kind < 0.6:
        return _substituted(word, chance)
    if kind < 0.9:
        return ""
    return f"{word} {chance.choice(_FILLERS)}"


def _substituted(word: str, chance: random.Random) -> str:
    match = _CORE.match(word)
    before, core, after = match.groups() if match else ("", word, "")
    heard = _HEARD_FOR.get(core.lower())
    if heard is None:
        heard = chance.choice(_MISHEARINGS)(core, chance)
    return f"{before}{heard.replace('_', ' ')}{after}"


def _without_end(core: str, _chance: random.Random) -> str:
    return core[:-1] if len(core) > 3 else core + "s"


def _doubled(core: str, _chance: random.Random) -> str:
    return f"{core} {core}"


def _swapped_vowel(core: str, chance: random.Random) -> str:
    vowels = [place for place, letter in enumerate(core) if letter in "aeiou"]
    if not vowels:
        return core[::-1] if core.isdigit() and len(core) > 1 else f"{core}s"
    place = chance.choice(vowels)
    return core[:place] + chance.choice("aeiou".replace(core[place], "")) + core[place + 1 :]


_MISHEARINGS: tuple[Callable[[str, random.Random], str], ...] = (_without_end, _doubled, _swapped_vowel)
