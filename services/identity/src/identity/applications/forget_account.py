"""Let go of everything that applications keep of an account that is being erased."""

from uuid import UUID

from sqlalchemy import case, delete, func, select, update

from identity.applications.history import note
from identity.applications.rules import WAITING, State
from identity.applications.tables import application_documents, applications
from shared.db import Tx


async def forget_account(tx: Tx, account_id: UUID) -> None:
    """Forms and files go, and drafts with them; what the school still owed an answer to is withdrawn.

    Number, steps and decision stay: they are the school's record of whom it let in.
    """
    own = applications.c.account_id == account_id
    await tx.session.execute(
        delete(application_documents).where(
            application_documents.c.school_id == applications.c.school_id,
            application_documents.c.application_id == applications.c.application_id,
            own,
        )
    )
    await tx.session.execute(delete(applications).where(own, applications.c.number.is_(None)))
    waiting = applications.c.state.in_(WAITING)
    found = await tx.session.execute(
        select(applications.c.school_id, applications.c.application_id).where(own, waiting).with_for_update()
    )
    for row in found.all():
        await note(tx, row.school_id, row.application_id, "withdrawn", account_id)
    await tx.session.execute(
        update(applications)
        .where(own)
        .values(
            data_key=None,
            form=None,
            state=case((waiting, State.WITHDRAWN), else_=applications.c.state),
            ground=case((waiting, "withdrawn_by_applicant"), else_=applications.c.ground),
            decided_at=func.coalesce(applications.c.decided_at, tx.now),
            version=applications.c.version + 1,
        )
    )
