"""Waiting for conditions, with deadlines."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable


async def until(condition: Callable[[], bool | Awaitable[bool]], seconds: float, what: str) -> None:
    """Poll until the condition holds.

    Raises:
        TimeoutError: it did not, within `seconds`; names `what` was waited for.
    """
    try:
        async with asyncio.timeout(seconds):
            while True:
                holds = condition()
                if inspect.isawaitable(holds):
                    holds = await holds
                if holds:
                    return
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise TimeoutError(f"not within {seconds} s: {what}") from None
