"""The worker process: relay, inbox and pump; invitations that lapse, grants that expire."""

import asyncio
from datetime import timedelta

from delegation.consumers import subscriptions
from delegation.container import Container
from delegation.events import PUBLISHES
from delegation.grants.expire_grants import expire_grants
from delegation.invitations.lapse_invitations import lapse_invitations
from delegation.settings import Settings
from shared.bus.worker import Job, run_worker
from shared.ops.settings import load_settings


def main() -> None:
    """Work until told to stop."""
    asyncio.run(_work(load_settings(Settings)))


async def _work(settings: Settings) -> None:
    async with Container.open(settings) as container:
        uow = container.database.uow
        jobs = (
            Job("lapse-invitations", timedelta(minutes=1), lambda: lapse_invitations(uow)),
            Job("expire-grants", timedelta(minutes=1), lambda: expire_grants(uow)),
        )
        await run_worker(container, subscriptions, publishes=PUBLISHES, jobs=jobs)
