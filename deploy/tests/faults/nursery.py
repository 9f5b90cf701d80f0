"""The test's side of `actor.py`: starts worker processes quickly and knows how each of them ended."""

import asyncio
import json
import os
import signal
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from .actor import Orders

ACTOR = Path(__file__).with_name("actor.py")


@dataclass(frozen=True, slots=True)
class Worker:
    """A process that works, until it ends with a code; -9 when it was killed."""

    pid: int
    ended: asyncio.Future[int]

    def kill(self) -> None:
        if not self.ended.done():
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)


@dataclass
class Nursery:
    """One forking process for all tests."""

    process: asyncio.subprocess.Process
    _workers: dict[int, Worker] = field(default_factory=dict)
    _started: "asyncio.Queue[Worker]" = field(default_factory=asyncio.Queue)
    _hearing: asyncio.Task[None] | None = None

    @classmethod
    async def open(cls) -> "Nursery":
        pipe = asyncio.subprocess.PIPE
        nursery = cls(await asyncio.create_subprocess_exec(sys.executable, str(ACTOR), stdin=pipe, stdout=pipe))
        nursery._hearing = asyncio.create_task(nursery._hear())
        return nursery

    async def close(self) -> None:
        """All workers die with it."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        await self.process.wait()
        if self._hearing is not None:
            await self._hearing

    async def start(self, orders: Orders) -> Worker:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(asdict(orders)).encode() + b"\n")
        await self.process.stdin.drain()
        async with asyncio.timeout(60):
            return await self._started.get()

    async def _hear(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            match line.split():
                case [b"started", pid]:
                    worker = Worker(int(pid), asyncio.get_running_loop().create_future())
                    self._workers[worker.pid] = worker
                    self._started.put_nowait(worker)
                case [b"ended", pid, code]:
                    self._workers.pop(int(pid)).ended.set_result(int(code))
