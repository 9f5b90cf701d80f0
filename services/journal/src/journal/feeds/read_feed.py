"""What a calendar program gets for a secret (J-6): what the owner of the address may see at this moment."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from journal.access.check import schools_of_staff
from journal.access.open_diary import open_diary
from journal.errors import FeedNotFound, PupilNotFound
from journal.feeds.calendar_file import Heading, calendar_file
from journal.feeds.rules import days_of_feed, secret_hash
from journal.feeds.tables import feeds
from journal.roster.queries import find_school, staff_of_account
from journal.timetable.queries import lessons_of_class, lessons_of_teachers
from shared.http import Language

_OWN_LESSONS = {"ru": "Мои уроки", "en": "My lessons"}


async def read_feed(session: AsyncSession, secret: str, now: datetime) -> bytes:
    """The iCalendar file behind a secret.

    Raises:
        FeedNotFound: no such address, taken back, or its owner may no longer see this timetable.
    """
    found = (
        await session.execute(
            select(feeds).where(feeds.c.secret_hash == secret_hash(secret), feeds.c.revoked_at.is_(None))
        )
    ).first()
    if found is None:
        raise FeedNotFound
    if found.pupil_id is None:
        return await _of_teacher(session, found.feed_id, found.account_id, found.locale, now)
    try:
        diary = await open_diary(session, found.account_id, found.pupil_id, now)
    except PupilNotFound:
        raise FeedNotFound from None
    school = await find_school(session, diary.pupil.school_id)
    if school is None or "timetable" not in diary.sections:
        raise FeedNotFound
    first, last = days = days_of_feed(school.today(now))
    last = min(last, diary.pupil.left_on or last)
    of_class = (school.school_id, diary.pupil.class_id, first, last)
    lessons = await lessons_of_class(session, *of_class, pupil_id=diary.pupil.pupil_id)
    heading = Heading(found.feed_id, diary.label, school.time_zone, found.locale)
    return calendar_file(heading, lessons, days, now=now)


async def _of_teacher(
    session: AsyncSession, feed_id: UUID, account_id: UUID, language: Language, now: datetime
) -> bytes:
    working = await schools_of_staff(session, account_id, now)
    people = [one for one in await staff_of_account(session, account_id) if one.school_id in working]
    school = await find_school(session, people[0].school_id) if people else None
    if school is None:
        raise FeedNotFound
    days = days_of_feed(school.today(now))
    lessons = await lessons_of_teachers(session, [(one.school_id, one.person_id) for one in people], *days)
    heading = Heading(feed_id, _OWN_LESSONS[language], school.time_zone, language)
    return calendar_file(heading, lessons, days, now=now, teacher_ids={one.person_id for one in people})
