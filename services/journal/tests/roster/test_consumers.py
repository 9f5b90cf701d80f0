"""The roster is what identity told last, in whatever order its streams come."""

import random
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from shared.contracts.identity import ClassGroupChanged, ClassOpened, PupilLeft

TABLES = (
    "schools", "subjects", "classes", "pupils", "pupil_classes", "class_groups", "group_members", "staff",
    "access_edge", "assignment_terms",
)  # fmt: skip


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


async def test_j_4_a_group_is_what_was_said_last_whichever_stream_came_first(journal: Any) -> None:
    school = journal.school
    group = ClassGroupChanged(
        school_id=school.school_id,
        group_id=school.school_id,
        class_id=school.class_7a,
        subject_id=school.maths,
        source_id="grp-1",
        title="Группа 1",
        pupil_ids=(school.misha, school.olya),
        changed_on=date(2026, 9, 1),
    )

    async def of_class() -> list[Any]:
        path = f"/classes/{school.class_7a}/groups"
        found = (await journal.get(school.orlova, path)).json()["items"]
        return [(one["title"], sorted(one["pupil_ids"])) for one in found]

    await journal.hears(group)
    assert await of_class() == [("Группа 1", sorted(map(str, (school.misha, school.olya))))]
    # Who left is in no group, also before the group says so; nor is who is in another class meanwhile.
    await journal.hears(
        PupilLeft(school_id=school.school_id, pupil_id=school.misha, left_on=date(2026, 11, 20)),
        school.enrolled(school.olya, school.class_7b, "Авдеева", "Ольга"),
    )
    assert await of_class() == [("Группа 1", [])]
    # And who is named before being heard of is there once heard of.
    newcomer = school.vanya
    await journal.hears(group.model_copy(update={"title": "А", "pupil_ids": (newcomer, newcomer)}))
    assert await of_class() == [("А", [])]
    await journal.hears(school.enrolled(newcomer, school.class_7a, "Иванов", "Иван"))
    assert await of_class() == [("А", [str(newcomer)])]
