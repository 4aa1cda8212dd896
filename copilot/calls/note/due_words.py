"""The words and patterns with which English and Spanish speakers name a day, an hour or a stretch of time."""

import re
from collections.abc import Iterable

from copilot.spoken import MONTHS, NUMBER_WORDS, ORDINALS
from copilot.spoken.words import SPANISH_NUMBERS

_WEEK = (
    "monday lunes",
    "tuesday martes",
    "wednesday miércoles miercoles",
    "thursday jueves",
    "friday viernes",
    "saturday sábado sabado",
    "sunday domingo",
)
WEEKDAYS = {name: day for day, names in enumerate(_WEEK) for name in names.split()}
_SMALL = {word: number.value for word, number in NUMBER_WORDS.items() if number.value <= 90 and number.part != "zero"}
COUNTS = {**_SMALL, "a": 1, "an": 1, "un": 1, "una": 1}
PLACES = {**ORDINALS, "primero": 1}


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_UNITS = _any(word for word, value in _SMALL.items() if value < 10)
_NTH = rf"(?:twenty|thirty)[ -](?:{_any(ORDINALS)})|{_any(ORDINALS)}"
_COUNT = rf"(?:\d{{1,3}}|(?:twenty|thirty|forty|fifty|sixty)[ -](?:{_UNITS})|{_any(COUNTS)})"
_PLACE = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?|{_NTH}|primero|treinta y uno|{_any(_SMALL)})"
_PLACE_ALONE = rf"(?:\d{{1,2}}(?:st|nd|rd|th)|{_NTH}|primero)"
_DAY_ES = rf"(?:treinta y uno|{_any(word for word in _SMALL if word in SPANISH_NUMBERS)})"
_MONTH = rf"(?:{_any(month for month in MONTHS if len(month) > 3)})"
_UNIT = r"(?:hours?|days?|weeks?|months?|minutes?|horas?|d[ií]as?|semanas?|mes(?:es)?|minutos?)"
_WORKING = r"(?:business|working|h[aá]biles|laborables|laborales)"
_DAY_PART = r"(?:morning|afternoon|evening|mañana|tarde|noche)"
_NOON = r"(?:noon|midday|midnight|medio ?d[ií]a|medianoche)"
_HOUR = rf"(?:(?:[01]?\d|2[0-3]):\d\d|1[0-2]|0?[1-9]|{_any(word for word, value in _SMALL.items() if value <= 12)})"
_MINUTES = r"(?:[ -](?:thirty|fifteen|forty[ -]five|media|cuarto)|\s(?:y|con) (?:media|cuarto|treinta|quince))"
_HALF_DAY = (
    rf"(?:\s?[ap]\.?\s?m\b\.?|\s?o['’]?\s?clock|\s(?:in the|de la|por la|en la) {_DAY_PART}|\stonight|\sat night)"
)
_CLOCK = rf"(?:{_NOON}|{_HOUR}{_MINUTES}?{_HALF_DAY}*)"

