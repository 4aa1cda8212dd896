"""Numbers said in pieces over turns and speakers: when do they add up to a card or a social security number."""

from dataclasses import dataclass, field, replace
from typing import Final, Literal

from copilot.guard.redaction.kinds import Kind

# What a number was taken for by its own look, before it turned out to be a part of something.
REPLACEABLE: Final[frozenset[Kind | None]] = frozenset({None, "PHONE", "REFERENCE_NUMBER", "SSN"})

_FEWEST_CARD_DIGITS = 12  # one may be lost: an "oh" alone, "thirty, eight" heard as 38
_FEWEST_OF_A_BEGUN = 2
_CARD_STARTS = "23456"
_KEPT_PIECES = 64


@dataclass(slots=True)
class Piece:
    """A number of a recent turn that may be a part of a longer one."""

    turn_id: str
    start: int
    end: int
    digits: str
    speaker: str
    kind: Kind | None
    is_echo: bool = False


@dataclass(slots=True)
class Chain:
    """Numbers with nothing but fillers between them; `fresh` are those not yet known to be a secret together.

    `settled` are those that turned out to be one since somebody last took them.
    """

    fresh: list[Piece] = field(default_factory=list)
    is_card: bool = False
    settled: list[Piece] = field(default_factory=list)

    @property
    def is_begun(self) -> bool:
        """Whether somebody has read out digits and goes on, and not only a single one."""
        return len(self._said()) >= _FEWEST_OF_A_BEGUN

    def copy(self) -> "Chain":
        """The same pieces to go on with, while these stay as they are."""
        return Chain([replace(piece) for piece in self.fresh], self.is_card)

    def take_settled(self) -> list[Piece]:
        """The pieces that turned out to be a secret, once."""
        settled, self.settled = self.settled, []
        return settled

    def clear(self) -> None:
        """Forget the pieces: something else was said."""
        self.fresh.clear()
        self.is_card = False

    def add(self, piece: Piece) -> None:
        """Append the piece, marked as an echo when somebody else only repeats what was said."""
        if self.is_card:
            self.fresh = [piece]
            return
        is_repeated = len(piece.digits) >= 3 and self._said().endswith(piece.digits)
        piece.is_echo = is_repeated and self.fresh[-1].speaker != piece.speaker
        self.fresh.append(piece)
        del self.fresh[:-_KEPT_PIECES]

    def mask(self) -> Literal["CARD", "SSN"] | None:
        """Mark the pieces with what they make together, if they do; what follows a card belongs to it."""
        kind = "CARD" if self.is_card else self._kind()
        self.is_card = kind == "CARD"
        if kind is not None:
            for piece in self.fresh:
                piece.kind = kind if piece.kind in REPLACEABLE else piece.kind
            self.settled += self.fresh
        return kind

    def _said(self) -> str:
        return "".join(piece.digits for piece in self.fresh if not piece.is_echo)

    def _kind(self) -> Literal["CARD", "SSN"] | None:
        said = self._said()
        everything = "".join(piece.digits for piece in self.fresh)
        if len(said) >= _FEWEST_CARD_DIGITS or (13 <= len(everything) <= 19 and passes_luhn(everything)):
            return "CARD"
        sizes = [len(piece.digits) for piece in self.fresh if not piece.is_echo]
        if sizes[:2] in ([4, 4], [4, 6]) and said[0] in _CARD_STARTS:
            return "CARD"
        return "SSN" if sizes == [3, 2, 4] else None


def passes_luhn(digits: str) -> bool:
    """The check digit rule of card numbers (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        value = int(char) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def looks_like_card(digits: str) -> bool:
    """Whether 13 to 19 digits pass Luhn and begin as the big schemes' numbers do; an IMEI rarely does."""
    if not 13 <= len(digits) <= 19 or not passes_luhn(digits):
        return False
    if len(digits) == 15:
        return digits.startswith(("34", "37", "2131", "1800"))
    return digits[0] in _CARD_STARTS
