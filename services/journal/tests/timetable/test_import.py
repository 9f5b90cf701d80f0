"""J-4: a timetable comes in whole or not at all, and the second time nothing happens."""

import asyncio
import base64
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from journal.cli import app


async def lessons(journal: Any) -> list[Any]:
    async with journal.container.database.read() as session:
        return list(await session.execute(text("SELECT * FROM lessons ORDER BY date, number, class_id")))


def rules_of(answer: Any) -> list[tuple[Any, ...]]:
    assert (answer.status_code, answer.json()["code"]) == (422, "timetable_refused")
    return [(error["line"], error["column"], error["rule"]) for error in answer.json()["errors"]]


async def test_a_timetable_comes_in_and_the_second_time_nothing_happens(journal: Any) -> None:
    school = journal.school
    first = await journal.import_timetable(school.gromov, school.timetable())
    assert first.json() == {"added": 4, "changed": 0, "unchanged": 0}
    before = await lessons(journal)
    second = await journal.import_timetable(school.deputy, school.timetable())
    assert second.json() == {"added": 0, "changed": 0, "unchanged": 4}
    assert await lessons(journal) == before


async def test_a_changed_line_changes_its_lesson_and_keeps_its_id(teaching: Any) -> None:
    school = teaching.school
    before = await lessons(teaching)
    changed = "\n".join((school.timetable().splitlines()[0], school.lesson(1, room="205", topic="Проценты")))
    answer = await teaching.import_timetable(school.gromov, changed)
    assert answer.json() == {"added": 0, "changed": 1, "unchanged": 0}
    after = await lessons(teaching)
    assert [lesson.lesson_id for lesson in after] == [lesson.lesson_id for lesson in before]
    assert (after[0].room, after[0].topic) == ("205", "Проценты")
    assert after[1:] == before[1:]


async def test_a_file_without_a_topic_does_not_empty_it(teaching: Any) -> None:
    school = teaching.school
    line = "\n".join((school.timetable().splitlines()[0], school.lesson(1)))
    assert (await teaching.import_timetable(school.gromov, line)).json()["unchanged"] == 1
    assert (await lessons(teaching))[0].topic == "Дроби"


async def test_a_lesson_with_marks_keeps_its_subject(teaching: Any) -> None:
    school = teaching.school
    lesson_id = (await teaching.lesson_ids(school.orlova))[0]
    await teaching.post_mark(school.orlova, lesson_id)
    header = school.timetable().splitlines()[0]
    answer = await teaching.import_timetable(
        school.gromov, "\n".join((header, school.lesson(1, subject_source_id="crs-lit")))
    )
    assert rules_of(answer) == [(2, "subject_source_id", "lesson_has_marks")]
    moved = await teaching.import_timetable(school.gromov, "\n".join((header, school.lesson(1, room="300"))))
    assert moved.json()["changed"] == 1


@pytest.mark.parametrize(
    ("changes", "column", "rule"),
    [
        ({"class_source_id": "cls-9z"}, "class_source_id", "unknown_class"),
        ({"subject_source_id": "crs-magic"}, "subject_source_id", "unknown_subject"),
        ({"teacher_source_id": "t-nobody"}, "teacher_source_id", "unknown_teacher"),
        ({"date": "2027-06-01"}, "date", "outside_school_year"),
        ({"date": "2026-08-31"}, "date", "outside_school_year"),
        ({"lesson_number": "0x1"}, "lesson_number", "bad_number"),
        ({"lesson_number": "1"}, "lesson_number", "lesson_twice"),
        ({"starts_at": "08:45", "ends_at": "09:00"}, "class_source_id", "class_twice"),
    ],
)
async def test_one_mistake_and_nothing_comes_in(journal: Any, changes: dict[str, str], column: str, rule: str) -> None:
    school = journal.school
    answer = await journal.import_timetable(
        school.gromov, school.timetable() + "\n" + school.lesson(9, room="", **changes)
    )
    assert (6, column, rule) in rules_of(answer)
    assert not await lessons(journal)


async def test_clashes_within_the_file_and_with_what_stands_are_named(teaching: Any) -> None:
    school = teaching.school
    header = school.timetable().splitlines()[0]
    # 7Б at the time of the standing lesson 1 of 7А: with its teacher, then in its room.
    other = {"class_source_id": "cls-7b", "lesson_number": "5", "starts_at": "08:40", "ends_at": "09:00"}
    teacher = await teaching.import_timetable(school.gromov, "\n".join((header, school.lesson(1, **other, room="205"))))
    assert rules_of(teacher) == [(2, "teacher_source_id", "teacher_twice")]
    assert "7А, № 1, 08:30–09:15" in teacher.json()["errors"][0]["message"]
    room = await teaching.import_timetable(
        school.gromov, "\n".join((header, school.lesson(1, **other, teacher_source_id="t-gusev")))
    )
    assert rules_of(room) == [(2, "room", "room_twice")]
    # The standing lesson moves away in the same file: no clash.
    moved = school.lesson(1, starts_at="07:30", ends_at="08:15")
    swapped = "\n".join((header, school.lesson(1, **other, room="205"), moved))
    assert (await teaching.import_timetable(school.gromov, swapped)).json() == {
        "added": 1,
        "changed": 1,
        "unchanged": 0,
    }


