"""Homework as it is answered."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from pydantic import ConfigDict

from journal.homework.queries import Homework
from journal.homework.rules import Kind, Load
from shared.http import Answer


class FileOut(Answer):
    """A file of a task; what is in it has an address of its own."""

    model_config = ConfigDict(from_attributes=True)

    file_id: UUID
    name: str
    media_type: str
    size: int
    """Bytes."""


class LoadOut(Answer):
    """What the class has to do for that day, against the norm of its grade."""

    minutes: int
    norm_minutes: int
    unestimated: int
    """Mandatory tasks that do not say how long they take."""
    over: bool

    @classmethod
    def of(cls, load: Load) -> Self:
        return cls(minutes=load.minutes, norm_minutes=load.norm_minutes, unestimated=load.unestimated, over=load.over)


class HomeworkOut(Answer):
    """A task as it stands."""

    homework_id: UUID
    subject_id: UUID
    subject: str
    lesson_id: UUID | None
    group_id: UUID | None
    group_title: str | None
    """The part of the class that it is for; null: all of it."""
    due_on: date
    kind: Kind
    mandatory: bool
    text: str
    links: list[str]
    files: list[FileOut]
    minutes: int | None
    author: str
    assigned_at: datetime
    edited_at: datetime
    """When it was last edited."""
    version: int

    @classmethod
    def of(cls, task: Homework, **more: object) -> Self:
        return cls.model_validate(
            {
                "homework_id": task.homework_id,
                "subject_id": task.subject_id,
                "subject": task.subject_title,
                "lesson_id": task.lesson_id,
                "group_id": task.group_id,
                "group_title": task.group_title,
                "due_on": task.due_on,
                "kind": task.kind,
                "mandatory": task.mandatory,
                "text": task.text,
                "links": task.links,
                "files": task.files,
                "minutes": task.minutes,
                "author": task.author_name,
                "assigned_at": task.assigned_at,
                "edited_at": task.edited_at,
                "version": task.version,
                **more,
            }
        )
