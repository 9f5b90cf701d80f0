"""7А learns maths in two groups: Миша in the first with Орлова, Оля in the second with Гусев, at the same time."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import pytest_asyncio

from shared.contracts.identity import ClassGroupChanged
from shared.ops.ids import new_id

HEADER = (
    "date,lesson_number,starts_at,ends_at,class_source_id,subject_source_id,teacher_source_id,room,topic,"
    "group_source_id"
)
SECOND = {"group": "grp-2", "teacher_source_id": "t-gusev", "room": "102"}


@dataclass
class Grouped:
    """The little school with its groups."""

    journal: Any
    first: UUID = field(default_factory=new_id)
    second: UUID = field(default_factory=new_id)
    first_lesson: str = ""
    second_lesson: str = ""
    """Of Monday, number 1."""

    @property
    def school(self) -> Any:
        return self.journal.school

    def changed(self, group_id: UUID, *pupils: UUID, **changes: Any) -> ClassGroupChanged:
        number = 1 if group_id == self.first else 2
        told = {
            "school_id": self.school.school_id,
            "group_id": group_id,
            "class_id": self.school.class_7a,
            "subject_id": self.school.maths,
            "source_id": f"grp-{number}",
            "title": f"Группа {number}",
            "pupil_ids": pupils,
            "changed_on": date(2026, 9, 1),
        }
        return ClassGroupChanged(**(told | changes))

    def line(self, number: int = 1, **changes: str) -> str:
        group = changes.pop("group", "")
        return f"{self.school.lesson(number, **changes)},{group}"

    async def plan(self, *lines: str, language: str = "ru") -> Any:
        path = f"/schools/{self.school.school_id}/timetable"
        files = {"file": ("timetable.csv", "\n".join((HEADER, *lines)), "text/csv")}
        who, headers = self.school.administrator, {"Accept-Language": language}
        return await self.journal.call(who, "POST", path, files=files, headers=headers)

    async def lessons(self, who: Any, **params: str) -> list[dict[str, Any]]:
        answer = await self.journal.get(who, "/lessons", params={"date": "2026-11-23"} | params)
        items: list[dict[str, Any]] = answer.json()["items"]
        return items


@pytest_asyncio.fixture
async def grouped(journal: Any) -> Grouped:
    """The groups, and Monday: both at once, then literature of the whole class."""
    made, school = Grouped(journal), journal.school
    await journal.hears(
        school.assigned(school.gusev, "subject_teacher", class_id=school.class_7a, subject_id=school.maths),
        made.changed(made.first, school.misha),
        made.changed(made.second, school.olya),
    )
    literature = {"subject_source_id": "crs-lit", "teacher_source_id": "t-gusev", "room": "102"}
    answer = await made.plan(made.line(1, group="grp-1"), made.line(1, **SECOND), made.line(2, **literature))
    assert answer.status_code == 200, answer.text
    made.first_lesson = (await made.lessons(school.orlova))[0]["lesson_id"]
    made.second_lesson = (await made.lessons(school.gusev))[0]["lesson_id"]
    return made
