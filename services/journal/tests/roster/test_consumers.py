"""The roster is what identity told last, in whatever order its streams come."""

import random
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from shared.contracts.identity import ClassOpened

TABLES = ("schools", "subjects", "classes", "pupils", "pupil_classes", "staff", "access_edge", "assignment_terms")


async def everything(journal: Any) -> dict[str, list[Any]]:
    async with journal.container.database.read() as session:
        return {
            table: sorted(map(repr, await session.execute(text(f"SELECT * FROM {table}"))))  # noqa: S608 -- our names
            for table in TABLES
        }


async def test_streams_may_come_in_any_order(empty_journal: Any, request: pytest.FixtureRequest) -> None:
    journal, school = empty_journal, empty_journal.school
    events = school.everything()
    await journal.hears(*events)
    expected = await everything(journal)
    async with journal.container.database.uow.begin() as tx:
        for table in TABLES:
            await tx.session.execute(text(f"DELETE FROM {table}"))  # noqa: S608 -- our names
    # Within a stream the order stays; the streams are mixed.
    streams: dict[Any, list[Any]] = {}
    for event in events:
        streams.setdefault(event.stream_id, []).append(event)
    mixed = random.Random(7)
    waiting = list(streams.values())
    while waiting:
        stream = mixed.choice(waiting)
        await journal.hears(stream.pop(0))
        waiting = [one for one in waiting if one]
    assert await everything(journal) == expected


async def test_told_twice_is_known_once(journal: Any) -> None:
    before = await everything(journal)
    await journal.hears(*journal.school.everything())
    assert await everything(journal) == before


async def test_names_and_places_change(journal: Any) -> None:
    school = journal.school
    await journal.hears(
        ClassOpened(school_id=school.school_id, class_id=school.class_7b, source_id="cls-7b", grade=7, name="7В"),
        school.enrolled(school.misha, school.class_7b, "Соколов-Белов", "Михаил"),
    )
    answer = await journal.get(school.gusev, f"/classes/{school.class_7b}/pupils")
    assert answer.json()["class_name"] == "7В"
    assert [pupil["surname"] for pupil in answer.json()["pupils"]] == ["Петров", "Соколов-Белов"]
    (diary,) = (await journal.get(school.mother, "/diaries")).json()["items"]
    assert (diary["name"], diary["label"]) == ("Соколов-Белов Михаил Дмитриевич", "Михаил, 7В")


async def test_a_school_of_no_time_zone_is_refused_for_good(empty_journal: Any) -> None:
    with pytest.raises(AssertionError, match="dead"):
        await empty_journal.hears(empty_journal.school.opened(time_zone="Mars/Olympus"))
    async with empty_journal.container.database.read() as session:
        assert not await session.scalar(text("SELECT count(*) FROM schools"))


async def test_a_school_year_is_told_anew(journal: Any) -> None:
    school = journal.school
    await journal.hears(school.opened(year_starts_on=date(2026, 11, 24)))
    answer = await journal.import_timetable(school.gromov, school.timetable())
    assert {error["rule"] for error in answer.json()["errors"]} == {"outside_school_year"}
