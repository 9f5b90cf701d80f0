"""A body over the limit is refused: at once by its Content-Length, or as soon as a chunked one passes it.

Starlette's own limiter answers in plain text; ours goes the way of all errors.
"""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.http.failures import BodyLimitReached


class BodyLimit:
    """Counts the bytes of a body while it is read."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdecimal() and int(declared[:20]) > self._limit:
            raise BodyLimitReached(self._limit)
        read = 0

        async def receive_counted() -> Message:
            nonlocal read
            message = await receive()
            if message["type"] == "http.request":
                read += len(message.get("body", b""))
                if read > self._limit:
                    raise BodyLimitReached(self._limit)
            return message

        await self._app(scope, receive_counted, send)
