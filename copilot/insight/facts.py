"""What other systems tell the desk: the telephone, the roster, surveys, payments, arrangements, the customer base.

Nothing of it is guessed from calls: a figure that needs what nobody told is not shown.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, get_args

from pydantic import AwareDatetime, ConfigDict, Field, TypeAdapter, ValidationError, model_validator
from pydantic.dataclasses import dataclass

from copilot.errors import BadInput

_STRICT = ConfigDict(extra="forbid")
Id = Annotated[str, Field(min_length=1, max_length=200)]
Seconds = Annotated[int, Field(ge=0, le=10_000_000)]
Amount = Annotated[Decimal, Field(ge=0, le=Decimal("1000000000000"), max_digits=16, decimal_places=2)]
Count = Annotated[int, Field(ge=0, le=1_000_000_000)]
List = Literal["declined_card", "renewal", "risk"]
LISTS: tuple[List, ...] = get_args(List)


@dataclass(frozen=True, config=_STRICT)
class Phone:
    """What the telephone system says of one call offered; None where it does not measure something."""

    fact_id: Id
    at: AwareDatetime
    agent: Id | None = None
    answered: bool = True
    wait_s: Seconds | None = None
    talk_s: Seconds | None = None
    hold_s: Seconds | None = None
    acw_s: Seconds | None = None

    @property
    def handle_s(self) -> int | None:
        """Talk, hold and after-call work; None when one of them was not measured."""
        if self.talk_s is None or self.hold_s is None or self.acw_s is None:
            return None
        return self.talk_s + self.hold_s + self.acw_s


@dataclass(frozen=True, config=_STRICT)
class Shift:
    """One agent's day on the roster."""

    fact_id: Id
    at: AwareDatetime
    agent: Id
    scheduled_min: Count = 0
    adherent_min: Count = 0
    logged_in_s: Seconds = 0
    available_s: Seconds = 0


@dataclass(frozen=True, config=_STRICT)
class Survey:
    """One answer to one question: csat 1 to 5, nps 0 to 10, ces 1 to 7 (the effort it took)."""

    fact_id: Id
    at: AwareDatetime
    question: Literal["csat", "nps", "ces"]
    score: Annotated[int, Field(ge=0, le=10)]
    call_id: Id | None = None
    agent: Id | None = None

    @model_validator(mode="after")
    def _within(self) -> "Survey":
        low, high = {"csat": (1, 5), "nps": (0, 10), "ces": (1, 7)}[self.question]
        if not low <= self.score <= high:
            raise ValueError(f"score of {self.question} is {self.score}; allowed are {low} to {high}")
        return self


@dataclass(frozen=True, config=_STRICT)
class Arrangement:
    """A promise to pay that fell due; `kept` None while nobody knows."""

    fact_id: Id
    at: AwareDatetime
    kept: bool | None = None
    call_id: Id | None = None


@dataclass(frozen=True, config=_STRICT)
class Paying:
    """Whether the customer of a contact was still active and paying so many days later."""

    fact_id: Id
    at: AwareDatetime
    call_id: Id
    days: Literal[30, 60, 90]
    paying: bool


@dataclass(frozen=True, config=_STRICT)
class Base:
    """The customers and the monthly revenue of one period, of those who were there at its start."""

    fact_id: Id
    at: AwareDatetime
    customers_start: Count
    lost_voluntary: Count
    lost_involuntary: Count
    revenue_start: Amount
    expansion: Amount = Decimal(0)
    contraction: Amount = Decimal(0)
    churned: Amount = Decimal(0)


@dataclass(frozen=True, config=_STRICT)
class Due:
    """Somebody who is to be contacted: a payment failed, an agreement ends, or they may leave."""

    fact_id: Id
    at: AwareDatetime
    list: List
    customer_id: Id
    amount: Amount | None = None
    until: date | None = None
    why: Annotated[str, Field(max_length=300)] = ""


@dataclass(frozen=True, config=_STRICT)
class Touch:
    """What became of one that was to be contacted: a contact, or the reason why there is none."""

    fact_id: Id
    at: AwareDatetime
    due_id: Id
    result: Literal["contacted", "not_contacted"]
    way: Annotated[str, Field(max_length=20)] = ""
    reason: Annotated[str, Field(max_length=300)] = ""
    agent: Id | None = None

    @model_validator(mode="after")
    def _says_why(self) -> "Touch":
        if self.result == "not_contacted" and not self.reason.strip():
            raise ValueError("not_contacted needs a reason")
        return self


Fact = Phone | Shift | Survey | Arrangement | Paying | Base | Due | Touch
KINDS: Mapping[str, type[Fact]] = {
    "phone": Phone,
    "shift": Shift,
    "survey": Survey,
    "arrangement": Arrangement,
    "paying": Paying,
    "base": Base,
    "due": Due,
    "touch": Touch,
}
MOST_AT_ONCE = 5000
_ADAPTERS: Mapping[str, TypeAdapter[Any]] = {kind: TypeAdapter(shape) for kind, shape in KINDS.items()}
_KIND_OF: Mapping[type[Fact], str] = {shape: kind for kind, shape in KINDS.items()}


def read_facts(kind: str, given: Sequence[Mapping[str, Any]]) -> list[Fact]:
    """Facts of one kind as another system sends them.

    Raises:
        BadInput: an unknown kind, too many at once, an id that stands twice, or a field that is wrong.
    """
    adapter = _ADAPTERS.get(kind)
    if adapter is None:
        raise BadInput(f"kind is {kind[:40]!r}; allowed are: {', '.join(KINDS)}. Choose one.")
    if len(given) > MOST_AT_ONCE:
        raise BadInput(f"{len(given)} facts at once; allowed are {MOST_AT_ONCE}. Send them in parts.")
    found: dict[str, Fact] = {}
    for number, each in enumerate(given, start=1):
        try:
            fact: Fact = adapter.validate_python(each)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            where = ".".join(map(str, first["loc"])) or "it"
            raise BadInput(f"{kind} {number}: {where}: {first['msg']}. docs/consoles.md shows its form.") from None
        if fact.fact_id in found:
            raise BadInput(f"{kind} {number}: fact_id stands twice. Send each once.")
        found[fact.fact_id] = fact
    return list(found.values())


def fact_json(fact: Fact) -> dict[str, Any]:
    """A fact in JSON types, as `read_facts` takes it again."""
    shaped: dict[str, Any] = _ADAPTERS[_KIND_OF[type(fact)]].dump_python(fact, mode="json")
    return shaped
