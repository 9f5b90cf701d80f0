"""A half-year of 7А that has something of everything in it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from sqlalchemy import text

from shared.contracts.delegation import DelegationActivated
from shared.ops.ids import new_id

MONDAY = date(2026, 11, 23)
SURNAMES = (
    "Алексеева", "Богданов", "Васильев", "Григорьева", "Дёмин", "Ершов", "Жукова", "Зайцев", "Игнатьева", "Кириллов",
    "Лебедева", "Максимов", "Никитина", "Орехов", "Павлова", "Романов", "Семёнова", "Тихонов", "Ульянова", "Фёдоров",
    "Харитонова", "Цветков", "Чернышёва", "Шевелёв", "Щукина", "Юдин", "Яковлева", "Абрамов",
)  # fmt: skip


@dataclass(frozen=True)
class Somebody:
    """An account that the school does not know."""

    account_id: UUID = field(default_factory=new_id)


@dataclass
class HalfYear:
    """7А of thirty pupils, maths four times a week since September."""

    journal: Any
    period: UUID
    forms: dict[str, UUID] = field(default_factory=dict)
    lessons: list[tuple[UUID, date]] = field(default_factory=list)
    pupils: list[UUID] = field(default_factory=list)

    async def sql(self, statement: str, rows: list[dict[str, Any]] | None = None, **values: Any) -> list[Any]:
        async with self.journal.container.database.uow.begin() as tx:
            if rows == []:
                return []
            found = await tx.session.execute(text(statement), rows or values)
            return list(found) if found.returns_rows else []

    async def mark(self, pupil: UUID, lesson: int, value: str, form: str = "Ответ на уроке", **more: Any) -> UUID:
        """A mark in the maths lesson of this number."""
        lesson_id, day = self.lessons[lesson]
        row = {
            "school": self.journal.school.school_id,
            "mark": new_id(),
            "pupil": pupil,
            "lesson": lesson_id,
            "subject": self.journal.school.maths,
            "date": day,
            "value": value,
            "form": self.forms[form],
            "author": self.journal.school.orlova.person_id,
            "comment": None,
            "at": datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=9),
        } | more
        await self.sql(INSERT_MARK, [row])
        return row["mark"]

    async def trust(self, *sections: str) -> Somebody:
        """Миша's mother lets somebody read some sections."""
        school, who, now = self.journal.school, Somebody(), datetime.now(UTC)
        await self.journal.hears(
            DelegationActivated(
                grant_id=new_id(),
                pupil_id=school.misha,
                account_id=who.account_id,
                granted_by_account_id=school.mother.account_id,
                scope=sections,
                valid_from=now - timedelta(days=1),
                valid_until=now + timedelta(days=90),
                edge_version=1,
            )
        )
        return who

    async def get(self, who: Any, path: str, **options: Any) -> Any:
        return await self.journal.get(who, path, **options)


@pytest.fixture
def at(empty_journal: Any) -> Iterator[Callable[[str], None]]:
    """Sets the clock that reports are read by: «2026-11-27 12:00» in Moscow."""
    database = empty_journal.container.database
    before = database.clock

    def set_clock(moment: str) -> None:
        instant = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo("Europe/Moscow")).astimezone(UTC)
        database.clock = lambda: instant

    yield set_clock
    database.clock = before


INSERT_LESSON = """
    INSERT INTO lessons (school_id, lesson_id, class_id, subject_id, teacher_id, date, number, starts_at, ends_at, room,
                         topic, has_marks)
    VALUES (:school, :lesson, :class, :subject, :teacher, :date, :number, '08:30', '09:15', '101', :topic, true)
"""
INSERT_MARK = """
    INSERT INTO marks (school_id, mark_id, pupil_id, lesson_id, subject_id, date, value, control_form_id, comment,
                       author_id, posted_at)
    VALUES (:school, :mark, :pupil, :lesson, :subject, :date, :value, :form, :comment, :author, :at)
"""
TOPICS = (
    "Повторение: действия с дробями",
    "Линейная функция и её график",
    "Взаимное расположение графиков линейных функций",
    "Контрольная работа № 2",
    "Степень с натуральным показателем и её свойства",
    "Одночлены. Сложение и вычитание одночленов",
)


