"""Sentences made wrong on purpose: an amount, a day, a name, a "not" or a speaker swapped; the same for a seed."""

import random
import re
from collections.abc import Callable, Iterator, Sequence

from copilot.guard.grounding.vocabulary import WEEKDAYS
from copilot.spoken import MONTHS

Swap = Callable[[str, random.Random], str | None]

_AMOUNT = re.compile(r"(?<![\w/:.-])(\$?)(\d[\d,]*(?:\.\d+)?)(?![\d/:]|\.\d|(?:st|nd|rd|th)\b)")
_AFTER_MONTH = re.compile(rf"\b(?:{'|'.join(MONTHS)})\.? +$|\bel +$", re.IGNORECASE)
_BEFORE_MONTH = re.compile(rf" +(?:of |de )?(?:{'|'.join(MONTHS)})\b", re.IGNORECASE)
_EN_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_ES_DAYS = "lunes martes miércoles jueves viernes sábado domingo".split()
_EN_MONTHS = "January February March April May June July August September October November December".split()
_ES_MONTHS = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()
_DAY = re.compile(rf"\b(?:{'|'.join(sorted(WEEKDAYS, key=len, reverse=True))})\b", re.IGNORECASE)
_MONTH = re.compile(
    rf"\b(?:{'|'.join((*_EN_MONTHS, *_ES_MONTHS))})\b(?= \d)|(?<=\d de )(?:{'|'.join(_ES_MONTHS)})\b", re.IGNORECASE
)
_NOT = re.compile(
    r"\b(does|did|do|was|were|is|are|has|have|will|would|could|should|can) not\b|\b(can)not\b|\bno (?=\w+[oóeéai]\b)",
    re.IGNORECASE,
)
_VERB_EN = re.compile(r"\b(was|were|is|are|has|have|will|would|could|should|can)\b(?! not)")
_PAST_EN = re.compile(
    r"(?<=\w )(?<!['’]s )(?<!be )([a-z]{3,}?)(?:ied|ed)\b|(?<=\w )(wants|needs|sent|paid|says|said|got)\b"
)
_VERB_ES = re.compile(
    r"(?<=\w )(?=(?:quiere|necesita|recibió|aplicó|canceló|envió|aceptó|pagó|puede|tiene|ha|va|funciona|está|fue|"
    r"pidió|solicitó|dijo|llegó|cobró|cobraron|le|se|perdió|hizo|programó|abrió|ofreció|prometió)\b)"
)
_ROLES = {"customer": "agent", "agent": "customer", "caller": "agent", "cliente": "agente", "agente": "cliente"}
# Where it is the subject: who said or did it. "Given to the agent" is told apart by no evidence of ours.
_ROLE = re.compile(rf"(?:(?<=^)|(?<=; )|(?<=^the )|(?<=^el ))({'|'.join(_ROLES)})\b(?!['’]s)", re.IGNORECASE)


def swap_amount(sentence: str, chance: random.Random) -> str | None:
    """One figure with one digit changed, never its length; None when there is no figure."""
    found = [m for m in _AMOUNT.finditer(sentence) if not _is_date_part(sentence, m)]
    if not found:
        return None
    m = chance.choice(found)
    places = [i for i in range(m.start(2), m.end(2)) if sentence[i].isdigit()]
    place = chance.choice(places)
    lowest = "1" if place == places[0] else "0"
    digit = chance.choice([each for each in "0123456789" if each >= lowest and each != sentence[place]])
    return sentence[:place] + digit + sentence[place + 1 :]


def _is_date_part(sentence: str, m: re.Match[str]) -> bool:
    before = sentence[max(0, m.start() - 14) : m.start()]
    return bool(_AFTER_MONTH.search(before) or _BEFORE_MONTH.match(sentence, m.end()))


def swap_date(sentence: str, chance: random.Random) -> str | None:
    """One weekday or month replaced by another of the same language; None when there is none."""
    found = [*_DAY.finditer(sentence), *_MONTH.finditer(sentence)]
    if not found:
        return None
    m = chance.choice(found)
    names = next(
        (n for n in (_EN_DAYS, _ES_DAYS, _EN_MONTHS, _ES_MONTHS) if m[0].capitalize() in n or m[0].lower() in n), None
    )
    if names is None:
        return None
    other = chance.choice([name for name in names if name.lower() != m[0].lower()])
    return sentence[: m.start()] + (other.lower() if m[0].islower() else other) + sentence[m.end() :]


def swap_name(sentence: str, chance: random.Random, names: Sequence[str]) -> str | None:
    """One plan or offer replaced by another of `names`; None when the sentence names none, or there is no other."""
    said = [
        name for name in sorted(names, key=len, reverse=True) if re.search(rf"\b{re.escape(name)}\b", sentence, re.I)
    ]
    others = [name for name in names if name not in said]
    if not said or not others:
        return None
    return re.sub(rf"\b{re.escape(said[0])}\b", chance.choice(others), sentence, count=1, flags=re.I)


def swap_negation(sentence: str, chance: random.Random) -> str | None:
    """The sentence without its "not", or with one; None when there is no verb to put it to."""
    if _NOT.search(sentence):
        return " ".join(_NOT.sub(lambda m: m[1] or m[2] or "", sentence, count=1).split())
    if re.search(
        r"\b(?:not|no|never|nothing|nada|nunca|sin|without|cannot|declined|refused|rechazó|unable|nobody|can't)\b|n['’]t\b",
        sentence,
        re.I,
    ):
        return None
    for pattern in (_VERB_EN, _VERB_ES):
        found = list(pattern.finditer(sentence))
        if found:
            place = found[0].end()
            return (
                f"{sentence[:place]} not{sentence[place:]}"
                if pattern is _VERB_EN
                else f"{sentence[:place]}no {sentence[place:]}"
            )
    past = _PAST_EN.search(sentence)
    return None if past is None else f"{sentence[: past.start()]}did not {sentence[past.start() :]}"


def swap_speaker(sentence: str, chance: random.Random) -> str | None:
    """Customer for agent and the reverse, where they are the subject; None when neither is."""
    if not _ROLE.search(sentence):
        return None

    def other(m: re.Match[str]) -> str:
        role = _ROLES[m[1].lower()]
        return role.capitalize() if m[1][0].isupper() else role

    return _ROLE.sub(other, sentence)


SWAPS: dict[str, Swap] = {
    "amount": swap_amount,
    "date": swap_date,
    "negation": swap_negation,
    "speaker": swap_speaker,
}


def perturbed(sentence: str, *, seed: int = 0, names: Sequence[str] = ()) -> Iterator[tuple[str, str]]:
    """(kind, wrong sentence) for each swap that this sentence allows."""
    chance = random.Random(f"{seed}:{sentence}")  # noqa: S311 - test data, no secret
    for kind, swap in SWAPS.items():
        wrong = swap(sentence, chance)
        if wrong is not None and wrong != sentence:
            yield kind, wrong
    wrong = swap_name(sentence, chance, names)
    if wrong is not None:
        yield "name", wrong
