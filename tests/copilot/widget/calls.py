"""Calls of the demo pack, by their ids."""

import json
from typing import Any

from knowledge.pack import PACKS

CALLS: dict[str, dict[str, Any]] = {
    call["call_id"]: call for call in map(json.loads, (PACKS / "demo" / "calls.jsonl").read_text("utf-8").splitlines())
}


def call_named(call_id: str, told_as: str) -> dict[str, Any]:
    """A call of the pack under an id of its own, so that tests do not meet in one call."""
    return {**CALLS[call_id], "call_id": told_as}