@pytest_asyncio.fixture
async def half_year(journal: Any) -> HalfYear:
    school = journal.school
    made = HalfYear(journal, new_id())
    await journal.hears(
        *(
            school.enrolled(new_id(), school.class_7a, surname, "Александра" if surname[-1] == "а" else "Константин")
            for surname in SURNAMES
        )
    )
    await made.sql(
        """
        INSERT INTO periods (school_id, period_id, year_title, year_starts_on, kind, first_grade, last_grade, number,
                             title, starts_on, ends_on)
        VALUES (:school, :period, '2026/27', '2026-09-01', 'half_year', 5, 9, 1, 'I полугодие', '2026-09-01',
                '2026-12-30')
        """,
        school=school.school_id,
        period=made.period,
    )
    forms = await made.sql("SELECT name, control_form_id FROM control_forms")
    made.forms = {row.name: row.control_form_id for row in forms}
    made.pupils = [
        row.pupil_id
        for row in await made.sql(
            "SELECT pupil_id FROM pupils WHERE class_id = :c ORDER BY surname, given_name", c=school.class_7a
        )
    ]
    start = date(2026, 9, 1)
    days = [start + timedelta(days=n) for n in range((MONDAY - start).days + 5)]
    days = [day for day in days if day.weekday() in {0, 1, 2, 4}]
    made.lessons = [(new_id(), day) for day in days]
    await made.sql(
        INSERT_LESSON,
        [
            {
                "school": school.school_id,
                "lesson": lesson_id,
                "class": school.class_7a,
                "subject": school.maths,
                "teacher": school.orlova.person_id,
                "date": day,
                "number": 1 + n % 3,
                "topic": TOPICS[n % len(TOPICS)],
            }
            for n, (lesson_id, day) in enumerate(made.lessons)
        ],
    )
    await made.sql(INSERT_MARK, list(_marks(made)))
    await made.sql(
        """
        INSERT INTO absences (school_id, lesson_id, pupil_id, subject_id, date, kind, reason, author_id, recorded_at)
        VALUES (:school, :lesson, :pupil, :subject, :date, :kind, :reason, :author, now())
        """,
        [
            {
                "school": school.school_id,
                "lesson": made.lessons[(3 * n) % len(made.lessons)][0],
                "date": made.lessons[(3 * n) % len(made.lessons)][1],
                "pupil": pupil,
                "subject": school.maths,
                "kind": "late" if n % 5 == 0 else "absent",
                "reason": "б" if n % 2 and n % 5 else None,
                "author": school.orlova.person_id,
            }
            for n, pupil in enumerate(made.pupils)
        ],
    )
    await made.sql(
        """
        INSERT INTO homework (school_id, homework_id, class_id, subject_id, lesson_id, due_on, kind, mandatory, text,
                              links, author_id, assigned_at, edited_at)
        VALUES (:school, :id, :class, :subject, :lesson, :date, 'homework', true, :text, '{}', :author, now(), now())
        """,
        [
            {
                "school": school.school_id,
                "id": new_id(),
                "class": school.class_7a,
                "subject": school.maths,
                "lesson": lesson_id,
                "date": day,
                "text": f"№ {120 + 3 * n}, {121 + 3 * n}; правило на с. {40 + n} наизусть",
                "author": school.orlova.person_id,
            }
            for n, (lesson_id, day) in enumerate(made.lessons)
            if n % 2
        ],
    )
    return made


def _marks(made: HalfYear) -> Any:
    school = made.journal.school
    forms = ("Ответ на уроке", "Контрольная работа", "Домашняя работа")
    for n, pupil in enumerate(made.pupils):
        for k, (lesson_id, day) in enumerate(made.lessons):
            if (7 * n + 5 * k) % 11 in {0, 4} or k % 18 == 3:
                for twice in range(2 if (n + k) % 17 == 0 else 1):
                    yield {
                        "school": school.school_id,
                        "mark": new_id(),
                        "pupil": pupil,
                        "lesson": lesson_id,
                        "subject": school.maths,
                        "date": day,
                        "value": str(3 + (n * k + twice) % 3),
                        "form": made.forms[forms[1 if k % 18 == 3 else 2 * twice]],
                        "author": school.orlova.person_id,
                        "comment": None,
                        "at": datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=9 + twice),
                    }
