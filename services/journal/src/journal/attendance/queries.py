"""Reads of absences and notices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Row, Uuid, any_, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from journal.attendance.comments import KeptComment
from journal.attendance.rules import AbsenceKind, AbsenceReason, Missed, NoticeReason, PeriodOfCalendar
from journal.attendance.tables import absence_notices, absences
from journal.calendar.tables import periods
from journal.roster.groups import concerns
from journal.roster.names import full_name
from journal.roster.places import places_of
from journal.roster.queries import Pupil
from journal.roster.tables import classes, pupils, schools
from journal.timetable.tables import lessons
from shared.crypto import FieldVault


@dataclass(frozen=True, slots=True)
class Absence:
    """What stands in a cell."""

    pupil_id: UUID
    lesson_id: UUID
    kind: AbsenceKind
    reason: AbsenceReason | None
    minutes: int | None
    explanation: str | None
    notice_id: UUID | None
    recorded_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class Notice:
    """What a family said before."""

    school_id: UUID
    notice_id: UUID
    pupil_id: UUID
    first_day: date
    last_day: date
    reason: NoticeReason
    kept: KeptComment
    given_by: UUID | None
    given_at: datetime
    withdrawn_at: datetime | None

    def comment(self, vault: FieldVault) -> str | None:
        """What the family wrote, in clear."""
        return self.kept.read(vault, self.notice_id)


async def missed_by_pupil(
    session: AsyncSession, school_id: UUID, pupil_id: UUID, first: date, last: date
) -> list[Missed]:
    """«н» and late of a pupil, in the order of the lessons."""
    wanted = {"school": school_id, "pupil": pupil_id, "first": first, "last": last}
    return [Missed(*tuple(row)) for row in await session.execute(_MISSED, wanted)]


async def lessons_of_days(session: AsyncSession, pupil: Pupil, first: date, last: date) -> list[tuple[date, UUID]]:
    """Date and id of a pupil's lessons, without those that were cancelled: nobody misses them (J-22)."""
    wanted = {"school": pupil.school_id, "pupils": [pupil.pupil_id], "first": first, "last": last}
    return [(row.date, row.lesson_id) for row in await session.execute(_LESSONS, wanted)]


async def periods_of_days(
    session: AsyncSession, school_id: UUID, class_id: UUID, first: date, last: date
) -> list[PeriodOfCalendar]:
    """The periods that some days touch, of the grade that a class was in then."""
    wanted = {"school": school_id, "class": class_id, "first": first, "last": last}
    return [PeriodOfCalendar(*tuple(row)) for row in await session.execute(_PERIODS, wanted)]


async def absences_of_lessons(session: AsyncSession, school_id: UUID, lesson_ids: Sequence[UUID]) -> list[Absence]:
    """All absences of some lessons."""
    found = await session.execute(_OF_LESSONS, {"school": school_id, "lessons": list(lesson_ids)})
    return [Absence(*tuple(row)) for row in found]


async def notices_of_pupil(
    session: AsyncSession, school_id: UUID, pupil_id: UUID, first: date, last: date
) -> list[Notice]:
    """The standing notices of a pupil that touch some days, by their first day."""
    wanted = {"school": school_id, "pupil": pupil_id, "first": first, "last": last}
    return [notice_of(row) for row in await session.execute(_NOTICES, wanted)]


async def notices_of_class(
    session: AsyncSession, school_id: UUID, class_id: UUID, first: date, last: date
) -> list[tuple[str, Notice]]:
    """The standing notices of a class's pupils that touch some days, with the pupils' names."""
    wanted = {"school": school_id, "class": class_id, "first": first, "last": last}
    return [
        (full_name(row.surname, row.given_name, row.patronymic), notice_of(row))
        for row in await session.execute(_OF_CLASS, wanted)
    ]


