"""The school says yes: the application becomes a record of the school, and access follows from the record (I-25)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import insert as plain_insert
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from identity.accounts.settle_bindings import settle_bindings
from identity.accounts.tables import account_records
from identity.applications.admit_teacher import admit_teacher, staff_meant
from identity.applications.current import Standing, lock_for_decision, move, require_step
from identity.applications.errors import NotAPupilHere, NotARepresentative, ParentsInvite
from identity.applications.form import Form, PersonOnForm
from identity.applications.history import note
from identity.applications.keeping import form_of
from identity.applications.rules import State
from identity.errors import RecordTaken
from identity.matching.locks import lock_contacts_of_records
from identity.matching.reconsider import reconsider_records
from identity.personal_data.keeping import PersonalDataKeys
from identity.registry.authority import Authority, standing_of
from identity.registry.tables import guardianships, people, schools
from identity.registry.turns import take_turn_in
from shared.contracts.identity import ApplicationGranted
from shared.crypto import FieldPlace
from shared.db import Tx, UnitOfWork

LEVEL = 2
"""The school has seen the documents: reads, signs, excuses, invites."""


@dataclass(frozen=True, slots=True)
class Grant:
    """Which records of the school the application is about; who decides has compared them with the documents."""

    pupil_id: UUID | None = None
    """The child, or the pupil who applies."""
    representative_id: UUID | None = None
    """The record of a representative; without it the account's own in this school, or a new one."""
    staff_id: UUID | None = None
    """The record of a teacher."""


async def grant_application(
    uow: UnitOfWork,
    keys: PersonalDataKeys,
    account_id: UUID,
    school_id: UUID,
    application_id: UUID,
    grant: Grant,
    *,
    version: int,
) -> Standing:
    """Grant an application that is in review, and open the diary.

    Raises:
        ApplicationNotFound, OwnApplication, StaleApplication, StepNotAllowed: see `current`.
        ParentsInvite: a trusted person is invited by the parents.
        NotAPupilHere: no pupil of this school, or none of the caller's classes.
        NotARepresentative: the record named is none of a representative.
        NotStaffHere: the record named is none of a member of staff.
        LessonsUnknown: the school has no such class or subject.
        RecordTaken: the record belongs to another account.
    """
    async with uow.begin() as tx:
        # An import reads the whole school before it writes: what is granted meanwhile would be lost.
        await take_turn_in(tx.session, school_id, beside_others=True)
        application, authority = await lock_for_decision(tx, account_id, school_id, application_id, version)
        require_step(application, State.GRANTED)
        form = form_of(keys.vault, application)
        match application.kind:
            case "representative":
                pupil_id = await _pupil_meant(tx, authority, grant.pupil_id)
                person_id = await _representative_meant(tx, keys, application, form, grant.representative_id)
                await _answers_for(tx, application, pupil_id, person_id)
            case "pupil":
                person_id = await _pupil_meant(tx, authority, grant.pupil_id)
            case "teacher":
                person_id = await staff_meant(tx, school_id, grant.staff_id)
                await admit_teacher(tx, application, form, person_id, account_id)
            case _:
                raise ParentsInvite
        # Matching may be about to give the record to somebody: it takes this lock before the record.
        await lock_contacts_of_records(tx.session, school_id, [person_id])
        await _belongs_to(tx, school_id, person_id, application.account_id)
        await reconsider_records(tx, keys, school_id, [person_id])
        await settle_bindings(tx, school_id, [application.account_id])
        standing = await move(tx, application, State.GRANTED, decided_at=tx.now, decided_by=account_id)
        await note(tx, school_id, application_id, "granted", account_id)
        tx.emit(
            ApplicationGranted(
                account_id=application.account_id,
                application_id=application_id,
                school_id=school_id,
                number=application.number,
                decided_at=tx.now,
            )
        )
        return standing


async def _pupil_meant(tx: Tx, authority: Authority, pupil_id: UUID | None) -> UUID:
    pupil = await standing_of(tx.session, authority.school_id, pupil_id) if pupil_id else None
    # A pupil without a class has left.
    if pupil is None or pupil.kind != "pupil" or not pupil.class_ids or not authority.over_person(pupil):
        raise NotAPupilHere
    return pupil.person_id


async def _representative_meant(
    tx: Tx, keys: PersonalDataKeys, application: Any, form: Form, representative_id: UUID | None
) -> UUID:
    school_id: UUID = application.school_id
    found = select(people.c.person_id).where(
        people.c.school_id == school_id, people.c.kind == "representative", people.c.present
    )
    if representative_id is not None:
        if await tx.session.scalar(found.where(people.c.person_id == representative_id)) is None:
            raise NotARepresentative
        return representative_id
    own = found.join(
        account_records,
        (account_records.c.school_id == people.c.school_id) & (account_records.c.person_id == people.c.person_id),
    ).where(account_records.c.account_id == application.account_id)
    known = await tx.session.scalar(own.order_by(people.c.person_id).limit(1))
    return known or await _new_representative(tx, keys, school_id, application.number, form.applicant)


async def _new_representative(
    tx: Tx, keys: PersonalDataKeys, school_id: UUID, number: str, applicant: PersonOnForm
) -> UUID:
    """A record made from the form; its source id tells an import that it is not the bundle's to take away."""
    person_id, birth_date = tx.new_id(), applicant.birth_date.isoformat()
    key, wrapped = keys.vault.new_person_key()
    await tx.session.execute(
        plain_insert(people).values(
            school_id=school_id,
            person_id=person_id,
            source_id=f"application:{number}",
            kind="representative",
            surname=applicant.surname,
            given_name=applicant.given_name,
            patronymic=applicant.patronymic,
            data_key=wrapped,
            birth_date=key.encrypt(FieldPlace("people", "birth_date", person_id), birth_date),
            birth_date_index=keys.own_index.of("birth_date", birth_date),
            present=True,
        )
    )
    return person_id


async def _answers_for(tx: Tx, application: Any, pupil_id: UUID, representative_id: UUID) -> None:
    """The guardianship, if the school did not know it; one that had ended begins anew."""
    zone = select(schools.c.time_zone).where(schools.c.school_id == application.school_id)
    today = tx.now.astimezone(ZoneInfo(str(await tx.session.scalar(zone)))).date()
    statement = insert(guardianships).values(
        school_id=application.school_id,
        pupil_id=pupil_id,
        representative_id=representative_id,
        since=today,
        basis=application.number,
    )
    await tx.session.execute(
        statement.on_conflict_do_update(
            index_elements=list(guardianships.primary_key),
            set_={"since": today, "ended_on": None, "last_day": None, "basis": application.number},
            where=guardianships.c.ended_on.is_not(None),
        )
    )


async def _belongs_to(tx: Tx, school_id: UUID, person_id: UUID, account_id: UUID) -> None:
    statement = insert(account_records).values(
        school_id=school_id, person_id=person_id, account_id=account_id, level=LEVEL, linked_at=tx.now
    )
    taken = statement.on_conflict_do_update(
        index_elements=list(account_records.primary_key),
        set_={"level": LEVEL},
        where=account_records.c.account_id == account_id,
    ).returning(account_records.c.account_id)
    if (await tx.session.execute(taken)).first() is None:
        raise RecordTaken
