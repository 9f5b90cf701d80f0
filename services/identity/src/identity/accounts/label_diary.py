"""What an account calls the diaries it opens: «Ребёнок1» (I-6). Nobody else sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, exists, select

from identity.accounts.tables import bindings, diary_labels
from identity.bulk import upsert
from identity.errors import DiaryNotFound
from shared.db import Tx, UnitOfWork
from shared.http import Caller


@dataclass(frozen=True, slots=True)
class Labelled:
    """A diary under its label."""

    pupil_id: UUID
    label: str | None


async def label_diary(uow: UnitOfWork, caller: Caller, pupil_id: UUID, label: str | None) -> Labelled:
    """Rename one of the own diaries; None takes the label away.

    Raises:
        DiaryNotFound: not among the diaries that this account opens.
    """
    async with uow.begin() as tx:
        opens = exists().where(
            bindings.c.account_id == caller.account_id,
            bindings.c.pupil_id == pupil_id,
            bindings.c.state == "active",
        )
        if not await tx.session.scalar(select(opens)):
            raise DiaryNotFound
        await put_labels(tx, caller.account_id, [Labelled(pupil_id, label)])
    return Labelled(pupil_id, label)


async def put_labels(tx: Tx, account_id: UUID, diaries: Sequence[Labelled]) -> None:
    """Write labels down, all in one go."""
    gone = [each.pupil_id for each in diaries if each.label is None]
    if gone:
        await tx.session.execute(
            delete(diary_labels).where(diary_labels.c.account_id == account_id, diary_labels.c.pupil_id.in_(gone))
        )
    rows = [
        {"account_id": account_id, "pupil_id": each.pupil_id, "label": each.label}
        for each in diaries
        if each.label is not None
    ]
    await upsert(tx.session, diary_labels, rows)