def notice_of(row: Row[Any]) -> Notice:
    """A row of `absence_notices`."""
    return Notice(
        row.school_id,
        row.notice_id,
        row.pupil_id,
        row.first_day,
        row.last_day,
        row.reason,
        KeptComment(row.data_key, row.comment),
        row.given_by,
        row.given_at,
        row.withdrawn_at,
    )


# The columns of the first four stand in the order of the fields of their dataclasses.
_MISSED = (
    select(
        absences.c.date,
        absences.c.lesson_id,
        absences.c.subject_id,
        absences.c.kind,
        absences.c.reason,
        lessons.c.number,
    )
    .join(lessons, (lessons.c.school_id == absences.c.school_id) & (lessons.c.lesson_id == absences.c.lesson_id))
    .where(
        absences.c.school_id == bindparam("school"),
        absences.c.pupil_id == bindparam("pupil"),
        absences.c.date.between(bindparam("first"), bindparam("last")),
        absences.c.removed_at.is_(None),
    )
    .order_by(absences.c.date, lessons.c.number, absences.c.lesson_id)
)
_PERIODS = (
    select(periods.c.period_id, periods.c.title, periods.c.starts_on, periods.c.ends_on)
    .join(schools, schools.c.school_id == periods.c.school_id)
    .join(classes, (classes.c.school_id == periods.c.school_id) & (classes.c.class_id == bindparam("class")))
    .where(
        periods.c.school_id == bindparam("school"),
        periods.c.starts_on <= bindparam("last"),
        periods.c.ends_on >= bindparam("first"),
        # A year ago the class was a grade lower.
        (
            classes.c.grade
            + func.extract("year", periods.c.year_starts_on)
            - func.extract("year", schools.c.year_starts_on)
        ).between(periods.c.first_grade, periods.c.last_grade),
    )
    .order_by(periods.c.starts_on)
)
_PLACES = places_of(bindparam("school"), bindparam("pupils", type_=ARRAY(Uuid)))
_LESSONS = (
    select(lessons.c.date, lessons.c.lesson_id)
    .join(
        _PLACES,
        (lessons.c.class_id == _PLACES.c.class_id) & lessons.c.date.between(_PLACES.c.first_day, _PLACES.c.last_day),
    )
    .where(
        lessons.c.school_id == bindparam("school"),
        lessons.c.date.between(bindparam("first"), bindparam("last")),
        lessons.c.cancelled_at.is_(None),
        concerns(lessons.c.group_id, lessons.c.date, bindparam("school"), _PLACES.c.pupil_id),
    )
)
_OF_LESSONS = select(
    absences.c.pupil_id,
    absences.c.lesson_id,
    absences.c.kind,
    absences.c.reason,
    absences.c.minutes,
    absences.c.explanation,
    absences.c.notice_id,
    absences.c.recorded_at,
    absences.c.version,
).where(
    absences.c.school_id == bindparam("school"),
    absences.c.lesson_id == any_(bindparam("lessons", type_=ARRAY(Uuid))),
    absences.c.removed_at.is_(None),
)
_STANDING = (
    absence_notices.c.school_id == bindparam("school"),
    absence_notices.c.last_day >= bindparam("first"),
    absence_notices.c.first_day <= bindparam("last"),
    absence_notices.c.withdrawn_at.is_(None),
)
_NOTICES = (
    select(absence_notices)
    .where(*_STANDING, absence_notices.c.pupil_id == bindparam("pupil"))
    .order_by(absence_notices.c.first_day, absence_notices.c.notice_id)
)
_OF_CLASS = (
    select(absence_notices, pupils.c.surname, pupils.c.given_name, pupils.c.patronymic)
    .join(
        pupils,
        (pupils.c.school_id == absence_notices.c.school_id) & (pupils.c.pupil_id == absence_notices.c.pupil_id),
    )
    .where(*_STANDING, pupils.c.class_id == bindparam("class"), pupils.c.left_on.is_(None))
    .order_by(absence_notices.c.first_day, pupils.c.surname, absence_notices.c.notice_id)
)
