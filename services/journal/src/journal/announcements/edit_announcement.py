"""Correct or take back an announcement: its author, on the version that was seen (J-26)."""

from uuid import UUID

from sqlalchemy import update

from journal.announcements.post_announcement import Words, told
from journal.announcements.queries import Held, hold_announcement, targets_of
from journal.announcements.tables import announcements
from journal.errors import AnnouncementNotFound, StaleVersion
from journal.roster.queries import Teacher, staff_of_account
from shared.contracts.journal import AnnouncementWithdrawn
from shared.db import Tx, UnitOfWork
from shared.http import Caller


async def edit_announcement(
    uow: UnitOfWork, caller: Caller, announcement_id: UUID, version: int, title: str | None, text: str | None
) -> int:
    """Correct the words; whom it is for stays. Answers the new version.

    Raises:
        AnnouncementNotFound: unknown, or somebody else's.
        StaleVersion: it was corrected in between.
    """
    async with uow.begin() as tx:
        held, author = await _own(tx, caller, announcement_id, version)
        words = Words(held.audience, title or held.title, text or held.text)
        await _write(tx, held, title=words.title, text=words.text, edited_at=tx.now)
        class_ids, pupil_ids = await targets_of(tx.session, held)
        for class_id in class_ids:
            tx.emit(told(class_id, announcement_id, author, pupil_ids, words, version + 1, tx.now))
        return version + 1


async def withdraw_announcement(uow: UnitOfWork, caller: Caller, announcement_id: UUID, version: int) -> None:
    """Take it back: nobody reads it any more; the row stays.

    Raises:
        AnnouncementNotFound: unknown, or somebody else's.
        StaleVersion: it was corrected in between.
    """
    async with uow.begin() as tx:
        held, _ = await _own(tx, caller, announcement_id, version)
        await _write(tx, held, withdrawn_at=tx.now)
        class_ids, _ = await targets_of(tx.session, held)
        for class_id in class_ids:
            tx.emit(
                AnnouncementWithdrawn(
                    school_id=held.school_id,
                    class_id=class_id,
                    announcement_id=announcement_id,
                    announcement_version=version + 1,
                    withdrawn_at=tx.now,
                )
            )


async def _own(tx: Tx, caller: Caller, announcement_id: UUID, version: int) -> tuple[Held, Teacher]:
    held = await hold_announcement(tx.session, announcement_id)
    people = {one.person_id: one for one in await staff_of_account(tx.session, caller.account_id)}
    if held is None or held.author_id not in people:
        raise AnnouncementNotFound
    if held.version != version:
        raise StaleVersion(base=version, current=held.version)
    return held, people[held.author_id]


async def _write(tx: Tx, held: Held, **values: object) -> None:
    await tx.session.execute(
        update(announcements)
        .where(announcements.c.school_id == held.school_id, announcements.c.announcement_id == held.announcement_id)
        .values(**values, version=held.version + 1)
    )
