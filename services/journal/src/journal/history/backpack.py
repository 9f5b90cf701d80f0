"""Things to bring to lessons, one a row, in the order of the file (J-25)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, select

from journal.backpack.tables import backpack_lists, backpack_things
from journal.history.desk import STANDS_OTHERWISE, Brought, Desk, any_id
from journal.history.sheet import LESSON, Column, Sheet, a_number
from journal.mistakes import FileRule
from shared.http import Text

MOST_THINGS = 20
TOO_MANY = FileRule("too_many_things", Text(ru="К уроку не больше 20 вещей", en="At most 20 things for a lesson"))


class Thing(NamedTuple):
    """Something to bring."""

    line: int
    date: date
    lesson_number: int
    class_source_id: str
    subject_source_id: str
    group_source_id: str | None
    title: str
    grams: int


SHEET = Sheet(Thing, (*LESSON, Column("title", longest=200), Column("grams", a_number(0, 10_000))))


async def bring(desk: Desk, rows: Sequence[Thing]) -> Brought:
    """Write the lists of lessons that have none; lessons may be to come."""
    of_lesson: dict[UUID, list[Thing]] = defaultdict(list)
    held: dict[UUID, Row[Any]] = {}
    for row in rows:
        lesson = desk.lesson(row, to_come=True)
        if lesson is not None:
            held[lesson.lesson_id] = lesson
            of_lesson[lesson.lesson_id].append(row)
            if len(of_lesson[lesson.lesson_id]) > MOST_THINGS:
                desk.fault(row.line, "title", TOO_MANY)
    things = backpack_things.c
    stand = await desk.tx.session.execute(
        select(backpack_lists.c.lesson_id, things.title, things.grams)
        .join_from(
            backpack_lists,
            backpack_things,
            (things.school_id == backpack_lists.c.school_id) & (things.lesson_id == backpack_lists.c.lesson_id),
            isouter=True,
        )
        .where(backpack_lists.c.school_id == desk.school_id, backpack_lists.c.lesson_id == any_id(list(held)))
        .order_by(things.position)
    )
    standing: dict[UUID, list[tuple[str, int]]] = defaultdict(list)
    for lesson_id, title, grams in stand:
        standing[lesson_id] += [(title, grams)] if title else []
    for lesson_id, listed in standing.items():
        asked = of_lesson.pop(lesson_id)
        if [(thing.title, thing.grams) for thing in asked] != listed:
            desk.fault(asked[0].line, "title", STANDS_OTHERWISE)
    if desk.mistakes:
        return Brought(0, 0)
    lists = ((lesson_id, held[lesson_id].teacher_id, desk.tx.now, 1) for lesson_id in of_lesson)
    await desk.copy(backpack_lists, ("lesson_id", "author_id", "written_at", "version"), lists)
    new = [
        (lesson_id, position, thing.title, thing.grams)
        for lesson_id, asked in of_lesson.items()
        for position, thing in enumerate(asked)
    ]
    await desk.copy(backpack_things, ("lesson_id", "position", "title", "grams"), new)
    return Brought(len(new), len(rows) - len(new))
