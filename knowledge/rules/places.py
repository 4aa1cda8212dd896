"""States and jurisdictions."""

from typing import Annotated, Final

from pydantic import AfterValidator

from knowledge.rules.base import refuse

STATES: Final = (
    *("AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY", "LA"),
    *("ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR"),
    *("PA", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY", "PR"),
)
"""Postal codes of the states, the District of Columbia and Puerto Rico."""


def _known_state(code: str) -> str:
    if code not in STATES:
        raise refuse(
            f"{code!r} is not a state code; allowed are: {', '.join(STATES)}. Write the postal code in capitals."
        )
    return code


def _known_jurisdiction(code: str) -> str:
    country, _, state = code.partition("-")
    if country != "US" or (state not in STATES and code != "US"):
        raise refuse(
            f"{code!r} is not a jurisdiction; allowed are US and US- with a state code, e.g. US-CA "
            f"(states: {', '.join(STATES)}). Correct the code."
        )
    return code


State = Annotated[str, AfterValidator(_known_state)]
Jurisdiction = Annotated[str, AfterValidator(_known_jurisdiction)]


def covers(jurisdiction: str, state: str) -> bool:
    """Whether a rule of `jurisdiction` ("US" or "US-CA") reaches `state` ("CA"; "" when unknown)."""
    return jurisdiction in ("US", f"US-{state}")
