"""Admit a member of staff to a class, a subject or a part of the school, on a basis that is recorded (I-12)."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from identity.bulk import upsert
from identity.errors import AdmissionUnfit, DutyHeldAlready, PersonNotFound
from identity.membership.permission import require_administrator
from identity.membership.queries import candidate, same_duty
from identity.membership.rules import AdmittedRole, fault_of
from identity.registry.duties import Admission, DutyKey, Holder, assign
from identity.registry.tables import staff_assignments
from identity.registry.turns import take_turn_in
from shared.db import Tx, UnitOfWork


@dataclass(frozen=True, slots=True)
class Wish:
    """What an administrator writes down."""

    role: AdmittedRole
    class_id: UUID | None
    subject_id: UUID | None
    basis: str
    valid_from: date | None
    """None: from today on."""
    valid_until: date | None
    """The last day; None: until released."""


async def admit_staff(uow: UnitOfWork, caller_id: UUID, school_id: UUID, person_id: UUID, wish: Wish) -> dict[str, Any]:
    """Admit, and answer the assignment as it is kept.

    Raises:
        AdmissionForbidden: the caller administrates no such school.
        PersonNotFound: nobody of its staff.
        AdmissionUnfit: class, subject or term do not fit the role; nothing was written.
        DutyHeldAlready: the person holds this very duty.
    """
    async with uow.begin() as tx:
        await require_administrator(tx.session, caller_id, school_id, tx.now)
        school = await take_turn_in(tx.session, school_id)
        assert school is not None, "whoever administrates a school has one"
        first = wish.valid_from or tx.now.astimezone(ZoneInfo(school.time_zone)).date()
        if fault := fault_of(wish.role, wish.class_id, wish.subject_id, first, wish.valid_until):
            raise AdmissionUnfit(*fault)
        key = DutyKey(person_id, wish.role, wish.class_id, wish.subject_id)
        person = await candidate(tx.session, school_id, key)
        if person is None:
            raise PersonNotFound
        _check_place(person, key)
        before = await same_duty(tx.session, school_id, key)
        if before is not None and before.released_on is None:
            raise DutyHeldAlready(members={"assignment_id": before.assignment_id})
        return await _write(tx, school_id, key, person, before, wish, first, caller_id)


def _check_place(person: Row[Any], key: DutyKey) -> None:
    if key.class_id is not None and not person.class_is_there:
        raise AdmissionUnfit("class_id", "class_unknown")
    if key.subject_id is not None and not person.subject_is_there:
        raise AdmissionUnfit("subject_id", "subject_unknown")


async def _write(
    tx: Tx,
    school_id: UUID,
    key: DutyKey,
    person: Row[Any],
    before: Row[Any] | None,
    wish: Wish,
    first: date,
    caller_id: UUID,
) -> dict[str, Any]:
    row = assign(
        tx,
        school_id,
        key,
        Holder(person.source_id, person.surname, person.given_name, person.patronymic, person.account_id),
        before,
        valid_from=first,
        valid_until=wish.valid_until,
        admission=Admission(wish.basis, caller_id),
    )
    await upsert(tx.session, staff_assignments, [row])
    return row
