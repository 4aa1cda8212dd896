"""Is it alive, is it ready, and how is it doing."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

router = APIRouter(tags=["health"])


@router.get("/healthz")
def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
def readyz(request: Request) -> JSONResponse:
    """Whether calls can be served, and how search works: `hybrid`, or `lexical only` without an embedder."""
    parts = request.app.state.hall.parts
    body: dict[str, Any] = {"pack": parts.pack.name, "documents": len(parts.pack.documents)}
    body["search"] = "hybrid" if parts.embedder.embedder.dimension else "lexical only"
    if parts.embedder.missing:
        body["reason"] = parts.embedder.missing
    try:
        with parts.engine.execution_options(read_only=True).connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        return JSONResponse({"status": "not ready", "reason": type(error).__name__, **body}, 503)
    return JSONResponse({"status": "ready", **body})


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """Counters in the Prometheus text format."""
    return Response(request.app.state.hall.metrics.render(), media_type="text/plain; version=0.0.4")
