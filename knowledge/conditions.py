"""Conditions of rules, written in CEL (Common Expression Language) over a declared vocabulary of facts.

A condition such as `customer.tenure_months >= 12 && "internet" in account.services` is compiled once, when its rule
file is read. A name outside the vocabulary, or a comparison of unlike kinds, is refused there, not in the middle of a
call. `FACTS` is the vocabulary; a pack of another trade declares further facts beside its offers (`facts:`).

Kinds: `whole` numbers, `yes_no`, `text`, `list` of texts, `date`. Money is a whole number of cents (5500 is 55.00), so
no amount is ever a float. A thing that never happened lies `NEVER` days or months back, so that "not in the last 180
days" is simply `>= 180`. What is unknown is the empty text, never a missing fact.
"""

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cache, lru_cache
from typing import Any, Final, Literal, TypeAlias

from knowledge.errors import ConditionError

FactKind: TypeAlias = Literal["whole", "yes_no", "text", "list", "date"]
FactValue: TypeAlias = int | bool | str | date | Sequence[str]

NEVER: Final = 99_999
MAX_CHARS: Final = 500
_LARGEST_WHOLE: Final = 2**63 - 1


@dataclass(frozen=True)
class Fact:
    """One name a condition may use: what kind of value it has and what it means."""

    name: str
    kind: FactKind
    says: str


def _vocabulary(*facts: tuple[str, FactKind, str]) -> Mapping[str, Fact]:
    return {name: Fact(name, kind, says) for name, kind, says in facts}


FACTS: Final[Mapping[str, Fact]] = _vocabulary(
    ("today", "date", "the business date of the decision"),
    # the person or company
    ("customer.segment", "text", '"home" or "business"'),
    ("customer.state", "text", 'two capital letters, e.g. "CA"; "" when unknown'),
    ("customer.language", "text", '"en" or "es"'),
    ("customer.tenure_months", "whole", "full months since the first service started"),
    ("customer.is_vulnerable", "yes_no", "a vulnerability or hardship is on record or was said in this call"),
    ("customer.has_medical_dependency", "yes_no", "the medical-dependency flag is on a line"),
    ("customer.has_low_income_proof", "yes_no", "proof for the low-income plan is on file"),
    ("customer.days_since_left", "whole", "days since the last service ended; 0 for a current customer"),
    ("customer.contacts_30d", "whole", "contacts about any matter in the last 30 days, this one included"),
    # the billing account
    ("account.status", "text", '"active", "past_due", "suspended" or "disconnected"'),
    ("account.services", "list", 'service ids of the active lines, e.g. ["internet", "mobile"]'),
    ("account.plans", "list", 'plan ids of the active lines, e.g. ["fiber-600"]'),
    ("account.monthly_cents", "whole", "all recurring charges of a month, after discounts, before taxes and fees"),
    ("account.internet_cents", "whole", "the part of monthly_cents that is internet access"),
    ("account.mobile_cents", "whole", "the part of monthly_cents that is mobile plans"),
    ("account.desk_seats", "whole", "cloud-phone seats"),
    ("account.has_circuit", "yes_no", "a business internet circuit is active"),
    ("account.balance_cents", "whole", "everything unpaid"),
    ("account.past_due_cents", "whole", "unpaid and beyond its due date"),
    ("account.disputed_cents", "whole", "the part of the balance under an open dispute"),
    ("account.days_past_due", "whole", "days since the oldest unpaid due date; 0 when none"),
    ("account.in_agreement", "yes_no", "a 12- or 24-month agreement is running"),
    ("account.agreement_months_left", "whole", "full months left of it; 0 when none"),
    ("account.has_autopay", "yes_no", "AutoPay is on"),
    ("account.on_time_payments", "whole", "payments on time in a row, up to today"),
    ("account.has_open_arrangement", "yes_no", "a payment arrangement is open"),
    ("account.days_since_broken_arrangement", "whole", "days since an arrangement was broken; 99999 when never"),
    ("account.price_offers_running", "whole", "price concessions running now"),
    ("account.offers_made_12m", "whole", "offers made in the last 12 months, taken or not"),
    ("account.days_since_offer", "whole", "days since an offer was last made, taken or not; 99999 when never"),
    ("account.days_since_price_offer", "whole", "days since a price concession was last given; 99999 when never"),
    ("account.days_since_credit", "whole", "days since a goodwill credit; 99999 when never"),
    ("account.days_since_fee_waiver", "whole", "days since a restoration fee was waived; 99999 when never"),
    ("account.offers_taken", "list", "ids of all offers ever taken on this account"),
    ("account.concessions_12m_cents", "whole", "value of all concessions given in the last 12 months"),
    ("account.device_age_months", "whole", "age of the oldest phone bought from us; 0 when none"),
    ("account.device_instalments_left", "whole", "device instalments still to pay, all lines"),
    ("account.use_percent", "whole", "average use of the plan's allowance over three bills; 100 when not metered"),
    ("account.has_smaller_plan", "yes_no", "a cheaper plan on sale covers the use of the last three bills"),
    ("account.days_since_proven_fault", "whole", "days since a fault proven to be ours; 99999 when never"),
    # this contact
    ("call.channel", "text", '"phone", "chat", "email", "store" or "web"'),
    ("call.direction", "text", '"inbound" or "outbound"'),
    ("call.reason", "text", 'the churn reason found so far, e.g. "price"; "" while unknown'),
    ("call.cues", "list", "every cue id raised so far: intents, reasons, flags"),
    ("call.auth_level", "text", '"none", "identified", "authenticated" or "password"'),
    ("call.save_attempts", "whole", "save attempts already made in this contact"),
    ("call.has_permission", "yes_no", "the customer agreed to hear an offer"),
    # the offer being judged (known once the economics are computed)
    ("offer.margin_after_percent", "whole", "lowest monthly margin while the concession runs, rounded down"),
    ("offer.cost_cents", "whole", "C of the economics: present cost of the concession"),
    ("offer.gain_cents", "whole", "dEV of the economics: expected gain over offering nothing; below 0 for a loss"),
)


