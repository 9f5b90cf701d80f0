"""Groups of a class (I-12), and terms that a bundle gives (I-15)."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from identity.errors import BundleRefused
from identity.membership.end_what_ran_out import end_what_ran_out
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


async def heard(identity, emitted, work):
    """What `work` says of groups: title and how many pupils of each that changed, None for one that ended."""
    before = len(await emitted(identity.database))
    await work
    events = (await emitted(identity.database))[before:]
    return {
        event.group_id: (event.title, len(event.pupil_ids)) if hasattr(event, "title") else None
        for event in events
        if type(event).__name__ in {"ClassGroupChanged", "ClassGroupEnded"}
    }


async def test_i_12_a_group_is_told_whole_and_only_when_it_changes(identity, bundle, emitted):
    add_group(bundle)
    add_group(bundle, "cls-7a-eng-2", "Группа 2")
    put_into(bundle, "cls-7a-eng-1", "usr-pupil")
    first = await heard(identity, emitted, identity.load(bundle))
    assert sorted(first.values()) == [("Группа 1", 1), ("Группа 2", 0)]
    one, two = (next(key for key, value in first.items() if value[0] == title) for title in ("Группа 1", "Группа 2"))
    assert await heard(identity, emitted, identity.load(bundle)) == {}
    put_into(bundle, "cls-7a-eng-1", "usr-other")
    assert await heard(identity, emitted, identity.load(bundle)) == {one: ("Группа 1", 2)}
    bundle.row("classes.csv", "cls-7a-eng-2")["metadata.group"] = "Б"
    assert await heard(identity, emitted, identity.load(bundle)) == {two: ("Б", 0)}


async def test_i_12_a_groups_end_is_told_and_so_is_its_return(identity, bundle, emitted):
    add_group(bundle)
    put_into(bundle, "cls-7a-eng-1", "usr-pupil")
    (group_id,) = await heard(identity, emitted, identity.load(bundle))
    name = bundle.row("classes.csv", "cls-7a-eng-1")["metadata.group"]
    bundle.row("classes.csv", "cls-7a-eng-1")["metadata.group"] = ""
    enrolled = bundle.files["enrollments.csv"].pop()
    assert await heard(identity, emitted, identity.load(bundle)) == {group_id: None}
    assert await heard(identity, emitted, identity.load(bundle)) == {}
    bundle.row("classes.csv", "cls-7a-eng-1")["metadata.group"] = name
    bundle.files["enrollments.csv"].append(enrolled)
    assert await heard(identity, emitted, identity.load(bundle)) == {group_id: ("Группа 1", 1)}


async def test_i_15_who_leaves_the_class_leaves_its_groups(identity, bundle, emitted, moment):
    add_group(bundle)
    put_into(bundle, "cls-7a-eng-1", "usr-pupil")
    put_into(bundle, "cls-7a-eng-1", "usr-other")
    bundle.row("enrollments.csv", "enr-cls-7a-usr-pupil")["endDate"] = "2026-12-31"
    moment.now = datetime(2026, 11, 26, 9, tzinfo=UTC)
    (group_id,) = await heard(identity, emitted, identity.load(bundle))
    moment.now = datetime(2026, 12, 31, 21, 0, tzinfo=UTC)
    assert await heard(identity, emitted, end_what_ran_out(identity.database)) == {group_id: ("Группа 1", 1)}
    assert not (await identity.load(bundle)).changed, "the bundle says the same"


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
