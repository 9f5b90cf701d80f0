"""A service's worker process: relay, receive step, pump, scheduled jobs, and a small page for operators."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

import structlog
import uvicorn
from sqlalchemy import text

from shared.access import purge_cutoffs
from shared.bus import operations
from shared.bus.asyncapi import asyncapi_document
from shared.bus.patience import Patience
from shared.bus.pump import Pump
from shared.bus.receive import Receiver
from shared.bus.relay import Relay
from shared.bus.subscriptions import Subscriptions
from shared.contracts import Event
from shared.db.database import Database
from shared.http import purge_idempotency
from shared.ops.health import Probe, database_probe, ops_app
from shared.ops.settings import ServiceSettings

_log = structlog.get_logger(__name__)


class WorkerContainer(Protocol):
    """What the worker needs of a service's container."""

    @property
    def settings(self) -> ServiceSettings: ...

    @property
    def database(self) -> Database: ...


@dataclass(frozen=True, slots=True)
class Job:
    """Something done again and again."""

    name: str
    every: timedelta
    run: Callable[[], Awaitable[object]]
    alone: bool = True
    """By one replica at a time; False for work whose rows are claimed one by one anyhow."""


class Disconnected(Exception):
    """The process is up but has no connection to RabbitMQ."""


async def run_worker(
    container: WorkerContainer,
    subscriptions: Subscriptions,
    *,
    publishes: Sequence[type[Event]] = (),
    jobs: Sequence[Job] = (),
) -> None:
    """Work until SIGTERM or SIGINT. Everything that fails is tried again with short pauses; nothing is lost by a kill.

    Args:
        container: The process's objects.
        subscriptions: With the handlers of all rooms bound.
        publishes: What the service says, for the AsyncAPI page.
        jobs: Scheduled work beside the bus.
    """
    subscriptions.complete()
    database, settings = container.database, container.settings
    if settings.rabbitmq_url is None:
        sys.exit("The worker cannot start: ZVONOK_RABBITMQ_URL is missing")
    service = subscriptions.service
    relay = Relay(database.engine, producer=service, rabbitmq_url=settings.rabbitmq_url)
    pump = Pump(database, subscriptions)
    receiver = Receiver(database.engine, service=service, rabbitmq_url=settings.rabbitmq_url, stored=pump.wake)

    async def connected() -> None:
        if not (relay.connected and receiver.connected):
            raise Disconnected

    async def measured() -> None:
        await operations.status(database.engine)

    probes: Mapping[str, Probe] = {"database": database_probe(database), "rabbitmq": connected}
    page = ops_app(probes, asyncapi_document(service, publishes, subscriptions))

    async def clear_away() -> None:
        async with database.sessions.begin() as session:
            await purge_idempotency(session, database.clock())
            await purge_cutoffs(session, database.clock())

    housekeeping = (
        Job("clear-away-keys", timedelta(hours=1), clear_away),
        Job("bus-metrics", timedelta(seconds=5), measured, alone=False),
        Job("bus-prune", timedelta(hours=1), lambda: operations.prune(database.engine)),
    )
    tasks: list[Awaitable[Any]] = [
        relay.run(),
        receiver.run(),
        pump.run(),
        _listen(database, {"outbox": relay.wake, "inbox": pump.wake}),
        _serve(page, settings.api_host, settings.ops_port),
        *(_repeat(database, job) for job in (*housekeeping, *jobs)),
    ]
    await _until_told(tasks)


async def _until_told(work: Sequence[Awaitable[Any]]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    tasks = [asyncio.ensure_future(item) for item in work]
    stopping = asyncio.ensure_future(stop.wait())
    done, _ = await asyncio.wait([*tasks, stopping], return_when=asyncio.FIRST_COMPLETED)
    for task in (*tasks, stopping):
        task.cancel()
    await asyncio.gather(*tasks, stopping, return_exceptions=True)
    for task in done - {stopping}:
        task.result()  # a loop that ended by itself is a bug: leave with its traceback, the supervisor starts anew


async def _listen(database: Database, wakes: Mapping[str, asyncio.Event]) -> None:
    patience = Patience("listen", _log)
    while True:
        try:
            async with database.engine.connect() as connection:
                raw = (await connection.get_raw_connection()).driver_connection
                assert raw is not None
                lost = asyncio.Event()
                raw.add_termination_listener(lambda *_, lost=lost: lost.set())
                for channel, wake in wakes.items():
                    await raw.add_listener(channel, lambda *_, wake=wake: wake.set())
                    wake.set()  # what was said while nobody listened
                patience.reset()
                try:
                    await lost.wait()
                finally:
                    await connection.invalidate()
            raise ConnectionError  # noqa: TRY301 -- the one way back to the pause
        except Exception as error:  # noqa: BLE001 -- polls go on beneath; the database will be back
            await patience.wait(error)


async def _repeat(database: Database, job: Job) -> None:
    patience = Patience(job.name, _log)
    while True:
        try:
            if job.alone:
                # One replica at a time; the lock goes with the transaction, also when the process is killed.
                async with database.engine.begin() as connection:
                    got = await connection.execute(
                        text("SELECT pg_try_advisory_xact_lock(hashtext(:name))"), {"name": job.name}
                    )
                    if got.scalar_one():
                        await job.run()
            else:
                await job.run()
            patience.reset()
        except Exception as error:  # noqa: BLE001 -- a job is tried again like everything else
            await patience.wait(error)
        await asyncio.sleep(job.every.total_seconds())


async def _serve(app: Any, host: str, port: int) -> None:
    config = uvicorn.Config(app, host=host, port=port, log_config=None, access_log=False, lifespan="off")
    with contextlib.suppress(asyncio.CancelledError):
        await _Page(config).serve()


class _Page(uvicorn.Server):
    """Signals are the worker's own affair: it has more to stop than a page."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
