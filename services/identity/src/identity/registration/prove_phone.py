"""The code from the SMS: whoever registers holds the phone in his hands (I-2)."""

from sqlalchemy import update

from identity.codes.redeem_code import redeem_code
from identity.errors import CodeRefused
from identity.personal_data.keeping import PersonalDataKeys
from identity.registration.form import in_progress
from identity.registration.tables import registrations
from shared.db import UnitOfWork


async def prove_phone(uow: UnitOfWork, keys: PersonalDataKeys, token: str, code: str) -> None:
    """Note that the phone is proved.

    Raises:
        RegistrationNotFound: unknown, lapsed, finished.
        CodeRefused: wrong, lapsed, tried too often; or never sent, because the phone is another account's (I-3).
    """
    async with uow.begin() as tx:
        row = await in_progress(tx.session, keys, token, tx.now)
        redeemed = await redeem_code(tx, keys, row.registration_id, "registration", code)
        if redeemed is not None:
            await tx.session.execute(
                update(registrations)
                .where(registrations.c.registration_id == row.registration_id)
                .values(phone_proved_at=tx.now)
            )
    # A wrong try is committed before it is refused.
    if redeemed is None:
        raise CodeRefused
