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
_CALENDARS = (_EN_DAYS, _ES_DAYS, _EN_MONTHS, _ES_MONTHS)
_DAY_OF_MONTH = re.compile(
    rf"\b(?:{'|'.join(_EN_MONTHS)}) (\d{{1,2}})\b(?!:)|\b(\d{{1,2}}) de (?:{'|'.join(_ES_MONTHS)})\b|"
    r"\b(?:the|el) (\d{1,2})(?=(?:st|nd|rd|th)?\b(?! de| of|:| \w+s\b))",
    re.IGNORECASE,
)
_COUNTERPARTS = (
    ("tomorrow", "yesterday", "today"),
    ("last", "next"),
    ("before", "after"),
    ("ayer", "hoy", "anteayer"),
    ("antes de", "después de"),
    ("más de", "menos de"),
    ("more than", "less than"),
    ("at most", "at least"),
    ("up to", "at least"),
    ("hasta", "desde"),
)
_RELATIVE = re.compile(
    r"\b(?:tomorrow|yesterday|today|(?:last|next)(?= (?:week|month|year|bill))|before|after|ayer|hoy|"
    r"antes de|después de|más de|menos de|more than|less than|at most|at least|"
    r"up to(?= (?:\$?\d|\w+ (?:days|months|lines)))|"
    r"hasta(?= \$?\d))\b",
    re.IGNORECASE,
)
_COUNTS = (
    "two three four five six seven eight nine ten eleven twelve".split(),
    "dos tres cuatro cinco seis siete ocho nueve diez doce".split(),
    "fifteen twenty thirty forty fifty sixty seventy eighty ninety".split(),
    "quince veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa".split(),
)
_COUNT = re.compile(
    rf"(?<![\w-])(?:{'|'.join(word for row in _COUNTS for word in row)})(?![\w-])(?! of)", re.IGNORECASE
)
_UNITS = (
    ("days", "weeks", "months", "hours", "years", "minutes"),
    ("día", "semana", "mes", "año"),
    ("días", "semanas", "meses", "horas", "años", "minutos"),
    ("day", "week", "month", "year"),
    ("mb", "gb"),
    ("mbps", "gbps"),
    ("megabytes", "gigabytes"),
)
_UNIT = re.compile(
    r"(?<![\w.$])(\d+) ?%|\b(?:\d+|two|three|five|six|seven|ten|twelve|dos|tres|seis|diez)[ -]?(?:business |written )?"
    r"(days|weeks|months|hours|years|minutes|d[ií]as|semanas|meses|horas|años|minutos|mb|gb|mbps|gbps|"
    r"megabytes|gigabytes)\b",
    re.IGNORECASE,
)
# Forms of "not" and what stands without it; the first that is found goes.
_WITHOUT_NOT = (
    (
        re.compile(r"\b(do|does|did|is|are|was|were|has|have|had|could|should|would|will|can|may|must) not\b", re.I),
        r"\1",
    ),
    (re.compile(r"\b(can)not\b|\bca(n)['’]t\b", re.I), "can"),
    (re.compile(r"\bwon['’]t\b", re.I), "will"),
    (re.compile(r"\b(do|does|did|is|are|was|were|has|have|had|could|should|would)n['’]t\b", re.I), r"\1"),
    (re.compile(r"\bnot (?=[a-z])"), ""),
    (re.compile(r"\bnever (?=[a-z])"), ""),
    (
        re.compile(
            r"\bno (?=(?:fee|charge|contract|term|data|change|penalty|credit|refund|outage|restoration|late)\b)"
        ),
        "a ",
    ),
    (re.compile(r"\bwithout (?=\w)"), "with "),
    (re.compile(r"(?<=\w )no (?=\w+[aeo]n?\b|se |le |es |hay |me |lo )|(?<=\w )nunca "), ""),
    (re.compile(r"\bNo (se|hay|es|le|lo|cuesta|cobra|puede|tiene)\b"), r"\1"),
    (re.compile(r"\bsin (?=\w)"), "con "),
)
_DENIES = re.compile(
    r"\b(?:not?|never|nothing|none|nor|neither|nada|nunca|sin|without|cannot|unable|nobody|unless|only|nadie|ningun[oa]?|"
    r"ningún|ni|tampoco|declined|refused|rechazó|solo|salvo)\b|n['’]t\b",
    re.I,
)
_VERB_EN = re.compile(r"\b(was|were|is|are|has|have|will|would|could|should|can|may|must)\b(?! not)")
_PAST_EN = re.compile(
    r"(?<=\w )(?<!['’]s )(?<!be )([a-z]{3,}?)(?:ied|ed)\b|(?<=\w )(wants|needs|sent|paid|says|said|got)\b"
)
_VERB_ES = re.compile(
    r"(?<=\w )(?=(?:quiere|necesita|recibió|aplicó|canceló|envió|aceptó|pagó|puede|pueden|tiene|ha|va|funciona|está|"
    r"están|fue|pidió|solicitó|dijo|llegó|cobró|cobraron|le|se|es|son|perdió|hizo|programó|abrió|ofreció|prometió|cuesta|"
    r"cuestan|incluye|debe|deben|vence|empieza|termina)\b)"
)
_ROLES = {
    "customer": "agent",
    "customers": "agents",
    "agent": "customer",
    "agents": "customers",
    "caller": "agent",
    "cliente": "agente",
    "clienta": "agente",
    "clientes": "agentes",
    "agente": "cliente",
    "agentes": "clientes",
}
_ROLE = re.compile(rf"\b({'|'.join(_ROLES)})\b(?!['’]s)", re.IGNORECASE)


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
    return _swap_word(sentence, [*_DAY.finditer(sentence), *_MONTH.finditer(sentence)], _CALENDARS, chance)


