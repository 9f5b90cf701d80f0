"""One week of a diary (J-28), put together from three lists, however many lessons and marks they have."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from journal.access.open_diary import OpenDiary
from journal.marks.queries import Mark, marks_of_pupil
from journal.timetable.queries import Lesson, lessons_by_id, lessons_of_class
from journal.weeks import Week


@dataclass(frozen=True, slots=True)
class LessonOfDay:
    """A lesson and the pupil's own marks in it."""

    lesson: Lesson
    marks: list[Mark]


@dataclass(frozen=True, slots=True)
class Day:
    """A day with its lessons in order."""

    date: date
    lessons: list[LessonOfDay]


async def read_week(session: AsyncSession, diary: OpenDiary, week: Week) -> list[Day]:
    """The days of the week; Sunday only if something is on it.

    Without the section `timetable` only lessons with marks are there, without `marks` there are no marks.
    """
    pupil = diary.pupil
    lessons: dict[UUID, Lesson] = {}
    if "timetable" in diary.sections:
        last = min(week.sunday, pupil.left_on) if pupil.left_on else week.sunday
        found = await lessons_of_class(session, pupil.school_id, pupil.class_id, week.monday, last)
        lessons = {lesson.lesson_id: lesson for lesson in found}
    marks: dict[UUID, list[Mark]] = defaultdict(list)
    if "marks" in diary.sections:
        for mark in await marks_of_pupil(session, pupil.school_id, pupil.pupil_id, week.monday, week.sunday):
            marks[mark.lesson_id].append(mark)
    # Marks from the class that the pupil was in before, or all of them where the timetable is not shown.
    if elsewhere := marks.keys() - lessons.keys():
        lessons |= {one.lesson_id: one for one in await lessons_by_id(session, pupil.school_id, elsewhere)}
    days: dict[date, list[LessonOfDay]] = {day: [] for day in week.days[:-1]}
    for lesson in sorted(lessons.values(), key=lambda one: (one.date, one.number, one.lesson_id)):
        days.setdefault(lesson.date, []).append(LessonOfDay(lesson, marks[lesson.lesson_id]))
    return [Day(day, of_day) for day, of_day in sorted(days.items())]
