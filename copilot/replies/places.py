"""States as people write them: "Georgia", "GA", "US-GA"."""

from knowledge.rules.places import STATES

_NAMES = (
    "Alabama Alaska Arizona Arkansas California Colorado Connecticut Delaware District_of_Columbia Florida Georgia"
    " Hawaii Idaho Illinois Indiana Iowa Kansas Kentucky Louisiana Maine Maryland Massachusetts Michigan Minnesota"
    " Mississippi Missouri Montana Nebraska Nevada New_Hampshire New_Jersey New_Mexico New_York North_Carolina"
    " North_Dakota Ohio Oklahoma Oregon Pennsylvania Puerto_Rico Rhode_Island South_Carolina South_Dakota Tennessee"
    " Texas Utah Vermont Virginia Washington West_Virginia Wisconsin Wyoming"
).split()
_CODES = (
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR"
    " PA PR RI SC SD TN TX UT VT VA WA WV WI WY"
).split()
_CODE_OF = {name.replace("_", " ").lower(): code for name, code in zip(_NAMES, _CODES, strict=True)}


def jurisdiction_of(place: str) -> str | None:
    """The jurisdiction, US-GA for "Georgia", "ga" or "US-GA"; None for what is no state."""
    code = place.strip().upper().removeprefix("US-")
    code = code if code in STATES else _CODE_OF.get(place.strip().lower(), "")
    return f"US-{code}" if code else None
