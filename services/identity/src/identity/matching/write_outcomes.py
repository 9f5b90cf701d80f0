"""The outcome per account and school, with what it was about; a new version only when it is another one."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import ARRAY, SmallInteger, Text, Uuid, bindparam, text

from identity.matching.answer import Answer
from identity.matching.standing import Pair, Standing
from shared.db import Tx

_WRITE = text(
    """
    INSERT INTO match_outcomes AS m
      (school_id, account_id, outcome, reason, level, person_id, differing, decided_at, version)
    SELECT school_id, account_id, outcome, reason, level, person_id, string_to_array(differing, ','), :now, 1
    FROM unnest(:school_ids, :account_ids, :outcomes, :reasons, :levels, :person_ids, :differing)
      AS t (school_id, account_id, outcome, reason, level, person_id, differing)
    ORDER BY school_id, account_id
    ON CONFLICT (school_id, account_id) DO UPDATE
      SET outcome = excluded.outcome, reason = excluded.reason, level = excluded.level,
          person_id = excluded.person_id, differing = excluded.differing, decided_at = excluded.decided_at,
          version = m.version + 1
      WHERE ROW(m.outcome, m.reason, m.level, m.person_id, m.differing)
        IS DISTINCT FROM ROW(excluded.outcome, excluded.reason, excluded.level, excluded.person_id, excluded.differing)
    """
).bindparams(
    bindparam("school_ids", type_=ARRAY(Uuid)),
    bindparam("account_ids", type_=ARRAY(Uuid)),
    bindparam("outcomes", type_=ARRAY(Text)),
    bindparam("reasons", type_=ARRAY(Text)),
    bindparam("levels", type_=ARRAY(SmallInteger)),
    bindparam("person_ids", type_=ARRAY(Uuid)),
    bindparam("differing", type_=ARRAY(Text)),
)

_DROP = text(
    """
    DELETE FROM match_outcomes m USING unnest(:school_ids, :account_ids) AS t (school_id, account_id)
    WHERE m.school_id = t.school_id AND m.account_id = t.account_id
    """
).bindparams(bindparam("school_ids", type_=ARRAY(Uuid)), bindparam("account_ids", type_=ARRAY(Uuid)))


async def write_outcomes(tx: Tx, answers: Mapping[Pair, Answer], standing: Standing) -> None:
    """Keep the answers; where nothing concerns an account any more, nothing is kept."""
    if answers:
        await tx.session.execute(
            _WRITE,
            {
                "school_ids": [school_id for school_id, _ in answers],
                "account_ids": [account_id for _, account_id in answers],
                "outcomes": [answer.outcome for answer in answers.values()],
                "reasons": [answer.reason for answer in answers.values()],
                "levels": [answer.level for answer in answers.values()],
                "person_ids": [answer.record_id for answer in answers.values()],
                # An array of arrays must be rectangular, and these are not.
                "differing": [",".join(answer.differing) for answer in answers.values()],
                "now": tx.now,
            },
        )
    gone: list[tuple[UUID, UUID]] = sorted(standing.outcomes - set(answers))
    if gone:
        school_ids, account_ids = (list(column) for column in zip(*gone, strict=True))
        await tx.session.execute(_DROP, {"school_ids": school_ids, "account_ids": account_ids})