async def test_unnamed_rooms_never_clash(journal: Any) -> None:
    school = journal.school
    lines = (school.timetable().splitlines()[0], school.lesson(1, room=""),
             school.lesson(1, room="", class_source_id="cls-7b", teacher_source_id="t-gusev"))  # fmt: skip
    assert (await journal.import_timetable(school.gromov, "\n".join(lines))).json()["added"] == 2


@pytest.mark.parametrize("who", ["orlova", "gusev", "mother", "misha_himself", "stranger"])
async def test_only_those_who_run_the_school_import(journal: Any, who: str) -> None:
    """J-1; to all others the school is not there."""
    answer = await journal.import_timetable(getattr(journal.school, who), journal.school.timetable())
    assert (answer.status_code, answer.json()["code"]) == (404, "school_not_found")
    assert not await lessons(journal)


async def test_the_director_of_one_school_does_not_run_another(journal: Any) -> None:
    path = f"/schools/{uuid4()}/timetable"
    answer = await journal.call(journal.school.gromov, "POST", path, files={"file": b"date"})
    assert (answer.status_code, answer.json()["code"]) == (404, "school_not_found")


async def test_a_request_without_a_file_or_with_a_broken_one_is_named(journal: Any) -> None:
    school = journal.school
    path = f"/schools/{school.school_id}/timetable"
    missing = await journal.call(school.gromov, "POST", path, json={})
    assert (missing.status_code, missing.json()["code"]) == (422, "validation_failed")
    assert rules_of(await journal.import_timetable(school.gromov, b"\xff\xfe\x00")) == [(1, None, "encoding_unknown")]
    english = await journal.call(
        school.gromov, "POST", path, files={"file": ("../плохой\n.csv", b"")}, headers={"Accept-Language": "en"}
    )
    assert english.json()["errors"][0]["message"] == "The file has no line"
    assert english.json()["detail"] == "Mistakes: 1. Nothing was imported."


async def test_two_imports_at_once_bring_each_lesson_once(journal: Any) -> None:
    school = journal.school
    answers = await asyncio.gather(*(journal.import_timetable(school.gromov, school.timetable()) for _ in range(3)))
    assert sorted(answer.json()["added"] for answer in answers) == [0, 0, 4]
    assert len(await lessons(journal)) == 4


async def run(journal: Any, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Any:
    url = journal.container.settings.database_url
    monkeypatch.setenv("ZVONOK_DATABASE_URL", url)
    monkeypatch.setenv("ZVONOK_MASTER_KEY", base64.b64encode(journal.container.settings.master_key).decode())
    monkeypatch.setenv("LC_ALL", "ru_RU.UTF-8")
    return await asyncio.to_thread(CliRunner().invoke, app, ["import-timetable", *arguments])


async def test_the_command_imports_for_the_only_school(
    journal: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "timetable.csv"
    file.write_text(journal.school.timetable(), encoding="utf-8")
    done = await run(journal, monkeypatch, str(file))
    assert done.exit_code == 0, done.output
    assert "добавлено: 4" in done.output
    assert len(await lessons(journal)) == 4
    assert (await run(journal, monkeypatch, str(file), "--school", "org-1")).exit_code == 0
    unknown = await run(journal, monkeypatch, str(file), "--school", "org-2")
    assert unknown.exit_code == 1
    assert "--school" in unknown.output


async def test_the_command_names_mistakes_as_file_line_column(
    journal: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "timetable.csv"
    file.write_text(journal.school.timetable().replace("08:30", "утром"), encoding="utf-8")
    refused = await run(journal, monkeypatch, str(file))
    assert refused.exit_code == 1
    assert "timetable.csv:2:starts_at: bad_time: Должно быть время ЧЧ:ММ" in refused.output
    assert not await lessons(journal)


async def test_the_command_speaks_english_and_says_when_there_is_no_database(
    journal: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "timetable.csv"
    file.write_text(journal.school.timetable(), encoding="utf-8")
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.setenv("ZVONOK_DATABASE_URL", "postgresql+asyncpg://journal:x@127.0.0.1:1/journal")
    monkeypatch.setenv("ZVONOK_MASTER_KEY", base64.b64encode(bytes(32)).decode())
    done = await asyncio.to_thread(CliRunner().invoke, app, ["import-timetable", str(file)])
    assert done.exit_code == 3
    assert "The database does not answer" in done.output


async def test_the_command_waits_for_the_registry(
    empty_journal: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    journal, school = empty_journal, empty_journal.school
    file = tmp_path / "timetable.csv"
    file.write_text(school.timetable(), encoding="utf-8")
    assert (await run(journal, monkeypatch, str(file))).exit_code == 1
    waiting = asyncio.create_task(run(journal, monkeypatch, str(file), "--wait", "30"))
    await journal.hears(*school.everything())
    done = await waiting
    assert done.exit_code == 0, done.output


async def test_a_school_that_listed_its_rooms_plans_in_no_other(journal: Any) -> None:
    """J-4: the room 102 is not in the list; a lesson without a room is fine."""
    school = journal.school
    path = f"/schools/{school.school_id}/rooms"
    assert (await journal.call(school.deputy, "PUT", path, json={"rooms": [{"name": "101"}]})).status_code == 200
    answer = await journal.import_timetable(school.deputy, school.timetable())
    assert rules_of(answer) == [(3, "room", "room_unknown"), (4, "room", "room_unknown")]
    assert (await journal.import_timetable(school.deputy, school.timetable().replace("102", ""))).status_code == 200
