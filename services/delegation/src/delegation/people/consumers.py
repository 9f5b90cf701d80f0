"""Keeps people as identity tells them. Every event carries the whole row, so each is one upsert."""

from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Table, update
from sqlalchemy.dialects.postgresql import insert

from delegation.events import subscriptions
from delegation.people.rules import PUPIL
from delegation.people.tables import accounts, children, schools
from shared.access import Edge, Relation, end_edge, record_edge, register_cutoffs
from shared.bus import PermanentError
from shared.contracts.identity import (
    AccountDisabled,
    AccountRegistered,
    BindingGranted,
    BindingLevelChanged,
    BindingRevoked,
    PupilEnrolled,
    PupilLeft,
    SchoolOpened,
)
from shared.db import Tx

IDENTITY = "identity"

register_cutoffs(subscriptions)


@subscriptions.on(SchoolOpened)
async def keep_school(tx: Tx, event: SchoolOpened) -> None:
    """A school's time zone; an unknown one would end every grant on a wrong day, so it is refused."""
    try:
        ZoneInfo(event.time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise PermanentError("unknown time zone of a school") from error
    await _upsert(tx, schools, {"school_id": event.school_id, "time_zone": event.time_zone})


@subscriptions.on(AccountRegistered)
async def keep_names(tx: Tx, event: AccountRegistered) -> None:
    """An account's names; a disabled account stays disabled."""
    await _upsert(
        tx,
        accounts,
        {
            "account_id": event.account_id,
            "surname": event.surname,
            "given_name": event.given_name,
            "patronymic": event.patronymic,
        },
    )


@subscriptions.on(AccountDisabled)
async def disable_account(tx: Tx, event: AccountDisabled) -> None:
    """The name stays, for those who see whom they had trusted."""
    await tx.session.execute(
        update(accounts).where(accounts.c.account_id == event.account_id).values(disabled_at=tx.now)
    )


@subscriptions.on(PupilEnrolled)
async def keep_child(tx: Tx, event: PupilEnrolled) -> None:
    """A child's name; who comes back has not left."""
    await _upsert(
        tx,
        children,
        {
            "school_id": event.school_id,
            "pupil_id": event.pupil_id,
            "surname": event.surname,
            "given_name": event.given_name,
            "left_on": None,
        },
    )


@subscriptions.on(PupilLeft)
async def let_child_go(tx: Tx, event: PupilLeft) -> None:
    """The row stays, for the names in what was granted."""
    await tx.session.execute(
        update(children)
        .where(children.c.school_id == event.school_id, children.c.pupil_id == event.pupil_id)
        .values(left_on=event.left_on)
    )


@subscriptions.on(BindingGranted)
async def bind(tx: Tx, event: BindingGranted) -> None:
    """Who represents the pupil, or is the pupil."""
    await _record_binding(tx, event)


@subscriptions.on(BindingLevelChanged)
async def change_level(tx: Tx, event: BindingLevelChanged) -> None:
    """The whole binding at its new level."""
    await _record_binding(tx, event)


@subscriptions.on(BindingRevoked)
async def unbind(tx: Tx, event: BindingRevoked) -> None:
    """Leaves a tombstone, so that a late grant cannot revive it."""
    await end_edge(tx.session, IDENTITY, str(event.binding_id), event.edge_version)


async def _record_binding(tx: Tx, event: BindingGranted | BindingLevelChanged) -> None:
    await record_edge(
        tx.session,
        Edge(
            source=IDENTITY,
            edge_id=str(event.binding_id),
            account_id=event.account_id,
            relation=Relation(event.relation),
            object_type=PUPIL,
            object_id=event.pupil_id,
            version=event.edge_version,
            school_id=event.school_id,
            level=event.level,
        ),
    )


async def _upsert(tx: Tx, table: Table, row: dict[str, Any]) -> None:
    """Insert or replace one row; columns that `row` does not name stay."""
    statement = insert(table).values(row)
    keys = [column.name for column in table.primary_key]
    await tx.session.execute(
        statement.on_conflict_do_update(
            index_elements=keys, set_={name: statement.excluded[name] for name in row if name not in keys}
        )
    )
