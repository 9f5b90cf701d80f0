"""What an account is found by: one phone, one mailbox, one СНИЛС. A proved one is one account's alone (I-2)."""

from uuid import UUID

from sqlalchemy import ColumnElement, exists, literal, not_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from identity.accounts.issue_accounts import normal_form
from identity.accounts.tables import account_identifiers as table
from identity.errors import ContactTaken
from identity.personal_data.contacts import Identifier
from identity.personal_data.keeping import PersonalDataKeys
from shared.crypto import FieldPlace, PersonKey
from shared.db import Tx


async def put_identifier(
    tx: Tx, keys: PersonalDataKeys, key: PersonKey, account_id: UUID, identifier: Identifier, *, proved: bool
) -> None:
    """Keep a phone, mailbox or СНИЛС of an account in place of the one it had.

    An unproved phone or mailbox reserves nothing. A СНИЛС signs in whoever stated it first: nothing but convenience
    hangs on it, and which of the two it was takes the same statement (I-3).

    Raises:
        ContactTaken: another account has proved it. To be told only to whoever has just proved it too.
    """
    index = keys.find(normal_form(identifier))
    signs_in: ColumnElement[bool] = literal(proved)
    if identifier.kind == "snils":
        theirs = select(table.c.account_id).where(
            table.c.signs_in, table.c.kind == "snils", table.c.value_index == index, table.c.account_id != account_id
        )
        signs_in = not_(exists(theirs))
    statement = insert(table).values(
        account_id=account_id,
        kind=identifier.kind,
        value=key.encrypt(FieldPlace(table.name, identifier.kind, account_id), identifier.value),
        value_index=index,
        proved_at=tx.now if proved else None,
        signs_in=signs_in,
    )
    replaced = {name: statement.excluded[name] for name in ("value", "value_index", "proved_at", "signs_in")}
    try:
        async with tx.session.begin_nested():
            await tx.session.execute(
                statement.on_conflict_do_update(index_elements=[table.c.account_id, table.c.kind], set_=replaced)
            )
    except IntegrityError:
        # The unique index decides between two who prove one contact at the same moment.
        raise ContactTaken from None
