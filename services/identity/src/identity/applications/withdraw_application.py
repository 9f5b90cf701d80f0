"""The applicant thinks better of it: fifth of the grounds on which no access is given (I-26)."""

from uuid import UUID

from identity.applications.current import Standing, lock_own, move
from identity.applications.forget_files import forget_files_of
from identity.applications.history import note
from identity.applications.rules import State
from shared.contracts.identity import ApplicationMoved
from shared.db import UnitOfWork


async def withdraw_application(uow: UnitOfWork, account_id: UUID, application_id: UUID, *, version: int) -> Standing:
    """Withdraw an application that is not decided yet; its files are gone at once.

    Raises:
        ApplicationNotFound: there is none, or it is somebody else's.
        StaleApplication: somebody was faster.
        StepNotAllowed: it is over.
    """
    async with uow.begin() as tx:
        application = await lock_own(tx, account_id, application_id, version)
        standing = await move(tx, application, State.WITHDRAWN, ground="withdrawn_by_applicant", decided_at=tx.now)
        await forget_files_of(tx.session, application)
        await note(tx, application.school_id, application_id, "withdrawn", account_id)
        if application.number is not None:  # of a draft nobody was told anything
            tx.emit(
                ApplicationMoved(
                    account_id=application.account_id,
                    application_id=application_id,
                    school_id=application.school_id,
                    number=application.number,
                    state="withdrawn",
                    moved_at=tx.now,
                )
            )
        return standing
