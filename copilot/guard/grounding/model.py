"""What goes into a grounding check and what comes out."""

from dataclasses import dataclass
from typing import Literal

# Speakers who are no persons: what they say happened, happened.
RECORDS = ("system",)


@dataclass(frozen=True)
class Evidence:
    """A turn, passage or record a sentence claims to rest on; `speaker` is "agent", "customer", "system", or None.

    `kind` is "event" for what a system recorded, as in "Credit of $20.00 posted": only that, or a turn of the
    speaker "system", shows that something was done, and not just said to be done.
    """

    id: str
    text: str
    speaker: str | None = None
    kind: Literal["said", "event"] = "said"

    @property
    def is_record(self) -> bool:
        """Whether a system wrote it and no person said it."""
        return self.kind == "event" or self.speaker in RECORDS


@dataclass(frozen=True)
class Grounding:
    """Whether a sentence may be shown as fact: `support` in 0..1, and in plain words what speaks against it."""

    supported: bool
    support: float
    reasons: tuple[str, ...] = ()
