"""What a file of history means for one school: lessons, pupils and control forms of its own."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession

from journal.calendar.queries import Period
from journal.history.read_file import ABSENT, Entry, ReadHistory
from journal.marks.rules import FIRST_GRADE_WITH_MARKS
from journal.marks.tables import control_forms
from journal.mistakes import FileRule, Mistake
from journal.roster.tables import classes, pupils, subjects
from journal.timetable.tables import lessons
from shared.http import Text

UNKNOWN_LESSON = FileRule(
    "unknown_lesson",
    Text(ru="В расписании нет такого урока этого класса", en="The timetable has no such lesson of this class"),
)
CANCELLED = FileRule("lesson_cancelled", Text(ru="Этот урок отменён", en="This lesson was cancelled"))
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
BESIDE_ABSENCE = FileRule(
    "mark_excludes_absence",
    Text(ru="Отметка и «н» на одном уроке исключают друг друга", en="A mark and an absence exclude each other"),
)
ABSENT_TWICE = FileRule("absent_twice", Text(ru="«н» за этот урок уже есть в файле", en="The absence stands twice"))


@dataclass(frozen=True, slots=True)
class Known:
    """One entry with the school's own ids."""

    line: int
    lesson: Row[Any]
    pupil_id: UUID
    value: str
    control_form_id: UUID | None
    """None: «н»."""
    absence_reason: str | None
    comment: str | None


@dataclass(frozen=True, slots=True)
class Names:
    """What the school calls its things in files, and what happened when."""

    lessons: Mapping[tuple[str, date, int, str], Row[Any]]
    pupils: Mapping[tuple[str, str], list[UUID]]
    forms: Mapping[str, UUID]

    @classmethod
    async def of(cls, session: AsyncSession, school_id: UUID, first: date, last: date) -> "Names":
        """All of one school; lessons of the days from `first` to `last`."""
        held: Iterable[Any] = await session.execute(
            select(
                lessons.c.lesson_id,
                lessons.c.class_id,
                lessons.c.subject_id,
                lessons.c.teacher_id,
                lessons.c.date,
                lessons.c.number,
                lessons.c.ends_at,
                lessons.c.cancelled_at,
                classes.c.source_id.label("class_source_id"),
                classes.c.grade,
                subjects.c.source_id.label("subject_source_id"),
            )
            .join(classes, (classes.c.school_id == lessons.c.school_id) & (classes.c.class_id == lessons.c.class_id))
            .join(
                subjects,
                (subjects.c.school_id == lessons.c.school_id) & (subjects.c.subject_id == lessons.c.subject_id),
            )
            .where(lessons.c.school_id == school_id, lessons.c.date.between(first, last))
        )
        enrolled = await session.execute(
            select(pupils, classes.c.source_id)
            .join(classes, (classes.c.school_id == pupils.c.school_id) & (classes.c.class_id == pupils.c.class_id))
            .where(pupils.c.school_id == school_id, pupils.c.left_on.is_(None))
        )
        called: dict[tuple[str, str], list[UUID]] = {}
        for row in enrolled:
            name = " ".join(filter(None, (row.surname, row.given_name, row.patronymic)))
            called.setdefault((row.source_id, folded(name)), []).append(row.pupil_id)
        forms = await session.execute(
            select(control_forms.c.name, control_forms.c.control_form_id).where(control_forms.c.school_id == school_id)
        )
        return cls(
            {(row.class_source_id, row.date, row.number, row.subject_source_id): row for row in held},
            called,
            {folded(row.name): row.control_form_id for row in forms},
        )


def folded(name: str) -> str:
    """A name as it is compared: spaces, case and ё do not matter."""
    return " ".join(name.casefold().replace("ё", "е").split())


def understand(
    file: ReadHistory, names: Names, periods: list[Period], today: date, mistakes: list[Mistake]
) -> list[Known]:
    """The entries with the school's ids; those that cannot be are told in `mistakes`."""
    known: list[Known] = []
    for entry in file.entries:
        found = list(_mistakes_of(entry, names, periods, today))
        mistakes += (Mistake(file.name, entry.line, column, rule, values) for column, rule, values in found)
        if not found:
            known.append(_known(entry, names))
    mistakes += _contradictions(file.name, known)
    return known


def _known(entry: Entry, names: Names) -> Known:
    return Known(
        line=entry.line,
        lesson=names.lessons[_lesson_key(entry)],
        pupil_id=names.pupils[entry.class_source_id, folded(entry.pupil)][0],
        value=entry.value,
        control_form_id=None if entry.value == ABSENT else names.forms[folded(entry.control_form)],
        absence_reason=entry.absence_reason,
        comment=entry.comment,
    )


def _mistakes_of(
    entry: Entry, names: Names, periods: list[Period], today: date
) -> Iterator[tuple[str, FileRule, dict[str, object]]]:
    lesson = names.lessons.get(_lesson_key(entry))
    if lesson is None:
        yield "lesson_number", UNKNOWN_LESSON, {}
        return
    if lesson.cancelled_at is not None:
        yield "lesson_number", CANCELLED, {}
    if entry.date > today:
        yield "date", TO_COME, {}
    for period in periods:
        covers = period.first_grade <= lesson.grade <= period.last_grade
        if period.closed and covers and period.starts_on <= entry.date <= period.ends_on:
            yield "date", PERIOD_CLOSED, {"title": period.title}
    here = names.pupils.get((entry.class_source_id, folded(entry.pupil)), [])
    if len(here) != 1:
        yield "pupil", SEVERAL_PUPILS if here else UNKNOWN_PUPIL, {}
    if entry.value == ABSENT:
        return
    if lesson.grade < FIRST_GRADE_WITH_MARKS:
        yield "value", NO_MARKS_YET, {}
    if folded(entry.control_form) not in names.forms:
        yield "control_form", UNKNOWN_FORM, {}


def _contradictions(name: str, known: list[Known]) -> Iterator[Mistake]:
    absent = Counter((one.lesson.lesson_id, one.pupil_id) for one in known if one.control_form_id is None)
    seen: set[tuple[UUID, UUID]] = set()
    for one in known:
        cell = (one.lesson.lesson_id, one.pupil_id)
        if one.control_form_id is not None and cell in absent:
            yield Mistake(name, one.line, "value", BESIDE_ABSENCE)
        elif one.control_form_id is None and cell in seen:
            yield Mistake(name, one.line, "value", ABSENT_TWICE)
        if one.control_form_id is None:
            seen.add(cell)


def _lesson_key(entry: Entry) -> tuple[str, date, int, str]:
    return entry.class_source_id, entry.date, entry.number, entry.subject_source_id
