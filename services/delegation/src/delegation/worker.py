"""The worker process: relay, inbox and pump; invitations that lapse, grants that expire, what may be cleared away."""

import asyncio
from datetime import timedelta

from delegation.consumers import subscriptions
from delegation.container import Container
from delegation.events import PUBLISHES
from delegation.grants.expire_grants import expire_grants
from delegation.invitations.lapse_invitations import lapse_invitations
from delegation.settings import Settings
from shared.access import purge_cutoffs
from shared.bus.worker import Job, run_worker
from shared.http import purge_idempotency
from shared.ops.settings import load_settings


def main() -> None:
    """Work until told to stop."""
    asyncio.run(_work(load_settings(Settings)))


async def _work(settings: Settings) -> None:
    async with Container.open(settings) as container:
        uow = container.database.uow

        async def clear_away() -> None:
            async with uow.begin() as tx:
                await purge_idempotency(tx.session, tx.now)
                await purge_cutoffs(tx.session, tx.now)

        jobs = (
            Job("lapse-invitations", timedelta(minutes=1), lambda: lapse_invitations(uow)),
            Job("expire-grants", timedelta(minutes=1), lambda: expire_grants(uow)),
            Job("clear-away", timedelta(hours=1), clear_away),
        )
        await run_worker(container, subscriptions, publishes=PUBLISHES, jobs=jobs)