@dataclass(frozen=True)
class Condition:
    """A compiled condition; equal when written the same."""

    cel: str
    facts: tuple[Fact, ...]
    """The facts it asks for, in the order of the vocabulary: what a derivation should show."""
    _evaluate: Callable[[dict[str, object]], object] = field(repr=False, compare=False)

    def holds(self, facts: Mapping[str, FactValue]) -> bool:
        """Whether the condition is true of `facts`.

        Args:
            facts: values by full name (`"customer.tenure_months": 14`); names the condition does not use are ignored.

        Raises:
            ConditionError: a fact is missing or of another kind than declared, or the calculation fails (division by
                zero, more than 64 bits).
        """
        values = {fact.name: _as_cel(fact, facts, self.cel) for fact in self.facts}
        result = self._evaluate(values)
        if not isinstance(result, bool):
            raise ConditionError(
                f"Condition {self.cel!r} could not be decided: {result}. Correct the calculation in it."
            )
        return result


@lru_cache(maxsize=4096)
def compile_condition(expr: str, declared: tuple[Fact, ...] = ()) -> Condition:
    """The condition that `expr` states; the same object for the same text.

    Args:
        expr: CEL, at most `MAX_CHARS` characters, whose value is true or false.
        declared: facts of the pack in addition to `FACTS`.

    Raises:
        ConditionError: an unknown name, a syntax error, unlike kinds compared, or a value that is not yes or no.
    """
    if not expr.strip() or len(expr) > MAX_CHARS:
        raise ConditionError(
            f"Condition {expr[:40]!r} has {len(expr)} characters; allowed are 1 to {MAX_CHARS}. "
            "Write one short test, and several conditions instead of a long one."
        )
    known = {**FACTS, **{fact.name: fact for fact in declared}}
    try:
        program = _environment(declared).compile(expr)
    except RuntimeError as error:
        raise ConditionError(_explained(expr, str(error), known)) from None
    kind = str(program.return_type())
    if kind != "BOOL":
        raise ConditionError(
            f"Condition {expr!r} gives a value of kind {kind}, allowed is yes or no (BOOL). "
            "Compare it with something, e.g. `... >= 12`."
        )
    compiled = program.serialize()
    used = tuple(fact for fact in known.values() if _mentions(compiled, fact.name))
    return Condition(expr, used, lambda values: program.eval(data=values).plain_value())


def flatten_facts(groups: Mapping[str, object]) -> dict[str, FactValue]:
    """Full names from nested groups: `{"customer": {"state": "CA"}}` gives `{"customer.state": "CA"}`."""
    flat: dict[str, FactValue] = {}
    for name, value in groups.items():
        if isinstance(value, Mapping):
            flat.update({f"{name}.{inner}": fact for inner, fact in value.items()})
        elif isinstance(value, int | str | date | Sequence):
            flat[name] = value
    return flat


