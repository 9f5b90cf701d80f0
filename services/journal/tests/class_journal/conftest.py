"""A lesson of 7А with thirty pupils and its teacher."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest_asyncio
from sqlalchemy import text

from shared.ops.ids import new_id


@dataclass
class Lesson:
    """The maths lesson of 7А on Monday, and its column."""

    journal: Any
    lesson_id: UUID
    form: str
    pupils: list[str] = field(default_factory=list)
    """Миша, Оля and those who were enrolled for the test."""

    async def put(self, *rows: dict[str, Any], who: Any = None, **params: Any) -> Any:
        who = who or self.journal.school.orlova
        path = f"/lessons/{self.lesson_id}/marks"
        headers = params.pop("headers", {})
        return await self.journal.call(who, "PUT", path, json={"rows": list(rows)}, params=params, headers=headers)

    async def attendance(self, *but: dict[str, Any], who: Any = None, **body: Any) -> Any:
        who = who or self.journal.school.orlova
        path = f"/lessons/{self.lesson_id}/attendance"
        return await self.journal.call(who, "PUT", path, json={"but": list(but)} | body)

    async def point(self, pupil: int = 0, *, who: Any = None, **changes: Any) -> Any:
        who = who or self.journal.school.orlova
        body = {
            "pupil_id": self.pupils[pupil],
            "kind": "debt",
            "control_form_id": self.form,
            "due_on": "2099-05-20",
        } | changes
        return await self.journal.call(who, "POST", f"/lessons/{self.lesson_id}/points", json=body)

    def add(self, pupil: int = 0, value: str = "5", **more: Any) -> dict[str, Any]:
        return {"op": "add", "pupil_id": self.pupils[pupil], "value": value, "control_form_id": self.form} | more

    def row(self, op: str, pupil: int = 0, **more: Any) -> dict[str, Any]:
        return {"op": op, "pupil_id": self.pupils[pupil]} | more

    async def enrol(self, count: int) -> None:
        """More pupils into 7А, told as identity tells."""
        school = self.journal.school
        new = [new_id() for _ in range(count)]
        await self.journal.hears(
            *(school.enrolled(one, school.class_7a, f"Яшин{n:02}", "Яков") for n, one in enumerate(new))
        )
        self.pupils += [str(one) for one in new]

    async def sql(self, statement: str, **values: Any) -> list[Any]:
        async with self.journal.container.database.uow.begin() as tx:
            found = await tx.session.execute(text(statement), values)
            return list(found) if found.returns_rows else []

    async def close_period(self, *, closed: bool = True) -> None:
        """The first half-year of grades 5 to 9, closed by the director."""
        await self.sql(
            """
            INSERT INTO periods (school_id, period_id, year_title, year_starts_on, kind, first_grade, last_grade,
                                 number, title, starts_on, ends_on, closed_at, closed_by)
            VALUES (:school, :period, '2026/27', '2026-09-01', 'half_year', 5, 9, 1, 'I полугодие', '2026-09-01',
                    '2026-12-30', CASE WHEN :closed THEN now() END, CASE WHEN :closed THEN CAST(:who AS uuid) END)
            ON CONFLICT (school_id, year_starts_on, first_grade, number)
            DO UPDATE SET closed_at = excluded.closed_at, closed_by = excluded.closed_by
            """,
            school=self.journal.school.school_id,
            period=new_id(),
            closed=closed,
            who=self.journal.school.gromov.person_id,
        )


@pytest_asyncio.fixture
async def lesson(teaching: Any) -> Lesson:
    lesson_id = (await teaching.lesson_ids(teaching.school.orlova))[0]
    pupils = [str(teaching.school.misha), str(teaching.school.olya)]
    return Lesson(teaching, lesson_id, await teaching.form(), pupils)
