"""Reads of the city's events."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from journal.city_events.rules import Kind
from journal.city_events.tables import city_events


@dataclass(frozen=True, slots=True)
class Event:
    """An event as it stands."""

    event_id: UUID
    city: str
    starts_on: date
    ends_on: date
    kind: Kind
    title: str
    description: str
    place: str
    subject: str | None
    organiser: str
    contact: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter; what is None does not matter."""

    first: date
    """Events that end on this day or later."""
    last: date | None
    """… and begin on this day or earlier."""
    kind: Kind | None
    subject: str | None
    city: str | None


async def coming_events(
    session: AsyncSession, wanted: Wanted, after: tuple[Any, ...] | None, enough: int
) -> list[Event]:
    """Events by their last day, soonest first, from the position on."""
    table = city_events.c
    query = select(
        table.event_id,
        table.city,
        table.starts_on,
        table.ends_on,
        table.kind,
        table.title,
        table.description,
        table.place,
        func.nullif(table.subject, "").label("subject"),
        table.organiser,
        table.contact,
    ).where(table.ends_on >= wanted.first)
    order = (table.ends_on, table.starts_on, table.event_id)
    if after is not None:
        query = query.where(tuple_(*order) > after)
    if wanted.last is not None:
        query = query.where(table.starts_on <= wanted.last)
    for column, value in ((table.kind, wanted.kind), (table.subject, wanted.subject), (table.city, wanted.city)):
        if value is not None:
            query = query.where(func.lower(column) == value.lower())
    return [Event(*row) for row in await session.execute(query.order_by(*order).limit(enough))]
