"""The coaching page as blocks of a document that the agent can take along."""

from collections.abc import Iterator, Mapping
from typing import Any

from copilot.insight.words import word
from copilot.wordprocessing import Block

_HEADINGS = {
    "en": ("Figures", "Strengths", "Three moments", "Open concerns", "Policy changes", "What was said"),
    "es": ("Indicadores", "Fortalezas", "Tres momentos", "Asuntos abiertos", "Cambios de políticas", "Lo que se dijo"),
}
_FIGURES = {
    "en": ("Figure", "Now", "Before", "Counted", "Out of"),
    "es": ("Indicador", "Ahora", "Antes", "Contado", "De"),
}
_KINDS = {
    "en": {"strength": "Went well", "practise": "To practise", "begins": "begins", "ends": "ends", "none": "none"},
    "es": {
        "strength": "Salió bien",
        "practise": "Para practicar",
        "begins": "empieza",
        "ends": "termina",
        "none": "ninguno",
    },
}


def coaching_title(page: Mapping[str, Any], language: str) -> str:
    """What the document is called."""
    name = "Reunión semanal" if language == "es" else "Weekly meeting"
    return f"{name}: {page['agent']}, {page['from'][:10]} – {page['to'][:10]}"


def coaching_blocks(page: Mapping[str, Any], language: str) -> Iterator[Block]:
    """The page, as `coaching_page` gives it, block by block."""
    figures, good, three, concerns, policies, said = _HEADINGS[language]
    kinds = _KINDS[language]
    yield Block("heading", figures)
    yield Block("table", heads=_FIGURES[language], rows=[_figure(each, language) for each in page["metrics"]])
    yield Block("heading", good)
    yield from _points([f"{_about(page, each, language)} ({each['times']}×)" for each in page["strengths"]], kinds)
    yield Block("heading", three)
    for each in page["moments"]:
        where = f"{each['call_id']}, {', '.join(each['turn_ids'])}"
        yield Block("paragraph", f"{kinds[each['kind']]}: {_about(page, each, language)} ({where}) {each['detail']}")
        for quote in each["quotes"]:
            yield Block("quote", f"{quote['turn_id']} {quote['speaker']}: {quote['text']}")
    yield from _points([] if page["moments"] else [kinds["none"]], kinds, or_none=False)
    yield Block("heading", concerns)
    yield from _points([f"{each['by']}, {each['at'][:10]}: {each['text']}" for each in page["concerns"]], kinds)
    yield Block("heading", policies)
    changes = page["policy_changes"]
    yield from _points([f"{each['on']}: {each['title']} {kinds[each['change']]}" for each in changes], kinds)
    yield Block("heading", said)
    yield from _points([f"{each['by']}, {each['at'][:10]}: {each['text']}" for each in page["notes"]], kinds)


def _points(texts: list[str], kinds: Mapping[str, str], *, or_none: bool = True) -> Iterator[Block]:
    yield from (Block("point", text) for text in texts)
    if not texts and or_none:
        yield Block("paragraph", kinds["none"])


def _about(page: Mapping[str, Any], each: Mapping[str, Any], language: str) -> str:
    return str(page["questions"].get(each["about"]) or word("codes", each["about"], language))


def _figure(each: Mapping[str, Any], language: str) -> list[str]:
    unit = word("codes", each["unit"], language)
    now, before = (f"{value} {unit}".strip() if value is not None else "–" for value in (each["value"], each["before"]))
    return [word("kpis", each["kpi_id"], language), now, before, each["numerator"], each["denominator"]]
