"""I-14, I-15: who of the staff may act for whom."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from identity.errors import PersonNotFound
from identity.registry.authority import (
    Authority,
    Standing,
    authority_in_school,
    class_teachers_of,
    require_authority_over_person,
    standing_of,
)
from identity.registry.tables import classes, people, schools, staff_assignments


@pytest.fixture(autouse=True)
async def imported(identity, bundle):
    return await identity.load(bundle)


@pytest.fixture
async def school(identity):
    async with identity.database.read() as session:
        yield await session.scalar(select(schools.c.school_id))


@pytest.fixture
async def person(identity):
    async with identity.database.read() as session:
        ids = dict((await session.execute(select(people.c.source_id, people.c.person_id))).all())
    return lambda name: ids[f"usr-{name}"]


@pytest.fixture
async def account(identity, known):
    async def of(login):
        return (await identity.container.tokens.verify((await identity.bearer(login, known.password))[
            "Authorization"].removeprefix("Bearer "))).caller.account_id  # fmt: skip

    return of


@pytest.fixture
def may(identity, school, person, account):
    async def ask(login, name, now=None):
        async with identity.database.read() as session:
            try:
                await require_authority_over_person(
                    session, await account(login), school, person(name), now or identity.database.clock()
                )
            except PersonNotFound:
                return False
        return True

    return ask


def test_i_14_pure_rule():
    school, own, other = uuid4(), uuid4(), uuid4()
    teacher = Authority(school, class_ids=frozenset({own}))
    assert not Authority(school)
    assert (teacher.over_class(own), teacher.over_class(other)) == (True, False)
    for kind, class_ids, allowed in (
        ("pupil", {own}, True),
        ("pupil", {other}, False),
        ("pupil", set(), False),
        ("representative", {own, other}, True),
        ("representative", {other}, False),
        ("staff", {own}, False),
    ):
        standing = Standing(uuid4(), kind, frozenset(class_ids))
        assert teacher.over_person(standing) is allowed
        assert Authority(school, leads_school=True).over_person(standing)
        assert not Authority(school).over_person(standing)


@pytest.mark.parametrize(
    ("login", "name", "allowed"),
    [
        ("teacher", "pupil", True),
        ("teacher", "other", True),
        ("teacher", "mother", True),
        ("teacher", "father", True),
        ("teacher", "sister", False),
        ("teacher", "granny", False),
        ("teacher", "director", False),
        ("teacher", "teacher2", False),
        ("director", "pupil", True),
        ("director", "sister", True),
        ("director", "granny", True),
        ("director", "teacher", True),
        ("mother", "pupil", False),
        ("pupil", "pupil", False),
    ],
)
async def test_i_14_own_class_only(may, login, name, allowed):
    assert await may(login, name) is allowed


async def test_i_15_ends_the_same_day_by_the_calendar_of_the_school(identity, may):
    last = date(2026, 11, 30)
    async with identity.database.uow.begin() as tx:
        await tx.session.execute(update(staff_assignments).values(valid_until=last))
        await tx.session.execute(update(schools).values(time_zone="Asia/Kamchatka"))
    evening = datetime(2026, 11, 30, 11, 59, tzinfo=UTC)  # 23:59 in Kamchatka
    assert await may("teacher", "pupil", evening)
    assert not await may("teacher", "pupil", evening + timedelta(minutes=1))
    async with identity.database.uow.begin() as tx:
        await tx.session.execute(update(staff_assignments).values(valid_until=None, released_on=last))
    assert not await may("teacher", "pupil", evening), "released is released"


async def test_who_has_left_is_nobodys(identity, school, person, may):
    async with identity.database.uow.begin() as tx:
        await tx.session.execute(update(people).where(people.c.person_id == person("other")).values(present=False))
    assert not await may("director", "other")


async def test_i_22_class_teachers_of_people(identity, school, person, account):
    asked = [person(name) for name in ("pupil", "sister", "mother", "granny")]
    async with identity.database.read() as session:
        teachers = await class_teachers_of(session, school, asked, identity.database.clock())
    orlova = frozenset({await account("teacher")})
    assert teachers == {person("pupil"): orlova, person("mother"): orlova}


async def test_one_query_however_many_children(identity, school, person, queries):
    with queries() as statements:
        async with identity.database.read() as session:
            mother = await standing_of(session, school, person("mother"))
            await authority_in_school(session, person("mother"), school, identity.database.clock())
    assert len(statements) == 2
    async with identity.database.read() as session:
        names = await session.scalars(select(classes.c.name).where(classes.c.class_id.in_(mother.class_ids)))
    assert sorted(names) == ["7А", "7Б"]
