"""Make records of schools the accounts' own: one record has one account, whoever comes first."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ARRAY, SmallInteger, Uuid, bindparam, text

from shared.db import Tx

_TAKE = text(
    """
    INSERT INTO account_records AS r (school_id, person_id, account_id, level, linked_at)
    SELECT school_id, person_id, account_id, level, :now
    FROM unnest(:school_ids, :person_ids, :account_ids, :levels) AS t (school_id, person_id, account_id, level)
    ORDER BY school_id, person_id
    ON CONFLICT (school_id, person_id) DO UPDATE
      SET account_id = excluded.account_id, level = excluded.level, linked_at = excluded.linked_at
      -- A closed account holds nothing.
      WHERE EXISTS (SELECT FROM accounts a WHERE a.account_id = r.account_id AND a.status <> 'active')
    RETURNING r.school_id, r.person_id
    """
).bindparams(
    bindparam("school_ids", type_=ARRAY(Uuid)),
    bindparam("person_ids", type_=ARRAY(Uuid)),
    bindparam("account_ids", type_=ARRAY(Uuid)),
    bindparam("levels", type_=ARRAY(SmallInteger)),
)

_RAISE = text(
    """
    UPDATE account_records r SET level = 2
    FROM unnest(:school_ids, :person_ids, :account_ids) AS t (school_id, person_id, account_id)
    WHERE r.school_id = t.school_id AND r.person_id = t.person_id AND r.account_id = t.account_id AND r.level < 2
    """
).bindparams(
    bindparam("school_ids", type_=ARRAY(Uuid)),
    bindparam("person_ids", type_=ARRAY(Uuid)),
    bindparam("account_ids", type_=ARRAY(Uuid)),
)


async def take_records(tx: Tx, wanted: Sequence[tuple[UUID, UUID | None, UUID, int | None]]) -> set[tuple[UUID, UUID]]:
    """Link (school, record, account, level); answers the (school, record) that were free.

    The primary key decides between transactions: the second waits for the first, and finds the record taken.
    """
    if not wanted:
        return set()
    school_ids, person_ids, account_ids, levels = (list(column) for column in zip(*wanted, strict=True))
    found = await tx.session.execute(
        _TAKE,
        {
            "school_ids": school_ids,
            "person_ids": person_ids,
            "account_ids": account_ids,
            "levels": levels,
            "now": tx.now,
        },
    )
    return {(row.school_id, row.person_id) for row in found}


async def raise_levels(tx: Tx, records: Sequence[tuple[UUID, UUID, UUID]]) -> None:
    """Lift (school, record, account) to level 2. Levels never fall by themselves."""
    if not records:
        return
    school_ids, person_ids, account_ids = (list(column) for column in zip(*records, strict=True))
    await tx.session.execute(_RAISE, {"school_ids": school_ids, "person_ids": person_ids, "account_ids": account_ids})
