"""A body over the limit is refused: at once by its Content-Length, or as soon as a chunked one passes it.

Starlette's own limiter answers in plain text; ours goes the way of all errors.
"""

import re
from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.http.failures import BodyLimitReached


class BodyLimit:
    """Counts the bytes of a body while it is read.

    Args:
        app: what is protected.
        limit: bytes.
        others: pattern of a whole path → its own limit, for routes that take files.
    """

    def __init__(self, app: ASGIApp, limit: int, others: Mapping[str, int] | None = None) -> None:
        self._app = app
        self._limit = limit
        self._others = [(re.compile(pattern), own) for pattern, own in (others or {}).items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        limit = next((own for pattern, own in self._others if pattern.fullmatch(path)), self._limit)
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdecimal() and int(declared[:20]) > limit:
            raise BodyLimitReached(limit)
        read = 0

        async def receive_counted() -> Message:
            nonlocal read
            message = await receive()
            if message["type"] == "http.request":
                read += len(message.get("body", b""))
                if read > limit:
                    raise BodyLimitReached(limit)
            return message

        await self._app(scope, receive_counted, send)
