"""«Замены» and cancelled lessons (J-4)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, TIMESTAMP, Row, Text, Uuid, bindparam, text

from journal.history.desk import STANDS_OTHERWISE, Brought, Desk, place_of
from journal.history.sheet import LESSON, Column, Fault, Sheet
from journal.mistakes import FileRule
from journal.pages.touch_columns import touch_columns
from journal.roster.groups import members_of
from journal.timetable import rules
from journal.timetable.clashes import Planned, Who, clashes
from journal.timetable.queries import hold_standing_lessons
from journal.timetable.rooms import unknown_rooms
from journal.timetable.tables import lesson_changes
from shared.http import Text as Words

ONE_OF_BOTH = FileRule(
    "substituted_or_cancelled",
    Words(
        ru="Укажите либо учителя или кабинет, либо причину отмены",
        en="Name a teacher or a room, or else why the lesson was cancelled",
    ),
)
HAS_ENTRIES = FileRule(
    "lesson_has_entries",
    Words(ru="В уроке есть отметки или пропуски: он состоялся", en="The lesson has entries: it was held"),
)
AS_PLANNED = FileRule("as_planned", Words(ru="Так и было по плану", en="That is as it was planned"))
_COLUMNS: Mapping[Who, str] = {
    "class": "lesson_number",
    "group": "lesson_number",
    "teacher": "teacher_source_id",
    "room": "room",
}


class Change(NamedTuple):
    """A lesson that was held otherwise than planned, or not at all."""

    line: int
    date: date
    lesson_number: int
    class_source_id: str
    subject_source_id: str
    group_source_id: str | None
    author_source_id: str
    teacher_source_id: str | None
    room: str | None
    cancelled_because: str | None


def _check(row: Change) -> Iterator[Fault]:
    if bool(row.teacher_source_id or row.room) == bool(row.cancelled_because):
        yield "cancelled_because", ONE_OF_BOTH


SHEET = Sheet(
    Change,
    (
        *LESSON,
        # Who changed the plan.
        Column("author_source_id"),
        Column("teacher_source_id", needed=False),
        Column("room", needed=False, longest=50),
        Column("cancelled_because", needed=False),
    ),
    _check,
)


@dataclass(frozen=True, slots=True)
class _Known:
    row: Change
    lesson: Row[Any]
    author_id: UUID
    teacher_id: UUID
    room: str

    @property
    def stands(self) -> bool:
        if self.row.cancelled_because:
            return bool(self.lesson.cancelled_because == self.row.cancelled_because)
        substituted = self.lesson.planned_teacher_id is not None and self.lesson.cancelled_at is None
        return substituted and (self.lesson.teacher_id, self.lesson.room) == (self.teacher_id, self.room)

    @property
    def untouched(self) -> bool:
        return self.lesson.planned_teacher_id is None and self.lesson.cancelled_at is None

    @property
    def written(self) -> tuple[str, UUID, str, str | None]:
        """As the lesson's own history tells it."""
        operation = "cancelled" if self.row.cancelled_because else "substituted"
        return operation, self.teacher_id, self.room, self.row.cancelled_because


_CHANGE = text(
    """
    UPDATE lessons l
    SET planned_teacher_id = CASE WHEN t.reason IS NULL THEN l.teacher_id END,
        planned_room = CASE WHEN t.reason IS NULL THEN l.room END,
        teacher_id = t.teacher_id, room = t.room,
        cancelled_at = CASE WHEN t.reason IS NOT NULL THEN t.at END, cancelled_because = t.reason,
        version = l.version + 1
    FROM unnest(:lessons, :teachers, :rooms, :reasons, :at) AS t (lesson_id, teacher_id, room, reason, at)
    WHERE l.school_id = :school AND l.lesson_id = t.lesson_id
    """
).bindparams(
    bindparam("school", type_=Uuid),
    bindparam("lessons", type_=ARRAY(Uuid)),
    bindparam("teachers", type_=ARRAY(Uuid)),
    bindparam("rooms", type_=ARRAY(Text)),
    bindparam("reasons", type_=ARRAY(Text)),
    bindparam("at", type_=ARRAY(TIMESTAMP(timezone=True))),
)


