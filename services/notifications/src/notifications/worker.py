"""The worker process: takes events, sends mails, clears away what has expired."""

import asyncio
import sys
from datetime import timedelta

from notifications.consumers import subscriptions
from notifications.container import Container
from notifications.dispatch.send_messages import Sender
from notifications.events import PUBLISHES
from notifications.inbox.catch_up import catch_up_again
from notifications.settings import Settings
from shared.access import purge_cutoffs
from shared.bus.worker import Job, run_worker
from shared.http import purge_idempotency
from shared.ops.settings import load_settings

LOOK_FOR_MESSAGES = timedelta(milliseconds=500)


def main() -> None:
    """Work until told to stop."""
    asyncio.run(_work(load_settings(Settings)))


async def _work(settings: Settings) -> None:
    if settings.sealing_key is None:
        sys.stderr.write("The worker cannot start: ZVONOK_SEALING_KEY is missing\n")
        raise SystemExit(2)
    async with Container.open(settings) as container:
        uow = container.database.uow
        sender = Sender(container.database, settings, settings.sealing_key)

        async def clear_away() -> None:
            async with uow.begin() as tx:
                await purge_idempotency(tx.session, tx.now)
                await purge_cutoffs(tx.session, tx.now)

        jobs = (
            Job("send-messages", LOOK_FOR_MESSAGES, sender.send_due),
            Job("catch-up-again", timedelta(seconds=20), lambda: catch_up_again(uow)),
            Job("clear-away", timedelta(hours=1), clear_away),
        )
        await run_worker(container, subscriptions, publishes=PUBLISHES, jobs=jobs)
