"""The worker process: relay, inbox and pump, and clearing away what has expired."""

import asyncio
from datetime import timedelta

from journal.consumers import subscriptions
from journal.container import Container
from journal.events import PUBLISHES
from journal.settings import Settings
from shared.access import purge_cutoffs
from shared.bus.worker import Job, run_worker
from shared.http import purge_idempotency
from shared.ops.settings import load_settings


def main() -> None:
    """Work until told to stop."""
    asyncio.run(_work(load_settings(Settings)))


async def _work(settings: Settings) -> None:
    async with Container.open(settings) as container:

        async def clear_away() -> None:
            async with container.database.uow.begin() as tx:
                await purge_idempotency(tx.session, tx.now)
                await purge_cutoffs(tx.session, tx.now)

        jobs = (Job("clear-away", timedelta(hours=1), clear_away),)
        await run_worker(container, subscriptions, publishes=PUBLISHES, jobs=jobs)
