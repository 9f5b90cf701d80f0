"""What an account is told (J-26): by the classes of the pupils whose own or whose representative it is."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from journal.access.open_diary import diaries_of
from journal.announcements.queries import Announcement, Listener, announcements_for
from journal.announcements.rules import audiences_of
from journal.announcements.tables import announcement_reads
from journal.errors import AnnouncementNotFound
from shared.db import UnitOfWork
from shared.http import Caller


async def read_announcements(
    session: AsyncSession, account_id: UUID, now: datetime, before_id: UUID | None, enough: int
) -> list[Announcement]:
    """Newest first; announcements of a class that the pupil has left are gone."""
    listeners = await _listeners(session, account_id, now)
    return await announcements_for(session, account_id, listeners, before_id=before_id, enough=enough)


async def mark_read(uow: UnitOfWork, caller: Caller, announcement_id: UUID) -> None:
    """Note that the caller has read it; saying it twice changes nothing.

    Raises:
        AnnouncementNotFound: not for this caller.
    """
    async with uow.begin() as tx:
        listeners = await _listeners(tx.session, caller.account_id, tx.now)
        found = await announcements_for(tx.session, caller.account_id, listeners, only=announcement_id)
        if not found:
            raise AnnouncementNotFound
        school_id = next(one.school_id for one in listeners if one.pupil_id in found[0].pupil_ids)
        await tx.session.execute(
            insert(announcement_reads)
            .values(school_id=school_id, announcement_id=announcement_id, account_id=caller.account_id, read_at=tx.now)
            .on_conflict_do_nothing()
        )


async def _listeners(session: AsyncSession, account_id: UUID, now: datetime) -> list[Listener]:
    return [
        Listener(diary.pupil.school_id, diary.pupil.class_id, diary.pupil.pupil_id, audiences)
        for diary in await diaries_of(session, account_id, now)
        if diary.pupil.left_on is None
        and diary.decision.relation is not None
        and (audiences := audiences_of(diary.decision.relation))
    ]
