"""A family says that a child will be absent (J-21); a later «н» in these days takes its reason from it."""

from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import insert

from journal.access.actions import GIVE_NOTICE
from journal.access.check import class_teachers_of
from journal.access.open_diary import open_diary
from journal.attendance.comments import KeptComment
from journal.attendance.queries import Notice, notices_of_pupil
from journal.attendance.rules import MOST_DAYS_OF_NOTICE, MOST_NOTICES, NoticeReason
from journal.attendance.tables import absence_notices
from journal.errors import NoticeDaysWrong, NotYourChild, PupilNotFound, TooManyNotices
from journal.roster.queries import Pupil, find_school, hold_pupil
from shared.contracts.journal import AbsenceNoticeGiven
from shared.crypto import FieldVault
from shared.db import Tx, UnitOfWork
from shared.http import Caller


@dataclass(frozen=True, slots=True)
class NewNotice:
    """From when to when, and why; both are P3 and go into no event and no log."""

    first_day: date
    last_day: date
    reason: NoticeReason
    comment: str | None = None


async def give_notice(uow: UnitOfWork, vault: FieldVault, caller: Caller, pupil_id: UUID, new: NewNotice) -> Notice:
    """Give notice of an absence; for representatives of level 2. The same said twice is one notice.

    Raises:
        PupilNotFound, NotYourChild: not the caller's to excuse.
        NoticeDaysWrong: in the past, backwards, or too long.
        TooManyNotices: so many stand that one of them has to go first.
    """
    async with uow.begin() as tx:
        pupil = await child_to_excuse(tx, caller, pupil_id)
        school = await find_school(tx.session, pupil.school_id)
        if school is None:  # heard of the pupil, and not of the school yet: streams come in any order
            raise PupilNotFound
        today = school.today(tx.now)
        if not (today <= new.first_day <= new.last_day and (new.last_day - new.first_day).days < MOST_DAYS_OF_NOTICE):
            raise NoticeDaysWrong(today=today.isoformat(), days=MOST_DAYS_OF_NOTICE)
        # Both parents at once, or one who tapped twice: the second waits here and finds the first.
        await hold_pupil(tx.session, pupil.school_id, pupil_id)
        standing = await notices_of_pupil(tx.session, pupil.school_id, pupil_id, today, date.max)
        for one in standing:
            if new == NewNotice(one.first_day, one.last_day, one.reason, one.comment(vault)):
                return one
        if len(standing) >= MOST_NOTICES:  # each is told to the class teacher
            raise TooManyNotices(most=MOST_NOTICES)
        notice_id = tx.new_id()
        notice = Notice(
            school_id=pupil.school_id,
            notice_id=notice_id,
            pupil_id=pupil_id,
            first_day=new.first_day,
            last_day=new.last_day,
            reason=new.reason,
            kept=KeptComment.of(vault, notice_id, new.comment),
            given_by=caller.account_id,
            given_at=tx.now,
            withdrawn_at=None,
        )
        await _keep(tx, notice, pupil.class_id)
        return notice


async def _keep(tx: Tx, notice: Notice, class_id: UUID) -> None:
    """Write it down, and let those who lead the class know: without a reason, which is P3."""
    await tx.session.execute(
        insert(absence_notices).values(
            school_id=notice.school_id,
            notice_id=notice.notice_id,
            pupil_id=notice.pupil_id,
            first_day=notice.first_day,
            last_day=notice.last_day,
            reason=notice.reason,
            **asdict(notice.kept),
            given_by=notice.given_by,
            given_at=notice.given_at,
        )
    )
    tx.emit(
        AbsenceNoticeGiven(
            school_id=notice.school_id,
            pupil_id=notice.pupil_id,
            class_id=class_id,
            notice_id=notice.notice_id,
            first_day=notice.first_day,
            last_day=notice.last_day,
            teacher_account_ids=await class_teachers_of(tx.session, class_id, tx.now),
            given_at=notice.given_at,
        )
    )


async def child_to_excuse(tx: Tx, caller: Caller, pupil_id: UUID) -> Pupil:
    """The pupil, for whom the caller may speak to the school.

    Raises:
        PupilNotFound: unknown, or the diary is not open to the caller.
        NotYourChild: the caller may read the diary and no more.
    """
    diary = await open_diary(tx.session, caller.account_id, pupil_id, tx.now)
    if diary.pupil.left_on is not None:
        raise PupilNotFound
    if not diary.may(GIVE_NOTICE):
        raise NotYourChild
    return diary.pupil
