"""Telling: one statement writes what happened and a copy for everybody concerned, however many they are."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BindParameter,
    Text,
    Uuid,
    bindparam,
    column,
    false,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from notifications.audience.queries import NOW, in_circle, is_open
from notifications.audience.rules import Circle
from notifications.audience.tables import access_edges
from notifications.inbox.rules import ACTIONS, CATEGORY, Kind, Outcome
from notifications.inbox.tables import copies, notices
from notifications.templates.catalogue import newest
from shared.db import Tx

_COLUMNS: Final = (
    "id",
    "kind",
    "category",
    "circle",
    "pupil_id",
    "section",
    "about_id",
    "template_version",
    "values",
    "occurred_at",
    "expires_at",
    "closed",
)
_COPY: Final = ("notice_id", "recipient_id", "named", "has_actions", "state", "arrived_at", "changed_at")

_told = (
    insert(notices)
    # The column «values» must not meet the method of the same name; a prefix keeps parameters apart.
    .values({name: bindparam(f"n_{name}", type_=notices.c[name].type) for name in _COLUMNS})
    .on_conflict_do_nothing(index_elements=[notices.c.id])
    .returning(notices.c.id, notices.c.pupil_id, notices.c.section, notices.c.circle)
    .cte("told")
)
_named = (
    func.unnest(bindparam("named", type_=ARRAY(Uuid)))
    .table_valued(column("account_id", Uuid), name="named")
    .render_derived()
)


def _copy_for(account_id: Any, notice_id: Any, *, named: Any) -> tuple[Any, ...]:
    has_actions = bindparam("has_actions", type_=copies.c.has_actions.type)
    return (notice_id, account_id, named, has_actions, literal("unread", Text), NOW, NOW)


def _into_copies(*sources: Any) -> Any:
    return insert(copies).from_select(_COPY, union_all(*sources)).on_conflict_do_nothing()


_TELL: Final = _into_copies(
    # First those whom the event names: who is both keeps the copy that needs no access.
    select(*_copy_for(_named.c.account_id, _told.c.id, named=true()))
    .select_from(_told)
    .join(_named, true())
    .where(is_open(_named.c.account_id)),
    select(*_copy_for(access_edges.c.account_id, _told.c.id, named=false()))
    .select_from(_told)
    .join(
        access_edges,
        in_circle(pupil_id=_told.c.pupil_id, section=_told.c.section, circle=_told.c.circle),
    )
    .where(
        is_open(access_edges.c.account_id),
        access_edges.c.account_id != func.all(bindparam("besides", type_=ARRAY(Uuid))),
        or_(
            bindparam("only", type_=ARRAY(Uuid)).is_(None),
            access_edges.c.account_id == func.any(bindparam("only", type_=ARRAY(Uuid))),
        ),
    ),
)

_about: BindParameter[UUID] = bindparam("about", type_=Uuid())
_supersede = (
    update(notices)
    .where(notices.c.about_id == _about, notices.c.superseded_at.is_(None))
    .values(superseded_at=NOW)
    .returning(notices.c.id)
    .cte("superseded")
)
_WITHDRAW: Final = (
    update(copies)
    .where(copies.c.notice_id == _supersede.c.id, copies.c.state == "unread")
    .values(state="withdrawn", changed_at=NOW)
)

_WHO_READ: Final = (
    select(copies.c.recipient_id)
    .distinct()
    .join(notices, notices.c.id == copies.c.notice_id)
    .where(notices.c.about_id == _about, copies.c.state.in_(("read", "archived")))
)

_SETTLE: Final = (
    update(notices)
    .where(notices.c.about_id == _about, notices.c.kind == "invitation_sent", notices.c.outcome.is_(None))
    .values(outcome=bindparam("new_outcome"))
)
_READ_BY_ACTING: Final = (
    update(copies)
    .where(copies.c.notice_id == notices.c.id, notices.c.about_id == _about, notices.c.kind == "invitation_sent")
    .where(copies.c.state == "unread")
    .values(state="read", changed_at=NOW)
)


async def tell(
    tx: Tx,
    kind: Kind,
    *,
    about_id: UUID,
    occurred_at: datetime,
    values: dict[str, Any],
    circle: Circle = "named",
    named: Sequence[UUID] = (),
    besides: Sequence[UUID] = (),
    only: Sequence[UUID] | None = None,
    pupil_id: UUID | None = None,
    section: str | None = None,
    expires_at: datetime | None = None,
    closed: bool = False,
) -> None:
    """Tell everybody concerned of the event at hand: one statement.

    Args:
        tx: Of the handler; its event gives the notice its id, so that it is told once.
        kind: What happened; chooses template, category, actions.
        about_id: The mark, invitation, grant or ticket.
        occurred_at: When it happened.
        values: Of the template's variables, as JSON.
        circle: Whom it concerns by what they are to the pupil.
        named: Accounts that the event itself names.
        besides: Accounts of the circle that need not be told: those who did it.
        only: If given, nobody else of the circle is told.
        pupil_id: Whom it is about.
        section: Of the diary, for trusted persons.
        expires_at: When its actions end.
        closed: A binding that comes later does not catch up on it.
    """
    assert tx.cause is not None
    await tx.session.execute(
        _TELL,
        {
            "n_id": tx.cause.id,
            "n_kind": kind,
            "n_category": CATEGORY[kind],
            "n_circle": circle,
            "n_pupil_id": pupil_id,
            "n_section": section,
            "n_about_id": about_id,
            "n_template_version": newest(kind),
            "n_values": values,
            "n_occurred_at": occurred_at,
            "n_expires_at": expires_at,
            "n_closed": closed,
            "named": list(named),
            "besides": list(besides),
            "only": None if only is None else list(only),
            "has_actions": kind in ACTIONS,
            "now": tx.now,
        },
    )


async def supersede(tx: Tx, about_id: UUID) -> None:
    """Withdraw unread copies of what was told about a thing before: the next notice says more (N-6)."""
    await tx.session.execute(_WITHDRAW, {"about": about_id, "now": tx.now})


async def who_has_read(tx: Tx, about_id: UUID) -> list[UUID]:
    """The accounts that have seen something about a thing."""
    return list((await tx.session.execute(_WHO_READ, {"about": about_id})).scalars())


async def settle_invitation(tx: Tx, invitation_id: UUID, outcome: Outcome) -> None:
    """End the actions of an invitation's item as its owner says (N-1); who has answered has also read it."""
    await tx.session.execute(_SETTLE, {"about": invitation_id, "new_outcome": outcome})
    if outcome in {"accepted", "declined"}:
        await tx.session.execute(_READ_BY_ACTING, {"about": invitation_id, "now": tx.now})
