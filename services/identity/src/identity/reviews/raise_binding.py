"""1 → 2 by the class teacher's click (I-19): from reading to signing, excusing and inviting."""

from uuid import UUID

from sqlalchemy import select, text

from identity.accounts.settle_bindings import settle_bindings
from identity.accounts.tables import bindings
from identity.errors import BindingNotFound, OwnReview
from identity.matching.locks import lock_contacts_of_account
from identity.matching.reconsider import reconsider_account
from identity.personal_data.keeping import PersonalDataKeys
from identity.registry.authority import authority_in_school, standing_of
from shared.db import UnitOfWork
from shared.http import Caller

_RAISE = text(
    """
    UPDATE account_records r SET level = 2
    WHERE r.school_id = :school_id AND r.account_id = :account_id AND r.level < 2
      AND (r.person_id = :pupil_id OR EXISTS (
        SELECT FROM guardianships g
        WHERE g.school_id = r.school_id AND g.representative_id = r.person_id AND g.pupil_id = :pupil_id
          AND g.ended_on IS NULL
      ))
    """
)


async def raise_binding(uow: UnitOfWork, keys: PersonalDataKeys, caller: Caller, binding_id: UUID) -> None:
    """Raise the record behind a binding; a second click changes nothing.

    The level belongs to the record, so a representative of two pupils rises for both.

    Raises:
        BindingNotFound: no active one, or to a pupil of another class: nobody learns which.
        OwnReview: it is the caller's own.
    """
    async with uow.begin() as tx:
        found = await tx.session.execute(
            select(bindings).where(bindings.c.binding_id == binding_id, bindings.c.state == "active")
        )
        binding = found.one_or_none()
        if binding is None:
            raise BindingNotFound
        authority = await authority_in_school(tx.session, caller.account_id, binding.school_id, tx.now)
        standing = await standing_of(tx.session, binding.school_id, binding.pupil_id) if authority else None
        if standing is None or not authority.over_person(standing):
            raise BindingNotFound
        if binding.account_id == caller.account_id:
            raise OwnReview
        await lock_contacts_of_account(tx.session, binding.account_id)
        await tx.session.execute(
            _RAISE,
            {"school_id": binding.school_id, "account_id": binding.account_id, "pupil_id": binding.pupil_id},
        )
        await settle_bindings(tx, binding.school_id, account_ids=[binding.account_id])
        await reconsider_account(tx, keys, binding.account_id)