@cache
def _environment(declared: tuple[Fact, ...]) -> Any:  # the library ships no usable types
    # Imported here: the first environment costs 30 to 50 ms, which commands without conditions need not pay.
    from cel_expr_python import cel  # noqa: PLC0415

    kinds = {
        "whole": cel.Type.INT,
        "yes_no": cel.Type.BOOL,
        "text": cel.Type.STRING,
        "list": cel.Type.List(cel.Type.STRING),
        "date": cel.Type.TIMESTAMP,
    }
    # A dotted name declared as one variable makes an unknown field an unknown name, refused when compiling.
    return cel.NewEnv(variables={fact.name: kinds[fact.kind] for fact in (*FACTS.values(), *declared)})


def _mentions(compiled: bytes, name: str) -> bool:
    """Whether the checked expression refers to `name`: field 1 of a reference, length-prefixed (cel.expr.checked)."""
    return b"\x0a" + bytes([len(name)]) + name.encode() in compiled


def _as_cel(fact: Fact, facts: Mapping[str, FactValue], expr: str) -> object:
    if fact.name not in facts:
        raise ConditionError(
            f"Condition {expr!r} needs the fact {fact.name!r} ({fact.says}), which was not given. Add it."
        )
    value = facts[fact.name]
    if not _IS_OF_KIND[fact.kind](value):
        raise ConditionError(
            f"Fact {fact.name!r} in condition {expr!r} is a {type(value).__name__}; allowed is {_ALLOWED[fact.kind]}. "
            "Convert it before asking."
        )
    if isinstance(value, date):
        return value if isinstance(value, datetime) else datetime.combine(value, time(), UTC)
    return list(value) if fact.kind == "list" and isinstance(value, Sequence) else value


def is_of_kind(fact: Fact, value: object) -> bool:
    """Whether a value from JSON can be that fact; a date is a text there, year-month-day."""
    if fact.kind == "date" and isinstance(value, str):
        return _is_iso_day(value)
    return _IS_OF_KIND[fact.kind](value)


def _is_iso_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _LARGEST_WHOLE


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str) and all(isinstance(item, str) for item in value)


def _is_date(value: object) -> bool:
    return isinstance(value, date) and (not isinstance(value, datetime) or value.tzinfo is not None)


_IS_OF_KIND: Final[Mapping[FactKind, Callable[[object], bool]]] = {
    "whole": _is_whole,
    "yes_no": lambda value: isinstance(value, bool),
    "text": lambda value: isinstance(value, str),
    "list": _is_list,
    "date": _is_date,
}
_ALLOWED: Final[Mapping[FactKind, str]] = {
    "whole": "a whole number of at most 64 bits (money: cents)",
    "yes_no": "True or False",
    "text": "a text",
    "list": "a list of texts",
    "date": "a date, or a time with its zone",
}


def _explained(expr: str, raw: str, known: Mapping[str, Fact]) -> str:
    """The library's complaint in the words of someone editing a rule file."""
    where, _, complaint = raw.partition("<input>:")[2].partition(": ")
    complaint = complaint.splitlines()[0].removesuffix(" [INVALID_ARGUMENT]") if complaint else raw.splitlines()[0]
    at = f" at line {where.replace(':', ', character ')}" if where else ""
    if "undeclared reference to" in complaint:
        return _unknown_name(expr, complaint.split("'")[1], known)
    if "no matching overload" in complaint:
        kinds = complaint.split("applied to")[-1].strip(" '")
        return (
            f"Condition {expr!r} puts together kinds that do not fit{at}: {kinds}. Allowed are like kinds: whole "
            "numbers with whole numbers (money in cents: 5500, not 55.00), texts in quotes with texts."
        )
    if complaint.startswith("Syntax error"):
        reason = complaint.removeprefix("Syntax error: ").split(" expecting ")[0]
        return (
            f"Condition {expr!r} is not valid CEL{at}: {reason}. Allowed are comparisons joined by && and ||, "
            'e.g. `customer.tenure_months >= 12 && "internet" in account.services`.'
        )
    return f"Condition {expr!r} cannot be used{at}: {complaint}. Write it more simply."


def _unknown_name(expr: str, name: str, known: Mapping[str, Fact]) -> str:
    group = name.partition(".")[0]
    groups = dict.fromkeys(f"{fact.partition('.')[0]}.…" if "." in fact else fact for fact in known)
    allowed = [fact for fact in known if fact.startswith(f"{group}.")] or list(groups)
    near = difflib.get_close_matches(name, known, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ' Texts stand in quotes: "home".'
    return f"Condition {expr!r} uses {name!r}, which is not a fact; known are: {', '.join(allowed)}.{hint}"
