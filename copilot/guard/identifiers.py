"""Ids that others give us stand in addresses, logs and keys: none may be a card or social security number."""

import re

from copilot.errors import BadInput
from copilot.guard.redaction.chains import looks_like_card

_GROUPED = re.compile(r"(?<![0-9A-Za-z])[0-9](?:[ .\-]?[0-9]){8,22}(?![0-9A-Za-z])")
_SSN = re.compile(r"[0-9]{3}[ .\-][0-9]{2}[ .\-][0-9]{4}")


def refuse_secret(field: str, value: str | None) -> None:
    """Refuse an id that looks like a secret.

    It can be neither kept nor masked: the id is how a call or a turn is told from another, and a masked one would
    make two calls the same.

    Raises:
        BadInput: the value holds 13 to 19 digits that pass as a card number, or a social security number as it is
            written; the message does not repeat it.
    """
    for match in _GROUPED.finditer(value or ""):
        if _SSN.fullmatch(match.group()) or looks_like_card(re.sub(r"[^0-9]", "", match.group())):
            raise BadInput(
                f"{field} looks like a card or social security number, which may not be stored (the value is not"
                f" repeated here). Give an id of your own, such as a UUID."
            )
