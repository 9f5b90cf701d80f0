"""Where workbooks and pages are made: beside the event loop, few at once, and no endless queue for them."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from journal.errors import TooBusyToPrint

AT_ONCE = 2
"""Of one process. Each takes a core for as long as it lasts: the others stay with those who post and read."""
LONGEST_QUEUE = 20

P = ParamSpec("P")
T = TypeVar("T")


class Press:
    """Does heavy work on threads, in the order it was asked for."""

    def __init__(self, at_once: int = AT_ONCE, longest_queue: int = LONGEST_QUEUE) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._most = at_once + longest_queue
        self._asked = 0

    async def make(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Answer what `work` returns.

        Raises:
            TooBusyToPrint: so many wait already that the caller had better come back.
        """
        if self._asked >= self._most:
            raise TooBusyToPrint
        self._asked += 1
        try:
            async with self._free:
                return await asyncio.to_thread(work, *args, **kwargs)
        finally:
            self._asked -= 1
