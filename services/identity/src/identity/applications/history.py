"""Who did what when: one row for each step of an application (I-27)."""

from typing import Literal
from uuid import UUID

from sqlalchemy import insert

from identity.applications.tables import application_history
from shared.db import Tx

Step = Literal[
    "written",
    "changed",
    "document_added",
    "document_removed",
    "submitted",
    "registered",
    "in_review",
    "granted",
    "refused",
    "withdrawn",
    "reminded",
    "escalated",
    "document_opened",
]


async def note(tx: Tx, school_id: UUID, application_id: UUID, step: Step, account_id: UUID | None) -> None:
    """Note a step; without an account it happened by itself."""
    await tx.session.execute(
        insert(application_history).values(
            school_id=school_id,
            application_id=application_id,
            entry_id=tx.new_id(),
            step=step,
            account_id=account_id,
            at=tx.now,
        )
    )
