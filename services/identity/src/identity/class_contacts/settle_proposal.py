"""The second pair of eyes: another member of staff confirms or declines a proposed correction (I-14)."""

import json
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from identity.class_contacts.apply_correction import apply_correction, real_changes
from identity.class_contacts.queries import AnyRow, locked_person
from identity.class_contacts.tables import proposed_corrections
from identity.errors import OwnProposal, ProposalNotFound, ProposalOvertaken, ProposalSettled
from identity.personal_data.keeping import PersonalDataKeys
from identity.registry.authority import authority_in_school
from identity.registry.turns import take_turn_in
from shared.crypto import FieldPlace
from shared.db import Tx, UnitOfWork

Word = Literal["confirmed", "declined"]


async def require_second_pair_of_eyes(session: AsyncSession, account_id: UUID, school_id: UUID, now: datetime) -> None:
    """Class teachers, deputies, the director and administrators of the school see what waits.

    Raises:
        ProposalNotFound: for all others, as if there were nothing.
    """
    if not await authority_in_school(session, account_id, school_id, now):
        raise ProposalNotFound


async def settle_proposal(
    uow: UnitOfWork, keys: PersonalDataKeys, caller_id: UUID, school_id: UUID, proposal_id: UUID, word: Word
) -> None:
    """Confirm or decline. Whoever proposed may take it back, but not confirm it.

    Raises:
        ProposalNotFound: there is none, or the caller is nobody who may see it.
        ProposalSettled: somebody has settled it already.
        OwnProposal: the caller proposed it.
        ProposalOvertaken: the record has changed since; the proposal is void.
    """
    overtaken = False
    async with uow.begin() as tx:
        await require_second_pair_of_eyes(tx.session, caller_id, school_id, tx.now)
        await take_turn_in(tx.session, school_id, beside_others=True)
        person_id = await tx.session.scalar(select(proposed_corrections.c.person_id).where(_is(school_id, proposal_id)))
        # The record before the proposal, as those lock who propose: nobody waits for each other.
        row = await locked_person(tx.session, school_id, person_id) if person_id is not None else None
        proposal = await _locked(tx, school_id, proposal_id)
        if proposal is None or (row is None and proposal.state == "waiting" and word == "confirmed"):
            raise ProposalNotFound
        if proposal.state != "waiting":
            raise ProposalSettled(members={"state": proposal.state})
        if word == "confirmed":
            if proposal.proposed_by == caller_id:
                raise OwnProposal
            assert row is not None, "checked above"
            overtaken = row.version != proposal.person_version
            if not overtaken:
                await _carry_out(tx, keys, row, proposal, caller_id)
        await tx.session.execute(
            update(proposed_corrections)
            .where(_is(school_id, proposal_id))
            .values(state="overtaken" if overtaken else word, settled_by=caller_id, settled_at=tx.now)
        )
    # That it is void is committed before the refusal leaves this function.
    if overtaken:
        raise ProposalOvertaken


def opened_changes(keys: PersonalDataKeys, row: AnyRow, sealed: bytes) -> dict[str, str | None]:
    """What a proposal says: field → value."""
    key = keys.vault.open_person_key(row.data_key)
    changes: dict[str, str | None] = json.loads(
        key.decrypt(FieldPlace("proposed_corrections", "changes", row.person_id), sealed)
    )
    return changes


async def _carry_out(tx: Tx, keys: PersonalDataKeys, row: AnyRow, proposal: AnyRow, caller_id: UUID) -> None:
    changes = real_changes(keys, row, opened_changes(keys, row, proposal.changes))
    await apply_correction(tx, keys, row, changes, changed_by=proposal.proposed_by, confirmed_by=caller_id)


async def _locked(tx: Tx, school_id: UUID, proposal_id: UUID) -> AnyRow | None:
    found = await tx.session.execute(select(proposed_corrections).where(_is(school_id, proposal_id)).with_for_update())
    return found.one_or_none()


def _is(school_id: UUID, proposal_id: UUID) -> ColumnElement[bool]:
    return (proposed_corrections.c.school_id == school_id) & (proposed_corrections.c.proposal_id == proposal_id)
