"""Outermost middleware: request id, language, trace span, metrics, one log line, and what nobody else caught.

Pure ASGI: Starlette's BaseHTTPMiddleware runs the application in another task, which loses context variables.
"""

import time
from uuid import UUID

import structlog
from opentelemetry.trace import Span, SpanKind, StatusCode
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.http.common_problems import HeadersTooLarge
from shared.http.failures import LANGUAGE_KEY, REQUEST_ID_KEY, respond
from shared.http.routes import logged_path, route_template
from shared.http.texts import choose_language
from shared.ops.correlation import correlation_id
from shared.ops.ids import new_id
from shared.ops.metrics import HTTP_REQUESTS, HTTP_SECONDS
from shared.ops.tracing import context_from, tracer

_log = structlog.get_logger(__name__)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
MAX_HEADER_BYTES = 16 * 1024
_QUIET_PATHS = ("/health/", "/metrics")


class Observe:
    """Sees every request from its first to its last byte."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id = _request_id(headers.get("x-request-id"))
        scope[LANGUAGE_KEY] = choose_language(headers.get("accept-language"))
        scope[REQUEST_ID_KEY] = str(request_id)
        token = correlation_id.set(request_id)
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        parent = context_from({"traceparent": headers.get("traceparent", "")})
        try:
            with (
                structlog.contextvars.bound_contextvars(request_id=str(request_id)),
                tracer().start_as_current_span(method, context=parent, kind=SpanKind.SERVER) as span,
            ):
                await self._observed(scope, receive, send, method, span)
        finally:
            correlation_id.reset(token)

    async def _observed(self, scope: Scope, receive: Receive, send: Send, method: str, span: Span) -> None:
        started = time.perf_counter()
        status = 0

        async def send_marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                spent = (time.perf_counter() - started) * 1000
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = scope[REQUEST_ID_KEY]
                headers["X-Content-Type-Options"] = "nosniff"
                headers.append("Server-Timing", f"total;dur={spent:.1f}")
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            if sum(len(name) + len(value) for name, value in scope["headers"]) > MAX_HEADER_BYTES:
                raise HeadersTooLarge(limit=MAX_HEADER_BYTES, headers={"Connection": "close"})  # noqa: TRY301 - rendered below like all
            await self._app(scope, receive, send_marked)
        except Exception as error:
            if status:
                # Half an answer is out; only closing the connection tells the client.
                _log.exception("answer_broken_off", path=logged_path(scope))
                raise
            span.record_exception(error)
            await respond(scope, error)(scope, receive, send_marked)
        finally:
            seconds = time.perf_counter() - started
            route = route_template(scope)
            span.update_name(f"{method} {route}")
            span.set_attribute("http.route", route)
            span.set_attribute("http.response.status_code", status)
            if status >= 500:
                span.set_status(StatusCode.ERROR)
            HTTP_REQUESTS.labels(method, route, str(status)).inc()
            HTTP_SECONDS.labels(method, route).observe(seconds)
            if not scope["path"].startswith(_QUIET_PATHS):
                # The path only: a query string may name people.
                _log.info("request", method=method, path=logged_path(scope), status=status, ms=round(seconds * 1000, 1))


def _request_id(given: str | None) -> UUID:
    """Take over the caller's id if it is a UUID; anything else could carry whatever into our logs."""
    try:
        return UUID(given) if given else new_id()
    except ValueError:
        return new_id()
