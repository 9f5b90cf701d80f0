"""A school that joins in mid-year brings its marks by a file: all or nothing, once, and no family is told."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import text

from journal.errors import HistoryRefused
from journal.history.import_history import ImportedHistory, import_history
from journal.history.read_file import COLUMNS, read_history

EVENING = datetime(2026, 11, 23, 18, tzinfo=UTC)
MISHA, OLYA = "Соколов Михаил Дмитриевич", "Авдеева Ольга Дмитриевич"


@pytest.fixture
def monday(teaching: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(teaching.container.database, "clock", lambda: EVENING)
    monkeypatch.setattr(teaching.container.database.uow, "_clock", lambda: EVENING)
    return teaching


def line(**changes: str) -> str:
    cells = {
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
    return ",".join((cells | changes)[column] for column in COLUMNS)


def absent(**changes: str) -> str:
    return line(**({"value": "н", "control_form": "", "absence_reason": "б"} | changes))


async def bring(journal: Any, *lines: str) -> ImportedHistory:
    content = "\n".join((",".join(COLUMNS), *lines))
    read = read_history("history.csv", content.encode())
    return await import_history(journal.container.database.uow, journal.school.school_id, read)


async def refusals(journal: Any, *lines: str) -> list[tuple[int | None, str | None, str]]:
    with pytest.raises(HistoryRefused) as refused:
        await bring(journal, *lines)
    return [(one.line, one.column, one.rule.code) for one in refused.value.mistakes]


async def test_history_stands_in_the_grid_and_no_family_is_told(monday: Any, emitted: Any) -> None:
    school = monday.school
    brought = await bring(
        monday,
        line(pupil="  соколов  михаил дмитриевич "),
        line(value="5", control_form="контрольная работа", comment="Блестяще"),
        absent(pupil=OLYA),
    )
    assert brought == ImportedHistory(marks=2, absences=1, unchanged=0)
    params = {"subject": str(school.maths)}
    grid = (await monday.get(school.gromov, f"/classes/{school.class_7a}/journal", params=params)).json()
    rows = {pupil["pupil_id"]: pupil for pupil in grid["pupils"]}
    assert rows[str(school.misha)]["weighted"] == "4.63"  # (4·3 + 5·5) / 8
    week = (await monday.get(school.mother, f"/diaries/{school.misha}/weeks/2026-W48")).json()
    shown = [mark for lesson in week["days"][0]["lessons"] for mark in lesson["marks"]]
    assert sorted(mark["value"] for mark in shown) == ["4", "5"]
    assert [type(event).__name__ for event in await emitted(monday.container.database)] == []


async def test_the_same_file_again_changes_nothing_and_a_longer_one_adds(monday: Any) -> None:
    first = [line(), line(), absent(pupil=OLYA)]
    assert await bring(monday, *first) == ImportedHistory(2, 1, 0)
    assert await bring(monday, *first) == ImportedHistory(0, 0, 3)
    assert await bring(monday, *first, line(value="5")) == ImportedHistory(1, 0, 3)


async def test_every_mistake_is_named_and_nothing_is_taken(monday: Any) -> None:
    found = await refusals(
        monday,
        line(),
        line(lesson_number="2"),
        line(pupil="Сидоров Пётр"),
        line(value="6"),
        line(control_form="Кроссворд"),
        line(date="23.11.2026"),
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


async def test_lessons_to_come_and_closed_periods_take_nothing(monday: Any, monkeypatch: pytest.MonkeyPatch) -> None:
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
    assert await refusals(monday, line()) == [(2, "date", "period_closed")]
    earlier = datetime(2026, 11, 22, 9, tzinfo=UTC)
    monkeypatch.setattr(monday.container.database.uow, "_clock", lambda: earlier)
    assert (2, "date", "lesson_to_come") in await refusals(monday, line())


async def test_a_mark_beside_an_absence_that_stands_is_refused(monday: Any) -> None:
    """J-13: in the journal a reason is asked for; a file has none."""
    await bring(monday, absent())
    assert await refusals(monday, line()) == [(2, "value", "mark_excludes_absence")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff\xfe", "broken_csv"),
        (b"date,value\n", "column_missing"),
        (f"{','.join(COLUMNS)}\n1\n".encode(), "field_count"),
    ],
)
def test_a_file_of_another_kind_is_named(content: bytes, code: str) -> None:
    assert read_history("history.csv", content).mistakes[0].rule.code == code
