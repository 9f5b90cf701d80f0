"""Begin an application, change its form while it is a draft, or begin anew from one that is over."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, insert, select, text, tuple_

from identity.accounts.tables import account_identifiers, accounts
from identity.applications.current import change, lock_own, require_authority, require_draft
from identity.applications.errors import ApplicantUnknown, StepNotAllowed, TooManyApplications, TooManyApplicationsToday
from identity.applications.form import Form, Kind
from identity.applications.history import note
from identity.applications.keeping import form_of, kept_form, key_of
from identity.applications.rules import MOST_A_DAY, MOST_OPEN, MOVES, OVER, Channel, State
from identity.applications.tables import applications
from identity.applications.words import STATES
from identity.errors import SchoolNotFound
from identity.personal_data.contacts import identifiers_meant
from identity.personal_data.keeping import PersonalDataKeys
from identity.registry.tables import schools
from shared.db import Tx, UnitOfWork

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class NewApplication:
    """What a draft begins with."""

    school_id: UUID
    kind: Kind
    form: Form


async def write_application(uow: UnitOfWork, keys: PersonalDataKeys, account_id: UUID, new: NewApplication) -> UUID:
    """Begin an application through the portal. Answers its id.

    Raises:
        SchoolNotFound: there is no such school.
        TooManyApplications, TooManyApplicationsToday: it has enough.
    """
    async with uow.begin() as tx:
        return await _keep(tx, keys, new, account_id, "portal", entered_by=None)


async def enter_application(
    uow: UnitOfWork,
    keys: PersonalDataKeys,
    staff_account_id: UUID,
    new: NewApplication,
    *,
    applicant_login: str,
    channel: Channel,
) -> UUID:
    """Enter what an applicant or a representative has brought on paper. Answers the application's id.

    Args:
        uow: opens the transaction.
        keys: find the applicant's account, and keep the form.
        staff_account_id: the member of staff.
        new: what stands on the paper.
        applicant_login: phone, e-mail, СНИЛС or user name of the applicant's account.
        channel: `in_person` or `by_representative`.

    Raises:
        SchoolNotFound: the caller has nothing to look after in this school.
        ApplicantUnknown: the applicant has no account yet.
        TooManyApplications, TooManyApplicationsToday: the applicant has enough.
    """
    wanted = [(each.kind, keys.find(each)) for each in identifiers_meant(applicant_login)]
    identifier = account_identifiers.c
    async with uow.begin() as tx:
        await require_authority(tx.session, staff_account_id, new.school_id, tx.now)
        found = set(
            await tx.session.scalars(
                select(identifier.account_id)
                .join(accounts, accounts.c.account_id == identifier.account_id)
                .where(
                    identifier.signs_in,
                    accounts.c.status == "active",
                    tuple_(identifier.kind, identifier.value_index).in_(wanted),
                )
            )
        )
        if len(found) != 1:
            raise ApplicantUnknown
        return await _keep(tx, keys, new, found.pop(), channel, entered_by=staff_account_id)


async def change_form(
    uow: UnitOfWork, keys: PersonalDataKeys, account_id: UUID, application_id: UUID, form: Form, *, version: int
) -> None:
    """Replace the form of a draft.

    Raises:
        ApplicationNotFound: there is none, or it is somebody else's.
        StaleApplication: somebody was faster.
        StepNotAllowed: it has been submitted.
    """
    async with uow.begin() as tx:
        application = await lock_own(tx, account_id, application_id, version)
        require_draft(application)
        key = key_of(keys.vault, application)
        await change(tx, application, form=kept_form(key, application_id, form))
        await note(tx, application.school_id, application_id, "changed", account_id)


async def write_again(uow: UnitOfWork, keys: PersonalDataKeys, account_id: UUID, application_id: UUID) -> UUID:
    """Begin a new form with what stood on one that was refused or withdrawn (I-26). Answers the new one's id.

    Documents are attached anew: the old ones may be what was wrong.

    Raises:
        ApplicationNotFound: there is none, or it is somebody else's.
        StepNotAllowed: it is not over, or was granted.
        TooManyApplications, TooManyApplicationsToday: it has enough.
    """
    async with uow.begin() as tx:
        old = await lock_own(tx, account_id, application_id, None)
        if old.state not in {State.REFUSED, State.WITHDRAWN}:
            state = State(old.state)
            raise StepNotAllowed(state=STATES[state], members={"allowed": sorted(MOVES[state])})
        new = NewApplication(old.school_id, old.kind, form_of(keys.vault, old))
        return await _keep(
            tx, keys, new, old.account_id, old.channel, entered_by=old.entered_by, previous_id=application_id
        )


async def _keep(
    tx: Tx,
    keys: PersonalDataKeys,
    new: NewApplication,
    account_id: UUID,
    channel: Channel,
    *,
    entered_by: UUID | None,
    previous_id: UUID | None = None,
) -> UUID:
    if await tx.session.scalar(select(schools.c.school_id).where(schools.c.school_id == new.school_id)) is None:
        raise SchoolNotFound
    await _require_room(tx, account_id)
    application_id = tx.new_id()
    key, wrapped = keys.vault.new_person_key()
    await tx.session.execute(
        insert(applications).values(
            school_id=new.school_id,
            application_id=application_id,
            account_id=account_id,
            kind=new.kind,
            channel=channel,
            entered_by=entered_by,
            state=State.DRAFT,
            version=1,
            data_key=wrapped,
            form=kept_form(key, application_id, new.form),
            previous_id=previous_id,
            created_at=tx.now,
        )
    )
    await note(tx, new.school_id, application_id, "written", entered_by or account_id)
    return application_id


async def _require_room(tx: Tx, account_id: UUID) -> None:
    # Two drafts begun in the same moment have to count each other.
    await tx.session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended('applications:' || :account_id, 0))"),
        {"account_id": str(account_id)},
    )
    mine = applications.c.account_id == account_id
    counts = select(
        func.count().filter(applications.c.state.not_in(OVER)).label("open"),
        func.count().filter(applications.c.created_at > tx.now - _DAY).label("today"),
    ).where(mine)
    found = (await tx.session.execute(counts)).one()
    if found.open >= MOST_OPEN:
        raise TooManyApplications
    if found.today >= MOST_A_DAY:
        raise TooManyApplicationsToday(retry_after=3600)
