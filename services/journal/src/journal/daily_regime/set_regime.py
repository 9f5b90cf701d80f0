"""Write down what a class does besides lessons (J-5): deputies, the director, the school's administrator."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, insert
from sqlalchemy.dialects.postgresql import insert as upsert

from journal.access.actions import PLAN_LESSONS, READ_CLASS
from journal.access.check import may
from journal.calendar.authority import hold_school, person_of
from journal.daily_regime.queries import regime_of_class
from journal.daily_regime.rules import Regime, RegimeItem
from journal.daily_regime.tables import daily_regime_items, daily_regimes
from journal.errors import NotYoursToPlan, SchoolClassNotFound, StaleVersion
from journal.roster.queries import find_class
from shared.db import UnitOfWork
from shared.http import Caller


async def set_regime(
    uow: UnitOfWork, caller: Caller, class_id: UUID, version: int, items: Sequence[RegimeItem]
) -> Regime:
    """Replace the regime of a class; `version` is that which was seen, 0: there was none.

    Raises:
        SchoolClassNotFound, NotYoursToPlan: not the caller's.
        StaleVersion: somebody wrote it in between.
    """
    async with uow.begin() as tx:
        school_class = await find_class(tx.session, class_id)
        if school_class is None:
            raise SchoolClassNotFound
        if not await may(tx.session, caller.account_id, PLAN_LESSONS, school_class.as_object(), tx.now):
            known = await may(tx.session, caller.account_id, READ_CLASS, school_class.as_object(), tx.now)
            raise NotYoursToPlan if known else SchoolClassNotFound
        school_id = school_class.school_id
        # Held: nobody else writes a regime of the school between the look at the version and the end.
        await hold_school(tx, caller, school_id, PLAN_LESSONS)
        current = (await regime_of_class(tx.session, school_id, class_id)).version
        if current != version:
            raise StaleVersion(base=version, current=current)
        statement = upsert(daily_regimes).values(
            school_id=school_id,
            class_id=class_id,
            version=version + 1,
            changed_by=await person_of(tx, caller, school_id),
            changed_at=tx.now,
        )
        written = {name: statement.excluded[name] for name in ("version", "changed_by", "changed_at")}
        await tx.session.execute(
            statement.on_conflict_do_update(index_elements=("school_id", "class_id"), set_=written)
        )
        await tx.session.execute(
            delete(daily_regime_items).where(
                daily_regime_items.c.school_id == school_id, daily_regime_items.c.class_id == class_id
            )
        )
        rows = [
            {
                "school_id": school_id,
                "class_id": class_id,
                "position": position,
                "kind": one.kind,
                "weekday": one.weekday,
                "starts_at": one.starts_at,
                "ends_at": one.ends_at,
                "title": one.title,
                "place": one.place,
            }
            for position, one in enumerate(items)
        ]
        if rows:
            await tx.session.execute(insert(daily_regime_items).values(rows))
        return Regime(version + 1, tuple(items))
