"""Homework that was given for lessons (J-23), those to come too: it was given already."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import Row, select

from journal.history.desk import DAY_TO_COME, Brought, Desk, any_id
from journal.history.sheet import LESSON, Column, Day, Fault, Sheet, Unfit, a_date, a_number, a_word
from journal.homework.rules import Kind
from journal.homework.tables import homework
from journal.mistakes import FileRule
from shared.http import Text

GIVEN_AFTER = FileRule(
    "assigned_after_lesson", Text(ru="Задано позже, чем к сроку", en="Given after the lesson that it is for")
)
BAD_LINK = FileRule("bad_link", Text(ru="Должен быть адрес http(s)://…", en="Must be an address http(s)://…"))
_KINDS: dict[str, Kind] = {"homework": "homework", "self_study": "self_study"}
_YES = {"true": True, "false": False, "да": True, "нет": False}


def _a_link(text: str) -> str:
    try:
        parts = urlsplit(text)
    except ValueError:
        raise Unfit(BAD_LINK) from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or " " in text:
        raise Unfit(BAD_LINK)
    return text


class Task(NamedTuple):
    """What was given for a lesson."""

    line: int
    date: Day
    lesson_number: int
    class_source_id: str
    subject_source_id: str
    group_source_id: str | None
    text: str
    assigned_on: Day
    kind: Kind | None
    mandatory: bool | None
    minutes: int | None
    link: str | None


def _check(row: Task) -> Iterator[Fault]:
    if row.assigned_on > row.date:
        yield "assigned_on", GIVEN_AFTER


SHEET = Sheet(
    Task,
    (
        *LESSON,
        Column("text", longest=4000),
        Column("assigned_on", a_date),
        Column("kind", a_word(_KINDS), needed=False),
        Column("mandatory", a_word(_YES), needed=False),
        Column("minutes", a_number(1, 600), needed=False),
        Column("link", _a_link, needed=False, longest=500),
    ),
    _check,
)


async def bring(desk: Desk, rows: Sequence[Task]) -> Brought:
    """Write what does not stand for the same lesson in the same words; the author is who holds the lesson."""
    known: list[tuple[Task, Row[Any]]] = []
    for row in rows:
        lesson = desk.lesson(row, to_come=True)
        if row.assigned_on > desk.today:
            desk.fault(row.line, "assigned_on", DAY_TO_COME)
        if lesson is not None:
            known.append((row, lesson))
    desk.once(((row.line, (lesson.lesson_id, row.text)) for row, lesson in known), "text")
    if desk.mistakes:
        return Brought(0, 0)
    stand = await desk.tx.session.execute(
        select(homework.c.lesson_id, homework.c.text).where(
            homework.c.school_id == desk.school_id,
            homework.c.lesson_id == any_id(list({lesson.lesson_id for _, lesson in known})),
            homework.c.removed_at.is_(None),
        )
    )
    standing = {(row.lesson_id, row.text) for row in stand}
    new = [(row, lesson) for row, lesson in known if (lesson.lesson_id, row.text) not in standing]
    await desk.copy(homework, _COLUMNS, (_record(desk, row, lesson) for row, lesson in new))
    return Brought(len(new), len(known) - len(new))


_COLUMNS = (
    "homework_id", "class_id", "subject_id", "lesson_id", "due_on", "kind", "mandatory", "text", "links", "minutes",
    "author_id", "assigned_at", "edited_at", "group_id",
)  # fmt: skip


def _record(desk: Desk, row: Task, lesson: Row[Any]) -> tuple[Any, ...]:
    place = (desk.tx.new_id(), lesson.class_id, lesson.subject_id, lesson.lesson_id, lesson.date)
    mandatory = True if row.mandatory is None else row.mandatory
    said = (row.kind or "homework", mandatory, row.text, [row.link] if row.link else [], row.minutes)
    at = desk.at(row.assigned_on, lesson.ends_at)
    return (*place, *said, lesson.teacher_id, at, at, lesson.group_id)
