"""The language model, for those who run the service: what it is, how it does, what it used."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from copilot.service.access import at_least
from copilot.service.hall import Hall
from copilot.store import Identity

router = APIRouter(prefix="/v1/models", tags=["models"])


@router.get("/usage")
def usage(request: Request, identity: Annotated[Identity, Depends(at_least("admin"))]) -> dict[str, Any]:
    """Per task since the start: asked, failed, tokens, dollars; what became of it; the last tasks, without texts."""
    hall: Hall = request.app.state.hall
    slow, model = hall.slow(identity.tenant), hall.model
    outcomes: dict[str, dict[str, int]] = {}
    for (kind, outcome), count in slow.outcomes().items() if slow else ():
        outcomes.setdefault(kind, {})[outcome] = count
    return {
        "model": model.name,
        "degraded": model.is_degraded,
        "tasks": {task: asdict(sums) for task, sums in model.usage().items()},
        "slow_path": outcomes,
        "traces": [asdict(trace) for trace in model.traces()],
    }
