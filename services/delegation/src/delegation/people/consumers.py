"""Keeps people as identity tells them. Every event carries the whole row, so each is one upsert."""

from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Table, update
from sqlalchemy.dialects.postgresql import insert

from delegation.events import subscriptions
from delegation.people.tables import accounts, children, schools
from shared.access import register_bindings, register_cutoffs
from shared.bus import PermanentError
from shared.contracts.identity import (
    AccountDisabled,
    AccountRegistered,
    PupilEnrolled,
    PupilLeft,
    SchoolOpened,
)
from shared.db import Tx

register_cutoffs(subscriptions)
register_bindings(subscriptions)


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


async def _upsert(tx: Tx, table: Table, row: dict[str, Any]) -> None:
    """Insert or replace one row; columns that `row` does not name stay."""
    statement = insert(table).values(row)
    keys = [column.name for column in table.primary_key]
    await tx.session.execute(
        statement.on_conflict_do_update(
            index_elements=keys, set_={name: statement.excluded[name] for name in row if name not in keys}
        )
    )
