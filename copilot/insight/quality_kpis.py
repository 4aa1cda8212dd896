"""The figures of quality: scores of reviewers, and how useful the cards were to the agents."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from copilot.insight.contacts import Card, Contact
from copilot.insight.kpi import Kpi, kpi

SHOWN = 50


@dataclass(frozen=True)
class ScoreRow:
    """A score as it stands; None where no item applied."""

    evaluation_id: str
    subject_id: str
    agent: str
    status: str
    score: Decimal | None


@dataclass(frozen=True)
class CardUse:
    """How the cards of one kind were judged; `silent` is how many got no word."""

    kind: str
    shown: int
    useful: int
    not_useful: int
    dismissed: int
    silent: int
    useful_share: Decimal | None
    evidence: tuple[str, ...]


def quality_kpis(scores: Sequence[ScoreRow]) -> list[Kpi]:
    """The mean QA score and the share of critical failures; contested scores count once they are answered."""
    settled = [each for each in scores if each.status != "contested"]
    counted = [each for each in settled if each.score is not None]
    failed = [each for each in counted if each.score == 0]
    left_out = {"contested": len(scores) - len(settled), "nothing_applied": len(settled) - len(counted)}
    lowest = sorted(counted, key=lambda each: each.score or Decimal(0))
    total = sum((each.score or Decimal(0) for each in counted), Decimal(0))
    found = [
        kpi(
            "qa_score",
            total,
            len(counted),
            "score",
            excluded=left_out,
            evidence=[each.subject_id for each in lowest[:SHOWN]],
        ),
        kpi(
            "critical_failures",
            len(failed),
            len(counted),
            excluded=left_out,
            evidence=[each.subject_id for each in failed[:SHOWN]],
        ),
    ]
    return [each for each in found if each.denominator or each.excluded]


def card_use(contacts: Sequence[Contact]) -> list[CardUse]:
    """How useful cards were, by kind, the kind shown most first.

    The share is useful / (useful + not useful + dismissed): a card nobody judged is neither.
    """
    by_kind: dict[str, list[tuple[str, Card]]] = defaultdict(list)
    for contact in contacts:
        for card in contact.cards:
            by_kind[card.kind].append((contact.call_id, card))
    found = [_use(kind, cards) for kind, cards in by_kind.items()]
    return sorted(found, key=lambda each: (-each.shown, each.kind))


def _use(kind: str, cards: Sequence[tuple[str, Card]]) -> CardUse:
    counts = {name: sum(card.verdict == name for _, card in cards) for name in ("useful", "not_useful", "dismissed")}
    judged = sum(counts.values())
    share = (Decimal(100) * counts["useful"] / judged).quantize(Decimal("0.1")) if judged else None
    bad = [call_id for call_id, card in cards if card.verdict in ("not_useful", "dismissed")]
    return CardUse(
        kind, len(cards), **counts, silent=len(cards) - judged, useful_share=share, evidence=tuple(dict.fromkeys(bad))
    )
