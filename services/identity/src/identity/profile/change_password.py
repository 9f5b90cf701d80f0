"""Change the own password: the old one is asked for, the other sessions end, the owner is told (I-5, I-10)."""

from uuid import UUID

from sqlalchemy import delete, select, update

from identity.accounts.password_policy import require_acceptable_password
from identity.accounts.passwords import Passwords
from identity.accounts.tables import accounts, credentials
from identity.errors import SignInRefused
from identity.personal_data.keeping import PersonalDataKeys
from identity.profile.queries import OwnData, own_data
from identity.profile.tables import contact_changes
from identity.sessions.end_session import end_other_sessions
from identity.sessions.sign_in import check_password, hash_password
from identity.sessions.throttle import charge, forgive
from shared.contracts.identity import SecurityNoticed
from shared.db import Database, Tx
from shared.http import Caller


async def change_password(
    database: Database, keys: PersonalDataKeys, passwords: Passwords, caller: Caller, *, old: str, new: str
) -> None:
    """Replace the password. Guessing the old one is throttled like step-up, on one account.

    Raises:
        TooManyAttempts: the old one was wrong too often.
        SignInRefused: the old one is wrong, or was changed meanwhile.
        PasswordUnacceptable: the new one is easily guessed.
        PasswordsBusy: too many people sign in at this moment.
    """
    subject = keys.own_index.of("step_up", str(caller.account_id))
    await charge(database, subject)
    async with database.read() as session:
        owner = await own_data(session, keys.vault, caller.account_id)
        old_hash = await session.scalar(
            select(credentials.c.password_hash).where(credentials.c.account_id == caller.account_id)
        )
    if not await check_password(passwords, old, old_hash):
        raise SignInRefused
    require_acceptable_password(new, words_of(owner), field="password")
    new_hash = await hash_password(passwords, new)
    async with database.uow.begin() as tx:
        await forgive(tx.session, subject)
        replaced = await tx.session.scalar(
            update(credentials)
            .where(
                credentials.c.account_id == caller.account_id,
                credentials.c.password_hash == old_hash,
                credentials.c.account_id == accounts.c.account_id,
                accounts.c.status == "active",
            )
            .values(password_hash=new_hash, changed_at=tx.now)
            .returning(credentials.c.account_id)
        )
        if replaced is None:
            raise SignInRefused
        await end_other_sessions(tx, caller.account_id, caller.session_id, "password_changed")
        await password_changed(tx, caller.account_id)


def words_of(data: OwnData) -> tuple[str | None, ...]:
    """What a password must not be made of."""
    owner = data.owner
    return (owner.surname, owner.given_name, owner.patronymic, *(value for value, _ in data.identifiers.values()))


async def password_changed(tx: Tx, account_id: UUID) -> None:
    """What follows from a new password: the owner is told, and no contact that waits is proved any more.

    Whoever knew the old password may have put a mailbox of his own there, with a link that is good for a day.
    """
    await tx.session.execute(delete(contact_changes).where(contact_changes.c.account_id == account_id))
    tx.emit(SecurityNoticed(account_id=account_id, notice_id=tx.new_id(), kind="password_changed", occurred_at=tx.now))
