"""Files a command is given."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from copilot.errors import BadInput


def read_json_object(path: Path) -> Mapping[str, Any]:
    """The JSON object in a file.

    Raises:
        BadInput: it cannot be read, or is none.
    """
    try:
        value = json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not JSON"
        raise BadInput(f"{path} cannot be read: {reason}. Name a file with one JSON object.") from None
    if not isinstance(value, dict):
        raise BadInput(f"{path} holds a JSON {type(value).__name__}; allowed is one object. Correct the file.")
    return value
