"""What every rule file shares: frozen models whose errors name the value, what is allowed, and the remedy."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date, datetime
from re import fullmatch
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    Strict,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

Loc: TypeAlias = tuple[int | str, ...]

YesNo = Annotated[bool, Strict()]
Count = Annotated[int, Strict(), Field(ge=0)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
RuleId = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]*([_-][A-Z0-9]+)*$")]
"""Capitals and digits in groups: `OF-LOCK-12`, `RET_CANCEL`, `US-CA`."""
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*([_-][a-z0-9]+)*$")]
"""Small letters and digits in groups: `cancel_intent`, `fiber-600`."""
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Segment = Literal["home", "business"]
Language = Literal["en", "es"]


def refuse(problem: str) -> PydanticCustomError:
    """A validation error whose message is `problem` as it stands."""
    return PydanticCustomError("rule", "{problem}", {"problem": problem})


def refuse_at(title: str, problems: Iterable[tuple[Loc, object, str]]) -> ValidationError:
    """One validation error out of (place, value, problem) found by a check that spans several fields."""
    errors = [InitErrorDetails(type=refuse(problem), loc=loc, input=value) for loc, value, problem in problems]
    return ValidationError.from_exception_data(title, errors)


def duplicates(
    keys: Sequence[Hashable], *, field: str, what: str, key_name: str | None = None
) -> list[tuple[Loc, object, str]]:
    """The problems of `keys` that occur twice; each points to the second place."""
    first: dict[Hashable, int] = {}
    problems: list[tuple[Loc, object, str]] = []
    for place, key in enumerate(keys):
        if key in first:
            loc: Loc = (field, place) if key_name is None else (field, place, key_name)
            text = (
                f"{what} {key!r} stands twice, as entries {first[key] + 1} and {place + 1} of {field}; "
                "allowed is once. Rename or delete one."
            )
            problems.append((loc, key, text))
        first.setdefault(key, place)
    return problems


class RuleModel(BaseModel):
    """A frozen piece of a rule file; unknown, missing and wrong fields are explained in plain words."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    @model_validator(mode="wrap")
    @classmethod
    def _explain_errors(cls, data: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(data)
        except ValidationError as error:
            details = [_explained(cls, found) for found in error.errors()]
            raise ValidationError.from_exception_data(cls.__name__, details) from None


def _explained(model: type[RuleModel], error: ErrorDetails) -> InitErrorDetails:
    already = error.get("ctx", {}).get("problem")
    problem = str(already) if already else _in_plain_words(model, error)
    kind = PydanticCustomError("missing" if error["type"] == "missing" else "rule", "{problem}", {"problem": problem})
    return InitErrorDetails(type=kind, loc=error["loc"], input=error["input"])


def _in_plain_words(model: type[RuleModel], error: ErrorDetails) -> str:
    name = str(error["loc"][0]) if error["loc"] else ""
    field = model.model_fields.get(name)
    about = f" {name}: {field.description}." if field is not None and field.description else ""
    if error["type"] == "missing":
        return f"{name} is missing and must be given. Add a line `{name}: ...`.{about}"
    if error["type"] == "extra_forbidden":
        return f"{name!r} is not a field here; allowed are: {', '.join(model.model_fields)}. Rename or delete it."
    if error["type"] in ("model_type", "dict_type", "tuple_type", "list_type"):
        return (
            f"{_shown(error['input'])} stands where {_SHAPES[error['type']]} belongs. Indent the lines below it.{about}"
        )
    return f"{_shown(error['input'])} is not accepted: {error['msg'][0].lower()}{error['msg'][1:]}. Correct it.{about}"


_SHAPES: Mapping[str, str] = {
    "model_type": "a group of fields (name: value)",
    "dict_type": "a group of fields (name: value)",
    "tuple_type": "a list (- item)",
    "list_type": "a list (- item)",
}


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."


def _as_day(value: object) -> object:
    is_day = isinstance(value, date) and not isinstance(value, datetime)
    if is_day or (isinstance(value, str) and fullmatch(r"\d{4}-\d{2}-\d{2}", value)):
        return value
    raise refuse(f"{_shown(value)} is not a date; allowed is year-month-day. Write e.g. 2026-11-20.")


Day = Annotated[date, BeforeValidator(_as_day)]
"""A calendar day, written 2026-11-20."""


class ValidFor(RuleModel):
    """From the first to the last day, both included (validFor of TMF620 and TMF671)."""

    start: Day = Field(description="first day, e.g. 2026-01-01")
    end: Day | None = Field(default=None, description="last day; leave it out while no end is known")

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if self.end is not None and self.end < self.start:
            raise refuse(f"end {self.end} lies before start {self.start}; allowed is the same day or later. Swap them.")
        return self

    def holds_on(self, day: date) -> bool:
        """Whether `day` lies in it."""
        return self.start <= day and (self.end is None or day <= self.end)

    def overlaps(self, other: "ValidFor") -> bool:
        """Whether there is a day in both."""
        return self.start <= (other.end or date.max) and other.start <= (self.end or date.max)


class RuleFile(RuleModel):
    """The head every rule file has."""

    as_of: Day = Field(description="the day on which someone last checked this file against its sources")
    source: Text = Field(description="where the content comes from: a document, an owner, a handbook")


class Words(RuleModel):
    """A text in the languages of the product."""

    en: Text = Field(description="the English text")
    es: Text | None = Field(default=None, description="the Spanish text; without it the English one is shown")

    def in_language(self, language: str) -> str:
        """The text in `language`, or the English one when there is no translation."""
        return self.es if language == "es" and self.es else self.en
