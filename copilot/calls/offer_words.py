"""What an agent says of offers in figures, and which offer is meant: "$25 off for 3 months" against what was shown.

Silence when unsure: only a discount, a share, the months and the end said with it, and the price of a pause are read;
what the customer pays now, line items, what another company offers, what was or is not offered are passed over.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from copilot.guard.grounding.values import Value, read_values
from copilot.spoken import fold

FigureKind = Literal["amount", "credit", "percent", "months", "date", "monthly_price"]

NEAR = 60  # letters between a discount and the months said with it
BEFORE = 48  # letters before a figure in which it is taken back, or told of something else
BILL_CYCLE_DAYS = 31  # an agent names the last bill, the offer its last day
ROUNDED = Decimal("0.99")  # "about seventeen dollars" for 20 percent of 85.50

_OFF_AFTER = re.compile(
    r"\s*(?:(?:a|per|each|every|the|your|al|por|cada|de|su|mes|month|bill|monthly)\s+)*"
    r"(?:off|less|discount|credit|menos|descuento|abono|rebaja)\b"
)
_OFF_BEFORE = re.compile(
    r"\b(?:discount|credit|descuento|abono|rebaja)\s+(?:of|de|for|por)\s+(?:up to\s+|hasta\s+)?$|"
    r"\b(?:descontar(?:le)?|rebajar(?:le)?|quitar(?:le)?|bajar(?:le)?|descuento|rebajo)\s+(?:unos\s+)?$"
)
_MAY_MENTION = re.compile(r"off|less|discount|credit|menos|desc|abono|rebaj|quitar|bajar|paus|suspen|hold|congel|freez")
_CREDIT = re.compile(r"credit|abono")  # may be for something that went wrong: only an offer of a credit can differ
_BARE_OFF = re.compile(r"\s+(?:off|menos)\s+(?:a|per|each|every|the|your|al|por|cada)\s+(?:month|bill|mes|factura)\b")
_FOR = re.compile(
    r"\b(?:for|por|durante|next|first|of|up to|hasta|a|son)\s+(?:the\s+|los\s+|(?:next|first|proximos|primeros)\s+)*$"
)
_UNTIL = re.compile(r"\b(?:until|till|through|ends? on|up to|hasta|termina)\s+(?:el\s+|the\s+)?$")
_A_MONTH = re.compile(r"\s*(?:a|per|each|every|al|por|cada)\s+(?:month|mes)\b")
_PAUSE = re.compile(r"\b(?:paus\w+|suspen\w+|on hold|congel\w+|freeze)\b")
_PAUSE_TYPES = ("pause", "suspend_seasonal")
# Before a figure: not offered, not now, not ours, or said by somebody else.
_TAKEN_BACK = re.compile(
    r"\b(?:not|no|cant|can't|cannot|never|isnt|isn't|wont|won't|without|nor|nunca|ni|sin|tampoco|"
    r"instead of|rather than|en vez de|en lugar de|"
    r"had|was|were|used to|last|expired|ended|went|tenia|tenía|era|antes|termino|terminó|vencio|venció|"
    r"they|their|them|competitor|other guys|other company|ellos|otra compania|otra compañía|competencia|"
    r"plus|additional|you said|you asked|you mentioned|wanted|usted dijo|me pidio|me pidió|if|si)\b"
)
_UP_TO = re.compile(r"\b(?:up to|as much as|as many as|hasta)\s+$")  # true of many offers, said of none
# In the same breath: the amount of something else.
_OTHER_THING = re.compile(
    r"\b(?:auto ?pay|paperless|referral|deposit|late fee|tax|taxes|restoration|outage|"
    r"pago automatico|pago automático|referido|deposito|depósito|mora|impuestos?|reconexion|reconexión)\b"
)
_CLAUSE = re.compile(r"[;:…]\s|\s[-–—]\s")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")


@dataclass(frozen=True)
class Figure:
    """A figure said of an offer: "25" of kind amount; dates as "month/day" and the year where it was said."""

    kind: FigureKind
    value: str
    shown: str
    year: str = ""


@dataclass(frozen=True)
class Named:
    """The offer that was meant, and the figures that do not fit it; none when it was told right."""

    offer: Mapping[str, Any]
    wrong: tuple[Figure, ...] = ()


def figures_said(text: str, language: str) -> list[list[Figure]]:
    """The figures of the offers an agent names, a list for each mention."""
    return [mention for sentence in _SENTENCE_END.split(text) for mention in _mentions(sentence, language)]


def _mentions(sentence: str, language: str) -> Iterator[list[Figure]]:
    plain = fold(sentence).text.lower()
    if not _MAY_MENTION.search(plain):  # numbers are costly to read
        return
    values = [value for value in read_values(sentence, language) if value.shown]
    for value in values:
        figure = _discount(value, plain) or _pause_price(value, plain)
        if figure is not None and _is_offered(value, plain):
            yield [figure, *_said_with(value, values, plain)]


def named_offer(text: str, offers: Sequence[Mapping[str, Any]], language: str) -> Named | None:
    """Which of these offers, first the one last shown, an agent means; None when none is named, or it is unclear."""
    mentions = figures_said(text, language)
    for mention in mentions:
        fitting = next((offer for offer in offers if _fit(mention, offer) == (len(mention), ())), None)
        if fitting is not None:
            return Named(fitting)
    for mention in mentions:
        comparable = [(offer, *_fit(mention, offer)) for offer in offers]
        best = max((found for found in comparable if found[2]), key=lambda found: found[1], default=None)
        if best is not None and not any(right and not wrong for _, right, wrong in comparable):
            return Named(best[0], best[2])
    return None if mentions else _named_by_words(text, offers)


def _fit(mention: Sequence[Figure], offer: Mapping[str, Any]) -> tuple[int, tuple[Figure, ...]]:
    """How many figures of a mention the offer has, and those it has otherwise."""
    judged = [(figure, _is_right(figure, offer)) for figure in mention]
    return sum(right is True for _, right in judged), tuple(figure for figure, right in judged if right is False)


def _is_right(figure: Figure, offer: Mapping[str, Any]) -> bool | None:
    """Whether an offer has this figure; None when it has none of the kind."""
    if figure.kind == "date":
        return _ends_near(figure, offer)
    allowed, tolerance = _allowed(figure.kind, offer)
    if not allowed:
        return None
    said = _number(figure.value)
    if figure.kind == "credit" and offer.get("once_off") is None and said not in allowed:
        return None
    return said is None or any(abs(said - each) <= tolerance for each in allowed)


def _allowed(kind: FigureKind, offer: Mapping[str, Any]) -> tuple[list[Decimal], Decimal]:
    """The figures of a kind that are true of an offer, and how far one may be off."""
    off, months = _number(offer.get("monthly_off")), _number(offer.get("months"))
    once, percent = _number(offer.get("once_off")), _number(offer.get("percent_off"))
    if kind in ("amount", "credit"):
        amounts = [each for each in (off, once, off * months if off and months else None) if each is not None]
        return amounts, ROUNDED if percent is not None else Decimal(0)
    if kind == "percent":
        price = _number(offer.get("price_now"))
        share = [off / price * 100] if off and price else []
        return ([percent] if percent is not None else share), Decimal(0) if percent is not None else ROUNDED
    if kind == "months":
        least = _number(offer.get("months_min")) or months
        length = [Decimal(each) for each in range(int(least), int(months) + 1)] if least and months else []
        named = (_number(offer.get(name)) for name in ("free_months", "commitment_months"))
        return length + [each for each in named if each is not None], Decimal(0)
    price = _number(offer.get("monthly_price"))
    return ([price] if price is not None else []), Decimal(0)


def _ends_near(figure: Figure, offer: Mapping[str, Any]) -> bool | None:
    if not offer.get("end_date"):
        return None
    end = date.fromisoformat(offer["end_date"])
    month, day = (int(part) for part in figure.value.split("/"))
    years = [int(figure.year)] if figure.year else [end.year - 1, end.year, end.year + 1]
    try:
        return min(abs((date(year, month, day) - end).days) for year in years) <= BILL_CYCLE_DAYS
    except ValueError:
        return None


def _discount(value: Value, plain: str) -> Figure | None:
    off = _OFF_AFTER.match(plain, value.end) or _OFF_BEFORE.search(plain[max(0, value.start - 32) : value.start])
    if value.kind == "money" and off:
        return Figure("credit" if _CREDIT.search(off[0]) else "amount", value.key, value.shown)
    if value.kind == "percent" and off:
        return Figure("percent", value.key, value.shown)
    if value.kind == "number" and _BARE_OFF.match(plain, value.end):
        return Figure("amount", value.key, value.shown)
    return None


def _pause_price(value: Value, plain: str) -> Figure | None:
    if value.kind != "money" or not _A_MONTH.match(plain, value.end):
        return None
    begins = max((m.end() for m in _CLAUSE.finditer(plain, 0, value.start)), default=0)
    ends = next((m.start() for m in _CLAUSE.finditer(plain, value.end)), len(plain))
    is_pause = _PAUSE.search(plain[begins:ends]) and ends - begins < 4 * NEAR
    return Figure("monthly_price", value.key, value.shown) if is_pause else None


def _said_with(discount: Value, values: Sequence[Value], plain: str) -> Iterator[Figure]:
    """The months and the end told of a discount: behind it, close by, before the next clause."""
    for value in values:
        between = plain[discount.end : value.start]
        if value.start < discount.end or len(between) > NEAR or _CLAUSE.search(between):
            continue
        before = plain[max(0, value.start - 24) : value.start]
        if value.kind == "duration" and value.key.endswith(" months") and _FOR.search(before):
            yield Figure("months", value.key.removesuffix(" months"), value.shown)
        elif value.kind == "date" and _UNTIL.search(before):
            yield Figure("date", value.key, value.shown, value.detail)


def _is_offered(value: Value, plain: str) -> bool:
    before = _CLAUSE.split(plain[max(0, value.start - BEFORE) : value.start])[-1]
    behind = _CLAUSE.split(plain[value.end : value.end + BEFORE])[0]
    return not (_TAKEN_BACK.search(before) or _UP_TO.search(before)) and not _OTHER_THING.search(f"{before} {behind}")


def _named_by_words(text: str, offers: Sequence[Mapping[str, Any]]) -> Named | None:
    """The offer whose name the agent says without any figure of a discount: most of its words of weight."""
    said = set(_words(text))
    for offer in offers:
        name = [word for word in _words(str(offer["name"])) if not word.isdigit()]
        if len(name) >= 2 and sum(word in said for word in name) * 3 >= len(name) * 2:
            return Named(offer)
    return None


_SMALL = frozenset("a an the for to of up off on at no and plus per una un la el de por para y al con sin que".split())


def _words(text: str) -> list[str]:
    folded = re.sub(r"[^\w\s]", " ", fold(text).text.lower())
    return [word for word in folded.split() if word not in _SMALL]


def _number(value: object) -> Decimal | None:
    try:
        return None if value is None else Decimal(str(value))
    except InvalidOperation:
        return None
