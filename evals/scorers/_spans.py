"""Statements and the turns they name: whether those bear them out, and whether the right person said them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from copilot.guard.grounding import Evidence, check_sentence
from copilot.guard.grounding.names import unsupported_names
from copilot.guard.grounding.text import read_text
from evals.results import Score
from evals.scorers._texts import says, share, shorten

# Parts of a note in which one side speaks.
_SAID_BY: Mapping[str, frozenset[str]] = {
    "reason": frozenset({"customer", "unknown"}),
    "told": frozenset({"agent", "unknown"}),
    "actions": frozenset({"agent", "system", "unknown"}),
    "presented": frozenset({"agent", "unknown"}),
    "answer": frozenset({"customer", "unknown"}),
    "refusal_reason": frozenset({"customer", "unknown"}),
}


def statements_of(value: Any, part: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(part, statement) for every statement of a note in JSON: an object with a `text` and `turn_ids`."""
    if isinstance(value, Mapping):
        if value.get("text") and value.get("turn_ids") is not None and "note" not in value:
            yield part, value
        for name, each in value.items():
            yield from statements_of(each, name if name != "promise" else part)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for each in value:
            yield from statements_of(each, part)


def groundedness(statements: Sequence[Mapping[str, Any]], turns: Mapping[str, Evidence], language: str) -> Score:
    """The share of statements that the turns they name bear out."""
    checked = [
        check_sentence(
            one["text"], [turns[each] for each in one["turn_ids"] if each in turns], language=language, min_support=0.0
        )
        for one in statements
    ]
    failed = (
        f"“{shorten(one['text'])}” {'; '.join(found.reasons)}"
        for one, found in zip(statements, checked, strict=True)
        if not found.supported
    )
    return share([each.supported for each in checked], failed, "statements")


def attribution(parts: Sequence[tuple[str, Mapping[str, Any]]], turns: Mapping[str, Evidence]) -> Score:
    """The share of statements of one side that rest on a turn of that side."""
    judged = [
        (one, any(turns[each].speaker in _SAID_BY[part] for each in one["turn_ids"] if each in turns))
        for part, one in parts
        if part in _SAID_BY
    ]
    wrong = (f"“{shorten(one['text'])}”" for one, is_right in judged if not is_right)
    return share([is_right for _, is_right in judged], wrong, "statements of one side")


def name_consistency(text: str, names: Sequence[str], sources: Sequence[str], language: str) -> Score:
    """The share of plans and offers named that a source names, too; unscored where none is named."""
    readings = [read_text(source, language) for source in sources]
    named = [name for name in names if says(text, name)]
    wrong = [name for name in named if unsupported_names(f"x {name}", readings, names, language)]
    return share([name not in wrong for name in named], wrong, "names")
