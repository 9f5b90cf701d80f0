"""A pupil's week as a document of its own: whole, the same for everybody who may read all of it, without a viewer."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from journal.access.actions import SECTIONS
from journal.access.open_diary import OpenDiary
from journal.diary.week import LessonOfDay, read_week
from journal.roster.queries import Pupil
from journal.weeks import Week
from shared.access import Decision


async def week_document(session: AsyncSession, pupil: Pupil, week: Week) -> dict[str, Any]:
    """The page that is signed (J-32): plain JSON values, no floats, nothing that changes by looking at it."""
    days = await read_week(session, OpenDiary(pupil, Decision(allowed=True, scope=SECTIONS)), week)
    return {
        "week": str(week),
        "pupil": {"pupil_id": str(pupil.pupil_id), "name": pupil.full_name, "class": pupil.class_name},
        "days": [{"date": day.date.isoformat(), "lessons": [_lesson(one) for one in day.lessons]} for day in days],
    }


def _lesson(one: LessonOfDay) -> dict[str, Any]:
    lesson = one.lesson
    return {
        "lesson_id": str(lesson.lesson_id),
        "number": lesson.number,
        "subject": lesson.subject_title,
        "teacher": lesson.teacher_name,
        "topic": lesson.topic,
        "marks": [
            {
                "mark_id": str(mark.mark_id),
                "value": mark.value,
                "control_form": mark.form.name,
                "weight": mark.form.weight,
                "comment": mark.comment,
                "author": mark.author_name,
                "posted_at": _written(mark.posted_at),
            }
            for mark in one.marks
        ],
    }


def _written(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
