"""Grants end before their term: one by a person's word, many when the right they stood on is gone (D-6, D-9)."""

from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select, update

from delegation.grants.rules import GrantState
from delegation.grants.tables import grants
from delegation.people.rules import child_label
from delegation.people.tables import children
from shared.contracts.delegation import DelegationRevoked
from shared.db import Tx

Reason = Literal["revoked", "left", "grantor_lost_right", "child_left", "account_disabled"]


async def end_grants(tx: Tx, which: ColumnElement[bool], reason: Reason, by: UUID | None = None) -> int:
    """End the active ones among `which`, each with its event, within the caller's transaction. Answers how many."""
    rows = (
        await tx.session.execute(
            select(grants, children.c.surname, children.c.given_name)
            .join(
                children,
                and_(children.c.school_id == grants.c.school_id, children.c.pupil_id == grants.c.pupil_id),
            )
            .where(which, grants.c.state == GrantState.ACTIVE.value)
            .order_by(grants.c.grant_id)
            .with_for_update(of=grants)
        )
    ).all()
    if not rows:
        return 0
    await tx.session.execute(
        update(grants)
        .where(grants.c.grant_id.in_([row.grant_id for row in rows]))
        .values(
            state=GrantState.REVOKED.value,
            edge_version=grants.c.edge_version + 1,
            ended_at=tx.now,
            end_reason=reason,
            ended_by_account_id=by,
        )
    )
    for row in rows:
        tx.emit(
            DelegationRevoked(
                grant_id=row.grant_id,
                pupil_id=row.pupil_id,
                account_id=row.account_id,
                granted_by_account_id=row.granted_by_account_id,
                child_label=child_label(row.surname, row.given_name),
                reason=reason,
                revoked_by_account_id=by,
                revoked_at=tx.now,
                edge_version=row.edge_version + 1,
            )
        )
    return len(rows)
