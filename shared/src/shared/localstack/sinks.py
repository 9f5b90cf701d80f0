"""What the sinks of a laptop have in common: a small page that is served until the process is told to stop."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

KEPT = 500
"""How many messages a sink keeps in memory."""
STYLE = "body{font:16px system-ui;max-width:52rem;margin:2rem auto;padding:0 1rem}pre{white-space:pre-wrap}"


class _Server(uvicorn.Server):
    """Signals are the sink's own affair: it may also have another side to close."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve_until_told(app: FastAPI, port: int) -> None:
    """Serve an application on the loopback address until SIGTERM or SIGINT."""
    web = _Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", access_log=False))
    loop = asyncio.get_running_loop()

    def leave() -> None:
        web.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, leave)
    await web.serve()
