"""What was settled about accounts before: read once for all of them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import case, null, select, union_all
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from identity.bulk import among
from identity.matching.tables import access_claims, match_outcomes, reviews

Pair = tuple[UUID, UUID]
"""(school, account)."""


@dataclass(slots=True)
class Standing:
    """Of some accounts, in one school or in all."""

    outcomes: set[Pair] = field(default_factory=set)
    barred: dict[Pair, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    rejected: dict[Pair, dict[UUID, bytes]] = field(default_factory=lambda: defaultdict(dict))
    open_reviews: dict[Pair, list[Any]] = field(default_factory=lambda: defaultdict(list))


async def standing_of(session: AsyncSession, account_ids: Sequence[UUID], school_id: UUID | None) -> Standing:
    """Outcomes, bars, open questions and last refusals of accounts; two statements."""
    standing = Standing()

    def here(table: Any) -> Any:
        of_accounts = among(table.c.account_id, account_ids)
        return of_accounts if school_id is None else of_accounts & (table.c.school_id == school_id)

    outcomes = select(match_outcomes.c.school_id, match_outcomes.c.account_id, null().label("barred_from"))
    barred = select(access_claims.c.school_id, access_claims.c.account_id, access_claims.c.person_id)
    known = await session.execute(
        union_all(
            outcomes.where(here(match_outcomes)),
            barred.where(
                here(access_claims), access_claims.c.undone_at.is_not(None), access_claims.c.lifted_at.is_(None)
            ),
        )
    )
    for row in known:
        if row.barred_from is None:
            standing.outcomes.add((row.school_id, row.account_id))
        else:
            standing.barred[row.school_id, row.account_id].add(row.barred_from)
    # Everything that is open, and of what is settled the last word about each record.
    open_one = case((reviews.c.settled_at.is_(None), reviews.c.review_id))
    what = (reviews.c.account_id, reviews.c.school_id, reviews.c.person_id, open_one)
    asked = await session.execute(
        select(reviews)
        .ext(distinct_on(*what))
        .where(here(reviews), reviews.c.state != "lapsed")
        .order_by(*what, reviews.c.requested_at.desc(), reviews.c.review_id.desc())
    )
    for row in asked:
        pair = (row.school_id, row.account_id)
        if row.state == "open":
            standing.open_reviews[pair].append(row)
        elif row.state == "rejected" and row.person_id is not None:
            standing.rejected[pair][row.person_id] = row.facts
    return standing
