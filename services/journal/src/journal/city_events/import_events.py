"""Bring the city's events from a file (J-27): all or nothing, a second time nothing at all."""

from dataclasses import dataclass, fields

from sqlalchemy import Boolean, literal_column, or_
from sqlalchemy.dialects.postgresql import insert

from journal.city_events.rules import CityEvent, ReadEvents
from journal.city_events.tables import city_events
from journal.errors import CityEventsRefused
from shared.db import UnitOfWork

_FIELDS = tuple(field.name for field in fields(CityEvent))


@dataclass(frozen=True, slots=True)
class ImportedEvents:
    """What a file has changed."""

    added: int
    changed: int
    unchanged: int


async def import_events(uow: UnitOfWork, read: ReadEvents) -> ImportedEvents:
    """Add new events and correct known ones; what the file does not name stays.

    Raises:
        CityEventsRefused: with every mistake of the file; nothing was taken.
    """
    if read.mistakes:
        raise CityEventsRefused(read.mistakes)
    if not read.events:
        return ImportedEvents(0, 0, 0)
    async with uow.begin() as tx:
        rows = [
            {name: getattr(event, name) for name in _FIELDS} | {"event_id": tx.new_id(), "imported_at": tx.now}
            for event in read.events
        ]
        statement = insert(city_events).values(rows)
        changeable = [name for name in _FIELDS if name != "source_id"]
        written = await tx.session.scalars(
            statement.on_conflict_do_update(
                index_elements=("source_id",),
                set_={name: statement.excluded[name] for name in (*changeable, "imported_at")},
                where=or_(*(city_events.c[name] != statement.excluded[name] for name in changeable)),
            ).returning(literal_column("xmax = 0", Boolean))
        )
        added: list[bool] = list(written)  # no row version before this one: it was not there
        new = sum(added)
        return ImportedEvents(new, len(added) - new, len(rows) - len(added))
