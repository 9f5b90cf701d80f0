"""«May I?», asked at read time, in the database of this service (J-2)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from journal.access.actions import FAMILY
from journal.access.tables import access_edges
from journal.roster.queries import find_pupils
from shared.access import Action, Decision, Object, Relation, decide, edge_of, edges_for, edges_of


async def may(session: AsyncSession, account_id: UUID, action: Action, obj: Object, now: datetime) -> Decision:
    """Decide by the caller's edges on the object and on what it lies within: one indexed query."""
    return decide(await edges_for(session, account_id, obj.keys()), action, obj, now)


async def schools_of_staff(session: AsyncSession, account_id: UUID, now: datetime) -> set[UUID]:
    """The schools that an account works at, whatever its roles."""
    edges = await edges_of(session, account_id, now)
    return {edge.school_id for edge in edges if edge.school_id and edge.relation not in FAMILY}


async def class_teachers_of(session: AsyncSession, class_id: UUID, now: datetime) -> tuple[UUID, ...]:
    """The accounts of those who lead a class now; whoever has none yet is left out."""
    query = select(access_edges).where(
        access_edges.c.object_type == "class",
        access_edges.c.object_id == class_id,
        access_edges.c.relation == Relation.CLASS_TEACHER.value,
    )
    edges = [edge_of(row) for row in await session.execute(query)]
    return tuple(sorted({edge.account_id for edge in edges if edge.in_force(now)}))


async def knows_school(session: AsyncSession, account_id: UUID, school_id: UUID, now: datetime) -> bool:
    """Whether an account has to do with a school at all: works or learns there, or reads a diary of it."""
    edges = await edges_of(session, account_id, now)
    if any(edge.school_id == school_id for edge in edges):
        return True
    # Who grants access to a pupil need not say where the pupil learns.
    pupils = await find_pupils(session, {edge.object_id for edge in edges if edge.object_type == "pupil"})
    return any(pupil.school_id == school_id for pupil in pupils.values())
