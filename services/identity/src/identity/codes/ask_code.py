"""Ask for a code or a link. The worker sends it: the one who asks learns nothing, not even by the time it takes (I-3).

Whether a contact belongs to somebody is looked up only there. So the request takes the same steps for everybody.
"""

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import func, insert, select

from identity.accounts.issue_accounts import normal_form
from identity.codes.rules import A_DAY, DAY, LIFETIME, CodeForm, CodePurpose, wait_before_next
from identity.codes.secrets import counted_as
from identity.codes.tables import one_time_codes as table
from identity.errors import TooManyCodes
from identity.personal_data.contacts import Identifier
from identity.personal_data.keeping import PersonalDataKeys
from shared.crypto import FieldPlace
from shared.db import Tx

Locale = Literal["ru", "en"]


async def ask_code_to(
    tx: Tx,
    keys: PersonalDataKeys,
    contact: Identifier,
    *,
    purpose: CodePurpose,
    subject_id: UUID,
    account_id: UUID,
    locale: Locale,
) -> datetime:
    """A code to a phone, or a link to a mailbox, that the account wants to prove. Answers when it lapses.

    If another account has proved it, its owner is told and the code never comes (I-3).

    Raises:
        TooManyCodes: five a day, one a minute.
    """
    form: CodeForm = "link" if contact.kind == "email" else "code"
    code_id = tx.new_id()
    key, wrapped = keys.vault.new_person_key()
    address = key.encrypt(FieldPlace(table.name, "address", code_id), contact.value)
    return await _ask(
        tx,
        keys,
        [normal_form(contact)],
        code_id=code_id,
        form=form,
        purpose=purpose,
        subject_id=subject_id,
        account_id=account_id,
        locale=locale,
        data_key=wrapped,
        address=address,
    )


async def ask_recovery_code(
    tx: Tx, keys: PersonalDataKeys, meant: Sequence[Identifier], *, subject_id: UUID, locale: Locale
) -> datetime:
    """A code to a proved contact of whoever signs in by what was typed. Answers when it lapses.

    Raises:
        TooManyCodes: five a day, one a minute.
    """
    return await _ask(
        tx,
        keys,
        meant,
        code_id=tx.new_id(),
        form="code",
        purpose="recovery",
        subject_id=subject_id,
        account_id=None,
        locale=locale,
        data_key=None,
        address=None,
    )


async def _ask(
    tx: Tx,
    keys: PersonalDataKeys,
    meant: Sequence[Identifier],
    *,
    form: CodeForm,
    **columns: object,
) -> datetime:
    asked_for = counted_as(keys, meant[0])
    # Counting is no use if a hundred requests count at the same instant: for one number they go one by one.
    await tx.session.execute(select(func.pg_advisory_xact_lock(int.from_bytes(asked_for[:8], signed=True))))
    asked = await tx.session.scalars(
        select(table.c.asked_at)
        .where(table.c.asked_for == asked_for, table.c.asked_at > tx.now - DAY)
        .order_by(table.c.asked_at.desc())
        .limit(A_DAY)
    )
    wait = wait_before_next(asked.all(), tx.now).total_seconds()
    if wait > 0:
        raise TooManyCodes(retry_after=math.ceil(wait))
    expires_at = tx.now + LIFETIME[form]
    await tx.session.execute(
        insert(table).values(
            form=form,
            meant_kinds=[identifier.kind for identifier in meant],
            meant_indexes=[keys.find(identifier) for identifier in meant],
            asked_for=asked_for,
            asked_at=tx.now,
            expires_at=expires_at,
            tries=0,
            **columns,
        )
    )
    return expires_at
