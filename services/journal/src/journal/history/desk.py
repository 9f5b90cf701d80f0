"""What the rows of a file mean for one school: its lessons, pupils, forms and people; what is wrong is noted down."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import islice
from typing import Any, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ARRAY, Row, Table, Uuid, any_, cast, select
from sqlalchemy.ext.asyncio import AsyncSession

from journal.calendar.queries import Period
from journal.marks.rules import FIRST_GRADE_WITH_MARKS
from journal.marks.tables import control_forms
from journal.mistakes import FileRule, Mistake
from journal.roster.groups import Spans, is_within, spans_of
from journal.roster.queries import School
from journal.roster.tables import class_groups, classes, pupils, staff, subjects
from journal.timetable.queries import OF_GROUP
from journal.timetable.rules import UNKNOWN_CLASS, UNKNOWN_SUBJECT
from journal.timetable.tables import lessons
from shared.crypto import FieldVault
from shared.db import Tx
from shared.http import Text

UNKNOWN_LESSON = FileRule(
    "unknown_lesson",
    Text(ru="В расписании нет такого урока этого класса", en="The timetable has no such lesson of this class"),
)
GROUP_REQUIRED = FileRule(
    "group_required", Text(ru="Урок идёт по группам: укажите группу", en="The lesson is held in groups: name the group")
)
NOT_IN_GROUP = FileRule(
    "pupil_not_in_group",
    Text(ru="Ученик не занимается в группе этого урока", en="The lesson's group has no such pupil"),
)
CANCELLED = FileRule("lesson_cancelled", Text(ru="Этот урок отменён", en="This lesson was cancelled"))
UNKNOWN_PERSON = FileRule(
    "unknown_person", Text(ru="В школе нет такого сотрудника", en="Nobody of the school's staff has this id")
)
UNKNOWN_PUPIL = FileRule("unknown_pupil", Text(ru="В классе нет такого ученика", en="The class has no such pupil"))
SEVERAL_PUPILS = FileRule(
    "several_pupils", Text(ru="В классе несколько учеников с таким именем", en="Several pupils have this name")
)
UNKNOWN_FORM = FileRule(
    "unknown_control_form", Text(ru="В школе нет такой формы контроля", en="The school has no such control form")
)
NO_MARKS_YET = FileRule("no_marks_in_grade_1", Text(ru="В первом классе отметок нет", en="Grade 1 has no marks"))
PERIOD_CLOSED = FileRule("period_closed", Text(ru="Период «{title}» закрыт", en="The period “{title}” is closed"))
TO_COME = FileRule("lesson_to_come", Text(ru="Этого урока ещё не было", en="The lesson is still to come"))
DAY_TO_COME = FileRule("day_to_come", Text(ru="Этот день ещё не наступил", en="This day is still to come"))
OUTSIDE_YEAR = FileRule(
    "outside_year", Text(ru="Учебный год — с {first} по {last}", en="The school year is {first} to {last}")
)
STANDS_OTHERWISE = FileRule(
    "stands_otherwise", Text(ru="Здесь уже записано другое", en="Something else stands here already")
)
TWICE = FileRule("row_repeated", Text(ru="Это уже есть в файле", en="The file has this already"))

COPIED_AT_ONCE = 50_000
"""Rows."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What a file has brought, in rows."""

    added: int
    unchanged: int


class OfLesson(Protocol):
    """A row that names a lesson."""

    @property
    def line(self) -> int: ...
    @property
    def date(self) -> date: ...
    @property
    def lesson_number(self) -> int: ...
    @property
    def class_source_id(self) -> str: ...
    @property
    def subject_source_id(self) -> str: ...
    @property
    def group_source_id(self) -> str | None: ...


class OfPupil(Protocol):
    """A row that names a pupil of a class."""

    @property
    def line(self) -> int: ...
    @property
    def class_source_id(self) -> str: ...
    @property
    def pupil(self) -> str: ...


Place = tuple[str, date, int, str, str | None]
"""What a lesson is known by in files: class, day, number, subject, group if it is not the whole class's."""


def place_of(row: OfLesson) -> Place:
    """Of the lesson that a row names."""
    return row.class_source_id, row.date, row.lesson_number, row.subject_source_id, row.group_source_id


