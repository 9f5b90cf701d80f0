"""Files of history name the group of a lesson, and put nobody into another group's lesson."""

from datetime import UTC, datetime
from typing import Any

import pytest

from journal.errors import HistoryRefused
from journal.history.desk import Brought
from journal.history.import_history import import_history, read_history

HEAD = "date,lesson_number,class_source_id,subject_source_id,group_source_id,"
PLACE = "2026-11-23,1,cls-7a,crs-math,"
MARK = ",5,Ответ на уроке"
MISHA, OLYA = "Соколов Михаил Дмитриевич", "Авдеева Ольга Дмитриевич"
EVENING = datetime(2026, 11, 23, 18, tzinfo=UTC)


async def bring(grouped: Any, columns: str, *lines: str) -> Brought:
    held = grouped.journal.container
    held = grouped.journal.container
    text = "\n".join((HEAD + columns, *(PLACE + line for line in lines)))
    return await import_history(
        held.database.uow, held.vault, grouped.school.school_id, read_history("h.csv", text.encode())
    )


async def refused(grouped: Any, columns: str, *lines: str) -> list[tuple[int | None, str | None, str]]:
    with pytest.raises(HistoryRefused) as caught:
        await bring(grouped, columns, *lines)
    return [(one.line, one.column, one.rule.code) for one in caught.value.mistakes]


@pytest.fixture
def evening(grouped: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(grouped.journal.container.database.uow, "_clock", lambda: EVENING)
    return grouped


async def test_marks_go_to_the_lesson_of_the_group(evening: Any) -> None:
    columns = "pupil,value,control_form"
    assert await bring(evening, columns, f"grp-1,{MISHA}{MARK}", f"grp-2,{OLYA}{MARK}") == Brought(2, 0)
    assert await refused(evening, columns, f"grp-1,{OLYA}{MARK}", f",{MISHA}{MARK}", f"grp-3,{MISHA}{MARK}") == [
        (2, "pupil", "pupil_not_in_group"),
        (3, "group_source_id", "group_required"),
        (4, "lesson_number", "unknown_lesson"),
    ]


async def test_homework_of_a_group_is_the_groups(evening: Any) -> None:
    """J-23."""
    task = ",№ 5,2026-11-20"
    assert await bring(evening, "text,assigned_on", f"grp-2{task}") == Brought(1, 0)
    school = evening.school
    days = {"from": "2026-11-23", "to": "2026-11-29"}
    seen = await evening.journal.get(school.mother, f"/diaries/{school.misha}/homework", params=days)
    assert seen.json()["items"] == []
    listed = (await evening.journal.get(school.orlova, f"/classes/{school.class_7a}/homework", params=days)).json()
    assert [one["group_title"] for one in listed["items"]] == ["Группа 2"]


async def test_a_substitution_clashes_by_groups(evening: Any) -> None:
    """J-4: Гусев has the second group at that time."""
    changed = await refused(evening, "author_source_id,teacher_source_id,room", "grp-1,t-orlova,t-gusev,")
    assert changed == [(2, "teacher_source_id", "teacher_twice")]
    assert await bring(evening, "author_source_id,teacher_source_id,room", "grp-1,t-orlova,,205") == Brought(1, 0)
