"""J-2: «Кто смотрел дневник»."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text

from journal.access.views import purge_views

WEEK = "weeks/2026-W48"
DAYS = {"from": "2026-11-23", "to": "2026-11-29"}


async def viewers(diary: Any, **params: Any) -> list[dict[str, Any]]:
    return (await diary.seen(diary.school.mother, "viewers", params=params))["items"]


async def rows(diary: Any) -> list[tuple[str, int]]:
    async with diary.journal.container.database.read() as session:
        found = await session.execute(text("SELECT relation, times FROM diary_views ORDER BY relation"))
        return [tuple(row) for row in found]


async def test_a_representative_sees_who_looked(diary: Any) -> None:
    """J-2: the relation, the name of the school's people, since when a trusted person may look."""
    school = diary.school
    grant_id = await diary.trust("timetable")
    for who in (school.orlova, school.gromov, school.stranger, school.stranger, school.misha_himself, school.mother):
        await diary.seen(who, WEEK)
    found = {one["relation"]: one for one in await viewers(diary)}
    assert found.keys() == {"class_teacher", "director", "trusted", "representative"}
    assert found["class_teacher"]["staff_name"] == "Орлова Марина Сергеевна"
    assert found["representative"]["you"]
    trusted = found["trusted"]
    assert (trusted["times"], trusted["grant_id"], trusted["you"], trusted["staff_name"]) == (2, grant_id, False, None)
    assert datetime.fromisoformat(trusted["trusted_since"]) == datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
    assert datetime.fromisoformat(trusted["last_at"]) == datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


async def test_a_pupils_own_looks_are_nobodys_business(diary: Any) -> None:
    """J-2"""
    await diary.seen(diary.school.misha_himself, WEEK)
    assert await rows(diary) == []


async def test_every_read_of_a_diary_is_noted(diary: Any) -> None:
    """J-2: whichever page it is; a new route that forgets it fails here."""
    (period, _) = await diary.quarters()
    document = (await diary.journal.client.get("/openapi.json")).json()
    paths = [
        re.sub(r".*/diaries/\{pupil_id\}/", "", path)
        for path, routes in document["paths"].items()
        if "/diaries/{pupil_id}/" in path and "get" in routes
    ]
    assert {"weeks/{week}", "performance", "chart", "homework", "attendance", "points", "backpack"} <= set(paths)
    params = {
        "behaviour": {"from": "2026-W48", "to": "2026-W48"},
        "attestation": {"period": period},
        "outlook": {"subject": str(diary.school.maths)},
        "daily-regime": {"date": "2026-11-23"},
        "homework": DAYS,
        "attendance": DAYS,
        "backpack": DAYS,
    }
    for path in paths:
        await forget(diary)
        answer = await diary.get(diary.school.gromov, path.format(week="2026-W48"), params=params.get(path, {}))
        assert answer.status_code in {200, 403}, (path, answer.text)
        assert await rows(diary) == [("director", 1)], path


async def forget(diary: Any) -> None:
    diary.journal.container.views._written.clear()
    async with diary.journal.container.database.uow.begin() as tx:
        await tx.session.execute(text("TRUNCATE diary_views"))


async def test_a_refused_look_is_none(diary: Any) -> None:
    assert (await diary.get(diary.school.stranger, WEEK)).status_code == 404
    assert await rows(diary) == []


async def test_the_first_look_is_written_before_the_answer_and_further_ones_cost_no_statement(diary: Any) -> None:
    """A process that is killed has lost no looker, only the last counts."""
    mother = diary.school.mother
    with diary.journal.counting() as first:
        await diary.seen(mother, WEEK)
    assert await rows(diary) == [("representative", 1)]
    with diary.journal.counting() as further:
        for _ in range(4):
            await diary.seen(mother, WEEK)
    assert (len(first), len(further)) == (3, 8)
    views = diary.journal.container.views
    async with diary.journal.container.database.driver() as connection:
        await views.flush(connection)
    assert await rows(diary) == [("representative", 5)]


async def test_two_processes_count_together(diary: Any) -> None:
    """The second process does not know what the first has written."""
    await diary.seen(diary.school.mother, WEEK)
    diary.journal.container.views._written.clear()
    await diary.seen(diary.school.mother, WEEK)
    assert await rows(diary) == [("representative", 2)]


async def test_counts_wait_while_the_database_is_away(diary: Any) -> None:
    for _ in range(3):
        await diary.seen(diary.school.mother, WEEK)
    views = diary.journal.container.views

    class Away:
        async def executemany(self, *_: Any) -> None:
            raise ConnectionError

    with pytest.raises(ConnectionError):
        await views.flush(Away())
    async with diary.journal.container.database.driver() as connection:
        await views.flush(connection)
    assert await rows(diary) == [("representative", 3)]


async def test_days_are_paged_the_newest_first(diary: Any) -> None:
    for day in (24, 25, 26):
        diary.at(datetime(2026, 11, day, 9, 0, tzinfo=UTC))
        for who in (diary.school.mother, diary.school.orlova):
            await diary.seen(who, WEEK)
    found, after = [], {}
    while True:
        page = await diary.seen(diary.school.mother, "viewers", params={"limit": 2} | after)
        found += [one["first_at"][:10] for one in page["items"]]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert found == [f"2026-11-{day}" for day in (26, 26, 25, 25, 24, 24)]


@pytest.mark.parametrize(
    ("who", "status", "code"),
    [
        ("misha_himself", 403, "viewers_not_yours"),
        ("orlova", 403, "viewers_not_yours"),
        ("gromov", 403, "viewers_not_yours"),
        ("gusev", 404, "pupil_not_found"),
        ("stranger", 404, "pupil_not_found"),
    ],
)
async def test_only_representatives_of_level_2_are_told(diary: Any, who: str, status: int, code: str) -> None:
    """J-2, D-7"""
    answer = await diary.get(getattr(diary.school, who), "viewers")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_level_1_and_trusted_persons_are_not_told(diary: Any) -> None:
    """J-2, D-7"""
    await diary.trust("timetable", "marks", "homework", "attendance")
    assert (await diary.get(diary.school.stranger, "viewers")).status_code == 403
    school = diary.school
    await diary.journal.hears(school.granted(school.mother, school.misha, "representative", 1, edge_version=2))
    assert (await diary.get(school.mother, "viewers")).status_code == 403


async def test_old_looks_are_dropped(diary: Any) -> None:
    for who in (diary.school.mother, diary.school.orlova):
        await diary.seen(who, WEEK)
    uow = diary.journal.container.database.uow
    async with uow.begin() as tx:
        old = text(
            "UPDATE diary_views SET day = CAST(:now AS timestamptz)::date - days"
            " FROM (VALUES ('representative', 401), ('class_teacher', 400)) AS one(who, days) WHERE relation = who"
        )
        await tx.session.execute(old, {"now": tx.now})
    await purge_views(uow)
    assert await rows(diary) == [("class_teacher", 1)]
