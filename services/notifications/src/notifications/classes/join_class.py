"""A pupil who comes to a class finds what it still has to do, and hears no more of the tasks of the class before.

Pupils and classes are different streams: what was said to a class before a pupil was known in it is found here. When
both are handled in the same moment, neither sees the other: a minute later the worker looks once more.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import ARRAY, Date, Integer, Uuid, and_, bindparam, delete, func, select, text
from sqlalchemy.dialects.postgresql import TIMESTAMP, insert

from notifications.audience.tables import pupil_cards
from notifications.classes.tables import class_notices, late_pupils
from notifications.classes.tell_class import tell_pupils
from notifications.inbox.catch_up import SETTLED_AFTER
from shared.db import Tx, UnitOfWork

AT_ONCE: Final = 500
"""Pupils of one transaction: when a school joins, thousands are new at once."""
_SETTLED: Final = (
    delete(late_pupils)
    .where(
        late_pupils.c.pupil_id.in_(
            select(late_pupils.c.pupil_id)
            .where(late_pupils.c.recorded_at < bindparam("before", type_=TIMESTAMP(timezone=True)))
            .limit(bindparam("most", type_=Integer))
            .with_for_update(skip_locked=True)
        )
    )
    .returning(late_pupils.c.pupil_id)
)
_JOIN: Final = tell_pupils(
    class_notices,
    and_(
        pupil_cards.c.pupil_id == func.any(bindparam("pupils", type_=ARRAY(Uuid))),
        class_notices.c.useful_until >= bindparam("today", type_=Date),
        ~class_notices.c.withdrawn,
    ),
)
_LEAVE: Final = text(
    """
    WITH gone AS (
      UPDATE notice n SET superseded_at = :now
      FROM pupil_card p
      WHERE p.pupil_id = ANY(:pupils) AND n.pupil_id = p.pupil_id AND n.class_id <> p.class_id
        AND n.category = 'homework' AND n.superseded_at IS NULL
      RETURNING n.id
    )
    UPDATE notice_copy c SET state = 'withdrawn', changed_at = :now
    FROM gone WHERE c.notice_id = gone.id AND c.state = 'unread'
    """
).bindparams(bindparam("pupils", type_=ARRAY(Uuid)), bindparam("now", type_=TIMESTAMP(timezone=True)))
_LATE: Final = insert(late_pupils).from_select(
    ["pupil_id", "recorded_at"],
    text("SELECT unnest(:pupils), CAST(:now AS timestamptz)")
    .bindparams(bindparam("pupils", type_=ARRAY(Uuid)), bindparam("now", type_=TIMESTAMP(timezone=True)))
    .columns(late_pupils.c.pupil_id, late_pupils.c.recorded_at),
)
_LATE_AGAIN: Final = _LATE.on_conflict_do_update(
    index_elements=[late_pupils.c.pupil_id], set_={"recorded_at": _LATE.excluded.recorded_at}
)


async def join_classes(tx: Tx, pupil_ids: Sequence[UUID]) -> None:
    """Put right what pupils are told, whose class may have changed: three statements however many they are."""
    pupils = sorted(set(pupil_ids))
    await _put_right(tx, pupils)
    await tx.session.execute(_LATE_AGAIN, {"pupils": pupils, "now": tx.now})


async def join_classes_again(uow: UnitOfWork) -> int:
    """The second look, for all whose class has been known for a minute. Answers how many pupils that were."""
    total = 0
    while True:
        async with uow.begin() as tx:
            wanted = {"before": tx.now - SETTLED_AFTER, "most": AT_ONCE}
            pupils = list((await tx.session.execute(_SETTLED, wanted)).scalars())
            if pupils:
                await _put_right(tx, pupils)
        total += len(pupils)
        if len(pupils) < AT_ONCE:
            return total


async def _put_right(tx: Tx, pupils: Sequence[UUID]) -> None:
    await tx.session.execute(_LEAVE, {"pupils": pupils, "now": tx.now})
    # East of Greenwich it may be tomorrow already: better a task too many than one too few.
    await tx.session.execute(_JOIN, {"pupils": pupils, "today": tx.now.date(), "now": tx.now})
