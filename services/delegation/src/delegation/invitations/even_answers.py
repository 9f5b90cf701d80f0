"""Answers that take the same time, whatever was found (D-2)."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


@asynccontextmanager
async def takes_at_least(seconds: float) -> AsyncIterator[None]:
    """Let the block take this long at least: addressing an invitation writes more than letting it wait does.

    A block that fails, fails at once: no failure depends on whether the addressee is known.
    """
    started = time.monotonic()
    yield
    await asyncio.sleep(max(0.0, seconds - (time.monotonic() - started)))
