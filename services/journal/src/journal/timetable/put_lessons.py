"""Write lessons: one statement, however many."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from journal.timetable.tables import lessons

_COLUMNS = (
    "school_id",
    "lesson_id",
    "class_id",
    "subject_id",
    "teacher_id",
    "date",
    "number",
    "starts_at",
    "ends_at",
    "room",
    "topic",
    "weekly_timetable_id",
    "group_id",
)
_CHANGEABLE = ("subject_id", "teacher_id", "starts_at", "ends_at", "room", "topic", "weekly_timetable_id")


async def put_lessons(session: AsyncSession, rows: Sequence[Mapping[str, Any]], keep: Sequence[str] = ()) -> None:
    """Insert lessons, or change those that stand.

    Args:
        session: an open session; nothing is committed.
        rows: each with all of `_COLUMNS`.
        keep: columns that a lesson which stands keeps as they are.
    """
    if not rows:
        return
    assignments = ", ".join(f"{name} = excluded.{name}" for name in _CHANGEABLE if name not in keep)
    if "topic" not in keep:
        # A topic that comes with the row is somebody's word; the thematic plan leaves it alone from now on.
        assignments += ", topic_from_plan = lessons.topic_from_plan AND lessons.topic = excluded.topic"
    statement = text(
        f"INSERT INTO lessons ({', '.join(_COLUMNS)}) "  # noqa: S608 -- names of our own columns only
        f"SELECT * FROM unnest({', '.join(f':{name}' for name in _COLUMNS)}) "
        f"ON CONFLICT (school_id, lesson_id) DO UPDATE SET {assignments}"
    ).bindparams(*(bindparam(name, type_=ARRAY(lessons.c[name].type)) for name in _COLUMNS))
    await session.execute(statement, {name: [row[name] for row in rows] for name in _COLUMNS})
