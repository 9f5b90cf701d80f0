"""The rooms of a school (J-4). A school that has listed them plans lessons in no other."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from journal.access.actions import PLAN_LESSONS
from journal.calendar.authority import hold_school
from journal.timetable.tables import rooms
from shared.db import UnitOfWork
from shared.http import Caller


@dataclass(frozen=True, slots=True)
class Room:
    """A room by the name on its door."""

    name: str
    seats: int | None
    purpose: str
    """«Кабинет химии», «спортзал»."""


async def rooms_of_school(session: AsyncSession, school_id: UUID) -> list[Room]:
    """The rooms of a school by name; none while it has not listed them."""
    query = select(rooms.c.name, rooms.c.seats, rooms.c.purpose).where(rooms.c.school_id == school_id)
    return [Room(*row) for row in await session.execute(query.order_by(rooms.c.name))]


async def unknown_rooms(session: AsyncSession, school_id: UUID, names: Collection[str]) -> set[str]:
    """Those of `names` that the school does not have; none while it has not listed its rooms, nor the empty name."""
    known = {room.name for room in await rooms_of_school(session, school_id)}
    return set(names) - known - {""} if known else set()


async def list_rooms(uow: UnitOfWork, caller: Caller, school_id: UUID, listed: Sequence[Room]) -> list[Room]:
    """Make the school's rooms equal to the list; lessons that stand keep theirs.

    Raises:
        SchoolNotFound, NotYoursToPlan: not the caller's.
    """
    async with uow.begin() as tx:
        await hold_school(tx, caller, school_id, PLAN_LESSONS)
        await tx.session.execute(delete(rooms).where(rooms.c.school_id == school_id))
        rows = [
            {"school_id": school_id, "name": name, "seats": room.seats, "purpose": room.purpose}
            for name, room in {room.name: room for room in listed}.items()
        ]
        if rows:
            await tx.session.execute(insert(rooms).values(rows))
        return await rooms_of_school(tx.session, school_id)
