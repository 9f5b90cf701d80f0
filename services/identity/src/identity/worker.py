"""The worker process: relays events, and clears away what has lapsed."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from identity.applications.forget_files import purge_files
from identity.applications.watch_deadlines import watch_deadlines
from identity.class_contacts.lapse_proposals import lapse_proposals
from identity.codes.issue_codes import issue_codes, purge_codes
from identity.container import Container
from identity.events import PUBLISHES, subscriptions
from identity.matching.announce import purge_claims
from identity.membership.end_what_ran_out import end_what_ran_out
from identity.registration.purge import purge_registrations
from identity.school_import.work_off_imports import purge_imports, work_off_imports
from identity.sessions.open_session import purge_devices, purge_sessions
from identity.sessions.spend_assertion import purge_assertions
from identity.sessions.throttle import purge_throttles
from identity.settings import Settings
from shared.bus.worker import Job, run_worker
from shared.ops.settings import load_settings

_PURGES: tuple[Callable[[AsyncSession, datetime], Awaitable[None]], ...] = (
    purge_sessions,
    purge_throttles,
    purge_codes,
    purge_devices,
    purge_assertions,
    purge_registrations,
    purge_files,
    purge_imports,
    purge_claims,
    lapse_proposals,
)


async def clear_away(container: Container) -> None:
    """Drop what nobody may use any more: lapsed sessions, throttles, devices and assertions."""
    database = container.database
    for purge in _PURGES:
        async with database.read() as session, session.begin():
            await purge(session, database.clock())


async def carry_out_imports(container: Container) -> None:
    """Carry out the imports that were ordered over HTTP."""
    await work_off_imports(container.database, container.keys, container.passwords)


async def run(settings: Settings) -> None:
    """Run until told to stop."""
    async with Container.open(settings) as container:
        await run_worker(
            container,
            subscriptions,
            publishes=PUBLISHES,
            jobs=[
                # Somebody looks at a screen and waits for the code.
                Job("issue-codes", timedelta(seconds=0.5), lambda: issue_codes(container.database, container.keys)),
                Job("application-deadlines", timedelta(minutes=1), lambda: watch_deadlines(container.database)),
                Job("clear-away", timedelta(hours=1), lambda: clear_away(container)),
                Job("imports", timedelta(seconds=1), lambda: carry_out_imports(container), alone=False),
                Job("end-what-ran-out", timedelta(minutes=10), lambda: end_what_ran_out(container.database)),
            ],
        )


def main() -> None:
    """Run the worker with settings from the environment."""
    asyncio.run(run(load_settings(Settings)))
