"""Cases and obligations in JSON types, as the service and the command line give them out."""

from typing import Any

from copilot.store import Case, Obligation


def case_json(case: Case) -> dict[str, Any]:
    """A case in JSON types."""
    fields = dict(vars(case))
    for name in ("created_at", "updated_at"):
        fields[name] = fields[name].isoformat()
    fields["obligations"] = [obligation_json(each) for each in case.obligations]
    fields["history"] = [{**vars(each), "at": each.at.isoformat()} for each in case.history]
    return fields


def obligation_json(each: Obligation) -> dict[str, Any]:
    """Something owed in JSON types."""
    return {
        **vars(each),
        "due_at": each.due_at.isoformat() if each.due_at else None,
        "moved_from": list(each.moved_from),
    }
