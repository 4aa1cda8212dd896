"""A figure that the evidence holds, but of something else: $25 for cash where the evidence has $2 for cash."""

from collections.abc import Sequence

from copilot.guard.grounding.text import Reading
from copilot.guard.grounding.values import Value

_KINDS = ("money", "percent", "duration", "date")
_FEWER_MEANINGS_TELL_NOTHING = 2
_MOST, _LESS = 0.7, 0.5  # the other figure's sentence has most of the meanings, those with this figure have less


def misplaced_values(claim: Reading, sentences: Sequence[Reading]) -> list[str]:
    """A reason for the first figure whose surroundings the evidence gives to another figure of its kind.

    Only sentences with one figure of the kind are compared: which of two belongs to what, words alone do not tell.

    Args:
        claim: the sentence to be shown.
        sentences: the sentences of the evidence, one by one.
    """
    for kind in _KINDS:
        ours = [value for value in claim.values if value.kind == kind and value.shown]
        if len({value.key for value in ours}) == 1 and len(claim.meanings) >= _FEWER_MEANINGS_TELL_NOTHING:
            reason = _misplaced(ours[0], claim, [(each, _keys(each, ours[0])) for each in sentences])
            if reason:
                return [reason]
    return []


def _keys(reading: Reading, value: Value) -> set[str]:
    """The figures of a sentence that could be of this kind; a bare number may be money."""
    kinds = (value.kind, "number", "digits") if value.kind in ("money", "percent", "number") else (value.kind,)
    return {each.key for each in reading.values if each.kind in kinds and each.shown}


def _misplaced(value: Value, claim: Reading, said: Sequence[tuple[Reading, set[str]]]) -> str | None:
    def share(reading: Reading) -> float:
        return len(claim.meanings & reading.meanings) / len(claim.meanings)

    holding = [share(reading) for reading, keys in said if value.key in keys]
    others = [share(reading) for reading, keys in said if len(keys) == 1 and value.key not in keys]
    if not holding or not others or max(others) < _MOST or max(holding) >= _LESS:
        return None
    return f"says {value.shown.strip()} of what the evidence says with another figure"