# Each way to name a time, tried in this order at each place of a text.
PATTERNS = {
    # "in two days", "within 24 to 48 hours", "three to five business days", "en dos días hábiles"
    "duration": (
        r"\b(?:(?P<lead>in|within|inside of|for|over|after|en|dentro de|durante)\s+)?"
        r"(?:(?:the next|about|around|up to|no more than|less than|at most|los próximos|las próximas|unos|unas|"
        r"más o menos|menos de|como|máximo)\s+)*"
        rf"(?P<count>(?:an?\s+|un\s+)?(?:couple|par)|{_COUNT}|half an?|media)(?:\s+of)?"
        rf"(?:\s?(?:to|or|a|o|-|–)\s?(?P<upto>{_COUNT}))?(?:\s+de)?[\s-]"
        rf"(?P<working1>{_WORKING}[\s-])?(?P<unit>{_UNIT})(?P<working2>\s{_WORKING})?\b"
        r"(?P<from_now>\s(?:from (?:now|today)|a partir de (?:hoy|ahora)))?"
    ),
    "within_unit": (
        r"\b(?:(?:within|in|inside) the (?P<one_unit>hour|day|week|month)|"
        r"dentro de la (?P<one_unit_es>hora|semana))\b"
    ),
    # "by end of day", "a fin de mes", "the end of next week"
    "period_end": (
        r"\b(?:the )?(?:end of (?:the |this |(?P<next1>next) )?(?:business )?|close of |"
        r"fin(?:al)?(?:es)? (?:de|del) (?:la |el |este |esta |(?P<next2>la próxima |el próximo ))?)"
        r"(?P<period>day|business|week|month|year|d[ií]a|semana|mes|año)\b"
    ),
    "next_period": (
        r"\b(?P<which>next|this|la próxima|el próximo|esta|este|la) (?P<span>week|month|semana|mes|weekend)"
        r"(?P<coming> que viene| entrante)?\b"
    ),
    "relative": (
        r"\b(?:(?:the )?day after tomorrow|pasado mañana|tomorrow|today|tonight|this (?:morning|afternoon|evening)|"
        r"(?<!la )(?<!por )mañana|hoy|esta (?:tarde|noche|mañana))\b"
    ),
    # "December 4th", "el cuatro de enero de 2027", "12/01/2026"
    "date": (
        rf"\b(?:(?P<month1>{_MONTH})\s+(?:the\s+)?(?P<day1>{_PLACE})(?:,?\s+(?P<year1>20\d\d))?|"
        rf"(?:(?:the|el)\s+)?(?P<day2>{_PLACE})\s+(?:of|de)\s+(?P<month2>{_MONTH})"
        r"(?:\s+(?:de|del)\s+(?P<year2>20\d\d))?|"
        r"(?P<month3>\d{1,2})/(?P<day3>\d{1,2})(?:/(?P<year3>(?:20)?\d\d))?)\b"
    ),
    # "next Friday", "el lunes 23", "el viernes de la próxima semana"
    "weekday": (
        rf"\b(?:(?P<weekday_of>this|next|coming|este|(?:el )?pr[oó]ximo)\s+)?(?P<name>{_any(WEEKDAYS)})\b"
        rf"(?:\s+(?P<day5>[12]\d|3[01]|{_DAY_ES})(?!\w|:|\s+(?:de|of)\s+{_MONTH}|\s?[ap]\.?m))?"
        r"(?P<next_week>\s+que viene|"
        r"\s+(?:of|de) (?:next week|la (?:próxima semana|semana (?:que viene|entrante))))?"
    ),
    "place": (
        rf"\b(?:the|el|d[ií]a)\s+(?P<day4>{_PLACE_ALONE}|\d{{1,2}}(?=[\s.,;!?]|$)|(?<=el ){_DAY_ES})\b"
        r"(?!\s*(?:%|percent|por ciento))"
    ),
    # "between 8 and noon", "de ocho a doce"
    "window": (
        rf"\b(?:(?:entre las|de las?) (?P<from_hour1>{_CLOCK}) (?:al|(?:a|y)(?: las?| el)?) (?P<to_hour1>{_CLOCK})|"
        rf"between (?P<from_hour2>{_CLOCK}) and (?P<to_hour2>{_CLOCK})|"
        rf"(?:from |de )?(?P<from_hour>{_CLOCK})\s?(?:to|until|till|-|–|a)\s?(?P<to_hour>{_CLOCK}))\b"
    ),
    # an hour: "at 3", "by noon", "a las cinco y media"
    "clock": (
        r"\b(?:(?P<clock_lead>at|by|before|around|about|until|till|no later than|a las?|antes de las?|para las?|"
        rf"hasta las?|al|a)\s+(?P<hour1>{_CLOCK})|(?P<hour2>{_NOON}|{_HOUR}{_MINUTES}?{_HALF_DAY}))(?!\w)"
    ),
    "day_part": r"\b(?:(?:in the )?(?:morning|afternoon|evening)|(?:por|en) la (?:mañana|tarde|noche))\b",
}
PARTS = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in PATTERNS.items()), re.IGNORECASE)

# What may stand between the parts of one time: "Monday, by noon", "on the 23rd at eight".
JOIN = re.compile(
    r"[\s,]*(?:(?:on|at|by|before|in|around|the|and|no later than|de|el|del|al|la|para|antes|or)[\s,]+)*", re.IGNORECASE
)
LEAD = re.compile(
    r"\b(?:by|before|on|until|no later than|antes del?|para|hasta|a más tardar|el)(?:\s+(?:the|el|la))?\s+$",
    re.IGNORECASE,
)
PAST = re.compile(
    r"\b(?:since|last|past|from|ago|of|your|my|our|that|desde|pasado|hace|su|del|de este)\s+(?:the\s+|el\s+)?$",
    re.IGNORECASE,
)
THING = re.compile(
    r"\s*(?:'s\s+)?(?:bill|statement|invoice|appointment|visit|charge|order|payment|meeting|factura|recibo|cita|ago|"
    r"pasado)\b",
    re.IGNORECASE,
)
CORRECTED = re.compile(
    r"\b(?:no|wait|sorry|i mean|actually|rather|perdón|digo|mejor|a más tardar|make (?:that|it))\b", re.IGNORECASE
)
EXACT_HOUR = re.compile(r"noon|night|medi|:|m\b|clock|morning|evening|tarde|mañana|noche", re.IGNORECASE)
