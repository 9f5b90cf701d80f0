"""What a printed class journal says of one subject and period (J-34): made from the grid that teachers work in."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from journal.attestation.queries import set_of_page
from journal.class_journal.grid import read_grid
from journal.class_journal.grid_answers import GridCellOut, GridOut
from journal.class_journal.page import Wanted as WantedPage
from journal.class_journal.page import open_page
from journal.errors import SchoolClassNotFound
from journal.homework.queries import Homework, Wanted, homework_of_class
from journal.reports.queries import names_of_staff
from journal.reports.rules import cell
from journal.roster.names import full_name
from journal.roster.queries import find_school
from shared.db import driver_of
from shared.http import VerifiedToken


@dataclass(frozen=True, slots=True)
class Column:
    """One lesson."""

    date: date
    number: int
    topic: str
    homework: str


@dataclass(frozen=True, slots=True)
class Line:
    """One pupil."""

    name: str
    cells: list[str]
    """One for each column."""
    weighted: str
    absences: int
    period_mark: str


@dataclass(frozen=True, slots=True)
class JournalPaper:
    """The whole paper."""

    school: str
    class_name: str
    subject: str
    period: str | None
    """None: the school year."""
    first_day: date
    last_day: date
    teachers: list[str]
    columns: list[Column]
    lines: list[Line]
    made_on: date


async def read_journal_paper(
    session: AsyncSession, token: VerifiedToken, class_id: UUID, subject_id: UUID, period_id: UUID | None, now: datetime
) -> JournalPaper:
    """Read a paper: a constant number of queries, however large the class.

    Raises:
        TokenInvalid: the session was ended.
        SchoolClassNotFound: unknown, or this page is not open to the caller.
        PeriodNotFound, PeriodNotForGrade: not a period of this class.
    """
    connection = await driver_of(session)
    page = await open_page(connection, token, WantedPage(class_id, subject_id, period_id), now)
    grid = GridOut.model_validate_json(await read_grid(connection, page, now))
    school = await find_school(session, page.school_class.school_id)
    if school is None:
        raise SchoolClassNotFound
    grid = grid.model_copy(update={"columns": [lesson for lesson in grid.columns if not lesson.cancelled]})
    tasks = await homework_of_class(
        session, page.school_class, Wanted(grid.first_day, grid.last_day, subject_id=subject_id)
    )
    pupils = [row.pupil_id for row in grid.pupils]
    year = page.period.year_starts_on if page.period else page.year_starts_on
    given = await set_of_page(session, school.school_id, pupils, subject_id, year)
    asked = grid.period.period_id if grid.period else None
    of_period = {pupil_id: ours[asked].value or "" for pupil_id, ours in given.items() if asked in ours}
    teachers = await names_of_staff(session, school.school_id, {lesson.teacher_id for lesson in grid.columns})
    return JournalPaper(
        school=school.name,
        class_name=grid.class_name,
        subject=grid.subject,
        period=grid.period.title if grid.period else None,
        first_day=grid.first_day,
        last_day=grid.last_day,
        teachers=teachers,
        columns=_columns(grid, tasks),
        lines=_lines(grid, of_period),
        made_on=school.today(now),
    )


def _columns(grid: GridOut, tasks: list[Homework]) -> list[Column]:
    of_lesson: dict[UUID, list[str]] = defaultdict(list)
    of_day: dict[tuple[date, UUID | None], list[str]] = defaultdict(list)
    groups = {group.group_id: group.title for group in grid.groups}
    for task in tasks:
        if task.lesson_id is None:
            of_day[task.due_on, task.group_id].append(task.text)
        else:
            of_lesson[task.lesson_id].append(task.text)
    columns = []
    for lesson in grid.columns:
        # What is due on a day stands beside its first lesson only, and a group's beside the group's.
        texts = of_lesson[lesson.lesson_id]
        for group_id in dict.fromkeys((None, lesson.group_id)):
            texts += of_day.pop((lesson.date, group_id), [])
        group = groups[lesson.group_id] if lesson.group_id else ""
        topic = ". ".join(filter(None, (group, lesson.topic)))
        columns.append(Column(lesson.date, lesson.number, topic, "\n".join(texts)))
    return columns


def _lines(grid: GridOut, of_period: Mapping[UUID, str]) -> list[Line]:
    lessons = [lesson.lesson_id for lesson in grid.columns]
    lines = []
    for row in grid.pupils:
        cells = {one.lesson_id: _cell(one) for one in row.cells}
        lines.append(
            Line(
                name=full_name(row.surname, row.given_name, row.patronymic),
                cells=[cells.get(lesson_id, "") for lesson_id in lessons],
                weighted="" if row.weighted is None else str(row.weighted),
                absences=row.absences,
                period_mark=of_period.get(row.pupil_id, ""),
            )
        )
    return lines


def _cell(one: GridCellOut) -> str:
    return cell(
        (mark.value for mark in one.marks),
        absence=one.absence.kind if one.absence else None,
        has_point=any(point.state == "open" for point in one.points),
    )
