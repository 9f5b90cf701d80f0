"""The application that somebody is about to change: locked, readable for this caller, as the caller saw it."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Row, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from identity.applications.errors import (
    ApplicationNotFound,
    OwnApplication,
    StaleApplication,
    StepNotAllowed,
)
from identity.applications.rules import MOVES, State
from identity.applications.tables import applications
from identity.applications.words import STATES
from identity.errors import SchoolNotFound
from identity.registry.authority import Authority, authority_in_school
from shared.db import Tx


class Standing(NamedTuple):
    """How an application stands after a step."""

    application_id: UUID
    number: str | None
    state: State
    version: int


def written_by(account_id: UUID) -> ColumnElement[bool]:
    """The applicant's own, and what a member of staff has entered for somebody and not handed in yet."""
    return or_(
        applications.c.account_id == account_id,
        (applications.c.entered_by == account_id) & (applications.c.state == State.DRAFT),
    )


async def require_writer(session: AsyncSession, application: Any, account_id: UUID, now: datetime) -> None:
    """Refuse whoever entered it and no longer works there.

    Raises:
        ApplicationNotFound: neither the applicant nor a member of the school's staff.
    """
    if application.account_id != account_id and not await authority_in_school(
        session, account_id, application.school_id, now
    ):
        raise ApplicationNotFound


async def lock_own(tx: Tx, account_id: UUID, application_id: UUID, version: int | None) -> Row[Any]:
    """Lock an application for its applicant, or for who entered it.

    Raises:
        ApplicationNotFound: there is none, or it is somebody else's.
        StaleApplication: it is no longer at `version`; None asks nothing.
    """
    found = await tx.session.execute(
        select(applications)
        .where(applications.c.application_id == application_id, written_by(account_id))
        .with_for_update()
    )
    application = _as_seen(found.one_or_none(), version)
    await require_writer(tx.session, application, account_id, tx.now)
    return application


async def lock_for_decision(
    tx: Tx, account_id: UUID, school_id: UUID, application_id: UUID, version: int
) -> tuple[Row[Any], Authority]:
    """Lock an application for the school that decides on it.

    Raises:
        ApplicationNotFound: there is none, or not for this member of staff.
        OwnApplication: it is the caller's own.
        StaleApplication: it is no longer at `version`.
    """
    authority = await authority_in_school(tx.session, account_id, school_id, tx.now)
    found = await tx.session.execute(
        select(applications)
        .where(applications.c.application_id == application_id, shown_to(authority))
        .with_for_update()
    )
    application = _as_seen(found.one_or_none(), version)
    if application.account_id == account_id:
        raise OwnApplication
    return application, authority


def shown_to(authority: Authority) -> ColumnElement[bool]:
    """What a member of staff sees: the whole school, or the own classes; drafts are nobody's business yet."""
    in_school = (applications.c.school_id == authority.school_id) & applications.c.number.is_not(None)
    return in_school if authority.leads_school else in_school & applications.c.class_id.in_(authority.class_ids)


async def require_authority(session: AsyncSession, account_id: UUID, school_id: UUID, now: datetime) -> Authority:
    """What the caller may look after in a school.

    Raises:
        SchoolNotFound: nothing, or there is no such school: nobody learns which.
    """
    authority = await authority_in_school(session, account_id, school_id, now)
    if not authority:
        raise SchoolNotFound
    return authority


async def move(tx: Tx, application: Any, to: State, *, number: str | None = None, **values: object) -> Standing:
    """Take a locked application one step further; `number` is the one that it has just been given.

    Raises:
        StepNotAllowed: names where it can go (I-25).
    """
    require_step(application, to)
    number = number or application.number
    await change(tx, application, state=to, number=number, **values)
    return Standing(application.application_id, number, to, application.version + 1)


def require_step(application: Any, to: State) -> None:
    """Refuse a step that leads from nowhere to nowhere.

    Raises:
        StepNotAllowed: names where it can go (I-25).
    """
    state = State(application.state)
    if to not in MOVES[state]:
        raise StepNotAllowed(
            state=STATES[state], members={"allowed": sorted(MOVES[state]), "current": state_of(application)}
        )


def require_draft(application: Any) -> None:
    """Refuse to change a form that has been handed in: a mistake means a new one (I-26).

    Raises:
        StepNotAllowed: names where it can go.
    """
    if application.state != State.DRAFT:
        state = State(application.state)
        raise StepNotAllowed(
            state=STATES[state], members={"allowed": sorted(MOVES[state]), "current": state_of(application)}
        )


async def change(tx: Tx, application: Any, **values: object) -> None:
    """Write values of a locked application; its version grows."""
    await tx.session.execute(
        update(applications)
        .where(
            applications.c.school_id == application.school_id,
            applications.c.application_id == application.application_id,
        )
        .values(version=application.version + 1, **values)
    )


def state_of(application: Any) -> dict[str, Any]:
    """The current state as a conflict tells it."""
    return {"state": application.state, "version": application.version, "number": application.number}


def _as_seen(application: Row[Any] | None, version: int | None) -> Row[Any]:
    if application is None:
        raise ApplicationNotFound
    if version is not None and application.version != version:
        raise StaleApplication(base=version, version=application.version, members={"current": state_of(application)})
    return application
