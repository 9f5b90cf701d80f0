"""The books of the bus in all five databases: what was said, and what has become of it at each who listens (I1, I2)."""

import asyncio
from collections.abc import Awaitable, Callable
from importlib import import_module

import asyncpg

from town.up import SERVICES, Town

SETTLED = ("done", "superseded", "ignored")


async def ask(dsn: str, query: str, *arguments) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetch(query, *arguments)
    finally:
        await connection.close()


async def unsettled(town: Town) -> list[str]:
    """Every event of every outbox that has not taken effect at a consumer that listens to it."""
    listeners = {service: import_module(f"{service}.events").subscriptions.routing_keys() for service in SERVICES}
    settled = {}
    for service in SERVICES:
        rows = await ask(town.dsn(service), "SELECT event_id FROM inbox WHERE status = ANY($1)", SETTLED)
        settled[service] = {row["event_id"] for row in rows}
    found = []
    for producer in SERVICES:
        for event in await ask(town.dsn(producer), "SELECT event_id, routing_key FROM outbox_event"):
            found += [
                f"{event['routing_key']} {event['event_id']} at {service}"
                for service, keys in listeners.items()
                if event["routing_key"] in keys.get(f"{producer}.events", ())
                and event["event_id"] not in settled[service]
            ]
    return found


async def all_settled(town: Town, seconds: float = 60) -> None:
    """Wait until every event has taken effect everywhere."""
    await eventually(lambda: unsettled(town), seconds)


async def eventually(complaints: Callable[[], Awaitable[list[str]]], seconds: float = 60) -> None:
    """Wait until nobody complains; the last complaints are the failure's message."""
    last: list[str] = []
    try:
        async with asyncio.timeout(seconds):
            while last := await complaints():  # noqa: ASYNC110 -- the complaints live in databases
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise AssertionError(f"after {seconds} s still {len(last)}: {last[:10]}") from None
