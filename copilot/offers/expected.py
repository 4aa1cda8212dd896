"""A pack's own examples in decisions.yaml: customers, calls, and the decisions that its policy wants."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from copilot.customer import customer_record
from copilot.errors import BadInput
from copilot.offers.decide import NO_OFFER, Desk, Evaluation
from copilot.offers.law import under_law
from copilot.offers.requests import OffersAsked, book_of
from knowledge.pack import Pack
from knowledge.yaml_text import BadYaml, Loc, YamlText, read_yaml

FILE = "decisions.yaml"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Expected(_Model):
    """What the policy wants; what is left out is not looked at."""

    best: str = Field(description="an offer id, or NO_OFFER")
    instead: str | None = Field(default=None, description="what a gate says to do, e.g. handle_dispute")
    approval: str | None = Field(default=None, description="the role that must approve the best offer")
    say: str | None = Field(default=None, description="what the agent says, word for word")
    refused: Mapping[str, str] = Field(default_factory=dict, description="a rule that stands in the way, by offer id")


class Case(_Model):
    """One example: in words, whose record, what is asked, and the decision."""

    says: str = Field(min_length=1)
    customer: str = Field(description="a customer_id of customers.jsonl")
    day: date | None = Field(default=None, description="the day of the decision; left out: the pack's as_of")
    call: Mapping[str, Any] = Field(description="reason, and cues, channel, save_attempts and so on")
    expect: Expected


class Cases(_Model):
    """The whole of decisions.yaml."""

    cases: tuple[Case, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Checked:
    """An example, where it stands, and how the decision differs from it; nothing when it does not."""

    line: int
    says: str
    differences: tuple[str, ...]


def check_decisions(pack: Pack) -> list[Checked]:
    """Decide every example of the pack, on the pack's `as_of` unless the example names a day.

    Nobody is held out by chance: the examples are about the policy.

    Raises:
        BadInput: there is no decisions.yaml, or it names what the pack does not have; with file and line.
    """
    parsed, cases = _read(pack.directory / FILE)
    desk = _without_holdout(Desk(book_of(pack)))
    lines = [parsed.line_of(("cases", place)) for place in range(len(cases))]
    return [
        Checked(line, case.says, tuple(_differences(case, _decided(case, pack, desk, line))))
        for line, case in zip(lines, cases, strict=True)
    ]


def _read(file: Path) -> tuple[YamlText, tuple[Case, ...]]:
    try:
        parsed = read_yaml(file.read_text("utf-8-sig"))
        return parsed, Cases.model_validate(parsed.content).cases
    except FileNotFoundError:
        raise BadInput(f"{file} is not there. Write one; docs/retention-policy-as-a-pack.md shows its form.") from None
    except (OSError, UnicodeDecodeError, BadYaml) as error:
        raise BadInput(f"{file}: {error}") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        loc: Loc = first["loc"]
        where = ".".join(map(str, loc))
        raise BadInput(f"{file}:{parsed.line_of(loc)}: {where}: {first['msg']}. Correct it.") from None


def _decided(case: Case, pack: Pack, desk: Desk, line: int) -> Evaluation:
    record = pack.customers.get(case.customer)
    if record is None:
        known = ", ".join(sorted(pack.customers)) or "none"
        raise BadInput(f"{FILE}:{line}: no customer {case.customer!r} in customers.jsonl; there are: {known}.")
    unknown = {case.expect.best, *case.expect.refused} - {
        NO_OFFER,
        *(each.offer_id for each in desk.book.offers.offers),
    }
    if unknown:
        raise BadInput(f"{FILE}:{line}: no offer {min(unknown)!r} in offers.yaml. Correct it, or write {NO_OFFER}.")
    try:
        asked = OffersAsked.model_validate({**case.call, "customer": customer_record(record)})
        day = case.day or pack.head.as_of
        return under_law(asked, pack, day).answer(desk, day)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise BadInput(f"{FILE}:{line}: call.{'.'.join(map(str, first['loc']))}: {first['msg']}.") from None
    except BadInput as error:
        raise BadInput(f"{FILE}:{line}: {error}") from None


def _differences(case: Case, found: Evaluation) -> Iterator[str]:
    wanted, best = case.expect, found.best
    if best.offer_id != wanted.best:
        yield f"best is {best.offer_id}, expected {wanted.best}{_why_not(wanted.best, found)}"
    if wanted.instead != found.instead and (wanted.instead or wanted.best == NO_OFFER):
        yield f"instead is {found.instead or 'nothing'}, expected {wanted.instead or 'nothing'}"
    if wanted.approval and best.approval.role != wanted.approval:
        yield f"approval is {best.approval.role} ({best.approval.why}), expected {wanted.approval}"
    if wanted.say and best.say != wanted.say:
        yield f"say is {best.say!r}, expected {wanted.say!r}"
    for offer_id, rule in wanted.refused.items():
        against = _against(offer_id, found)
        if rule not in against:
            yield f"{offer_id} is not refused by {rule}; against it: {', '.join(against) or 'nothing'}"


def _why_not(offer_id: str, found: Evaluation) -> str:
    against = _against(offer_id, found)
    return f"; against it: {'; '.join(f'{rule}: {says}' for rule, says in against.items())}" if against else ""


def _against(offer_id: str, found: Evaluation) -> dict[str, str]:
    refused = (each for each in found.refused if each.offer_id == offer_id)
    return {rule.rule: rule.says for each in refused for rule in each.rules if not rule.holds}


def _without_holdout(desk: Desk) -> Desk:
    offers = desk.book.offers
    rails = offers.guard_rails.model_copy(update={"holdout_percent": 0})
    return replace(desk, book=replace(desk.book, offers=offers.model_copy(update={"guard_rails": rails})))
