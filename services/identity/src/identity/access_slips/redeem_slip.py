"""«Добавить учётную запись»: a slip of the school binds its record to the account that is signed in (I-6)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, update

from identity.access_slips.rules import labels_for, off_paper
from identity.access_slips.tables import access_slips
from identity.accounts.issue_accounts import SCHOOL_ISSUED_LEVEL
from identity.accounts.label_diary import Labelled, put_labels
from identity.accounts.passwords import Passwords
from identity.accounts.settle_bindings import settle_bindings
from identity.accounts.tables import account_records, bindings
from identity.errors import RecordTaken, SlipRefused
from identity.matching.announce import Acceptance, announce
from identity.matching.take_records import raise_levels, take_records
from identity.personal_data.keeping import PersonalDataKeys
from identity.registry.tables import guardianships, people
from identity.registry.turns import take_turn_in
from identity.sessions.clients import ClientContext
from identity.sessions.sign_in import check_password
from identity.sessions.throttle import address_has_failed, charge, forgive
from shared.db import Database, Tx
from shared.http import Caller


async def redeem_slip(
    database: Database,
    keys: PersonalDataKeys,
    passwords: Passwords,
    caller: Caller,
    client: ClientContext,
    *,
    label: str,
    login: str,
    password: str,
) -> list[Labelled]:
    """Open the diaries of a slip under a label; the slip is spent. All contacts of the record are told (I-21).

    Raises:
        TooManyAttempts: this slip, this account or this address has failed too often.
        SlipRefused: anything is wrong with the slip; what, is not told.
        RecordTaken: the record has another account; the slip stays good.
        PasswordsBusy: too many people sign in at this moment.
    """
    login = off_paper(login)
    address = client.throttled_as(keys)
    subjects = (keys.own_index.of("slip", login), keys.own_index.of("slips_of", str(caller.account_id)))
    for subject in subjects:
        await charge(database, subject, address)
    async with database.read() as session:
        slip = (
            await session.execute(
                select(access_slips).where(
                    access_slips.c.login == login,
                    access_slips.c.state == "open",
                    access_slips.c.expires_at > database.clock(),
                )
            )
        ).one_or_none()
    right = await check_password(passwords, off_paper(password), slip.password_hash if slip else None)
    if slip is None or not right:
        await address_has_failed(database, address)
        raise SlipRefused
    async with database.uow.begin() as tx:
        # An import reads the whole school before it writes: what is bound meanwhile would be lost.
        await take_turn_in(tx.session, slip.school_id, beside_others=True)
        await _spend(tx, slip, caller.account_id)
        await _bind(tx, slip, caller.account_id)
        await settle_bindings(tx, slip.school_id, [caller.account_id])
        await announce(tx, keys, [Acceptance(slip.school_id, slip.person_id, caller.account_id, SCHOOL_ISSUED_LEVEL)])
        for subject in subjects:
            await forgive(tx.session, subject)
        diaries = await _diaries_of_record(tx, slip, caller.account_id)
        labels = labels_for(label, [row.given_name for row in diaries])
        named = [Labelled(row.pupil_id, name) for row, name in zip(diaries, labels, strict=True)]
        await put_labels(tx, caller.account_id, named)
        return named


async def _spend(tx: Tx, slip: Row[Any], account_id: UUID) -> None:
    """While the password was compared, the slip may have been spent or voided."""
    spent = await tx.session.scalar(
        update(access_slips)
        .where(
            access_slips.c.school_id == slip.school_id,
            access_slips.c.slip_id == slip.slip_id,
            access_slips.c.state == "open",
            people.c.school_id == access_slips.c.school_id,
            people.c.person_id == access_slips.c.person_id,
            people.c.present,
        )
        .values(state="spent", spent_by=account_id, closed_at=tx.now)
        .returning(access_slips.c.slip_id)
    )
    if spent is None:
        raise SlipRefused


async def _bind(tx: Tx, slip: Row[Any], account_id: UUID) -> None:
    wanted = (slip.school_id, slip.person_id, account_id, SCHOOL_ISSUED_LEVEL)
    if await take_records(tx, [wanted]):
        return
    holder = await tx.session.scalar(
        select(account_records.c.account_id).where(
            account_records.c.school_id == slip.school_id, account_records.c.person_id == slip.person_id
        )
    )
    if holder != account_id:
        raise RecordTaken
    # Recognised before, perhaps only for reading: a slip from the school says more.
    await raise_levels(tx, [(slip.school_id, slip.person_id, account_id)])


async def _diaries_of_record(tx: Tx, slip: Row[Any], account_id: UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """The diaries that a record opens: the pupil's own, or those of all the children answered for."""
    children = select(guardianships.c.pupil_id).where(
        guardianships.c.school_id == slip.school_id,
        guardianships.c.representative_id == slip.person_id,
        guardianships.c.ended_on.is_(None),
    )
    found = await tx.session.execute(
        select(bindings.c.pupil_id, people.c.given_name)
        .join(people, (people.c.school_id == bindings.c.school_id) & (people.c.person_id == bindings.c.pupil_id))
        .where(
            bindings.c.account_id == account_id,
            bindings.c.school_id == slip.school_id,
            bindings.c.state == "active",
            (bindings.c.pupil_id == slip.person_id) | bindings.c.pupil_id.in_(children),
        )
        .order_by(people.c.given_name, bindings.c.pupil_id)
    )
    return found.all()
