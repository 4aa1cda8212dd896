"""Payment arrangements: a first payment and instalments that add up to the total exactly (domain handbook 5.5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

from copilot.errors import BadInput
from copilot.money import CENT, ZERO, percent_of
from knowledge.rules.tariff import ArrangementRules

MOST_INSTALMENTS = 60


@dataclass(frozen=True)
class Instalment:
    """One payment to come."""

    due_on: date
    amount: Decimal

    def as_json(self) -> dict[str, str]:
        """With day and amount as texts."""
        return {"due_on": self.due_on.isoformat(), "amount": str(self.amount)}


@dataclass(frozen=True)
class Arrangement:
    """Who pays what when; `problems` tell where it goes beyond the rules, empty when it may be made."""

    total: Decimal
    down_payment: Decimal
    down_due_on: date
    instalments: tuple[Instalment, ...]
    restore_on: str
    broken_if_days_late: int
    problems: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """With amounts and days as texts."""
        return {
            "allowed": not self.problems,
            "problems": list(self.problems),
            "total": str(self.total),
            "down_payment": str(self.down_payment),
            "down_due_on": self.down_due_on.isoformat(),
            "instalments": [each.as_json() for each in self.instalments],
            "restore_on": self.restore_on,
            "broken_if_days_late": self.broken_if_days_late,
        }


@dataclass(frozen=True)
class Wish:
    """What the customer would like: how much at once, in how many further payments, how many days apart.

    `down_payment` wins over `down_percent`; without `every_days` the payments fill the time the rules allow.
    """

    down_percent: Decimal | None = None
    down_payment: Decimal | None = None
    instalments: int = 1
    every_days: int | None = None


def arrange(
    total: Decimal, wish: Wish, rules: ArrangementRules, start: date, *, open_now: int = 0, is_hardship: bool = False
) -> Arrangement:
    """The arrangement a customer wishes, with what the rules of the day say against it.

    Args:
        total: what is owed, above zero.
        wish: how it shall be paid.
        rules: those of the tariff in force on `start`.
        start: the day of the first payment.
        open_now: arrangements that are open already.
        is_hardship: the longer limit of the hardship path holds.

    Raises:
        BadInput: nothing is owed, or the wish makes no sense (more at once than is owed, no such number of payments).
    """
    down = _down_payment(total, wish, rules)
    rest = total - down
    count = wish.instalments if rest else 0
    within = (rules.hardship_within_days or rules.within_days) if is_hardship else rules.within_days
    every = wish.every_days or max(within // max(wish.instalments, 1), 1)
    days = [start + timedelta(days=every * place) for place in range(1, count + 1)]
    instalments = tuple(Instalment(*pair) for pair in zip(days, split(rest, count), strict=True))
    problems = _problems(down, total, instalments, rules, start=start, within=within, open_now=open_now)
    return Arrangement(total, down, start, instalments, rules.restore_on, rules.broken_if_days_late, tuple(problems))


def split(amount: Decimal, parts: int) -> list[Decimal]:
    """So many equal parts in cents, rounded down; what is over is in the last, so that they add up exactly."""
    if not parts:
        return []
    each = (amount / parts).quantize(CENT, ROUND_DOWN)
    return [each] * (parts - 1) + [amount - each * (parts - 1)]


def _down_payment(total: Decimal, wish: Wish, rules: ArrangementRules) -> Decimal:
    if total <= 0:
        raise BadInput(f"total is {total}; allowed is more than 0.00. There is nothing to arrange.")
    if not 1 <= wish.instalments <= MOST_INSTALMENTS or (wish.every_days is not None and wish.every_days < 1):
        raise BadInput(
            f"{wish.instalments} instalments every {wish.every_days or 'so many'} days; allowed are 1 to "
            f"{MOST_INSTALMENTS} instalments, 1 day apart or more."
        )
    percent = rules.min_down_percent if wish.down_percent is None else wish.down_percent
    down = percent_of(percent, total) if wish.down_payment is None else wish.down_payment
    if down > total:
        raise BadInput(f"down_payment {down} exceeds the total {total}. Lower it.")
    return down


def _problems(
    down: Decimal,
    total: Decimal,
    instalments: Sequence[Instalment],
    rules: ArrangementRules,
    *,
    start: date,
    within: int,
    open_now: int,
) -> list[str]:
    least = percent_of(rules.min_down_percent, total)
    last_day = start + timedelta(days=within)
    last = instalments[-1].due_on if instalments else start
    checks = (
        (down < least, f"first payment {down} < {least} ({rules.min_down_percent} % of {total})"),
        (len(instalments) > rules.max_instalments, f"{len(instalments)} instalments > {rules.max_instalments}"),
        (last > last_day, f"last payment {last} is after {last_day} ({within} days)"),
        (open_now >= rules.max_open, f"{open_now} open arrangement(s), at most {rules.max_open}"),
        (any(each.amount == ZERO for each in instalments), "an instalment of 0.00"),
    )
    return [text for is_broken, text in checks if is_broken]
