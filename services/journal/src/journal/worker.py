"""The worker process: relay, inbox and pump."""

import asyncio

from journal.consumers import subscriptions
from journal.container import Container
from journal.events import PUBLISHES
from journal.settings import Settings
from shared.bus.worker import run_worker
from shared.ops.settings import load_settings


def main() -> None:
    """Work until told to stop."""
    asyncio.run(_work(load_settings(Settings)))


async def _work(settings: Settings) -> None:
    async with Container.open(settings) as container:
        await run_worker(container, subscriptions, publishes=PUBLISHES)