@dataclass(slots=True)
class Desk:
    """One file of one school on the table, in the transaction that brings it."""

    tx: Tx
    vault: FieldVault
    """For what families say of an absence."""
    school: School
    file: str
    classes: Mapping[str, Row[Any]]
    subjects: Mapping[str, Row[Any]]
    staff: Mapping[str, Row[Any]]
    pupils: Mapping[tuple[str, str], Sequence[UUID]]
    forms: Mapping[str, UUID]
    lessons: Mapping[Place, Row[Any]]
    spans: Spans
    """Who was when in the groups that have lessons."""
    periods: Sequence[Period]
    mistakes: list[Mistake]
    _folded: dict[str, str] = field(default_factory=dict)
    _in_groups: set[tuple[str, date, int, str]] = field(init=False)

    @classmethod
    async def of(
        cls, tx: Tx, vault: FieldVault, school: School, file: str, days: Collection[date], periods: Sequence[Period]
    ) -> "Desk":
        """With all names of the school, and its lessons from the first to the last of `days`."""
        session, school_id = tx.session, school.school_id

        async def named(table: Table) -> dict[str, Row[Any]]:
            rows = await session.execute(select(table).where(table.c.school_id == school_id))
            return {row.source_id: row for row in rows}

        forms = await session.execute(
            select(control_forms.c.name, control_forms.c.control_form_id).where(control_forms.c.school_id == school_id)
        )
        held = await _lessons(session, school_id, min(days), max(days)) if days else {}
        return cls(
            tx=tx,
            vault=vault,
            school=school,
            file=file,
            classes=await named(classes),
            subjects=await named(subjects),
            staff=await named(staff),
            pupils=await _pupils(session, school_id),
            forms={folded(row.name): row.control_form_id for row in forms},
            lessons=held,
            spans=await spans_of(session, school_id, {row.group_id for row in held.values()}),
            periods=periods,
            mistakes=[],
        )

    def __post_init__(self) -> None:
        self._in_groups = {place[:4] for place in self.lessons if place[4] is not None}

    @property
    def school_id(self) -> UUID:
        return self.school.school_id

    @property
    def today(self) -> date:
        return self.school.today(self.tx.now)

    def at(self, day: date, clock: time) -> datetime:
        """An instant of the school's clock; never one to come."""
        return min(datetime.combine(day, clock, ZoneInfo(self.school.time_zone)), self.tx.now)

    def fault(self, line: int, column: str | None, rule: FileRule, **values: object) -> None:
        self.mistakes.append(Mistake(self.file, line, column, rule, values))

    def lesson(self, row: OfLesson, *, to_come: bool = False) -> Row[Any] | None:
        """The lesson of a row, which was not cancelled; whether it may be still to come."""
        lesson = self.lessons.get(place_of(row))
        if lesson is None:
            in_groups = row.group_source_id is None and place_of(row)[:4] in self._in_groups
            self.fault(
                row.line,
                "group_source_id" if in_groups else "lesson_number",
                GROUP_REQUIRED if in_groups else UNKNOWN_LESSON,
            )
            return None
        before = len(self.mistakes)
        if lesson.cancelled_at is not None:
            self.fault(row.line, "lesson_number", CANCELLED)
        if row.date > self.today and not to_come:
            self.fault(row.line, "date", TO_COME)
        return lesson if len(self.mistakes) == before else None

    def must_have_it(self, line: int, lesson: Row[Any], pupil_id: UUID) -> None:
        """The pupil was in the group of the lesson, if it has one (J-4)."""
        span = self.spans.get((lesson.group_id, pupil_id)) if lesson.group_id else None
        if lesson.group_id is not None and not is_within(span, lesson.date):
            self.fault(line, "pupil", NOT_IN_GROUP)

    def must_be_open(self, line: int, lesson: Row[Any]) -> None:
        """Nothing new comes into a closed period; what stands there already may be in the file again."""
        for period in self.periods:
            covers = period.first_grade <= lesson.grade <= period.last_grade
            if period.closed and covers and period.starts_on <= lesson.date <= period.ends_on:
                self.fault(line, "date", PERIOD_CLOSED, title=period.title)

    def pupil(self, row: OfPupil) -> UUID | None:
        if row.class_source_id not in self.classes:
            self.fault(row.line, "class_source_id", UNKNOWN_CLASS)
            return None
        if row.pupil not in self._folded:
            self._folded[row.pupil] = folded(row.pupil)
        here = self.pupils.get((row.class_source_id, self._folded[row.pupil]), ())
        if len(here) != 1:
            self.fault(row.line, "pupil", SEVERAL_PUPILS if here else UNKNOWN_PUPIL)
            return None
        return here[0]

    def subject(self, line: int, source_id: str) -> UUID | None:
        found = self.subjects.get(source_id)
        if found is None:
            self.fault(line, "subject_source_id", UNKNOWN_SUBJECT)
            return None
        return found.subject_id  # type: ignore[no-any-return] # of a row

    def person(self, line: int, column: str, source_id: str) -> UUID | None:
        found = self.staff.get(source_id)
        if found is None:
            self.fault(line, column, UNKNOWN_PERSON)
            return None
        return found.person_id  # type: ignore[no-any-return] # of a row

    def form(self, line: int, name: str) -> UUID | None:
        found = self.forms.get(folded(name))
        if found is None:
            self.fault(line, "control_form", UNKNOWN_FORM)
        return found

    def must_have_marks(self, line: int, column: str, grade: int) -> None:
        if grade < FIRST_GRADE_WITH_MARKS:
            self.fault(line, column, NO_MARKS_YET)

    def once(self, keys: Iterable[tuple[int, Any]], column: str) -> None:
        """Each key stands in one line only."""
        seen: set[Any] = set()
        for line, key in keys:
            if key in seen:
                self.fault(line, column, TWICE)
            seen.add(key)

    async def hold_pupils(self, pupil_ids: Iterable[UUID]) -> None:
        """Nobody else writes of these pupils until the transaction ends."""
        wanted = sorted(set(pupil_ids))
        await self.tx.session.execute(
            select(pupils.c.pupil_id)
            .where(pupils.c.school_id == self.school_id, pupils.c.pupil_id == any_id(wanted))
            .order_by(pupils.c.pupil_id)
            .with_for_update(key_share=True)
        )

    async def copy(self, table: Table, columns: Sequence[str], records: Iterable[tuple[Any, ...]]) -> None:
        """COPY, in the connection of this transaction: a year of a school in seconds. The school's id goes first.

        In portions: a large school's year would take longer than one statement may, most of it for foreign keys.
        """
        rows = ((self.school_id, *record) for record in records)
        raw: Any = (await (await self.tx.session.connection()).get_raw_connection()).driver_connection
        while portion := list(islice(rows, COPIED_AT_ONCE)):
            await raw.copy_records_to_table(table.name, records=portion, columns=("school_id", *columns))


