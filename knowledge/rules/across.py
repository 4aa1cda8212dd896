"""What one rule file says about another: every name used must be declared where it belongs."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from knowledge.rules.approvals import ApprovalsFile
from knowledge.rules.base import Loc
from knowledge.rules.bureaus import BureausFile
from knowledge.rules.channels import ChannelsFile
from knowledge.rules.consent import ConsentFile
from knowledge.rules.dispositions import DispositionsFile
from knowledge.rules.flags import FlagsFile
from knowledge.rules.offers import OffersFile
from knowledge.rules.save_rules import SaveRulesFile
from knowledge.rules.scorecard import ScorecardFile
from knowledge.rules.tariff import TariffFile


@dataclass(frozen=True)
class Misfit:
    """A name in one file that another file does not declare."""

    stem: str
    """The file it stands in, without ".yaml"."""
    loc: Loc
    problem: str


def check_across(files: Mapping[str, BaseModel], *, cue_ids: Collection[str] | None = None) -> list[Misfit]:
    """Every name that a file uses and the file it belongs to lacks; empty when all fit.

    Args:
        files: valid rule files by name without ".yaml"; what needs a file that is not there is not checked.
        cue_ids: ids of all cues the pack may use; None leaves cues unchecked.
    """
    known = _declared_names(files)
    if cue_ids is not None:
        known["cue of cues.yaml"] = cue_ids
    return [
        Misfit(
            use.stem,
            use.loc,
            f"{use.name!r} is not a {use.kind}; there are: {', '.join(sorted(known[use.kind]))}.{_FIX}",
        )
        for stem, file in files.items()
        for use in _names_used(stem, file)
        if use.kind in known and use.name not in known[use.kind]
    ]


_FIX = " Correct it here or declare it there."


@dataclass(frozen=True)
class _Use:
    stem: str
    loc: Loc
    name: str
    kind: str


def _declared_names(files: Mapping[str, BaseModel]) -> dict[str, Collection[str]]:
    known: dict[str, Collection[str]] = {}
    for file in files.values():
        if isinstance(file, TariffFile):
            known["currency of tariff.yaml"] = [file.currency]
            known["service of tariff.yaml"] = [service.service for service in file.services]
            known["fee of tariff.yaml"] = {fee.fee_id for fee in file.fees}
        elif isinstance(file, OffersFile):
            known["currency of offers.yaml"] = [file.currency]
        elif isinstance(file, DispositionsFile):
            known["churn reason of dispositions.yaml"] = [reason.reason for reason in file.churn_reasons]
            known["first code of dispositions.yaml"] = [reason.code for reason in file.reasons]
        elif isinstance(file, ApprovalsFile):
            known["role of approvals.yaml"] = [role.role for role in file.roles]
        elif isinstance(file, ChannelsFile):
            known["channel of channels.yaml"] = [channel.channel for channel in file.channels]
        elif isinstance(file, FlagsFile):
            known["flag of flags.yaml"] = [flag.flag_id for flag in file.flags]
    if "currency of tariff.yaml" in known:
        known.pop("currency of offers.yaml", None)  # one complaint is enough
    return known


def _names_used(stem: str, file: BaseModel) -> Iterator[_Use]:
    for model, kind, uses in _USES:
        if isinstance(file, model):
            yield from (_Use(stem, loc, name, kind) for loc, name in uses(file))


def _each(field: str, names: Iterable[str]) -> Iterator[tuple[Loc, str]]:
    return (((field, place), name) for place, name in enumerate(names))


def _reasons(offers: OffersFile) -> Iterator[tuple[Loc, str]]:
    for i, offer in enumerate(offers.offers):
        yield from ((("offers", i, "reasons", j), reason) for j, reason in enumerate(offer.reasons))
    for i, lever in enumerate(offers.reason_levers):
        yield ("reason_levers", i, "reason"), lever.reason


def _roles(offers: OffersFile) -> Iterator[tuple[Loc, str]]:
    for i, offer in enumerate(offers.offers):
        if offer.approval.role is not None:
            yield ("offers", i, "approval", "role"), offer.approval.role
        for j, stricter in enumerate(offer.approval.stricter):
            yield ("offers", i, "approval", "stricter", j, "role"), stricter.role


def _services(offers: OffersFile) -> Iterator[tuple[Loc, str]]:
    for i, fact in enumerate(offers.facts):
        services = fact.sum_of.services if fact.sum_of else ()
        yield from ((("facts", i, "sum_of", "services", j), service) for j, service in enumerate(services))
    for i, offer in enumerate(offers.offers):
        yield from ((("offers", i, "services", j), service) for j, service in enumerate(offer.services))


def _fees(offers: OffersFile) -> Iterator[tuple[Loc, str]]:
    for i, offer in enumerate(offers.offers):
        if offer.concession.waives_fee is not None:
            yield ("offers", i, "concession", "waives_fee"), offer.concession.waives_fee


_NAMED_IN_CEL = {
    "cue of cues.yaml": re.compile(r"""["']([^"']+)["']\s+in\s+call\.cues"""),
    "churn reason of dispositions.yaml": re.compile(r"""call\.reason\s*[!=]=\s*["']([^"']+)["']"""),
    "service of tariff.yaml": re.compile(r"""["']([^"']+)["']\s+in\s+account\.services"""),
}
"""Names in conditions that another file declares: a slip there would make a test that never or always holds."""


def _named_in_cel(kind: str) -> Callable[[OffersFile], Iterator[tuple[Loc, str]]]:
    def uses(offers: OffersFile) -> Iterator[tuple[Loc, str]]:
        return ((loc, name) for loc, cel in _tests(offers) for name in _NAMED_IN_CEL[kind].findall(cel))

    return uses


def _tests(offers: OffersFile) -> Iterator[tuple[Loc, str]]:
    for i, gate in enumerate(offers.gates):
        yield ("gates", i, "cel"), gate.cel
    for i, offer in enumerate(offers.offers):
        for j, condition in enumerate(offer.conditions):
            yield ("offers", i, "conditions", j, "cel"), condition.cel
        for j, stricter in enumerate(offer.approval.stricter):
            yield ("offers", i, "approval", "stricter", j, "cel"), stricter.cel


def _holdout_flags(offers: OffersFile) -> Iterator[tuple[Loc, str]]:
    for i, flag in enumerate(offers.guard_rails.holdout_never_for):
        yield ("guard_rails", "holdout_never_for", i), flag


def _hardship_roles(tariff: TariffFile) -> Iterator[tuple[Loc, str]]:
    for i, rules in enumerate(tariff.arrangements):
        if rules.hardship_role is not None:
            yield ("arrangements", i, "hardship_role"), rules.hardship_role


def _bodies(bureaus: BureausFile, field: str) -> Iterator[tuple[Loc, str]]:
    return ((("bodies", i, field), getattr(body, field)) for i, body in enumerate(bureaus.bodies))


def _sampled_flags(scorecard: ScorecardFile) -> Iterator[tuple[Loc, str]]:
    for i, sampling in enumerate(scorecard.sampling):
        yield from ((("sampling", i, "flags", j), flag) for j, flag in enumerate(sampling.flags))


def _cues(dispositions: DispositionsFile) -> Iterator[tuple[Loc, str]]:
    for i, reason in enumerate(dispositions.reasons):
        yield from ((("reasons", i, "cues", j), cue) for j, cue in enumerate(reason.cues))


def _dispatch_cues(consent: ConsentFile) -> Iterator[tuple[Loc, str]]:
    rules = consent.dispatch
    for field, names in (("about", rules.about), ("booked", rules.booked)):
        yield from ((("dispatch", field, i), cue) for i, cue in enumerate(names))
    for i, element in enumerate(rules.elements):
        yield from ((("dispatch", "elements", i, "cues", j), cue) for j, cue in enumerate(element.cues))


def _currency(file: OffersFile | ApprovalsFile) -> Iterator[tuple[Loc, str]]:
    yield ("currency",), file.currency


_USES: tuple[tuple[type[BaseModel], str, Callable[[Any], Iterable[tuple[Loc, str]]]], ...] = (
    (OffersFile, "currency of tariff.yaml", _currency),
    (OffersFile, "churn reason of dispositions.yaml", _reasons),
    (OffersFile, "role of approvals.yaml", _roles),
    (OffersFile, "service of tariff.yaml", _services),
    (OffersFile, "fee of tariff.yaml", _fees),
    (OffersFile, "flag of flags.yaml", _holdout_flags),
    *((OffersFile, kind, _named_in_cel(kind)) for kind in _NAMED_IN_CEL),
    (ApprovalsFile, "currency of tariff.yaml", _currency),
    (ApprovalsFile, "currency of offers.yaml", _currency),
    (TariffFile, "role of approvals.yaml", _hardship_roles),
    (SaveRulesFile, "service of tariff.yaml", lambda file: _each("regulated_services", file.regulated_services)),
    (BureausFile, "channel of channels.yaml", lambda file: _bodies(file, "channel")),
    (BureausFile, "first code of dispositions.yaml", lambda file: _bodies(file, "disposition")),
    (ScorecardFile, "channel of channels.yaml", lambda file: _each("two_person_channels", file.two_person_channels)),
    (ScorecardFile, "flag of flags.yaml", _sampled_flags),
    (
        FlagsFile,
        "cue of cues.yaml",
        lambda file: ((("flags", i, "flag_id"), f.flag_id) for i, f in enumerate(file.flags)),
    ),
    (DispositionsFile, "cue of cues.yaml", _cues),
    (ConsentFile, "cue of cues.yaml", _dispatch_cues),
)
