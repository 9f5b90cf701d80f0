"""Keeps the roster as identity tells it. Every event carries the whole row, so each is one upsert."""

from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Table, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from journal.events import subscriptions
from journal.roster.tables import (
    class_groups,
    classes,
    group_members,
    pupil_classes,
    pupils,
    schools,
    staff,
    subjects,
)
from shared.bus import PermanentError
from shared.contracts.identity import (
    ClassGroupChanged,
    ClassGroupEnded,
    ClassOpened,
    PupilEnrolled,
    PupilLeft,
    SchoolOpened,
    StaffAssigned,
    SubjectOpened,
)
from shared.db import Tx


@subscriptions.on(SchoolOpened)
async def keep_school(tx: Tx, event: SchoolOpened) -> None:
    """A school's card; an unknown time zone would make every date of the school wrong, so it is refused."""
    try:
        ZoneInfo(event.time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise PermanentError("unknown time zone of a school") from error
    await _upsert(tx, schools, event.model_dump())


@subscriptions.on(SubjectOpened)
async def keep_subject(tx: Tx, event: SubjectOpened) -> None:
    """A subject of a school, or its new title."""
    await _upsert(tx, subjects, event.model_dump())


@subscriptions.on(ClassOpened)
async def keep_class(tx: Tx, event: ClassOpened) -> None:
    """A class of a school, or its new name."""
    await _upsert(tx, classes, event.model_dump())


@subscriptions.on(PupilEnrolled)
async def enrol_pupil(tx: Tx, event: PupilEnrolled) -> None:
    """A pupil's place; who comes back has not left. The classes before it stay known."""
    told = event.model_dump()
    await _upsert(tx, pupils, {**told, "left_on": None})
    # What was said to begin later was put right.
    await tx.session.execute(
        delete(pupil_classes).where(
            pupil_classes.c.school_id == event.school_id,
            pupil_classes.c.pupil_id == event.pupil_id,
            pupil_classes.c.since > event.since,
        )
    )
    await _upsert(tx, pupil_classes, told)


@subscriptions.on(PupilLeft)
async def let_pupil_go(tx: Tx, event: PupilLeft) -> None:
    """The row stays, for the marks that were given; the class no longer has the pupil (I-15)."""
    await tx.session.execute(
        update(pupils)
        .where(pupils.c.school_id == event.school_id, pupils.c.pupil_id == event.pupil_id)
        .values(left_on=event.left_on)
    )


@subscriptions.on(ClassGroupChanged)
async def keep_group(tx: Tx, event: ClassGroupChanged) -> None:
    """A group and all of its pupils, also those that were not heard of yet; who was in it before stays known."""
    group = {"school_id": event.school_id, "group_id": event.group_id}
    known = await tx.session.scalar(select(class_groups.c.group_id).filter_by(**group))
    await _upsert(tx, class_groups, {**event.model_dump(), "ended_on": None})
    gone = update(group_members).filter_by(**group, left_on=None)
    gone = gone.where(group_members.c.pupil_id.not_in(event.pupil_ids))
    await tx.session.execute(gone.values(left_on=event.changed_on))
    if event.pupil_ids:
        # Those with whom the group was first told of have been in it from the beginning.
        new = {**group, "since": event.changed_on if known else None, "left_on": None}
        rows = [{**new, "pupil_id": pupil_id} for pupil_id in dict.fromkeys(event.pupil_ids)]
        joined = insert(group_members).values(rows)
        key = list(group_members.primary_key)
        await tx.session.execute(joined.on_conflict_do_update(index_elements=key, set_={"left_on": None}))


@subscriptions.on(ClassGroupEnded)
async def end_group(tx: Tx, event: ClassGroupEnded) -> None:
    """Nothing is planned for it from now on; its pupils stay, for the lessons that it had."""
    await tx.session.execute(
        update(class_groups)
        .where(class_groups.c.school_id == event.school_id, class_groups.c.group_id == event.group_id)
        .values(ended_on=event.ended_on)
    )


@subscriptions.on(StaffAssigned)
async def keep_staff(tx: Tx, event: StaffAssigned) -> None:
    """Names and account of a member of staff; what the person may do is kept by the room `access`."""
    await _upsert(tx, staff, event.model_dump())


async def _upsert(tx: Tx, table: Table, values: dict[str, Any]) -> None:
    """Insert or replace one row with those of `values` that the table has."""
    row = {column.name: values[column.name] for column in table.columns}
    statement = insert(table).values(row)
    keys = [column.name for column in table.primary_key]
    await tx.session.execute(
        statement.on_conflict_do_update(
            index_elements=keys, set_={name: statement.excluded[name] for name in row if name not in keys}
        )
    )
