"""What goes into a grounding check and what comes out."""

from dataclasses import dataclass

# Speakers who are no persons: what they say happened, happened.
RECORDS = ("system",)


@dataclass(frozen=True)
class Evidence:
    """A turn or passage a sentence claims to rest on; `speaker` is "agent", "customer", "system", or None."""

    id: str
    text: str
    speaker: str | None = None


@dataclass(frozen=True)
class Grounding:
    """Whether a sentence may be shown as fact: `support` in 0..1, and in plain words what speaks against it."""

    supported: bool
    support: float
    reasons: tuple[str, ...] = ()
