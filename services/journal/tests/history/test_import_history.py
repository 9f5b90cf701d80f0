"""A school that joins in mid-year brings its marks by a file: all or nothing, once, and no family is told."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import text

from journal.history.desk import Brought
from journal.history.import_history import read_history

MISHA, OLYA = "Соколов Михаил Дмитриевич", "Авдеева Ольга Дмитриевич"
ENTRY = {
    "date": "2026-11-23",
    "lesson_number": "1",
    "class_source_id": "cls-7a",
    "subject_source_id": "crs-math",
    "pupil": MISHA,
    "value": "4",
    "control_form": "Ответ на уроке",
    "absence_reason": "",
    "comment": "",
}


def line(**changes: str) -> dict[str, str]:
    return ENTRY | changes


def absent(**changes: str) -> dict[str, str]:
    return line(**({"value": "н", "control_form": "", "absence_reason": "б"} | changes))


async def test_history_stands_in_the_grid_and_no_family_is_told(monday: Any, bring: Any, emitted: Any) -> None:
    school = monday.school
    brought = await bring(
        line(pupil="  соколов  михаил дмитриевич "),
        line(value="5", control_form="контрольная работа", comment="Блестяще"),
        absent(pupil=OLYA),
    )
    assert brought == Brought(added=3, unchanged=0)
    params = {"subject": str(school.maths)}
    grid = (await monday.get(school.gromov, f"/classes/{school.class_7a}/journal", params=params)).json()
    rows = {pupil["pupil_id"]: pupil for pupil in grid["pupils"]}
    assert rows[str(school.misha)]["weighted"] == "4.63"  # (4·3 + 5·5) / 8
    week = (await monday.get(school.mother, f"/diaries/{school.misha}/weeks/2026-W48")).json()
    shown = [mark for lesson in week["days"][0]["lessons"] for mark in lesson["marks"]]
    assert sorted(mark["value"] for mark in shown) == ["4", "5"]
    assert [type(event).__name__ for event in await emitted(monday.container.database)] == []


async def test_the_same_file_again_changes_nothing_and_a_longer_one_adds(bring: Any) -> None:
    first = [line(), line(), absent(pupil=OLYA)]
    assert await bring(*first) == Brought(3, 0)
    assert await bring(*first) == Brought(0, 3)
    assert await bring(*first, line(value="5")) == Brought(1, 3)


async def test_every_mistake_is_named_and_nothing_is_taken(monday: Any, refusals: Any) -> None:
    found = await refusals(
        line(),
        line(lesson_number="2"),
        line(pupil="Сидоров Пётр"),
        line(value="6"),
        line(control_form="Кроссворд"),
        line(date="23.11.26"),
        line(value="5", absence_reason="б"),
        absent(),
        line(class_source_id="cls-1a", lesson_number="4", pupil="Иванов Иван Дмитриевич"),
    )
    assert found == [
        (2, "value", "mark_excludes_absence"),
        (3, "lesson_number", "unknown_lesson"),
        (4, "pupil", "unknown_pupil"),
        (5, "value", "unknown_value"),
        (6, "control_form", "unknown_control_form"),
        (7, "date", "bad_date"),
        (8, "absence_reason", "unknown_absence_reason"),
        (10, "value", "no_marks_in_grade_1"),
    ]
    async with monday.container.database.read() as session:
        assert await session.scalar(text("SELECT count(*) FROM marks")) == 0


async def test_lessons_to_come_and_closed_periods_take_nothing(
    monday: Any, refusals: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    school = monday.school
    plan = {"kind": "quarter", "first_grade": 7, "last_grade": 7, "number": 1, "title": "I четверть"}
    days = {"starts_on": "2026-09-01", "ends_on": date(2026, 11, 23).isoformat()}
    periods = {"periods": [plan | days]}
    put = await monday.call(school.gromov, "PUT", f"/schools/{school.school_id}/periods", json=periods)
    period = put.json()["items"][0]
    later = datetime(2026, 11, 24, 9, tzinfo=UTC)
    monkeypatch.setattr(monday.container.database.uow, "_clock", lambda: later)
    closed = await monday.call(school.gromov, "POST", f"/periods/{period['period_id']}/close", json={"version": 1})
    assert closed.status_code == 200, closed.text
    assert await refusals(line()) == [(2, "date", "period_closed")]
    earlier = datetime(2026, 11, 22, 9, tzinfo=UTC)
    monkeypatch.setattr(monday.container.database.uow, "_clock", lambda: earlier)
    assert (2, "date", "lesson_to_come") in await refusals(line())


async def test_a_mark_beside_an_absence_that_stands_is_refused(bring: Any, refusals: Any) -> None:
    """J-13: unless it says why, as in the journal itself."""
    await bring(absent())
    assert await refusals(line()) == [(2, "value", "mark_excludes_absence")]
    assert await bring(line(reason="Написал после болезни", posted_on="2026-11-23")) == Brought(1, 0)
    assert await bring(absent()) == Brought(0, 1)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff\xfe", "broken_csv"),
        (b"", "column_missing"),
        (b"date,value\n", "column_missing"),
        (f"{','.join(ENTRY)},minute\n".encode(), "column_unknown"),
        # Without the pupil it would be a list of registers that were taken.
        (f"{','.join(name for name in ENTRY if name != 'pupil')}\n".encode(), "column_missing"),
        (f"{','.join(ENTRY)}\n1\n".encode(), "field_count"),
    ],
)
def test_a_file_of_another_kind_is_named(content: bytes, code: str) -> None:
    assert read_history("history.csv", content).mistakes[0].rule.code == code
