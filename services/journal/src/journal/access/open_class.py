"""Opens classes for reading: for those who may, and for nobody else does the class exist (J-1)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from journal.errors import SchoolClassNotFound
from journal.roster.queries import SchoolClass, find_class
from shared.access import Action, decide, edges_for


async def open_class(
    session: AsyncSession,
    account_id: UUID,
    class_id: UUID,
    now: datetime,
    *actions: Action,
    subject_id: UUID | None = None,
) -> SchoolClass:
    """Open a class to somebody who may do any of the actions in it (with a subject: in that subject).

    Raises:
        SchoolClassNotFound: there is no such class, or not for this account.
    """
    school_class = await find_class(session, class_id)
    if school_class is not None:
        place = school_class.as_object(subject_id)
        edges = await edges_for(session, account_id, place.keys())
        if any(decide(edges, action, place, now) for action in actions):
            return school_class
    raise SchoolClassNotFound
