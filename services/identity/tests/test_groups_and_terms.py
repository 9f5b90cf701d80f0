"""Groups of a class (I-12), and terms that a bundle gives (I-15)."""

from datetime import date

import pytest
from sqlalchemy import func, select

from identity.errors import BundleRefused
from identity.registry.tables import class_groups, enrolments, group_members, guardianships


def add_group(bundle, source_id="cls-7a-eng-1", title="Группа 1"):
    for row in bundle.files["classes.csv"]:
        row.setdefault("metadata.group", "")
    if not any(row["sourcedId"] == "crs-eng" for row in bundle.files["courses.csv"]):
        bundle.files["courses.csv"].append({"sourcedId": "crs-eng", "title": "Английский язык"})
    bundle.files["classes.csv"].append({
        **bundle.row("classes.csv", "cls-7a-math"),
        "sourcedId": source_id,
        "title": f"Английский 7А, {title}",
        "courseSourcedId": "crs-eng",
        "metadata.group": title,
    })  # fmt: skip


def put_into(bundle, group, person):
    bundle.files["enrollments.csv"].append({
        **bundle.row("enrollments.csv", "enr-cls-7a-usr-pupil"),
        "sourcedId": f"enr-{group}-{person}",
        "classSourcedId": group,
        "userSourcedId": person,
    })  # fmt: skip


async def groups_of(identity):
    async with identity.database.read() as session:
        found = await session.execute(
            select(class_groups.c.title, func.count(group_members.c.pupil_id))
            .outerjoin(group_members, group_members.c.group_id == class_groups.c.group_id)
            .where(class_groups.c.open)
            .group_by(class_groups.c.title)
            .order_by(class_groups.c.title)
        )
    return [tuple(row) for row in found]


async def test_i_12_groups_of_a_class_and_their_pupils(identity, bundle):
    add_group(bundle)
    add_group(bundle, "cls-7a-eng-2", "Группа 2")
    put_into(bundle, "cls-7a-eng-1", "usr-pupil")
    put_into(bundle, "cls-7a-eng-2", "usr-other")
    report = await identity.load(bundle)
    assert report.counts["groups"].added == 2
    assert await groups_of(identity) == [("Группа 1", 1), ("Группа 2", 1)]
    assert not (await identity.load(bundle)).changed
    bundle.row("enrollments.csv", "enr-cls-7a-eng-2-usr-other")["classSourcedId"] = "cls-7a-eng-1"
    report = await identity.load(bundle)
    assert (report.counts["group_members"].added, report.counts["group_members"].removed) == (1, 1)
    assert await groups_of(identity) == [("Группа 1", 2), ("Группа 2", 0)]


async def test_i_12_a_group_takes_pupils_of_its_class_only(identity, bundle):
    add_group(bundle)
    put_into(bundle, "cls-7a-eng-1", "usr-sister")
    with pytest.raises(BundleRefused) as refused:
        await identity.load(bundle)
    (mistake,) = refused.value.mistakes
    assert (mistake.file, mistake.column, mistake.rule) == ("enrollments.csv", "classSourcedId", "group_class")


async def test_i_15_the_bundles_last_days_are_kept(identity, bundle):
    bundle.row("enrollments.csv", "enr-cls-7a-usr-pupil")["endDate"] = "2027-01-15"
    bundle.row("roles.csv", "rol-usr-father")["endDate"] = "2027-02-01"
    await identity.load(bundle)
    async with identity.database.read() as session:
        leaving = await session.scalars(select(enrolments.c.last_day).where(enrolments.c.last_day.is_not(None)))
        ending = await session.scalars(select(guardianships.c.last_day).where(guardianships.c.last_day.is_not(None)))
        assert (list(leaving), list(ending)) == ([date(2027, 1, 15)], [date(2027, 2, 1)])
    assert not (await identity.load(bundle)).changed


async def test_i_15_a_role_that_is_over_answers_for_nobody(identity, bundle, emitted):
    bundle.row("roles.csv", "rol-usr-father")["endDate"] = "2026-10-01"
    await identity.load(bundle)
    granted = [event for event in await emitted(identity.database) if type(event).__name__ == "BindingGranted"]
    assert len(granted) == 3, "the mother of two, and the pupil himself"
