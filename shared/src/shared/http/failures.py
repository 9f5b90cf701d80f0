"""Any exception → one problem document. The only place where errors become answers."""

from collections.abc import Mapping
from typing import Any

import structlog
from fastapi.exceptions import RequestValidationError
from pydantic_core import to_jsonable_python
from sqlalchemy import exc as sqlalchemy_exc
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Scope

from shared.http.common_problems import (
    BodyTooLarge,
    InternalError,
    MalformedForm,
    MalformedJson,
    MethodNotAllowed,
    RouteNotFound,
    UnsupportedMediaType,
    ValidationFailed,
)
from shared.http.problems import MEDIA_TYPE, BadRequest, Problem, TemporarilyUnavailable
from shared.http.routes import logged_path
from shared.http.texts import DEFAULT, Language
from shared.http.validation import field_errors

LANGUAGE_KEY = "zvonok.language"
REQUEST_ID_KEY = "zvonok.request_id"

_log = structlog.get_logger(__name__)
_BY_STATUS: Mapping[int, type[Problem]] = {
    404: RouteNotFound,
    405: MethodNotAllowed,
    415: UnsupportedMediaType,
}
_UNAVAILABLE_STATES = ("08", "53", "57P", "40001", "40P01", "55P03", "57014")
"""SQLSTATEs that pass by themselves: connection, resources, shutdown, deadlock, serialization, lock timeout."""
_UNSTORABLE = "22021"
"""SQLSTATE of text that PostgreSQL cannot keep (NUL)."""


def respond(scope: Scope, error: Exception) -> Response:
    """Render an exception in the caller's language."""
    language: Language = scope.get(LANGUAGE_KEY, DEFAULT)
    problem = problem_of(scope, error, language)
    document = problem.render(language, scope["path"])
    headers = {"Content-Language": language, **problem.headers}
    return JSONResponse(to_jsonable_python(document), problem_status(problem), headers, media_type=MEDIA_TYPE)


async def handle(request: Request, error: Exception) -> Response:
    """FastAPI's exception handler for what it raises within routing."""
    return respond(request.scope, error)


def problem_status(problem: Problem) -> int:
    """Answer the status of a problem; a bare HTTPException brings its own."""
    return problem.http_status if isinstance(problem, _OtherStatus) else problem.status


def problem_of(scope: Scope, error: Exception, language: Language) -> Problem:
    """Recognise an exception; the unknown is a defect of ours, logged and told without its inside."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, RequestValidationError):
        return _invalid(error, language)
    if isinstance(error, HTTPException):
        return _of_status(scope, error)
    if _is_unstorable(error):
        return BadRequest()
    if _is_unavailable(error):
        _log.warning("temporarily_unavailable", error=type(error).__name__, path=logged_path(scope))
        return TemporarilyUnavailable()
    _log.error("unexpected_error", path=logged_path(scope), method=scope["method"], exc_info=error)
    return InternalError(request_id=scope.get(REQUEST_ID_KEY, "—"))


def _invalid(error: RequestValidationError, language: Language) -> Problem:
    errors: list[dict[str, Any]] = list(error.errors())
    if any(item["type"] == "json_invalid" for item in errors):
        return MalformedJson()
    fields = field_errors(errors, language)
    return ValidationFailed(count=len(fields), members={"errors": [field.model_dump() for field in fields]})


class BodyLimitReached(HTTPException):
    """Raised while a body is read; an HTTPException, because FastAPI lets only those through there."""

    def __init__(self, limit: int) -> None:
        super().__init__(413)
        self.limit = limit


class _OtherStatus(Problem):
    """A status raised by a library that has no problem of its own."""

    code = "http_error"

    def __init__(self, http_status: int, headers: Mapping[str, str]) -> None:
        super().__init__(headers=headers)
        self.http_status = http_status

    def render(self, language: Language, instance: str) -> dict[str, Any]:
        return {**super().render(language, instance), "status": self.http_status}


def _of_status(scope: Scope, error: HTTPException) -> Problem:
    if isinstance(error, BodyLimitReached):
        return BodyTooLarge(limit=error.limit, headers={"Connection": "close"})
    headers = dict(error.headers or {})
    if error.status_code == 400:
        # FastAPI and Starlette raise it bare for a body that cannot be read, and only then.
        form = Headers(scope=scope).get("content-type", "").startswith(("multipart/", "application/x-www-form"))
        return MalformedForm() if form else MalformedJson()
    known = _BY_STATUS.get(error.status_code)
    return known(headers=headers) if known else _OtherStatus(error.status_code, headers)


def _is_unavailable(error: BaseException) -> bool:
    if isinstance(error, ConnectionError | TimeoutError | sqlalchemy_exc.TimeoutError):
        return True
    if isinstance(error, sqlalchemy_exc.OperationalError | sqlalchemy_exc.InterfaceError):
        return True
    if isinstance(error, sqlalchemy_exc.DBAPIError):
        return error.connection_invalidated or _state(error).startswith(_UNAVAILABLE_STATES)
    return _state(error).startswith(_UNAVAILABLE_STATES) or (
        type(error).__module__.startswith("asyncpg") and "Connection" in type(error).__name__
    )


def _is_unstorable(error: BaseException) -> bool:
    return _state(error) == _UNSTORABLE


def _state(error: BaseException) -> str:
    """PostgreSQL's word for it; neither connecting nor the driver's own statements are wrapped by SQLAlchemy."""
    cause = error.orig if isinstance(error, sqlalchemy_exc.DBAPIError) else error
    return str(getattr(cause, "sqlstate", "") or "")