def swap_day(sentence: str, chance: random.Random) -> str | None:
    """The day of one date replaced by another of 1 to 28; None when no date has one."""
    found = list(_DAY_OF_MONTH.finditer(sentence))
    if not found:
        return None
    m = chance.choice(found)
    group = next(group for group in (1, 2, 3) if m[group])
    other = chance.choice([day for day in range(1, 29) if day != int(m[group])])
    return sentence[: m.start(group)] + str(other) + sentence[m.end(group) :]


def swap_relative(sentence: str, chance: random.Random) -> str | None:
    """One "tomorrow", "last month" or "before" replaced by its counterpart; None when there is none."""
    return _swap_word(sentence, list(_RELATIVE.finditer(sentence)), _COUNTERPARTS, chance)


def swap_count(sentence: str, chance: random.Random) -> str | None:
    """One number in words replaced by another of the same size; None when there is none."""
    return _swap_word(sentence, list(_COUNT.finditer(sentence)), _COUNTS, chance)


def swap_unit(sentence: str, chance: random.Random) -> str | None:
    """A percentage made dollars, megabytes gigabytes, days weeks; None when no figure has such a unit."""
    found = list(_UNIT.finditer(sentence))
    if not found:
        return None
    m = chance.choice(found)
    if m[1]:
        return f"{sentence[: m.start()]}${m[1]}{sentence[m.end() :]}"
    return _swap_word(sentence, [m], _UNITS, chance, group=2)


def _swap_word(
    sentence: str,
    found: Sequence[re.Match[str]],
    tables: Sequence[Sequence[str]],
    chance: random.Random,
    *,
    group: int = 0,
) -> str | None:
    """One of the words found, replaced by another of the table it stands in, with its capital."""
    pairs = [(m, table) for m in found for table in tables if m[group].lower() in (name.lower() for name in table)]
    if not pairs:
        return None
    m, table = chance.choice(pairs)
    other = chance.choice([name for name in table if name.lower() != m[group].lower()])
    other = other if m[group][0].isupper() else other.lower()
    return (
        sentence[: m.start(group)]
        + other[0].upper() * m[group][0].isupper()
        + other[m[group][0].isupper() :]
        + sentence[m.end(group) :]
    )


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
    for pattern, bare in _WITHOUT_NOT:
        if pattern.search(sentence):
            return _spaced(pattern.sub(bare, sentence, count=1), sentence)
    if _DENIES.search(sentence):
        return None
    found = _VERB_EN.search(sentence)
    if found:
        return f"{sentence[: found.end()]} not{sentence[found.end() :]}"
    found = _VERB_ES.search(sentence)
    if found:
        return f"{sentence[: found.end()]}no {sentence[found.end() :]}"
    past = _PAST_EN.search(sentence)
    return None if past is None else f"{sentence[: past.start()]}did not {sentence[past.start() :]}"


def _spaced(changed: str, sentence: str) -> str:
    plain = " ".join(changed.split())
    return plain[0].upper() + plain[1:] if sentence[0].isupper() else plain


def swap_speaker(sentence: str, chance: random.Random) -> str | None:
    """Customer for agent and the reverse; None when neither is named."""
    if not _ROLE.search(sentence):
        return None

    def other(m: re.Match[str]) -> str:
        role = _ROLES[m[1].lower()]
        return role.capitalize() if m[1][0].isupper() else role

    return _ROLE.sub(other, sentence)


SWAPS: dict[str, Swap] = {
    "amount": swap_amount,
    "count": swap_count,
    "date": swap_date,
    "day": swap_day,
    "relative": swap_relative,
    "unit": swap_unit,
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
