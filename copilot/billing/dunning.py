"""Declined cards: what a code means, whether the card may be tried again, and which reminder is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from copilot.errors import BadInput
from knowledge.rules.payments import CardRules, DeclineClass, DunningStep
from knowledge.rules.tariff import TariffFile

Scheme = Literal["visa", "mastercard"]
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Decline:
    """What a decline code asks for; `decline_class` is "unknown" for a code that no rule names: it is not retried."""

    code: str
    scheme: Scheme
    decline_class: str
    raises_fraud_flag: bool
    do_en: str
    do_es: str
    source: tuple[str, ...]

    @property
    def may_retry(self) -> bool:
        """Whether the same card may be charged again unchanged, later."""
        return self.decline_class == "soft"

    def as_json(self) -> dict[str, object]:
        """For JSON."""
        return {
            "code": self.code,
            "scheme": self.scheme,
            "class": self.decline_class,
            "may_retry": self.may_retry,
            "raises_fraud_flag": self.raises_fraud_flag,
            "do": {"en": self.do_en, "es": self.do_es},
            "source": list(self.source),
        }


@dataclass(frozen=True)
class RetryVerdict:
    """Whether a card may be charged again at a time, why not, and from when on."""

    allowed: bool
    why: str
    from_time: datetime | None = None


def decline(code: str, tariff: TariffFile, scheme: Scheme = "visa") -> Decline:
    """What the rules say about a decline code.

    Raises:
        BadInput: no code at all.
    """
    wanted = code.strip().upper()
    if not wanted or len(wanted) > 8:
        raise BadInput(f"Decline code {code!r}; allowed are the codes of the card network. Write e.g. 51.")
    rule = next((rule for rule in tariff.declines if rule.scheme == scheme and wanted in rule.codes), None)
    return _known(wanted, scheme, rule) if rule else _unknown(wanted, scheme)


def may_retry(attempts: Sequence[datetime], declined: Decline, rules: CardRules, now: datetime) -> RetryVerdict:
    """Whether a card that was declined may be charged once more, by class and by the networks' limits.

    Args:
        attempts: when this card and amount was tried and declined, the time zone included.
        declined: the last decline.
        rules: limits of the tariff.
        now: when it would be tried.
    """
    if not declined.may_retry:
        return RetryVerdict(
            allowed=False, why=f"code {declined.code} is {declined.decline_class}: not retried as it is"
        )
    today = sorted(each for each in attempts if now - DAY < each <= now)
    if len(today) >= rules.max_declines_a_day:
        until = today[-1] + timedelta(hours=rules.stop_hours)
        return RetryVerdict(False, f"{len(today)} declines in 24 hours, at most {rules.max_declines_a_day}", until)
    window = timedelta(days=rules.retry_window_days)
    recent = sorted(each for each in attempts if now - window < each <= now)
    if len(recent) >= rules.max_retries:
        why = f"{len(recent)} tries in {rules.retry_window_days} days, at most {rules.max_retries}"
        return RetryVerdict(False, why, recent[0] + window)
    return RetryVerdict(allowed=True, why=f"{len(recent)} tries in {rules.retry_window_days} days")


def due_steps(steps: Sequence[DunningStep], days_since_failure: int, declined: Decline) -> list[DunningStep]:
    """The reminders of a day, retries only where the code allows one."""
    of_day = (step for step in steps if step.day == days_since_failure)
    return [step for step in of_day if step.action != "retry" or declined.may_retry]


def next_step(steps: Sequence[DunningStep], days_since_failure: int, declined: Decline) -> DunningStep | None:
    """The first reminder after a day; None when all have been sent."""
    later = sorted((step for step in steps if step.day > days_since_failure), key=lambda step: step.day)
    return next((step for step in later if step.action != "retry" or declined.may_retry), None)


def _known(code: str, scheme: Scheme, rule: DeclineClass) -> Decline:
    is_fraud = code in rule.fraud_codes
    return Decline(
        code, scheme, rule.decline_class, is_fraud, rule.do.en, rule.do.in_language("es"), tuple(rule.source)
    )


def _unknown(code: str, scheme: Scheme) -> Decline:
    return Decline(
        code,
        scheme,
        "unknown",
        False,
        "No rule names this code. Do not retry; ask for another way to pay.",
        "Ninguna regla conoce este código. No reintente; pida otra forma de pago.",
        (),
    )
