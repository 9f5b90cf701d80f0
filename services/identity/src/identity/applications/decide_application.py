"""The school takes an application into review, or refuses it on one of the five grounds (I-25, I-26)."""

from uuid import UUID

from identity.applications.current import Standing, lock_for_decision, move
from identity.applications.history import note
from identity.applications.rules import Ground, State
from shared.contracts.identity import ApplicationMoved, ApplicationRefused
from shared.db import UnitOfWork


async def take_into_review(
    uow: UnitOfWork, account_id: UUID, school_id: UUID, application_id: UUID, *, version: int
) -> Standing:
    """Somebody of the school begins to look at it; the applicant is told.

    Raises:
        ApplicationNotFound, OwnApplication, StaleApplication, StepNotAllowed: see `current`.
    """
    async with uow.begin() as tx:
        application, _ = await lock_for_decision(tx, account_id, school_id, application_id, version)
        standing = await move(tx, application, State.IN_REVIEW)
        await note(tx, school_id, application_id, "in_review", account_id)
        tx.emit(
            ApplicationMoved(
                account_id=application.account_id,
                application_id=application_id,
                school_id=school_id,
                number=application.number,
                state="in_review",
                moved_at=tx.now,
            )
        )
        return standing


async def refuse_application(
    uow: UnitOfWork, account_id: UUID, school_id: UUID, application_id: UUID, ground: Ground, *, version: int
) -> Standing:
    """Refuse on one of the five grounds.

    Raises:
        ApplicationNotFound, OwnApplication, StaleApplication, StepNotAllowed: see `current`.
    """
    async with uow.begin() as tx:
        application, _ = await lock_for_decision(tx, account_id, school_id, application_id, version)
        standing = await move(tx, application, State.REFUSED, ground=ground, decided_at=tx.now, decided_by=account_id)
        await note(tx, school_id, application_id, "refused", account_id)
        tx.emit(
            ApplicationRefused(
                account_id=application.account_id,
                application_id=application_id,
                school_id=school_id,
                number=application.number,
                ground=ground,
                decided_at=tx.now,
            )
        )
        return standing
