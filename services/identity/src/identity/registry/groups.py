"""Parts of classes: what the town hears of them, and who leaves them (I-12)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import delete, select

from identity.bulk import among
from identity.registry.tables import class_groups, group_members
from shared.contracts.identity import ClassGroupChanged
from shared.db import Tx


async def tell_groups(tx: Tx, school_id: UUID, group_ids: Sequence[UUID], today: date) -> None:
    """Say how some groups are now, each whole; two statements, however many. Of those that have ended, nothing."""
    if not group_ids:
        return
    members: dict[UUID, list[UUID]] = defaultdict(list)
    of_groups = select(group_members).where(
        group_members.c.school_id == school_id, among(group_members.c.group_id, group_ids)
    )
    for row in await tx.session.execute(of_groups.order_by(group_members.c.pupil_id)):
        members[row.group_id].append(row.pupil_id)
    groups = select(class_groups).where(
        class_groups.c.school_id == school_id, among(class_groups.c.group_id, group_ids), class_groups.c.open
    )
    for row in await tx.session.execute(groups.order_by(class_groups.c.group_id)):
        tx.emit(
            ClassGroupChanged(
                school_id=school_id,
                group_id=row.group_id,
                class_id=row.class_id,
                subject_id=row.subject_id,
                source_id=row.source_id,
                title=row.title,
                pupil_ids=tuple(members[row.group_id]),
                changed_on=today,
            )
        )


async def leave_groups(tx: Tx, school_id: UUID, pupil_ids: Sequence[UUID], today: date) -> None:
    """Take pupils out of all groups, for they have left the class; and tell those groups."""
    if not pupil_ids:
        return
    left = await tx.session.scalars(
        delete(group_members)
        .where(group_members.c.school_id == school_id, among(group_members.c.pupil_id, pupil_ids))
        .returning(group_members.c.group_id)
    )
    await tell_groups(tx, school_id, list(set(left)), today)
