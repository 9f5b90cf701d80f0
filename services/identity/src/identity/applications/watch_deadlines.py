"""Remind the school of a term that is running out, and tell its director of one that has run out (I-25).

Row and event are one transaction, and a row is marked by it: each is said once, whenever the worker is killed.
"""

from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Column, Row, select, update

from identity.applications.history import Step
from identity.applications.rules import WAITING
from identity.applications.tables import application_history, applications
from identity.bulk import among, upsert
from identity.registry.authority import in_force
from identity.registry.tables import schools, staff_assignments
from shared.contracts.identity import ApplicationDeadlineNoticed
from shared.db import Database, Tx

Duty = Row[*tuple[Any, ...]]

AT_ONCE = 100
"""Applications of one transaction."""

_REMINDED = frozenset({"deputy", "school_administrator"})
"""Beside the class teacher, or alone where there is none."""


async def watch_deadlines(database: Database) -> int:
    """Say all that is due. Answers how much that was."""
    said = 0
    for step in ("reminder", "escalation"):
        while due := await _notice(database, step):
            said += due
    return said


async def _notice(database: Database, step: Literal["reminder", "escalation"]) -> int:
    moment, mark, history_step = _ABOUT[step]
    async with database.uow.begin() as tx:
        rows = (
            await tx.session.execute(
                select(applications)
                .where(moment <= tx.now, mark.is_(None), applications.c.state.in_(WAITING))
                .order_by(moment)
                .limit(AT_ONCE)
                .with_for_update(skip_locked=True)
            )
        ).all()
        if not rows:
            return 0
        staff = await _staff_of(tx, {row.school_id for row in rows})
        for row in rows:
            tx.emit(
                ApplicationDeadlineNoticed(
                    account_id=row.account_id,
                    application_id=row.application_id,
                    school_id=row.school_id,
                    number=row.number,
                    step=step,
                    staff_account_ids=_told(step, row, staff.get(row.school_id, ())),
                    decide_by=row.decide_by,
                    noticed_at=tx.now,
                )
            )
        await tx.session.execute(
            update(applications)
            .where(
                among(applications.c.school_id, list({row.school_id for row in rows})),
                among(applications.c.application_id, [row.application_id for row in rows]),
            )
            .values({mark.name: tx.now})
        )
        await upsert(tx.session, application_history, [_entry(tx, row, history_step) for row in rows])
        return len(rows)


_ABOUT: dict[str, tuple[Column[Any], Column[Any], Step]] = {
    "reminder": (applications.c.remind_at, applications.c.reminded_at, "reminded"),
    "escalation": (applications.c.decide_by, applications.c.escalated_at, "escalated"),
}


async def _staff_of(tx: Tx, school_ids: set[UUID]) -> dict[UUID, list[Duty]]:
    duty = staff_assignments.c
    found = await tx.session.execute(
        select(duty.school_id, duty.role, duty.class_id, duty.account_id)
        .join(schools, schools.c.school_id == duty.school_id)
        .where(
            among(duty.school_id, list(school_ids)),
            duty.role.in_(("class_teacher", "deputy", "director", "school_administrator")),
            duty.account_id.is_not(None),
            in_force(tx.now),
        )
        .order_by(duty.account_id)
    )
    staff: dict[UUID, list[Duty]] = {}
    for row in found:
        staff.setdefault(row.school_id, []).append(row)
    return staff


def _told(step: str, application: Any, staff: Sequence[Duty]) -> tuple[UUID, ...]:
    """Reminder: the class teacher and the administration. Escalation: the director, or whoever leads without one."""
    if step == "reminder":
        chosen = [
            duty
            for duty in staff
            if duty.role in _REMINDED
            or (
                application.class_id is not None
                and duty.role == "class_teacher"
                and duty.class_id == application.class_id
            )
        ]
    else:
        chosen = [duty for duty in staff if duty.role == "director"] or [d for d in staff if d.role in _REMINDED]
    return tuple(dict.fromkeys(duty.account_id for duty in chosen))


def _entry(tx: Tx, row: Any, step: Step) -> dict[str, Any]:
    return {
        "school_id": row.school_id,
        "application_id": row.application_id,
        "entry_id": tx.new_id(),
        "step": step,
        "account_id": None,
        "at": tx.now,
    }
