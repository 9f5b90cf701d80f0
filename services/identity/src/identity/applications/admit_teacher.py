"""A teacher's application granted: the lessons of the form become assignments of the school (I-12)."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from identity.applications.errors import LessonsUnknown, NotStaffHere
from identity.applications.form import Form, Lessons
from identity.bulk import upsert
from identity.registry.duties import Admission, DutyKey, Holder, admission_of, assign
from identity.registry.rules import comparable_class_name
from identity.registry.tables import classes, people, schools, staff_assignments, subjects
from shared.db import Tx


async def staff_meant(tx: Tx, school_id: UUID, staff_id: UUID | None) -> UUID:
    """The record of the teacher who applies.

    Raises:
        NotStaffHere: no member of this school's staff.
    """
    found = select(people.c.person_id).where(
        people.c.school_id == school_id,
        people.c.person_id == staff_id,
        people.c.kind == "staff",
        people.c.present,
    )
    if staff_id is None or await tx.session.scalar(found) is None:
        raise NotStaffHere
    return staff_id


async def admit_teacher(tx: Tx, application: Any, form: Form, staff_id: UUID, recorded_by: UUID) -> None:
    """Assign the lessons, on the basis of the application; what the person did before now has the account too.

    Raises:
        LessonsUnknown: the school has no such class or subject.
    """
    school_id: UUID = application.school_id
    wanted = await _duties_meant(tx, school_id, form, staff_id)
    person = (
        await tx.session.execute(
            select(people, func.timezone(schools.c.time_zone, tx.now).label("local_now"))
            .join(schools, schools.c.school_id == people.c.school_id)
            .where(people.c.school_id == school_id, people.c.person_id == staff_id)
        )
    ).one()
    holder = Holder(person.source_id, person.surname, person.given_name, person.patronymic, application.account_id)
    admission = Admission(f"application {application.number}", recorded_by)
    held = {
        DutyKey(row.person_id, row.role, row.class_id, row.subject_id): row
        for row in await tx.session.execute(
            select(staff_assignments)
            .where(staff_assignments.c.school_id == school_id, staff_assignments.c.person_id == staff_id)
            .with_for_update()
        )
    }
    running = {key: row for key, row in held.items() if row.released_on is None}
    rows = [
        assign(
            tx,
            school_id,
            key,
            holder,
            row,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            admission=admission_of(row),
        )
        for key, row in running.items()
        if row.account_id != application.account_id
    ]
    rows += [
        assign(
            tx,
            school_id,
            key,
            holder,
            held.get(key),
            valid_from=person.local_now.date(),
            valid_until=None,
            admission=admission,
        )
        for key in wanted
        if key not in running
    ]
    await upsert(tx.session, staff_assignments, rows)


async def _duties_meant(tx: Tx, school_id: UUID, form: Form, staff_id: UUID) -> list[DutyKey]:
    class_ids = {
        row.comparable_name: row.class_id
        for row in await tx.session.execute(
            select(classes.c.comparable_name, classes.c.class_id)
            .where(classes.c.school_id == school_id, classes.c.open)
            .order_by(classes.c.class_id)
        )
    }
    subject_ids = {
        row.title.casefold(): row.subject_id
        for row in await tx.session.execute(
            select(subjects.c.title, subjects.c.subject_id)
            .where(subjects.c.school_id == school_id, subjects.c.taught)
            .order_by(subjects.c.subject_id)
        )
    }

    def duty(lessons: Lessons) -> DutyKey | None:
        class_id = class_ids.get(comparable_class_name(lessons.class_name))
        subject_id = subject_ids.get(lessons.subject.casefold())
        known = class_id is not None and subject_id is not None
        return DutyKey(staff_id, "subject_teacher", class_id, subject_id) if known else None

    found = [(lessons, duty(lessons)) for lessons in form.lessons]
    unknown = [lessons.model_dump() for lessons, key in found if key is None]
    if unknown:
        raise LessonsUnknown(members={"unknown": unknown})
    return list(dict.fromkeys(key for _, key in found if key is not None))
