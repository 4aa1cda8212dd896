"""A bill explained: line by line, and against the one before."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from copilot.customer import Invoice, InvoiceLine
from copilot.money import ZERO
from knowledge.rules.tariff import TariffFile

Change = Literal["same", "higher", "lower", "new", "gone"]
LineKind = Literal["plan", "fee", "discount", "tax", "other"]

# What follows the name of a charge: a count, a stretch of days, a rate, a note.
_TAIL = re.compile(r"\s+x\s*\d+\b.*|\s*[,(].*$", re.IGNORECASE)
_TAX = re.compile(r"\b(?:tax(?:es)?|surcharges?|impuestos?)\b", re.IGNORECASE)

_SAYS: Mapping[Change, tuple[str, str]] = {
    "same": ("{name} is {now}, as last month.", "{name} es {now}, igual que el mes pasado."),
    "higher": ("{name} went from {before} to {now}, {by} more.", "{name} pasó de {before} a {now}, {by} más."),
    "lower": ("{name} went from {before} to {now}, {by} less.", "{name} pasó de {before} a {now}, {by} menos."),
    "new": ("{name} is new on this bill: {now}.", "{name} es nuevo en esta factura: {now}."),
    "gone": (
        "{name} is no longer on the bill; it was {before}.",
        "{name} ya no está en la factura; era {before}.",
    ),
}


@dataclass(frozen=True)
class ExplainedLine:
    """What one kind of charge comes to now, what it was before, and the lines behind it."""

    name: str
    kind: LineKind
    amount: Decimal
    before: Decimal | None
    change: Change
    lines: tuple[str, ...]

    @property
    def difference(self) -> Decimal:
        """How much it adds to the change of the whole bill."""
        return self.amount - (self.before or ZERO)

    def says(self, language: str) -> str:
        """The line in a sentence."""
        sentence = _SAYS[self.change][language == "es"]
        return sentence.format(
            name=self.name, now=_dollars(self.amount), before=_dollars(self.before), by=_dollars(abs(self.difference))
        )


@dataclass(frozen=True)
class ExplainedInvoice:
    """A bill and why it differs from the one before; the lines' differences add up to `difference`."""

    invoice_id: str
    total: Decimal
    before_total: Decimal | None
    lines: tuple[ExplainedLine, ...]
    is_sum_right: bool

    @property
    def difference(self) -> Decimal | None:
        """This total less that of the bill before; None when there is none to compare with."""
        return None if self.before_total is None else self.total - self.before_total

    def as_json(self) -> dict[str, object]:
        """With amounts as texts; what changed most comes first among the reasons."""
        moved = sorted((line for line in self.lines if line.difference), key=lambda line: -abs(line.difference))
        return {
            "invoice_id": self.invoice_id,
            "total": str(self.total),
            "before_total": None if self.before_total is None else str(self.before_total),
            "difference": None if self.difference is None else str(self.difference),
            "is_sum_right": self.is_sum_right,
            "lines": [_line_json(line) for line in self.lines],
            "why": {language: [line.says(language) for line in moved] for language in ("en", "es")},
        }


def explain_invoice(invoice: Invoice, before: Invoice | None, tariff: TariffFile) -> ExplainedInvoice:
    """The bill by kinds of charge, each compared with the bill before it."""
    now, then = _grouped(invoice.lines), _grouped(before.lines if before else ())
    lines = [_explained(name, now.get(name, []), then.get(name), before is None, tariff) for name in {**now, **then}]
    is_sum_right = sum((line.amount for line in invoice.lines), ZERO) == invoice.total
    return ExplainedInvoice(
        invoice.invoice_id, invoice.total, before.total if before else None, tuple(lines), is_sum_right
    )


def charge_name(description: str) -> str:
    """What is charged for, without count, days and notes: "Desk Pro x 8, second office" is "Desk Pro"."""
    name = _TAIL.sub("", description).strip()
    return "Taxes" if _TAX.search(name) else name


def _grouped(lines: Sequence[InvoiceLine]) -> dict[str, list[InvoiceLine]]:
    groups: dict[str, list[InvoiceLine]] = {}
    for line in lines:
        groups.setdefault(charge_name(line.description), []).append(line)
    return groups


def _explained(
    name: str, now: list[InvoiceLine], then: list[InvoiceLine] | None, is_first: bool, tariff: TariffFile
) -> ExplainedLine:
    amount = sum((line.amount for line in now), ZERO)
    before = None if then is None else sum((line.amount for line in then), ZERO)
    change: Change = "same" if is_first else _change(amount, before, is_there=bool(now))
    lines = tuple(line.description for line in now or then or [])
    return ExplainedLine(name, _kind(name, amount, tariff), amount, before, change, lines)


def _change(amount: Decimal, before: Decimal | None, *, is_there: bool) -> Change:
    if not is_there:
        return "gone"
    if before is None:
        return "new"
    return "same" if amount == before else "higher" if amount > before else "lower"


def _kind(name: str, amount: Decimal, tariff: TariffFile) -> LineKind:
    if name == "Taxes":
        return "tax"
    if tariff.plan_named(name) is not None:
        return "plan"
    if amount < 0:
        return "discount"
    is_fee = any(name.casefold() == fee.name.en.casefold() for fee in tariff.fees) or "fee" in name.casefold()
    return "fee" if is_fee else "other"


def _line_json(line: ExplainedLine) -> dict[str, object]:
    return {
        "name": line.name,
        "kind": line.kind,
        "amount": str(line.amount),
        "before": None if line.before is None else str(line.before),
        "difference": str(line.difference),
        "change": line.change,
        "lines": list(line.lines),
    }


def _dollars(amount: Decimal | None) -> str:
    amount = amount or ZERO
    return f"-${-amount}" if amount < 0 else f"${amount}"
