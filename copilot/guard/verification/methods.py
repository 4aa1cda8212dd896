"""How far a method of verification carries, and which claims of a verification done elsewhere are refused."""

from collections.abc import Collection
from dataclasses import dataclass

from copilot.errors import BadInput
from copilot.guard.verification.model import LEVELS, Standing, at_least, lower
from copilot.guard.verification.rulebook import Rulebook
from knowledge.rules.verification import Level, Method, NoProof, plain_name


@dataclass(frozen=True)
class Claim:
    """What somebody reports: the level reached, by which method; where, and flags of the customer's record."""

    level: Level
    method: str | None
    channel: str
    flags: Collection[str] = ()


@dataclass(frozen=True)
class Accepted:
    """A claim that holds: the method as it was reported, and the classes it opens whatever the level."""

    method: str | None
    releases: tuple[str, ...] = ()


def accept(claim: Claim, standing: Standing, rulebook: Rulebook) -> Accepted:
    """Check a report of a verification against what its method can give.

    A report without a method is a person's word and stands. A level reached before by another method may be named
    again.

    Raises:
        BadInput: the method is unknown, proves nothing, does not count here, or does not carry so far.
    """
    if claim.method is None or not claim.method.strip():
        return Accepted(None)
    name = plain_name(claim.method)
    if claim.level == "none":
        return Accepted(claim.method)
    method = rulebook.method_of.get(name)
    if method is None and not rulebook.cpni:
        return _accept_own_way(claim)
    if name in rulebook.no_proof_of:
        return _accept_no_proof(claim, rulebook.no_proof_of[name], rulebook)
    if method is None:
        known = ", ".join(each.id for each in rulebook.rules.methods)
        raise BadInput(f"method {claim.method!r} is not known; there are: {known}. Name one, or leave it out.")
    _refuse_out_of_place(claim, method)
    if not at_least(method.reaches, claim.level) and not at_least(standing.level, claim.level):
        raise BadInput(
            f"method {method.id!r} reaches {method.reaches!r}, not {claim.level!r}; allowed are: "
            f"{', '.join(_up_to(method.reaches))}. Lower the level, or verify by another method."
        )
    return Accepted(claim.method, method.releases)


def _accept_own_way(claim: Claim) -> Accepted:
    """Outside of CPNI a business may have its own way, even a birth date; it is not as good as a password."""
    if not at_least("authenticated", claim.level):
        raise BadInput(
            f"method {claim.method!r} reaches 'authenticated' at most, not {claim.level!r}. Lower the level, or "
            "declare the method in verification.yaml."
        )
    return Accepted(claim.method)


def _accept_no_proof(claim: Claim, item: NoProof, rulebook: Rulebook) -> Accepted:
    if not item.identifies:
        kind = item.kind.replace("_", " ")
        raise BadInput(
            f"method {item.id!r} is {kind} and proves nothing. Ask for {rulebook.ask('en')}, and report that."
        )
    if not at_least("identified", claim.level):
        raise BadInput(
            f"method {item.id!r} finds the account and proves nothing: it reaches 'identified', not {claim.level!r}. "
            f"Ask for {rulebook.ask('en')}, and report that."
        )
    return Accepted(claim.method)


def _refuse_out_of_place(claim: Claim, method: Method) -> None:
    if method.channels and claim.channel not in method.channels:
        raise BadInput(
            f"method {method.id!r} counts in {', '.join(method.channels)}; this contact is {claim.channel!r}. "
            "Verify by another method."
        )
    missing = [flag for flag in method.needs_flags if flag not in claim.flags]
    if missing:
        raise BadInput(
            f"method {method.id!r} needs the flags {', '.join(method.needs_flags)} on the customer record; missing: "
            f"{', '.join(missing)}. Verify by another method, or correct the record."
        )


def _up_to(level: Level) -> list[Level]:
    return [each for each in LEVELS if lower(each, level) == each]
