"""Whose diaries an account may open follows from its records: settled again after every change (I-15, I-21)."""

from uuid import UUID

from sqlalchemy import bindparam, text

from identity.accounts.tables import bindings
from identity.bulk import upsert
from shared.contracts.identity import BindingGranted, BindingLevelChanged, BindingRevoked
from shared.db import Tx

_DUE = text(
    """
    WITH due AS (
      SELECT r.account_id, r.person_id AS pupil_id, 'self' AS relation, r.level
      FROM account_records r
      JOIN enrolments e ON e.school_id = r.school_id AND e.pupil_id = r.person_id AND e.left_on IS NULL
      WHERE r.school_id = :school_id
      UNION ALL
      SELECT r.account_id, g.pupil_id, 'representative', max(r.level)
      FROM account_records r
      JOIN guardianships g
        ON g.school_id = r.school_id AND g.representative_id = r.person_id AND g.ended_on IS NULL
      JOIN enrolments e ON e.school_id = g.school_id AND e.pupil_id = g.pupil_id AND e.left_on IS NULL
      WHERE r.school_id = :school_id
      GROUP BY r.account_id, g.pupil_id
    ), told AS (SELECT * FROM bindings WHERE school_id = :school_id)
    SELECT coalesce(due.account_id, told.account_id) AS account_id,
           coalesce(due.pupil_id, told.pupil_id) AS pupil_id,
           coalesce(due.relation, told.relation) AS relation,
           due.level AS due_level,
           told.level AS told_level, told.binding_id, told.edge_version, told.state, told.granted_at
    FROM due FULL JOIN told ON told.account_id = due.account_id AND told.pupil_id = due.pupil_id
    WHERE (due.account_id IS NULL AND told.state = 'active')
       OR (due.account_id IS NOT NULL AND (told.state IS DISTINCT FROM 'active' OR told.level <> due.level))
    """
).bindparams(bindparam("school_id"))


async def settle_bindings(tx: Tx, school_id: UUID) -> int:
    """Grant, change and revoke what is due in one school, and tell the town. Answers how many were touched."""
    rows = []
    for due in (await tx.session.execute(_DUE, {"school_id": school_id})).all():
        binding_id = due.binding_id or tx.new_id()
        version = (due.edge_version or 0) + 1
        is_new = due.state != "active"
        rows.append(
            {
                "school_id": school_id,
                "binding_id": binding_id,
                "account_id": due.account_id,
                "pupil_id": due.pupil_id,
                "relation": due.relation,
                "level": due.due_level or due.told_level,
                "state": "active" if due.due_level else "revoked",
                "edge_version": version,
                "granted_at": tx.now if is_new else due.granted_at,
                "revoked_at": None if due.due_level else tx.now,
            }
        )
        if not due.due_level:
            tx.emit(
                BindingRevoked(
                    school_id=school_id,
                    pupil_id=due.pupil_id,
                    binding_id=binding_id,
                    account_id=due.account_id,
                    revoked_at=tx.now,
                    edge_version=version,
                )
            )
        elif is_new:
            tx.emit(
                BindingGranted(
                    school_id=school_id,
                    pupil_id=due.pupil_id,
                    binding_id=binding_id,
                    account_id=due.account_id,
                    relation=due.relation,
                    level=due.due_level,
                    granted_at=tx.now,
                    edge_version=version,
                )
            )
        else:
            tx.emit(
                BindingLevelChanged(
                    school_id=school_id,
                    pupil_id=due.pupil_id,
                    binding_id=binding_id,
                    account_id=due.account_id,
                    relation=due.relation,
                    level=due.due_level,
                    changed_at=tx.now,
                    edge_version=version,
                )
            )
    await upsert(tx.session, bindings, rows)
    return len(rows)
