"""A lesson as staff see it."""

from datetime import date, datetime, time
from typing import Literal, Self
from uuid import UUID

from journal.timetable.queries import Lesson
from shared.http import Answer


class LessonOut(Answer):
    """One lesson; times are local to the school."""

    lesson_id: UUID
    school_id: UUID
    date: date
    number: int
    starts_at: time
    ends_at: time
    room: str
    topic: str
    class_id: UUID
    class_name: str
    group_id: UUID | None
    group_title: str | None
    """The part of the class that it is for; null: all of it."""
    subject_id: UUID
    subject_title: str
    teacher_id: UUID
    teacher_name: str
    """Who holds it: the substitute, if there is one."""
    state: Literal["planned", "substituted", "cancelled"]
    planned_teacher_id: UUID | None
    planned_teacher_name: str | None
    planned_room: str | None
    """Who was to hold it and where; null: as it is."""
    cancelled_at: datetime | None
    cancelled_because: str | None
    version: int

    @classmethod
    def of(cls, lesson: Lesson) -> Self:
        return cls.model_validate(lesson, from_attributes=True)
