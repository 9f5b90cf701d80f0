"""Two sides that change at the same moment must see each other: a teacher saves a phone while its owner proves it.

Each side would look before the other has committed, find nothing, and nobody would look again. So both first lock
the contacts they are about to look for. A lock for each contact of a school would fill PostgreSQL's lock table;
256 of them, by the first byte of the keyed hash, do as well. Records take theirs shared, so that schools do not wait
for each other.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

_SPACE = 0x4D41
"""«MA»: apart from whatever else takes advisory locks."""

_OF_ACCOUNTS = text(
    f"""
    SELECT pg_advisory_xact_lock({_SPACE}, bucket) FROM (
      SELECT DISTINCT get_byte(value_index, 0) AS bucket FROM account_identifiers
      WHERE account_id = ANY(:account_ids) AND proved_at IS NOT NULL AND kind IN ('phone', 'email', 'snils')
      ORDER BY 1
    ) buckets
    """  # noqa: S608 -- a number of ours only
).bindparams(bindparam("account_ids", type_=ARRAY(Uuid)))

_OF_SCHOOL = text("SELECT pg_advisory_xact_lock(hashtextextended('matching:' || CAST(:school_id AS text), 0))")

_OF_RECORDS = text(
    f"""
    SELECT pg_advisory_xact_lock_shared({_SPACE}, bucket) FROM (
      SELECT get_byte(value_index, 0) AS bucket FROM people,
        LATERAL (VALUES (phone_index), (email_index), (snils_index)) contacts (value_index)
      WHERE school_id = :school_id AND person_id = ANY(:person_ids) AND value_index IS NOT NULL
      GROUP BY 1 ORDER BY 1
    ) buckets
    """  # noqa: S608 -- a number of ours only
).bindparams(bindparam("person_ids", type_=ARRAY(Uuid)), bindparam("school_id", type_=Uuid))

_OF_BOTH = text(
    f"""
    SELECT pg_advisory_xact_lock({_SPACE}, bucket) FROM (
      SELECT get_byte(value_index, 0) AS bucket FROM account_identifiers
      WHERE account_id = :account_id AND proved_at IS NOT NULL AND kind IN ('phone', 'email', 'snils')
      UNION
      SELECT get_byte(value_index, 0) FROM people,
        LATERAL (VALUES (phone_index), (email_index), (snils_index)) contacts (value_index)
      WHERE school_id = :school_id AND person_id = ANY(:person_ids) AND value_index IS NOT NULL
      ORDER BY 1
    ) buckets
    """  # noqa: S608 -- a number of ours only
).bindparams(
    bindparam("person_ids", type_=ARRAY(Uuid)), bindparam("school_id", type_=Uuid), bindparam("account_id", type_=Uuid)
)


async def lock_contacts_of_account(session: AsyncSession, account_id: UUID) -> None:
    """Before looking for the records that an account reaches; until the transaction ends."""
    await session.execute(_OF_ACCOUNTS, {"account_ids": [account_id]})


async def lock_contacts_of_records(session: AsyncSession, school_id: UUID, person_ids: Sequence[UUID]) -> None:
    """Before looking for the accounts that records concern; of one school one change at a time."""
    await session.execute(_OF_SCHOOL, {"school_id": str(school_id)})
    await session.execute(_OF_RECORDS, {"school_id": school_id, "person_ids": list(person_ids)})


async def lock_contacts_of_both(
    session: AsyncSession, school_id: UUID, person_ids: Sequence[UUID], account_id: UUID
) -> None:
    """Before a teacher's word about an account and records: what either side may look for afterwards."""
    await session.execute(_OF_SCHOOL, {"school_id": str(school_id)})
    given = {"school_id": school_id, "person_ids": list(person_ids), "account_id": account_id}
    await session.execute(_OF_BOTH, given)