def any_id(ids: Sequence[UUID]) -> Any:
    """One array parameter: PostgreSQL takes 32,767 parameters, a year has more lessons."""
    return any_(cast(list(ids), ARRAY(Uuid)))


def folded(name: str) -> str:
    """A name as it is compared: spaces, case and ё do not matter."""
    return " ".join(name.casefold().replace("ё", "е").split())


async def _pupils(session: AsyncSession, school_id: UUID) -> dict[tuple[str, str], list[UUID]]:
    enrolled = await session.execute(
        select(pupils, classes.c.source_id)
        .join(classes, (classes.c.school_id == pupils.c.school_id) & (classes.c.class_id == pupils.c.class_id))
        .where(pupils.c.school_id == school_id, pupils.c.left_on.is_(None))
    )
    called: dict[tuple[str, str], list[UUID]] = {}
    for row in enrolled:
        name = " ".join(filter(None, (row.surname, row.given_name, row.patronymic)))
        called.setdefault((row.source_id, folded(name)), []).append(row.pupil_id)
    return called


async def _lessons(session: AsyncSession, school_id: UUID, first: date, last: date) -> dict[Place, Row[Any]]:
    held: Iterable[Any] = await session.execute(
        select(
            lessons.c.lesson_id,
            lessons.c.class_id,
            lessons.c.subject_id,
            lessons.c.teacher_id,
            lessons.c.room,
            lessons.c.date,
            lessons.c.number,
            lessons.c.starts_at,
            lessons.c.ends_at,
            lessons.c.has_marks,
            lessons.c.version,
            lessons.c.planned_teacher_id,
            lessons.c.planned_room,
            lessons.c.cancelled_at,
            lessons.c.cancelled_because,
            lessons.c.group_id,
            class_groups.c.title.label("group_title"),
            class_groups.c.source_id.label("group_source_id"),
            classes.c.name.label("class_name"),
            classes.c.source_id.label("class_source_id"),
            classes.c.grade,
            subjects.c.source_id.label("subject_source_id"),
        )
        .join(classes, (classes.c.school_id == lessons.c.school_id) & (classes.c.class_id == lessons.c.class_id))
        .join(
            subjects,
            (subjects.c.school_id == lessons.c.school_id) & (subjects.c.subject_id == lessons.c.subject_id),
        )
        .outerjoin(class_groups, OF_GROUP)
        .where(lessons.c.school_id == school_id, lessons.c.date.between(first, last))
    )
    return {
        (row.class_source_id, row.date, row.number, row.subject_source_id, row.group_source_id): row for row in held
    }
