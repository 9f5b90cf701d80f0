"""The worker of support: relay, inbox and pump, and forgetting what has run out."""

import asyncio
from datetime import timedelta

from shared.bus.worker import Job, run_worker
from shared.db import Database
from shared.ops.settings import load_settings
from support.consumers import subscriptions
from support.container import Container
from support.events import PUBLISHES
from support.settings import Settings
from support.tickets.limits import forget_paid_limits


async def forget(database: Database) -> None:
    """Drop limits that no longer matter."""
    async with database.uow.begin() as tx:
        await forget_paid_limits(tx)


def main() -> None:
    """Work until told to stop."""
    asyncio.run(_work(load_settings(Settings)))


async def _work(settings: Settings) -> None:
    async with Container.open(settings) as container:
        jobs = (Job("support-forget", timedelta(hours=1), lambda: forget(container.database)),)
        await run_worker(container, subscriptions, publishes=PUBLISHES, jobs=jobs)
