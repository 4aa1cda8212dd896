"""Errors as RFC 9457 problem documents; which error has which status stands here and nowhere else."""

import math
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from copilot.connect.protocol import (
    BadSignature,
    ChangedThere,
    ConnectFailed,
    NoSuchRecord,
    RateLimited,
    Refused,
    Unavailable,
)
from copilot.errors import (
    AccessDenied,
    BadInput,
    ConfigError,
    Conflict,
    CopilotError,
    InvalidAnswer,
    ModelFailed,
    ModelUnavailable,
    NoModel,
    NotFound,
    PromptError,
    PromptTooLong,
)
from copilot.guard.logs import masked_message
from copilot.service.rates import TooMany
from copilot.store import MovedOn
from knowledge.errors import (
    ConditionError,
    EmbedderError,
    IndexLocked,
    KnowledgeError,
    PackError,
    SourceError,
    UnknownCollection,
)

STATUS_OF: dict[type[Exception], HTTPStatus] = {
    CopilotError: HTTPStatus.INTERNAL_SERVER_ERROR,
    BadInput: HTTPStatus.UNPROCESSABLE_ENTITY,
    ConfigError: HTTPStatus.INTERNAL_SERVER_ERROR,
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    MovedOn: HTTPStatus.CONFLICT,
    AccessDenied: HTTPStatus.FORBIDDEN,
    PromptError: HTTPStatus.INTERNAL_SERVER_ERROR,
    ModelFailed: HTTPStatus.SERVICE_UNAVAILABLE,
    NoModel: HTTPStatus.SERVICE_UNAVAILABLE,
    ModelUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    InvalidAnswer: HTTPStatus.BAD_GATEWAY,
    PromptTooLong: HTTPStatus.SERVICE_UNAVAILABLE,
    ConnectFailed: HTTPStatus.BAD_GATEWAY,
    NoSuchRecord: HTTPStatus.NOT_FOUND,
    Refused: HTTPStatus.BAD_GATEWAY,
    ChangedThere: HTTPStatus.CONFLICT,
    BadSignature: HTTPStatus.UNAUTHORIZED,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    RateLimited: HTTPStatus.SERVICE_UNAVAILABLE,
    KnowledgeError: HTTPStatus.INTERNAL_SERVER_ERROR,
    ConditionError: HTTPStatus.INTERNAL_SERVER_ERROR,
    SourceError: HTTPStatus.UNPROCESSABLE_ENTITY,
    PackError: HTTPStatus.INTERNAL_SERVER_ERROR,
    UnknownCollection: HTTPStatus.NOT_FOUND,
    EmbedderError: HTTPStatus.SERVICE_UNAVAILABLE,
    IndexLocked: HTTPStatus.SERVICE_UNAVAILABLE,
}


class NoToken(AccessDenied):
    """The request carries no bearer token, or one we do not know."""


class ProviderFailed(CopilotError):
    """The identity provider did not answer, or not as it should."""


STATUS_OF[NoToken] = HTTPStatus.UNAUTHORIZED
STATUS_OF[TooMany] = HTTPStatus.TOO_MANY_REQUESTS
STATUS_OF[ProviderFailed] = HTTPStatus.BAD_GATEWAY


def add_problem_handlers(app: FastAPI) -> None:
    """Make every error of the app a problem document."""
    for kind, handler in ((CopilotError, _ours), (KnowledgeError, _ours), (Exception, _unforeseen)):
        app.add_exception_handler(kind, handler)
    app.exception_handler(RequestValidationError)(_invalid)
    app.exception_handler(HTTPException)(_http)


def problem(status: HTTPStatus, detail: str, **more: object) -> JSONResponse:
    """A problem document."""
    body = {"type": "about:blank", "title": status.phrase, "status": int(status), "detail": detail, **more}
    headers = {"WWW-Authenticate": "Bearer"} if status is HTTPStatus.UNAUTHORIZED else None
    return JSONResponse(body, status, headers=headers, media_type="application/problem+json")


async def _ours(_request: Request, error: Exception) -> JSONResponse:
    made = problem(STATUS_OF[type(error)], masked_message(str(error)))
    if isinstance(error, TooMany):
        made.headers["Retry-After"] = str(math.ceil(error.retry_after_s))
    return made


async def _invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
    """Where the body is wrong and why, but never what was sent: it may hold a card number."""
    faults = [
        {"where": masked_message(".".join(map(str, fault["loc"]))), "problem": masked_message(fault["msg"])}
        for fault in error.errors()
    ]
    first = f"{faults[0]['where']}: {faults[0]['problem']}. Correct the request; /docs shows its form."
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, first, errors=faults)


async def _http(_request: Request, error: HTTPException) -> JSONResponse:
    return problem(HTTPStatus(error.status_code), masked_message(str(error.detail)))


async def _unforeseen(_request: Request, _error: Exception) -> JSONResponse:
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong here. The service log says what.")
