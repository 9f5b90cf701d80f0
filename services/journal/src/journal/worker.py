"""The worker process: relay, inbox and pump; points that vanish, and reminders of them; old looks."""

import asyncio
from datetime import timedelta

from journal.access.views import purge_views
from journal.consumers import subscriptions
from journal.container import Container
from journal.events import PUBLISHES
from journal.points.end_points import vanish_points
from journal.points.remind_of_points import remind_of_points
from journal.settings import Settings
from shared.bus.worker import Job, run_worker
from shared.ops.settings import load_settings


def main() -> None:
    """Work until told to stop."""
    asyncio.run(_work(load_settings(Settings)))


async def _work(settings: Settings) -> None:
    async with Container.open(settings) as container:
        uow = container.database.uow
        jobs = (
            Job("vanish-points", timedelta(minutes=5), lambda: vanish_points(uow)),
            Job("remind-of-points", timedelta(minutes=5), lambda: remind_of_points(uow)),
            Job("purge-views", timedelta(hours=6), lambda: purge_views(uow)),
        )
        await run_worker(container, subscriptions, publishes=PUBLISHES, jobs=jobs)
