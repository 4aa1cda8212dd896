"""The form being filled: per field the last value given, and what is covered by another field."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from copilot.calls.fields.vocabulary import Slot

_COVERED_BY_ADDRESS = ("code", "place", "phone")


@dataclass(frozen=True)
class Field:
    """A value an agent would type into a form: its name, the value as said, the turns that hold it."""

    name: str
    value: str
    turn_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A filled slot; several values are alternatives ("either 7402 or 0314")."""

    slot: Slot
    values: tuple[str, ...]
    turn_ids: tuple[str, ...]


class Form:
    """Filled slots in the order in which they were first filled; a later value replaces an earlier one."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}

    def copy(self) -> "Form":
        """Another form, filled alike."""
        other = Form()
        other._entries = dict(self._entries)
        return other

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[Entry]:
        return iter(list(self._entries.values()))

    def fill(self, slot: Slot, values: Iterable[str], turn_ids: Sequence[str]) -> None:
        """Put the values into the slot's field."""
        self._entries[slot.name] = Entry(slot, tuple(dict.fromkeys(values)), tuple(turn_ids))

    def has_shape(self, *shapes: str) -> bool:
        """Whether a field of one of these shapes is filled."""
        return any(entry.slot.shape in shapes for entry in self)

    def has_digits(self, digits: str) -> bool:
        """Whether the digits stand in any value."""
        return any(digits in value for entry in self for value in entry.values)

    def fields(self) -> list[Field]:
        """What an agent would type; a value that stands in a more exact or a longer field is not given twice."""
        kept = [entry for entry in self if not any(_is_covered(entry, other) for other in self if other is not entry)]
        return [Field(entry.slot.name, value, entry.turn_ids) for entry in kept for value in entry.values]


def _is_covered(entry: Entry, other: Entry) -> bool:
    value, whole = entry.values[0].lower(), other.values[0].lower()
    if value == whole:
        return entry.slot.generic and not other.slot.generic
    return other.slot.shape == "address" and entry.slot.shape in _COVERED_BY_ADDRESS and value in whole
