"""Take a notice back before its first day (J-21); it stays written down."""

from uuid import UUID

from sqlalchemy import select, update

from journal.attendance.give_notice import child_to_excuse
from journal.attendance.tables import absence_notices
from journal.errors import NoticeHasBegun, NoticeNotFound, PupilNotFound
from journal.roster.queries import find_school
from shared.contracts.journal import AbsenceNoticeWithdrawn
from shared.db import UnitOfWork
from shared.http import Caller


async def withdraw_notice(uow: UnitOfWork, caller: Caller, pupil_id: UUID, notice_id: UUID) -> None:
    """Withdraw a notice; for any representative of level 2 of the pupil.

    Raises:
        PupilNotFound, NotYourChild: not the caller's to excuse.
        NoticeNotFound: unknown, of another pupil, or withdrawn already.
        NoticeHasBegun: its first day is here.
    """
    async with uow.begin() as tx:
        pupil = await child_to_excuse(tx, caller, pupil_id)
        this = (absence_notices.c.school_id == pupil.school_id) & (absence_notices.c.notice_id == notice_id)
        query = select(absence_notices).where(
            this, absence_notices.c.pupil_id == pupil_id, absence_notices.c.withdrawn_at.is_(None)
        )
        row = (await tx.session.execute(query.with_for_update(key_share=True))).first()
        if row is None:
            raise NoticeNotFound
        school = await find_school(tx.session, pupil.school_id)
        if school is None:  # heard of the pupil, and not of the school yet: streams come in any order
            raise PupilNotFound
        if row.first_day <= school.today(tx.now):
            raise NoticeHasBegun(first_day=row.first_day.isoformat())
        await tx.session.execute(
            update(absence_notices).where(this).values(withdrawn_at=tx.now, withdrawn_by=caller.account_id)
        )
        tx.emit(
            AbsenceNoticeWithdrawn(
                school_id=pupil.school_id,
                pupil_id=pupil_id,
                class_id=pupil.class_id,
                notice_id=notice_id,
                first_day=row.first_day,
                last_day=row.last_day,
                withdrawn_at=tx.now,
            )
        )
