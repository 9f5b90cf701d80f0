"""Which records an account reaches, with what the decision looks at on both sides: by keyed hashes alone (I-18, I-19).

A constant number of statements, however many accounts and records: a whole school is looked at as one person is.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Row, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

MOST_RECORDS_OF_A_CONTACT = 50
"""A number that stands on more records of one school than this is the school's own, and nobody's proof."""

MOST_SCHOOLS = 100
"""One account is looked at in so many schools at most; nobody has children in a hundred."""

_CONTACTS = ("phone", "email", "snils")

_OWN_SIDE = text(
    """
    SELECT a.account_id, a.surname, a.given_name, a.patronymic, a.role, a.data_key, d.birth_date_index,
           phone.value_index AS phone_index, phone.proved_at IS NOT NULL AS phone_proved,
           email.value_index AS email_index, email.proved_at IS NOT NULL AS email_proved,
           snils.value_index AS snils_index, snils.proved_at IS NOT NULL AS snils_asserted
    FROM accounts a
    LEFT JOIN account_details d USING (account_id)
    LEFT JOIN account_identifiers phone ON phone.account_id = a.account_id AND phone.kind = 'phone'
    LEFT JOIN account_identifiers email ON email.account_id = a.account_id AND email.kind = 'email'
    LEFT JOIN account_identifiers snils ON snils.account_id = a.account_id AND snils.kind = 'snils'
    WHERE a.account_id = ANY(:account_ids) AND a.status = 'active'
    """
).bindparams(bindparam("account_ids", type_=ARRAY(Uuid)))


def _reached(kind: str, *, in_school: bool) -> str:
    return f"""
      SELECT i.account_id, p.school_id, p.person_id, '{kind}' AS kind
      FROM proved i JOIN people p ON p.{kind}_index = i.value_index
      WHERE i.kind = '{kind}' AND p.present {"AND p.school_id = :school_id" if in_school else ""}
    """  # noqa: S608 -- names of our own columns only


def _candidates(*, in_school: bool) -> str:
    """The statement; with or without a school it is another one, so that each has the plan that fits it."""
    return f"""
    WITH proved AS MATERIALIZED (
      SELECT i.account_id, i.kind, i.value_index
      FROM account_identifiers i JOIN accounts a ON a.account_id = i.account_id AND a.status = 'active'
      WHERE i.account_id = ANY(:account_ids) AND i.proved_at IS NOT NULL AND i.kind IN ('phone', 'email', 'snils')
    ), reached AS (
      {" UNION ALL ".join(_reached(kind, in_school=in_school) for kind in _CONTACTS)}
    ), counted AS (
      SELECT *, count(*) OVER (PARTITION BY account_id, school_id, kind) AS standing,
             dense_rank() OVER (PARTITION BY account_id ORDER BY school_id) AS nth_school
      FROM reached
    ), pairs AS (
      SELECT account_id, school_id, person_id FROM counted
      WHERE standing <= {MOST_RECORDS_OF_A_CONTACT} AND nth_school <= {MOST_SCHOOLS}
      UNION
      -- What is the account's own already counts for row 13, and its level may rise.
      SELECT account_id, school_id, person_id FROM account_records
      WHERE account_id = ANY(:account_ids) {"AND school_id = :school_id" if in_school else ""}
    )
    SELECT c.account_id, p.school_id, p.person_id, p.kind, p.surname, p.given_name, p.patronymic,
           p.phone_index, p.email_index, p.snils_index, p.birth_date_index,
           s.requires_snils, owner.account_id AS bound_to, bound.level AS bound_level,
           EXISTS (SELECT FROM people q WHERE q.phone_index = p.phone_index AND q.school_id = p.school_id
                   AND q.person_id <> p.person_id AND q.present) AS phone_shared,
           EXISTS (SELECT FROM people q WHERE q.email_index = p.email_index AND q.school_id = p.school_id
                   AND q.person_id <> p.person_id AND q.present) AS email_shared,
           born.names AS born_that_day
    FROM pairs c
    JOIN people p ON p.school_id = c.school_id AND p.person_id = c.person_id
    JOIN schools s ON s.school_id = p.school_id
    LEFT JOIN account_records bound ON bound.school_id = p.school_id AND bound.person_id = p.person_id
    LEFT JOIN accounts owner ON owner.account_id = bound.account_id AND owner.status = 'active'
    LEFT JOIN LATERAL (
      SELECT json_agg(json_build_array(q.surname, q.patronymic)) AS names FROM people q
      WHERE q.school_id = p.school_id AND q.birth_date_index = p.birth_date_index
        AND q.person_id <> p.person_id AND q.present
    ) born ON true
    WHERE p.present AND p.kind IN ('pupil', 'representative')
    ORDER BY c.account_id, p.school_id, p.person_id
    """  # noqa: S608 -- names of our own columns and numbers of ours only


_CANDIDATES = text(_candidates(in_school=False)).bindparams(bindparam("account_ids", type_=ARRAY(Uuid)))
_CANDIDATES_IN_SCHOOL = text(_candidates(in_school=True)).bindparams(
    bindparam("account_ids", type_=ARRAY(Uuid)), bindparam("school_id", type_=Uuid)
)

_AFFECTED = text(
    """
    WITH changed AS MATERIALIZED (
      SELECT * FROM people WHERE school_id = :school_id AND person_id = ANY(:person_ids)
    ), stands AS (
      SELECT 'phone' AS kind, phone_index AS value_index FROM changed WHERE phone_index IS NOT NULL
      UNION SELECT 'email', email_index FROM changed WHERE email_index IS NOT NULL
      UNION SELECT 'snils', snils_index FROM changed WHERE snils_index IS NOT NULL
      -- Whoever shared with a record what it has just lost shares no longer.
      UNION SELECT field, index_before FROM value_history
        WHERE school_id = :school_id AND person_id = ANY(:person_ids) AND changed_at = :now
          AND field IN ('phone', 'email', 'snils') AND index_before IS NOT NULL
    )
    SELECT i.account_id FROM stands
    JOIN account_identifiers i ON i.kind = stands.kind AND i.value_index = stands.value_index
      AND i.proved_at IS NOT NULL
    UNION SELECT account_id FROM match_outcomes WHERE school_id = :school_id AND person_id = ANY(:person_ids)
    UNION SELECT account_id FROM account_records WHERE school_id = :school_id AND person_id = ANY(:person_ids)
    UNION SELECT account_id FROM reviews
      WHERE school_id = :school_id AND person_id = ANY(:person_ids) AND settled_at IS NULL
    """
).bindparams(bindparam("person_ids", type_=ARRAY(Uuid)), bindparam("school_id", type_=Uuid))


async def own_sides(session: AsyncSession, account_ids: Sequence[UUID]) -> dict[UUID, Row[Any]]:
    """Names and keyed hashes of open accounts, by account."""
    found = await session.execute(_OWN_SIDE, {"account_ids": list(account_ids)})
    return {row.account_id: row for row in found}


async def candidates(
    session: AsyncSession, account_ids: Sequence[UUID], school_id: UUID | None
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Records that accounts reach by a proved contact or an asserted СНИЛС, and those that are theirs already.

    Args:
        session: an open session.
        account_ids: whose.
        school_id: only in this school; None: in every school.
    """
    if school_id is None:
        return (await session.execute(_CANDIDATES, {"account_ids": list(account_ids)})).all()
    given = {"account_ids": list(account_ids), "school_id": school_id}
    return (await session.execute(_CANDIDATES_IN_SCHOOL, given)).all()


async def accounts_affected(
    session: AsyncSession, school_id: UUID, person_ids: Sequence[UUID], now: Any
) -> tuple[UUID, ...]:
    """Accounts whose outcome may be another one after these records of a school have changed."""
    given = {"school_id": school_id, "person_ids": list(person_ids), "now": now}
    return tuple(sorted(set(await session.scalars(_AFFECTED, given))))
