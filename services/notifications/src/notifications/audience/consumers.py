"""What identity and delegation say about who belongs to whom. Any stream may be early or late."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import func, null, update
from sqlalchemy.dialects.postgresql import insert

from notifications.audience.rules import child_label
from notifications.audience.tables import account_cards, pupil_cards, school_cards
from notifications.events import subscriptions
from shared.access import register_bindings, register_trust
from shared.bus import PermanentError
from shared.contracts.identity import (
    AccountDisabled,
    AccountRegistered,
    PupilEnrolled,
    PupilLeft,
    SchoolOpened,
)
from shared.db import Tx

register_bindings(subscriptions)
register_trust(subscriptions)


@subscriptions.on(SchoolOpened)
async def keep_school(tx: Tx, event: SchoolOpened) -> None:
    """Know a school's time zone; an unknown one would call people at night, so it is refused."""
    try:
        ZoneInfo(event.time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise PermanentError("unknown time zone of a school") from error
    statement = insert(school_cards).values(school_id=event.school_id, time_zone=event.time_zone)
    await tx.session.execute(
        statement.on_conflict_do_update(
            index_elements=[school_cards.c.school_id], set_={"time_zone": statement.excluded.time_zone}
        )
    )


@subscriptions.on(PupilEnrolled)
async def keep_pupil(tx: Tx, event: PupilEnrolled) -> None:
    """Know what a pupil is called, and the class."""
    statement = insert(pupil_cards).values(
        pupil_id=event.pupil_id,
        school_id=event.school_id,
        class_id=event.class_id,
        label=child_label(event.given_name, event.surname),
        left_on=None,
    )
    await tx.session.execute(
        statement.on_conflict_do_update(
            index_elements=[pupil_cards.c.pupil_id],
            set_={name: statement.excluded[name] for name in ("school_id", "class_id", "label", "left_on")},
        )
    )


@subscriptions.on(PupilLeft)
async def pupil_left(tx: Tx, event: PupilLeft) -> None:
    """Note the day; a family keeps reading what it was told."""
    await tx.session.execute(
        update(pupil_cards).where(pupil_cards.c.pupil_id == event.pupil_id).values(left_on=event.left_on)
    )


@subscriptions.on(AccountRegistered)
async def keep_account(tx: Tx, event: AccountRegistered) -> None:
    """Know how to address an account."""
    statement = insert(account_cards).values(
        account_id=event.account_id, given_name=event.given_name, locale=event.locale
    )
    await tx.session.execute(
        statement.on_conflict_do_update(
            index_elements=[account_cards.c.account_id],
            set_={name: statement.excluded[name] for name in ("given_name", "locale")},
            where=account_cards.c.disabled_at.is_(None),
        )
    )


@subscriptions.on(AccountDisabled)
async def forget_account(tx: Tx, event: AccountDisabled) -> None:
    """Keep no name, tell no more."""
    statement = insert(account_cards).values(account_id=event.account_id, locale="ru", disabled_at=tx.now)
    await tx.session.execute(
        statement.on_conflict_do_update(
            index_elements=[account_cards.c.account_id],
            set_={
                "given_name": null(),
                "disabled_at": func.coalesce(account_cards.c.disabled_at, statement.excluded.disabled_at),
            },
        )
    )
