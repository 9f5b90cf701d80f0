"""What a timetable file means for one school: its source ids as the school's own, and the lessons it asks for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Row as DatabaseRow
from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncSession

from journal.mistakes import FileRule, Mistake
from journal.roster.groups import Group, Members, groups_of_school
from journal.roster.queries import School
from journal.roster.tables import classes, staff, subjects
from journal.timetable import rules
from journal.timetable.clashes import Key, Planned, Who, clashes
from journal.timetable.queries import StandingLesson
from journal.timetable.read_file import ReadFile, Row

_COLUMNS: Mapping[Who, str] = {
    "class": "class_source_id",
    "group": "group_source_id",
    "teacher": "teacher_source_id",
    "room": "room",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A lesson of the file with the school's own ids."""

    planned: Planned
    subject_id: UUID
    topic: str

    @property
    def key(self) -> Key:
        return self.planned.key

    def changes(self, stands: StandingLesson) -> bool:
        """Whether the file plans something else than was planned."""
        return (
            replace(self.planned, line=None) != stands.planned
            or stands.subject_id != self.subject_id
            or self.topic not in {"", stands.topic}
        )


@dataclass(frozen=True, slots=True)
class Names:
    """What the school calls its classes, subjects, teachers and groups in files."""

    classes: Mapping[str, DatabaseRow[Any]]
    subjects: Mapping[str, DatabaseRow[Any]]
    teachers: Mapping[str, DatabaseRow[Any]]
    groups: Mapping[str, Group]

    @property
    def members(self) -> Members:
        return {group.group_id: group.pupil_ids for group in self.groups.values()}

    @classmethod
    async def of(cls, session: AsyncSession, school_id: UUID) -> "Names":
        """All names of one school."""

        async def named(table: Table) -> dict[str, DatabaseRow[Any]]:
            rows = await session.execute(select(table).where(table.c.school_id == school_id))
            return {row.source_id: row for row in rows}

        groups = {one.source_id: one for one in await groups_of_school(session, school_id)}
        return cls(await named(classes), await named(subjects), await named(staff), groups)


def understand(school: School, names: Names, file: ReadFile, mistakes: list[Mistake]) -> dict[Key, Wanted]:
    """The lessons that a file asks for; rows that cannot be are told in `mistakes`."""
    wanted: dict[Key, Wanted] = {}
    for row in file.rows:
        found = list(_mistakes_of(row, file.name, school, names))
        mistakes += found
        if found:
            continue
        lesson = _lesson(row, names)
        if (other := wanted.get(lesson.key)) is not None:
            place = f"{file.name}:{other.planned.line}"
            mistakes.append(Mistake(file.name, row.line, "lesson_number", rules.LESSON_TWICE, {"other": place}))
            continue
        wanted[lesson.key] = lesson
    return wanted


def contradictions(
    file: ReadFile, wanted: Mapping[Key, Wanted], standing: Mapping[Key, StandingLesson], members: Members
) -> Iterator[Mistake]:
    """Where the wanted lessons clash among themselves or with what stands, or would take a subject from its marks."""
    for key, lesson in wanted.items():
        stands = standing.get(key)
        if stands is not None and stands.has_marks and stands.subject_id != lesson.subject_id:
            yield Mistake(file.name, lesson.planned.line, "subject_source_id", rules.HAS_MARKS)
        if stands is not None and stands.changed and lesson.changes(stands):
            yield Mistake(file.name, lesson.planned.line, None, rules.CHANGED_BY_HAND)
    # What people changed since stays as they left it: the file only repeats what was planned.
    held = [one.held for key, one in standing.items() if not one.cancelled and (key not in wanted or one.changed)]
    plain = [one.planned for key, one in wanted.items() if key not in standing or not standing[key].changed]
    for clash in clashes(plain + held, members):
        values: dict[str, object] = {"other": clash.other}
        yield Mistake(file.name, clash.lesson.line, _COLUMNS[clash.who], clash.rule, values)


def _mistakes_of(row: Row, file: str, school: School, names: Names) -> Iterator[Mistake]:
    if not school.year_starts_on <= row.date <= school.year_ends_on:
        values: dict[str, object] = {"first": school.year_starts_on, "last": school.year_ends_on}
        yield Mistake(file, row.line, "date", rules.OUTSIDE_YEAR, values)
    known: tuple[tuple[str, str, Mapping[str, object], FileRule], ...] = (
        ("class_source_id", row.class_source_id, names.classes, rules.UNKNOWN_CLASS),
        ("subject_source_id", row.subject_source_id, names.subjects, rules.UNKNOWN_SUBJECT),
        ("teacher_source_id", row.teacher_source_id, names.teachers, rules.UNKNOWN_TEACHER),
    )
    for column, source_id, named, rule in known:
        if source_id not in named:
            yield Mistake(file, row.line, column, rule)
    if row.group_source_id:
        yield from _mistakes_of_group(row, file, names)


def _mistakes_of_group(row: Row, file: str, names: Names) -> Iterator[Mistake]:
    group = names.groups.get(row.group_source_id)
    if group is None or group.ended:
        yield Mistake(file, row.line, "group_source_id", rules.UNKNOWN_GROUP)
        return
    school_class, subject = names.classes.get(row.class_source_id), names.subjects.get(row.subject_source_id)
    if school_class is not None and school_class.class_id != group.class_id:
        yield Mistake(file, row.line, "group_source_id", rules.GROUP_OF_ANOTHER_CLASS)
    elif subject is not None and subject.subject_id != group.subject_id:
        yield Mistake(file, row.line, "group_source_id", rules.GROUP_OF_ANOTHER_SUBJECT)


def _lesson(row: Row, names: Names) -> Wanted:
    school_class = names.classes[row.class_source_id]
    group = names.groups[row.group_source_id] if row.group_source_id else None
    planned = Planned(
        line=row.line,
        class_id=school_class.class_id,
        class_name=school_class.name,
        teacher_id=names.teachers[row.teacher_source_id].person_id,
        room=row.room,
        date=row.date,
        number=row.number,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        group_id=group.group_id if group else None,
        group_title=group.title if group else None,
    )
    return Wanted(planned, names.subjects[row.subject_source_id].subject_id, row.topic)
