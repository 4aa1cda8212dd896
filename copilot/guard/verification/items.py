"""What a customer stated without help: each number, amount, date or name of theirs opens itself, and nothing else."""

from collections.abc import Iterable
from decimal import Decimal

from copilot.guard.grounding.names import capitalised
from copilot.guard.grounding.values import Value, read_values
from copilot.transcript import Turn
from knowledge.remembering import remembered
from knowledge.words import fold

_PLAIN_NUMBER = ("money", "number", "digits")  # "eighty eighty three" is an amount to one, a number to the other


@remembered(20_000)
def items_in(text: str, language: str) -> frozenset[str]:
    """The items of a text, normalised: spoken and typed forms of one value are one item."""
    values = {_key(value) for value in read_values(text, language) if value.shown}
    return frozenset(values | {f"name {fold(name)}" for name in capitalised(text)})


def unaided_items(turns: Iterable[Turn], language: str) -> frozenset[str]:
    """The items the customer named before anybody else did.

    What the agent or a system said first stays aided, however often the customer repeats it.
    """
    named_to_them: set[str] = set()
    unaided: set[str] = set()
    for turn in turns:
        items = items_in(turn.text, language)
        if turn.speaker == "customer":
            unaided |= items - named_to_them
        else:
            named_to_them |= items
    return frozenset(unaided)


def is_unlocked(text: str, unaided: frozenset[str], language: str) -> bool:
    """Whether a text holds items, and none that the customer did not name unaided."""
    items = items_in(text, language)
    return bool(items) and items <= unaided


def _key(value: Value) -> str:
    if value.kind in _PLAIN_NUMBER:
        cents = format(Decimal(value.key), ".2f") if "." in value.key else value.key
        return f"figure {cents.replace('.', '')}"
    return f"{value.kind} {value.key}"
