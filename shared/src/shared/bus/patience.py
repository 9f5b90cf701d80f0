"""Waiting for something that is down: with growing pauses, jitter, and a log line that is not repeated 1,000 times."""

import asyncio
import random
from typing import Any

FIRST = 0.1
LONGEST = 5.0


class Patience:
    """The pauses of one loop that must go on for ever. Pauses stay short: the town drains soon after a fault ends."""

    def __init__(self, what: str, log: Any) -> None:
        self._what = what
        self._log = log
        self._failures = 0

    def reset(self) -> None:
        """Things work again."""
        if self._failures:
            self._log.info("recovered", what=self._what, after=self._failures)
        self._failures = 0

    async def wait(self, error: BaseException) -> None:
        """Pause after a failure: 0.1 s, doubling to 5 s."""
        while isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        self._failures += 1
        if self._failures in {1, 10} or self._failures % 100 == 0:
            self._log.warning(
                "waiting", what=self._what, error=f"{type(error).__name__}: {describe(error)}", failures=self._failures
            )
        pause = min(LONGEST, FIRST * 2 ** min(self._failures - 1, 10))
        await asyncio.sleep(pause * random.uniform(0.7, 1.3))  # noqa: S311 -- jitter is no secret


def describe(error: BaseException) -> str:
    """Where an error came from, without its message: messages of databases quote people's data."""
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    if frame is None:
        return "no traceback"
    name = frame.tb_frame.f_code.co_filename.rsplit("/", 1)[-1]
    return f"{name}:{frame.tb_lineno} in {frame.tb_frame.f_code.co_name}"
