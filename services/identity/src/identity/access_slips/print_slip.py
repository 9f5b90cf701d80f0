"""Print an access slip: a login and a one-time password, shown this once (I-6)."""

from dataclasses import dataclass, field
from datetime import datetime
from secrets import choice
from typing import Any
from uuid import UUID

from sqlalchemy import Row, exists, insert, select, update

from identity.access_slips.rules import GOOD_FOR, new_words, on_paper
from identity.access_slips.tables import access_slips
from identity.accounts.passwords import Passwords, TooBusy
from identity.accounts.tables import account_records, accounts
from identity.errors import PasswordsBusy, PersonNotFound, RecordTaken
from identity.personal_data.person_name import PersonName
from identity.registry.authority import require_authority_over_person
from identity.registry.tables import people
from shared.db import Database, Tx
from shared.http import Caller


@dataclass(frozen=True, slots=True)
class Slip:
    """What is printed."""

    slip_id: UUID
    name: PersonName
    login: str
    password: str = field(repr=False)
    expires_at: datetime


async def print_slip(
    database: Database, passwords: Passwords, caller: Caller, school_id: UUID, person_id: UUID
) -> Slip:
    """Print a slip for a pupil or a representative; the one printed before is void.

    Raises:
        PersonNotFound: nobody, or nobody in the caller's care; members of staff get no slip.
        RecordTaken: an account has this record already.
        PasswordsBusy: too many people sign in at this moment.
    """
    async with database.read() as session:
        # At the door, before anything is hashed; and again in the transaction.
        await require_authority_over_person(session, caller.account_id, school_id, person_id, database.clock())
    login, password = new_words(choice)
    try:
        password_hash = await passwords.hash(password)
    except TooBusy:
        raise PasswordsBusy from None
    async with database.uow.begin() as tx:
        await require_authority_over_person(tx.session, caller.account_id, school_id, person_id, tx.now)
        person = await _locked_person(tx, school_id, person_id)
        await _void_open_slip(tx, school_id, person_id)
        slip_id, expires_at = tx.new_id(), tx.now + GOOD_FOR
        await tx.session.execute(
            insert(access_slips).values(
                school_id=school_id,
                slip_id=slip_id,
                person_id=person_id,
                login=login,
                password_hash=password_hash,
                state="open",
                printed_by=caller.account_id,
                printed_at=tx.now,
                expires_at=expires_at,
            )
        )
    name = PersonName(person.surname, person.given_name, person.patronymic)
    return Slip(slip_id, name, on_paper(login), on_paper(password), expires_at)


async def _locked_person(tx: Tx, school_id: UUID, person_id: UUID) -> Row[Any]:
    """The record, locked: two who print at once void each other's slips instead of failing."""
    has_account = exists().where(
        account_records.c.school_id == people.c.school_id,
        account_records.c.person_id == people.c.person_id,
        accounts.c.account_id == account_records.c.account_id,
        accounts.c.status == "active",
    )
    person = (
        await tx.session.execute(
            select(people.c.surname, people.c.given_name, people.c.patronymic, has_account.label("has_account"))
            .where(
                people.c.school_id == school_id,
                people.c.person_id == person_id,
                people.c.kind.in_(("pupil", "representative")),
            )
            .with_for_update(key_share=True)
        )
    ).one_or_none()
    if person is None:
        raise PersonNotFound
    if person.has_account:
        raise RecordTaken
    return person


async def _void_open_slip(tx: Tx, school_id: UUID, person_id: UUID) -> None:
    await tx.session.execute(
        update(access_slips)
        .where(
            access_slips.c.school_id == school_id,
            access_slips.c.person_id == person_id,
            access_slips.c.state == "open",
        )
        .values(state="void", closed_at=tx.now)
    )
