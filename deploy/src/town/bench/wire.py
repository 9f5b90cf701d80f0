"""A client that costs little: what it spends is taken from what is measured, on the same cores."""

import asyncio
import time
from collections.abc import Callable
from datetime import date
from typing import Any, Self
from urllib.parse import urlsplit
from uuid import UUID

_KINDS: dict[str, Callable[[str], Any]] = {"UUID": UUID, "date": date.fromisoformat}


def written(value: Any) -> Any:
    """An argument as JSON keeps it."""
    kind = type(value).__mro__[-2].__name__ if isinstance(value, UUID) else type(value).__name__
    return [kind, str(value)] if kind in _KINDS else value


def read(value: Any) -> Any:
    """The argument again."""
    return _KINDS[value[0]](value[1]) if isinstance(value, list) else value


class Wire:
    """One kept connection that sends the same request again and again."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> None:
        self._reader, self._writer, self._request = reader, writer, request

    @classmethod
    async def to(cls, url: str, headers: dict[str, str]) -> Self:
        where = urlsplit(url)
        path = f"{where.path}?{where.query}" if where.query else where.path
        lines = [f"GET {path} HTTP/1.1", f"Host: {where.netloc}", *(f"{k}: {v}" for k, v in headers.items()), "", ""]
        reader, writer = await asyncio.open_connection(where.hostname, where.port)
        return cls(reader, writer, "\r\n".join(lines).encode())

    async def get(self) -> bytes:
        """Ask once; answers the body."""
        self._writer.write(self._request)
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
        body = await self._reader.readexactly(length)
        if not head.startswith(b"http/1.1 200"):
            raise RuntimeError(f"{head.decode()}{body.decode()}")
        return body

    def close(self) -> None:
        self._writer.close()


async def body_of(url: str, headers: dict[str, str]) -> bytes:
    """One answer."""
    wire = await Wire.to(url, headers)
    try:
        return await wire.get()
    finally:
        wire.close()


async def rate_of(url: str, headers: dict[str, str], *, requests: int, at_once: int) -> float:
    """Requests/s over `at_once` kept connections."""
    wires = [await Wire.to(url, headers) for _ in range(at_once)]
    left = requests

    async def work(wire: Wire) -> None:
        nonlocal left
        while left > 0:
            left -= 1
            await wire.get()

    try:
        await asyncio.gather(*(wire.get() for wire in wires))  # each connection of the server's pool is warm
        start = time.perf_counter()
        await asyncio.gather(*(work(wire) for wire in wires))
        return requests / (time.perf_counter() - start)
    finally:
        for wire in wires:
            wire.close()
