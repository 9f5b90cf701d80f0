"""Submit an application: it is registered in the same transaction, with number and term (I-25)."""

from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from identity.accounts.tables import accounts
from identity.applications.current import Standing, lock_own, move, require_step
from identity.applications.errors import (
    ApplicantTooYoung,
    ApplicationIncomplete,
    ApplicationNumbersExhausted,
    WriterIsNotSubmitter,
)
from identity.applications.form import Form
from identity.applications.history import note
from identity.applications.keeping import form_of
from identity.applications.rules import (
    YOUNGEST_APPLICANT,
    State,
    age_on,
    is_own_name,
    missing_documents,
    missing_fields,
    terms_of,
    unborn,
)
from identity.applications.tables import application_counters, application_documents
from identity.consents.give_consent import give_consent
from identity.personal_data.keeping import PersonalDataKeys
from identity.personal_data.person_name import PersonName
from identity.registry.rules import comparable_class_name
from identity.registry.tables import classes, schools
from shared.contracts.identity import ApplicationRegistered
from shared.db import Tx, UnitOfWork, take_number
from shared.http.texts import Language


async def submit_application(
    uow: UnitOfWork,
    keys: PersonalDataKeys,
    account_id: UUID,
    application_id: UUID,
    *,
    version: int,
    consent_version: str,
    consent_language: Language,
) -> Standing:
    """Hand an application in.

    Args:
        uow: opens the transaction.
        keys: open the form.
        account_id: the applicant; for one brought in person, the member of staff who entered it.
        application_id: the draft.
        version: of the draft as it was seen.
        consent_version: of the text «diary_application» that the applicant agreed to.
        consent_language: in which it was shown.

    Raises:
        ApplicationNotFound: there is none, or it is somebody else's.
        StaleApplication: somebody was faster.
        StepNotAllowed: it is no draft any more.
        WriterIsNotSubmitter: the caller is not the applicant, or the form names somebody else (I-26).
        ApplicationIncomplete: fields or documents are missing.
        ApplicantTooYoung: a pupil applies alone from 14 on.
        ConsentOutdated: another text is in force by now.
        ApplicationNumbersExhausted: the year has had a million.
    """
    async with uow.begin() as tx:
        application = await lock_own(tx, account_id, application_id, version)
        require_step(application, State.REGISTERED)
        if account_id != application.account_id and application.channel != "in_person":
            raise WriterIsNotSubmitter
        form = form_of(keys.vault, application)
        school_zone = await tx.session.scalar(
            select(schools.c.time_zone).where(schools.c.school_id == application.school_id)
        )
        terms = terms_of(tx.now, ZoneInfo(str(school_zone)))
        today = tx.now.astimezone(ZoneInfo(str(school_zone))).date()
        await _require_complete(tx, application, form, today)
        if application.kind == "pupil" and age_on(form.applicant.birth_date, today) < YOUNGEST_APPLICANT:
            raise ApplicantTooYoung
        consent_id = await give_consent(
            tx, application.account_id, "diary_application", consent_version, consent_language
        )
        number = await take_number(tx, application_counters, ApplicationNumbersExhausted)
        standing = await move(
            tx,
            application,
            State.REGISTERED,
            number=number,
            class_id=await _class_meant(tx, application, form),
            consent_id=consent_id,
            registered_at=tx.now,
            remind_at=terms.remind_at,
            decide_by=terms.decide_by,
            calendar_version=terms.calendar_version,
        )
        await note(tx, application.school_id, application_id, "submitted", account_id)
        await note(tx, application.school_id, application_id, "registered", None)
        tx.emit(
            ApplicationRegistered(
                account_id=application.account_id,
                application_id=application_id,
                school_id=application.school_id,
                number=number,
                decide_by=terms.decide_by,
                registered_at=tx.now,
            )
        )
        return standing


async def _require_complete(tx: Tx, application: Any, form: Form, today: date) -> None:
    owner = (
        await tx.session.execute(
            select(accounts.c.surname, accounts.c.given_name, accounts.c.patronymic).where(
                accounts.c.account_id == application.account_id
            )
        )
    ).one()
    if not is_own_name(form, PersonName(*owner)):
        raise WriterIsNotSubmitter
    attached = await tx.session.scalars(
        select(application_documents.c.kind).where(
            application_documents.c.school_id == application.school_id,
            application_documents.c.application_id == application.application_id,
        )
    )
    fields = missing_fields(application.kind, form)
    documents = missing_documents(application.kind, application.channel, form, set(attached))
    wrong = unborn(form, today)
    if fields or documents or wrong:
        raise ApplicationIncomplete(
            members={"missing_fields": fields, "missing_documents": documents, "wrong_fields": wrong}
        )


async def _class_meant(tx: Tx, application: Any, form: Form) -> UUID | None:
    """The open class that the form names; a name that the school does not have goes to those who lead it."""
    if application.kind == "teacher" or form.class_name is None:
        return None
    found = await tx.session.scalars(
        select(classes.c.class_id)
        .where(
            classes.c.school_id == application.school_id,
            classes.c.open,
            classes.c.comparable_name == comparable_class_name(form.class_name),
        )
        .order_by(classes.c.class_id.desc())
        .limit(1)
    )
    return found.first()
