"""What can be masked, what a business lets be masked, and what masking gives back."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

Kind = Literal[
    "CARD",
    "CVV",
    "EXPIRY",
    "BANK_ACCOUNT",
    "ROUTING",
    "SSN",
    "PIN",
    "PASSWORD",
    "ACCOUNT_NUMBER",
    "REFERENCE_NUMBER",
    "PHONE",
    "EMAIL",
    "DATE_OF_BIRTH",
]
ALL_KINDS: Final[frozenset[Kind]] = frozenset(get_args(Kind))
SECRET_KINDS: Final[frozenset[Kind]] = frozenset(
    {"CARD", "CVV", "EXPIRY", "BANK_ACCOUNT", "ROUTING", "SSN", "PIN", "PASSWORD"}
)


@dataclass(frozen=True)
class RedactionPolicy:
    """Which kinds are masked. The default keeps what a note needs: account and ticket numbers, telephone, e-mail.

    `forms` are numbers of the house that are masked as well, whatever the kinds.
    """

    kinds: frozenset[Kind] = SECRET_KINDS
    forms: "tuple[SecretForm, ...]" = ()


@dataclass(frozen=True, order=True)
class Span:
    """A masked stretch [start, end) of the text as it came in."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True)
class SecretForm:
    """A number of the house that is masked wherever it stands.

    `pattern` finds it as it is written; `names` are the words people call it by, each as a row of plain words;
    `spoken_digits` is how many digits it has when it is read out without its letters, 0 for never.
    """

    pattern: re.Pattern[str]
    names: tuple[tuple[str, ...], ...] = ()
    spoken_digits: int = 0


@dataclass(frozen=True)
class Amendment:
    """An earlier turn that turned out to hold part of a secret: its whole text and spans replace what was stored."""

    turn_id: str
    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Redacted:
    """One turn masked; `spans` are places in the text as it came in, `amends` the earlier turns to rewrite."""

    text: str
    spans: tuple[Span, ...] = ()
    amends: tuple[Amendment, ...] = ()


def masked(text: str, spans: Sequence[Span]) -> str:
    """`text` with each span replaced by its kind in brackets; spans are in order and do not overlap."""
    pieces: list[str] = []
    done = 0
    for span in spans:
        pieces += [text[done : span.start], f"[{span.kind}]"]
        done = span.end
    return "".join([*pieces, text[done:]])


def merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans in order, overlapping ones made one (the first kind wins)."""
    result: list[Span] = []
    for span in sorted(spans):
        if result and span.start < result[-1].end:
            last = result.pop()
            span = Span(last.start, max(last.end, span.end), last.kind)  # noqa: PLW2901 - grown in place
        result.append(span)
    return tuple(result)