async def bring(desk: Desk, rows: Sequence[Change]) -> Brought:
    """Write them, as of the beginning of the lesson; what clashes is named."""
    known = [one for row in rows if (one := _understand(desk, row)) is not None]
    desk.once(((one.row.line, one.lesson.lesson_id) for one in known), "lesson_number")
    new = [one for one in known if not one.stands]
    standing = await hold_standing_lessons(desk.tx.session, desk.school_id, {one.lesson.date for one in new})
    for one in new:
        desk.must_be_open(one.row.line, one.lesson)
        if not one.untouched:
            desk.fault(one.row.line, "lesson_number", STANDS_OTHERWISE)
        elif one.row.cancelled_because and one.lesson.has_marks:
            desk.fault(one.row.line, "cancelled_because", HAS_ENTRIES)
        elif not one.row.cancelled_because and (one.teacher_id, one.room) == (one.lesson.teacher_id, one.lesson.room):
            desk.fault(one.row.line, "teacher_source_id", AS_PLANNED)
    unlisted = await unknown_rooms(desk.tx.session, desk.school_id, {one.row.room for one in new if one.row.room})
    for one in new:
        if one.row.room in unlisted:
            desk.fault(one.row.line, "room", rules.ROOM_UNKNOWN)
    changed = {one.lesson.lesson_id for one in new}
    held = [one.held for one in standing if not one.cancelled and one.lesson_id not in changed]
    asked = [*(_planned(one) for one in new if not one.row.cancelled_because), *held]
    members = await members_of(desk.tx.session, desk.school_id, {one.group_id for one in asked})
    for clash in clashes(asked, members):
        assert clash.lesson.line is not None
        desk.fault(clash.lesson.line, _COLUMNS[clash.who], clash.rule, other=clash.other)
    if not desk.mistakes and new:
        await _write(desk, new)
    return Brought(len(new), len(known) - len(new))


def _understand(desk: Desk, row: Change) -> _Known | None:
    # A lesson that was cancelled in the same way is no mistake here.
    lesson = desk.lessons.get(place_of(row))
    if lesson is None or lesson.cancelled_because is None or lesson.cancelled_because != row.cancelled_because:
        lesson = desk.lesson(row, to_come=True)
    author_id = desk.person(row.line, "author_source_id", row.author_source_id)
    teacher_id = None
    if row.teacher_source_id:
        teacher_id = desk.person(row.line, "teacher_source_id", row.teacher_source_id)
        if teacher_id is None:
            return None
    if lesson is None or author_id is None:
        return None
    substituted = lesson.planned_teacher_id is not None
    planned = (lesson.planned_teacher_id, lesson.planned_room) if substituted else (lesson.teacher_id, lesson.room)
    return _Known(row, lesson, author_id, teacher_id or planned[0], row.room or planned[1])


def _planned(one: _Known) -> Planned:
    lesson = one.lesson
    return Planned(
        line=one.row.line,
        class_id=lesson.class_id,
        class_name=lesson.class_name,
        teacher_id=one.teacher_id,
        room=one.room,
        date=lesson.date,
        number=lesson.number,
        starts_at=lesson.starts_at,
        ends_at=lesson.ends_at,
        group_id=lesson.group_id,
        group_title=lesson.group_title,
    )


async def _write(desk: Desk, new: Sequence[_Known]) -> None:
    at = [desk.at(one.lesson.date, one.lesson.starts_at) for one in new]
    values = {
        "lessons": [one.lesson.lesson_id for one in new],
        "teachers": [one.teacher_id for one in new],
        "rooms": [one.room for one in new],
        "reasons": [one.row.cancelled_because for one in new],
        "at": at,
    }
    await desk.tx.session.execute(_CHANGE, {"school": desk.school_id, **values})
    names = ("lesson_id", "version", "operation", "teacher_id", "room", "reason", "changed_by", "changed_at")
    records = (
        (one.lesson.lesson_id, one.lesson.version + 1, *one.written, one.author_id, when)
        for one, when in zip(new, at, strict=True)
    )
    await desk.copy(lesson_changes, names, records)
    columns = {(one.lesson.class_id, one.lesson.subject_id, one.lesson.lesson_id) for one in new}
    await touch_columns(desk.tx, desk.school_id, columns, written=False)
