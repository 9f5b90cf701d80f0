"""The worker process: takes events, sends mails and SMS."""

import asyncio
import sys
from datetime import timedelta

from notifications.classes.join_class import join_classes_again
from notifications.consumers import subscriptions
from notifications.container import Container
from notifications.dispatch.expire_messages import expire_messages
from notifications.dispatch.send_messages import Sender
from notifications.events import PUBLISHES
from notifications.inbox.catch_up import catch_up_again
from notifications.settings import Settings
from shared.bus.worker import Job, run_worker
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
        # A queue for each channel: a mail server that is away holds up no SMS.
        mails = Sender("email", container.database, settings, settings.sealing_key)
        sms = Sender("sms", container.database, settings, settings.sealing_key)
        jobs = (
            Job("send-mails", LOOK_FOR_MESSAGES, mails.send_due, alone=False),
            Job("send-sms", LOOK_FOR_MESSAGES, sms.send_due, alone=False),
            Job("expire-messages", timedelta(seconds=10), lambda: expire_messages(uow)),
            Job("catch-up-again", timedelta(seconds=20), lambda: catch_up_again(uow)),
            Job("join-classes-again", timedelta(seconds=20), lambda: join_classes_again(uow)),
        )
        await run_worker(container, subscriptions, publishes=PUBLISHES, jobs=jobs)
