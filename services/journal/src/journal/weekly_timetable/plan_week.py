"""Set the week of a class (J-4): deputies, the director, the school's administrator."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from journal.access.actions import PLAN_LESSONS, READ_CLASS
from journal.access.check import may
from journal.calendar.authority import hold_school
from journal.errors import (
    NotYoursToPlan,
    SchoolClassNotFound,
    StaleVersion,
    WeeklyTimetableNotFound,
    WeeklyTimetableRefused,
    WeeklyTimetablesOverlap,
)
from journal.roster.groups import Group, groups_of_class
from journal.roster.queries import School, SchoolClass, find_class
from journal.roster.tables import staff, subjects
from journal.timetable.rooms import unknown_rooms
from journal.weekly_timetable.queries import timetables_of_class
from journal.weekly_timetable.rules import WeeklyLesson, WeeklyTimetable, WeekPlan
from journal.weekly_timetable.tables import weekly_lessons, weekly_timetables
from shared.db import Tx, UnitOfWork
from shared.http import Caller


async def add_week(uow: UnitOfWork, caller: Caller, class_id: UUID, plan: WeekPlan) -> WeeklyTimetable:
    """Give a class a weekly timetable. Lessons are made of it by `make_lessons`, not here.

    Raises:
        SchoolClassNotFound, NotYoursToPlan: not the caller's.
        WeeklyTimetableRefused: it names what the school does not have; all faults are named.
        WeeklyTimetablesOverlap: the class has one for some of these days.
    """
    async with uow.begin() as tx:
        school_class, school = await _class_to_plan(tx, caller, class_id)
        await _check(tx, school_class, school, plan)
        timetable = _timetable(school_class, tx.new_id(), 1, plan)
        row = {
            "school_id": school.school_id,
            "weekly_timetable_id": timetable.weekly_timetable_id,
            "class_id": class_id,
            "shift": plan.shift,
            "starts_on": plan.starts_on,
            "ends_on": plan.ends_on,
        }
        await tx.session.execute(insert(weekly_timetables).values(row))
        await _write_lessons(tx, timetable)
        return timetable


async def change_week(
    uow: UnitOfWork, caller: Caller, class_id: UUID, weekly_timetable_id: UUID, version: int, plan: WeekPlan
) -> WeeklyTimetable:
    """Replace a weekly timetable; lessons follow when they are made again.

    Raises:
        SchoolClassNotFound, NotYoursToPlan, WeeklyTimetableNotFound: not there, or not the caller's.
        StaleVersion: somebody changed it in between.
        WeeklyTimetableRefused, WeeklyTimetablesOverlap: see `add_week`.
    """
    async with uow.begin() as tx:
        school_class, school = await _class_to_plan(tx, caller, class_id)
        await _hold(tx, school_class, weekly_timetable_id, version)
        await _check(tx, school_class, school, plan, besides=weekly_timetable_id)
        timetable = _timetable(school_class, weekly_timetable_id, version + 1, plan)
        await tx.session.execute(
            update(weekly_timetables)
            .where(
                weekly_timetables.c.school_id == school.school_id,
                weekly_timetables.c.weekly_timetable_id == weekly_timetable_id,
            )
            .values(shift=plan.shift, starts_on=plan.starts_on, ends_on=plan.ends_on, version=timetable.version)
        )
        await tx.session.execute(
            delete(weekly_lessons).where(
                weekly_lessons.c.school_id == school.school_id,
                weekly_lessons.c.weekly_timetable_id == weekly_timetable_id,
            )
        )
        await _write_lessons(tx, timetable)
        return timetable


async def remove_week(uow: UnitOfWork, caller: Caller, class_id: UUID, weekly_timetable_id: UUID, version: int) -> None:
    """Remove a weekly timetable; its lessons go when lessons are made again, except those in use.

    Raises:
        SchoolClassNotFound, NotYoursToPlan, WeeklyTimetableNotFound: not there, or not the caller's.
        StaleVersion: somebody changed it in between.
    """
    async with uow.begin() as tx:
        school_class, school = await _class_to_plan(tx, caller, class_id)
        await _hold(tx, school_class, weekly_timetable_id, version)
        await tx.session.execute(
            delete(weekly_timetables).where(
                weekly_timetables.c.school_id == school.school_id,
                weekly_timetables.c.weekly_timetable_id == weekly_timetable_id,
            )
        )


async def _class_to_plan(tx: Tx, caller: Caller, class_id: UUID) -> tuple[SchoolClass, School]:
    """The class, and its school, whose lessons nobody else plans meanwhile."""
    school_class = await find_class(tx.session, class_id)
    if school_class is None:
        raise SchoolClassNotFound
    if not await may(tx.session, caller.account_id, PLAN_LESSONS, school_class.as_object(), tx.now):
        known = await may(tx.session, caller.account_id, READ_CLASS, school_class.as_object(), tx.now)
        raise NotYoursToPlan if known else SchoolClassNotFound
    return school_class, await hold_school(tx, caller, school_class.school_id, PLAN_LESSONS)


async def _hold(tx: Tx, school_class: SchoolClass, weekly_timetable_id: UUID, version: int) -> None:
    found = await tx.session.scalar(
        select(weekly_timetables.c.version).where(
            weekly_timetables.c.school_id == school_class.school_id,
            weekly_timetables.c.weekly_timetable_id == weekly_timetable_id,
            weekly_timetables.c.class_id == school_class.class_id,
        )
    )
    if found is None:
        raise WeeklyTimetableNotFound
    if found != version:
        raise StaleVersion(base=version, current=found)


async def _check(
    tx: Tx, school_class: SchoolClass, school: School, plan: WeekPlan, besides: UUID | None = None
) -> None:
    async def known(query_of: str) -> set[UUID]:
        table, column = (subjects, subjects.c.subject_id) if query_of == "subject" else (staff, staff.c.person_id)
        return set(await tx.session.scalars(select(column).where(table.c.school_id == school.school_id)))

    subject_ids, teacher_ids = await known("subject"), await known("teacher")
    rooms = await unknown_rooms(tx.session, school.school_id, {one.room for one in plan.lessons})
    groups = await groups_of_class(tx.session, school.school_id, school_class.class_id)
    faults = list(_faults(plan, school, subject_ids, teacher_ids, rooms))
    faults += _faults_of_groups(plan, {one.group_id: one for one in groups})
    if faults:
        raise WeeklyTimetableRefused(faults)
    for other in await timetables_of_class(tx.session, school.school_id, school_class.class_id):
        if other.weekly_timetable_id == besides:
            continue
        if other.plan.starts_on <= plan.ends_on and plan.starts_on <= other.plan.ends_on:
            raise WeeklyTimetablesOverlap(starts_on=other.plan.starts_on, ends_on=other.plan.ends_on)


def _faults(
    plan: WeekPlan, school: School, subject_ids: set[UUID], teacher_ids: set[UUID], rooms: set[str]
) -> Iterator[tuple[str, str]]:
    if plan.ends_on < plan.starts_on:
        yield "ends_on", "ends_before_start"
    if plan.starts_on < school.year_starts_on or plan.ends_on > school.year_ends_on:
        yield "starts_on", "outside_the_year"
    for index, one in enumerate(plan.lessons):
        if one.subject_id not in subject_ids:
            yield f"lessons[{index}].subject_id", "subject_unknown"
        if one.teacher_id not in teacher_ids:
            yield f"lessons[{index}].teacher_id", "teacher_unknown"
        if one.room in rooms:
            yield f"lessons[{index}].room", "room_unknown"


def _faults_of_groups(plan: WeekPlan, groups: Mapping[UUID, Group]) -> Iterator[tuple[str, str]]:
    """What cannot be at once: one class twice, one teacher twice, groups that share a pupil."""
    places: dict[tuple[int, int], list[WeeklyLesson]] = defaultdict(list)
    for index, one in enumerate(plan.lessons):
        group = groups.get(one.group_id) if one.group_id else None
        if one.group_id and (group is None or group.ended):
            yield f"lessons[{index}].group_id", "group_unknown"
        elif group and group.subject_id != one.subject_id:
            yield f"lessons[{index}].group_id", "group_of_another_subject"
        beside = places[one.weekday, one.number]
        if any(None in {one.group_id, other.group_id} or one.group_id == other.group_id for other in beside):
            yield f"lessons[{index}].number", "place_twice"
        elif group and any(group.pupil_ids & _pupils_of(other, groups) for other in beside):
            yield f"lessons[{index}].group_id", "groups_share_pupils"
        elif any(one.teacher_id == other.teacher_id for other in beside):
            yield f"lessons[{index}].teacher_id", "teacher_twice"
        beside.append(one)


def _pupils_of(lesson: WeeklyLesson, groups: Mapping[UUID, Group]) -> frozenset[UUID]:
    group = groups.get(lesson.group_id) if lesson.group_id else None
    return group.pupil_ids if group else frozenset()


def _timetable(school_class: SchoolClass, id_: UUID, version: int, plan: WeekPlan) -> WeeklyTimetable:
    return WeeklyTimetable(
        school_class.school_id, id_, school_class.class_id, school_class.name, school_class.grade, version, plan
    )


async def _write_lessons(tx: Tx, timetable: WeeklyTimetable) -> None:
    rows = [
        {
            "school_id": timetable.school_id,
            "weekly_timetable_id": timetable.weekly_timetable_id,
            "weekday": one.weekday,
            "number": one.number,
            "subject_id": one.subject_id,
            "teacher_id": one.teacher_id,
            "room": one.room,
            "group_id": one.group_id,
        }
        for one in timetable.plan.lessons
    ]
    if rows:
        await tx.session.execute(insert(weekly_lessons).values(rows))
