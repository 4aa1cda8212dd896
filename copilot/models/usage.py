"""What the language model used: calls, tokens and, where prices are configured, dollars per task."""

from dataclasses import dataclass, replace
from decimal import Decimal
from threading import Lock

from copilot.models.model import TokenUsage

_MILLION = Decimal(1_000_000)


@dataclass(frozen=True)
class Prices:
    """What a model costs."""

    input_usd_per_million_tokens: Decimal
    output_usd_per_million_tokens: Decimal

    def usd(self, usage: TokenUsage) -> Decimal:
        """What these tokens cost, exactly."""
        sent = usage.input_tokens * self.input_usd_per_million_tokens
        return (sent + usage.output_tokens * self.output_usd_per_million_tokens) / _MILLION


@dataclass(frozen=True)
class TaskUsage:
    """The sums of one task since the start; `usd` is None without prices."""

    asked: int = 0
    failed: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    usd: Decimal | None = None


class UsageMeter:
    """Adds up per task; safe to use from several threads."""

    def __init__(self, prices: Prices | None = None) -> None:
        self._prices = prices
        self._lock = Lock()
        self._of_task: dict[str, TaskUsage] = {}

    def record(self, task: str, usage: TokenUsage, *, failed: bool) -> None:
        """Add one task, answered or not; tokens spent on a failure count, too."""
        with self._lock:
            sums = self._of_task.get(task, TaskUsage(usd=Decimal(0) if self._prices else None))
            cost = self.usd(usage)
            usd = None if cost is None or sums.usd is None else sums.usd + cost
            self._of_task[task] = replace(
                sums,
                asked=sums.asked + 1,
                failed=sums.failed + failed,
                input_tokens=sums.input_tokens + usage.input_tokens,
                output_tokens=sums.output_tokens + usage.output_tokens,
                usd=usd,
            )

    def usd(self, usage: TokenUsage) -> Decimal | None:
        """What these tokens cost; None without prices."""
        return self._prices.usd(usage) if self._prices else None

    def per_task(self) -> dict[str, TaskUsage]:
        """The sums so far, by task."""
        with self._lock:
            return dict(self._of_task)
