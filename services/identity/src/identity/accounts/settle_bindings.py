"""Whose diaries an account may open follows from its records: settled again after every change (I-15, I-21)."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Row, Text, Uuid, bindparam, text

from identity.accounts.tables import bindings
from identity.bulk import upsert
from shared.contracts.identity import BindingGranted, BindingLevelChanged, BindingRevoked
from shared.db import Tx

_DUE = """
    WITH due AS (
      -- One who is both, the pupil and a representative, by two records: the representative may more.
      SELECT DISTINCT ON (account_id, pupil_id) account_id, pupil_id, relation, level
      FROM (
        SELECT r.account_id, r.person_id AS pupil_id, 'self' AS relation, r.level
        FROM account_records r
        JOIN enrolments e ON e.school_id = r.school_id AND e.pupil_id = r.person_id AND e.left_on IS NULL
        WHERE r.school_id = :school_id {of_accounts}
        UNION ALL
        SELECT r.account_id, g.pupil_id, 'representative', r.level
        FROM account_records r
        JOIN guardianships g
          ON g.school_id = r.school_id AND g.representative_id = r.person_id AND g.ended_on IS NULL
        JOIN enrolments e ON e.school_id = g.school_id AND e.pupil_id = g.pupil_id AND e.left_on IS NULL
        WHERE r.school_id = :school_id {of_accounts}
      ) ways
      ORDER BY account_id, pupil_id, relation, level DESC
    ), told AS (SELECT * FROM bindings r WHERE r.school_id = :school_id {of_accounts})
    SELECT coalesce(due.account_id, told.account_id) AS account_id,
           coalesce(due.pupil_id, told.pupil_id) AS pupil_id,
           coalesce(due.relation, told.relation) AS relation,
           due.level AS due_level,
           told.level AS told_level, told.binding_id, told.edge_version, told.state, told.granted_at
    FROM due FULL JOIN told ON told.account_id = due.account_id AND told.pupil_id = due.pupil_id
    WHERE (due.account_id IS NULL AND told.state = 'active')
       OR (due.account_id IS NOT NULL
           AND ROW(told.state, told.level, told.relation) IS DISTINCT FROM ROW('active', due.level, due.relation))
    """
_DUE_OF_SCHOOL = text(_DUE.format(of_accounts="")).bindparams(bindparam("school_id"))
_DUE_OF_ACCOUNTS = text(_DUE.format(of_accounts="AND r.account_id = ANY(:account_ids)")).bindparams(
    bindparam("school_id"), bindparam("account_ids", type_=ARRAY(Uuid))
)

# A school as a whole waits for those who settle single accounts of it; these wait only for the same account.
_LOCK_SCHOOL = text("SELECT pg_advisory_xact_lock(hashtextextended('settle_bindings:' || :school_id, 0))")
_SHARE_SCHOOL = text("SELECT pg_advisory_xact_lock_shared(hashtextextended('settle_bindings:' || :school_id, 0))")
_LOCK_ACCOUNTS = text(
    """
    SELECT pg_advisory_xact_lock(hashtextextended('settle_bindings:' || :school_id || ':' || account_id, 0))
    FROM (SELECT unnest(:account_ids) AS account_id ORDER BY 1) AS in_one_order
    """
).bindparams(bindparam("account_ids", type_=ARRAY(Text)))


async def settle_bindings(tx: Tx, school_id: UUID, account_ids: Collection[UUID] | None = None) -> int:
    """Grant, change and revoke what is due in one school, and tell the town. Answers how many were touched.

    Args:
        tx: the transaction that has changed records, guardianships or enrolments.
        school_id: the school.
        account_ids: only these accounts: as cheap as they are few. All of the school without it.
    """
    rows = []
    for due in await _due(tx, school_id, account_ids):
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


async def _due(tx: Tx, school_id: UUID, account_ids: Collection[UUID] | None) -> Sequence[Row[*tuple[Any, ...]]]:
    """What differs between the records and what was told; locked, so that two do not tell it twice."""
    school = {"school_id": str(school_id)}
    if account_ids is None:
        await tx.session.execute(_LOCK_SCHOOL, school)
        return (await tx.session.execute(_DUE_OF_SCHOOL, {"school_id": school_id})).all()
    if not account_ids:
        return ()
    await tx.session.execute(_SHARE_SCHOOL, school)
    await tx.session.execute(_LOCK_ACCOUNTS, {**school, "account_ids": [str(each) for each in account_ids]})
    found = await tx.session.execute(_DUE_OF_ACCOUNTS, {"school_id": school_id, "account_ids": list(account_ids)})
    return found.all()
