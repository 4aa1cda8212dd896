"""Numbers found in running text: atoms make chunks ("twenty one"), chunks make spans ("four one one one")."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from copilot.spoken import words
from copilot.spoken.atoms import Atom, Gap, read_atoms
from copilot.spoken.folding import Folded, fold

_LONGEST_QUANTITY = 20  # characters, separators included; a bare run of 10 digits or more is an identifier too


@dataclass(frozen=True, slots=True)
class NumberSpan:
    """One number as said or typed, at [start, end) of the text.

    `digits` are the digits as said, leading zeros kept ("four oh one" -> "401"). `spoken` is true when number words
    are in it. `is_quantity` is true when it reads as one cardinal or decimal, and `value` is then set.
    """

    start: int
    end: int
    digits: str
    spoken: bool
    is_quantity: bool
    value: Decimal | None


@dataclass(slots=True)
class _Chunk:
    start: int
    end: int
    digits: str
    value: Decimal | None  # None for what is only a string: "double five", "007"
    gap: Gap
    spoken: bool
    first: Atom


def find_numbers(text: str, *, language: str | None = None) -> list[NumberSpan]:
    """The numbers of `text`, spoken and typed, in their order and without overlap.

    Args:
        text: running text, with or without punctuation and capitals.
        language: "en", "es" or None for both; words that are ordinary in the other language ("once", "ten", "o") are
            then judged by the text around them.

    Returns:
        spans with offsets into `text`. Digits said in a row are one span, also over commas and fillers ("four one,
        uh, one one"); quantities next to each other ("sixty five and ninety two") stay apart. Ordinals are left out.
    """
    folded = fold(text)
    spans = numbers_of_plain(folded.text, language)
    return spans if folded.places is None else [_in_original(span, folded) for span in spans]


def numbers_of_plain(plain: str, language: str | None = None) -> list[NumberSpan]:
    """`find_numbers` for a text that was folded already."""
    chunks = _chunks(read_atoms(plain, language))
    spans = [_span(group) for group in _joined(_hard_groups(chunks))]
    return [span for span in spans if not _is_pronoun(span, plain)]


def _in_original(span: NumberSpan, folded: Folded) -> NumberSpan:
    start, end = folded.origin(span.start, span.end)
    return NumberSpan(start, end, span.digits, span.spoken, span.is_quantity, span.value)


# --- atoms to chunks: the grammar of cardinals -------------------------------------------------------------------


def _chunks(atoms: Sequence[Atom]) -> list[_Chunk]:
    chunks: list[_Chunk] = []
    place = 0
    while place < len(atoms):
        atom = atoms[place]
        if atom.part == "repeat":
            chunk, place = _repeated(atoms, place)
            if chunk is None:  # "double" of nothing
                if place < len(atoms):
                    atoms[place].gap = Gap.BREAK
                continue
        elif atom.part == "zero":
            chunk, place = _Chunk(atom.start, atom.end, "0", Decimal(0), atom.gap, True, atom), place + 1
        elif atom.part == "typed":
            chunk, place = _typed(atoms, place)
        else:
            chunk, place = _cardinal(atoms, place)
        chunks.append(chunk)
    return chunks


def _repeated(atoms: Sequence[Atom], place: int) -> tuple[_Chunk | None, int]:
    atom, after = atoms[place], atoms[place + 1] if place + 1 < len(atoms) else None
    if after is None or after.gap > Gap.HARD or after.part not in ("unit", "zero", "typed"):
        return None, place + 1
    digit = after.word if after.part == "typed" else str(after.value)
    if len(digit) != 1:
        return None, place + 1
    return _Chunk(atom.start, after.end, digit * atom.value, None, atom.gap, True, atom), place + 2


def _typed(atoms: Sequence[Atom], place: int) -> tuple[_Chunk, int]:
    """A numeral, with the scale word after it ("5 hundred", "1.5 million") if there is one."""
    atom = atoms[place]
    value = _typed_value(atom.word)
    digits = "".join(char for char in atom.word if char.isdigit())
    chunk = _Chunk(atom.start, atom.end, digits, value, atom.gap, False, atom)
    after = atoms[place + 1] if place + 1 < len(atoms) else None
    if value is None or after is None or after.gap > Gap.HARD or after.part not in ("scale", "hundred"):
        return chunk, place + 1
    chunk.value, chunk.end, chunk.spoken = value * after.value, after.end, True
    chunk.digits = _digits_of(chunk.value)
    return chunk, place + 2


def _typed_value(numeral: str) -> Decimal | None:
    if len(numeral) > _LONGEST_QUANTITY or " " in numeral or "-" in numeral or numeral.count(".") > 1:
        return None
    if numeral.isdigit() and len(numeral) > 9:
        return None
    if len(numeral) > 1 and numeral[0] == "0" and numeral[1] not in ".,":
        return None
    if "," in numeral and numeral.index(",") >= len(numeral) - 3:  # the decimal comma: 25,50
        return Decimal(numeral.replace(",", "."))
    if any(len(group) != 3 for group in numeral.partition(".")[0].split(",")[1:]):  # "4,1,1,1" read out
        return None
    return Decimal(numeral.replace(",", ""))


def _digits_of(value: Decimal) -> str:
    return "".join(char for char in format(value.normalize(), "f") if char.isdigit())


@dataclass(slots=True)
class _Cardinal:
    """A cardinal being read: `room` is what may still be added below the last word, `scale` the last scale word."""

    total: int = 0
    group: int = 0
    room: int = 1000
    scale: int = 10**24

    def take(self, atom: Atom) -> bool:
        """Add one word if the grammar allows it."""
        if atom.part == "scale":
            return self._take_scale(atom.value)
        if atom.part == "hundred":
            return self._take_hundred()
        needed, left = {"unit": (10, 1), "teen": (100, 1), "tens": (100, 10), "hundreds": (1000, 100)}[atom.part]
        if self.room < needed:
            return False
        self.group, self.room = self.group + atom.value, left
        return True

    def _take_hundred(self) -> bool:
        if self.group >= 100 or (self.group == 0 and self.total):
            return False
        self.group, self.room = (self.group or 1) * 100, 100
        return True

    def _take_scale(self, scale: int) -> bool:
        if scale >= self.scale or (self.group == 0 and self.total):
            return False
        self.total, self.group, self.room, self.scale = self.total + (self.group or 1) * scale, 0, 1000, scale
        return True

    @property
    def value(self) -> int:
        return self.total + self.group


def _cardinal(atoms: Sequence[Atom], place: int) -> tuple[_Chunk, int]:
    first = atoms[place]
    reading = _Cardinal()
    reading.take(first)
    end = place + 1
    while end < len(atoms) and _continues(atoms, end) and reading.take(atoms[end]):
        end += 1
    value = Decimal(reading.value)
    return _Chunk(first.start, atoms[end - 1].end, str(reading.value), value, first.gap, True, first), end


def _continues(atoms: Sequence[Atom], place: int) -> bool:
    """Whether the atom may belong to the cardinal before it: "hundred and six", "treinta y cinco", no "twenty, one"."""
    atom, before = atoms[place], atoms[place - 1]
    if atom.part not in ("unit", "teen", "tens", "hundreds", "hundred", "scale"):
        return False
    after_round = before.part in ("hundred", "hundreds", "scale")
    if atom.gap == Gap.AND:
        return after_round or (before.part == "tens" and atom.word in words.SPANISH_NUMBERS)
    if atom.gap != Gap.HARD:
        return False
    # "eight hundred five five five": digits read out after a round number are not added to it
    return not (after_round and atom.part == "unit" and _is_read_out(atoms, place))


def _is_read_out(atoms: Sequence[Atom], place: int) -> bool:
    after = atoms[place + 1] if place + 1 < len(atoms) else None
    return after is not None and after.gap == Gap.HARD and after.part in ("unit", "zero", "repeat")


# --- chunks to spans ----------------------------------------------------------------------------------------------


def _hard_groups(chunks: Sequence[_Chunk]) -> Iterator[list[_Chunk]]:
    group: list[_Chunk] = []
    for chunk in chunks:
        if group and chunk.gap != Gap.HARD:
            yield group
            group = []
        group.append(chunk)
    if group:
        yield group


def _joined(groups: Iterator[list[_Chunk]]) -> Iterator[list[_Chunk]]:
    """Groups joined over commas and fillers where both sides are read out digit by digit."""
    held: list[_Chunk] = []
    held_last: list[_Chunk] = []
    for group in groups:
        if held and _may_join(held_last, group):
            held += group
        else:
            if held:
                yield held
            held = list(group)
        held_last = group
    if held:
        yield held


def _may_join(left: Sequence[_Chunk], right: Sequence[_Chunk]) -> bool:
    gap = right[0].gap
    if gap == Gap.SOFT:
        return _is_string(left) and _is_string(right)
    return gap == Gap.AND and len(left) > 1 and len(right) > 1


def _is_string(group: Sequence[_Chunk]) -> bool:
    return len(group) > 1 or group[0].value is None or len(group[0].digits) in (1, 4)


def _span(group: Sequence[_Chunk]) -> NumberSpan:
    value = group[0].value if len(group) == 1 else None
    return NumberSpan(
        group[0].start,
        group[-1].end,
        group[0].digits if len(group) == 1 else "".join(chunk.digits for chunk in group),
        any(chunk.spoken for chunk in group),
        value is not None,
        value,
    )


def _is_pronoun(span: NumberSpan, plain: str) -> bool:
    """Whether it is the "one" of "that one", "no one", "one of": the only digit word that is a pronoun too."""
    if span.digits != "1" or not span.spoken or plain[span.start : span.end].lower() != "one":
        return False
    before = plain[max(0, span.start - 12) : span.start].lower().split()
    after = plain[span.end : span.end + 12].lower().split()
    if before and before[-1].strip(".,") in words.ONE_AFTER:
        return True
    return bool(after) and after[0].strip(".,'’") in words.ONE_BEFORE
