"""The one condition that says who may know of a notice, the same when told and whenever read; schools' zones."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ARRAY,
    BindParameter,
    ColumnElement,
    Text,
    Uuid,
    and_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import TIMESTAMP

from notifications.audience.rules import BEFORE_IT_IS_TOLD, FAMILY
from notifications.audience.tables import access_edges, account_cards, school_cards
from shared.db import Tx

NOW: BindParameter[datetime] = bindparam("now", type_=TIMESTAMP(timezone=True))
"""The instant of the transaction or request."""

# One parameter instead of an IN list, which SQLAlchemy would write out anew at every mark.
_FAMILY = literal(list(FAMILY), ARRAY(Text))


def in_circle(*, pupil_id: Any, section: Any, circle: Any) -> ColumnElement[bool]:
    """Whether an edge belongs to the circle of a notice and is in force; the arguments are columns of the notice."""
    edge = access_edges.c
    return and_(
        edge.object_type == "pupil",
        edge.object_id == pupil_id,
        edge.state == "active",
        or_(edge.valid_from.is_(None), edge.valid_from <= NOW),
        or_(edge.valid_until.is_(None), edge.valid_until > NOW),
        edge.relation == func.any(_FAMILY),
        or_(
            and_(circle == "readers", or_(edge.relation != "trusted", section == edge.scope.any_())),
            and_(circle == "guardians", edge.relation == "representative", edge.level >= 2),
            and_(circle.in_(("pupils", "both")), edge.relation == "self"),
            and_(circle.in_(("families", "both")), edge.relation == "representative"),
        ),
    )


def may_know(account_id: Any, *, pupil_id: Any, section: Any, circle: Any) -> ColumnElement[bool]:
    """Whether an account is in the circle of a notice now; lost access hides what was told before."""
    return exists().where(
        access_edges.c.account_id == account_id,
        in_circle(pupil_id=pupil_id, section=section, circle=circle),
    )


def is_open(account_id: Any) -> ColumnElement[bool]:
    """Whether an account has not been closed; one that is not known yet counts as open."""
    return ~exists().where(account_cards.c.account_id == account_id, account_cards.c.disabled_at.is_not(None))


_ZONES: Final = select(school_cards.c.school_id, school_cards.c.time_zone).where(
    school_cards.c.school_id == func.any(bindparam("schools", type_=ARRAY(Uuid)))
)


async def zones_of(tx: Tx, school_ids: Iterable[UUID]) -> dict[UUID, ZoneInfo]:
    """The time zones of schools; the town's for one that is not known yet. One statement."""
    wanted = set(school_ids)
    rows = await tx.session.execute(_ZONES, {"schools": sorted(wanted)})
    return dict.fromkeys(wanted, BEFORE_IT_IS_TOLD) | {row.school_id: ZoneInfo(row.time_zone) for row in rows}
