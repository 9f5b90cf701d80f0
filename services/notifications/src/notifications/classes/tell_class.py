"""Telling a class: one statement writes what is said, a notice for each pupil, a copy for each of the pupil's people.

An item follows what it is about: an edit changes its words where it stands. Who had read it finds it new again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Date,
    Integer,
    Select,
    SmallInteger,
    Text,
    Uuid,
    and_,
    bindparam,
    cast,
    column,
    false,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP, insert

from notifications.audience.queries import NOW, in_circle, is_open
from notifications.audience.rules import Circle
from notifications.audience.tables import access_edges, pupil_cards
from notifications.classes.tables import class_notices
from notifications.inbox.rules import CATEGORY, Kind
from notifications.inbox.tables import copies, notices
from notifications.templates.catalogue import newest
from shared.db import Tx

_FROM_EVENT: Final = (
    ("class_id", Uuid),
    ("about_id", Uuid),
    ("version", Integer),
    ("kind", Text),
    ("category", Text),
    ("circle", Text),
    ("section", Text),
    ("pupil_ids", ARRAY(Uuid)),
    ("template_version", SmallInteger),
    ("shown", JSONB),
    ("occurred_at", TIMESTAMP(timezone=True)),
    ("useful_until", Date),
)
_said = (
    func.jsonb_to_recordset(bindparam("said", type_=JSONB))
    .table_valued(*(column(name, type_) for name, type_ in _FROM_EVENT), name="said")
    .render_derived(with_types=True)
)
_keep = insert(class_notices).from_select(
    [*("values" if name == "shown" else name for name, _ in _FROM_EVENT), "withdrawn"],
    select(*(_said.c[name] for name, _ in _FROM_EVENT), false()),
)
_kept = (
    _keep.on_conflict_do_update(
        index_elements=[class_notices.c.class_id, class_notices.c.about_id],
        set_={
            name: _keep.excluded[name]
            for name in ("version", "template_version", "values", "occurred_at", "useful_until", "pupil_ids")
        },
        # The newest wins, and what was taken back stays so.
        where=and_(class_notices.c.version < _keep.excluded.version, ~class_notices.c.withdrawn),
    )
    .returning(*class_notices.c)
    .cte("kept")
)


def tell_pupils(said: Any, whom: Any) -> Any:
    """A statement that tells the people of pupils what `said` (with the columns of `class_notice`) has for their class.

    Args:
        said: what is to be told; a CTE or the table.
        whom: a condition on `pupil_card` and `said`.
    """
    standing = insert(notices).from_select(
        (
            *("id", "kind", "category", "circle", "pupil_id", "section", "about_id", "template_version", "values"),
            *("occurred_at", "closed", "class_id", "version"),
        ),
        _for_each_pupil(said, whom),
    )
    told = (
        standing.on_conflict_do_update(
            index_elements=[notices.c.id],
            set_={
                **{
                    name: standing.excluded[name]
                    for name in ("kind", "template_version", "values", "occurred_at", "class_id", "version")
                },
                "superseded_at": null(),
            },
            where=or_(notices.c.version < standing.excluded.version, notices.c.superseded_at.is_not(None)),
        )
        .returning(notices.c.id, notices.c.pupil_id, notices.c.section, notices.c.circle)
        .cte("told")
    )
    people = (
        select(told.c.id, access_edges.c.account_id, false(), false(), literal("unread", Text), NOW, NOW)
        # Two edges may join the same two: by one binding and another.
        .distinct()
        .select_from(told)
        .join(access_edges, in_circle(pupil_id=told.c.pupil_id, section=told.c.section, circle=told.c.circle))
        .where(is_open(access_edges.c.account_id))
    )
    new = insert(copies).from_select(
        ("notice_id", "recipient_id", "named", "has_actions", "state", "arrived_at", "changed_at"), people
    )
    return new.on_conflict_do_update(
        index_elements=[copies.c.notice_id, copies.c.recipient_id],
        # A new place in the order of arrival: a page of the list that was read already does not change.
        set_={"state": "unread", "seq": literal_column("DEFAULT"), "arrived_at": NOW, "changed_at": NOW},
        where=copies.c.state.in_(("read", "withdrawn")),
    )


def _for_each_pupil(said: Any, whom: Any) -> Select[Any]:
    return (
        select(
            # The same whenever it is made: one item of a pupil for one thing.
            cast(func.md5(cast(said.c.about_id, Text) + cast(pupil_cards.c.pupil_id, Text)), Uuid),
            *(said.c[name] for name in ("kind", "category", "circle")),
            pupil_cards.c.pupil_id,
            *(said.c[name] for name in ("section", "about_id", "template_version")),
            said.c["values"],
            said.c.occurred_at,
            false(),
            said.c.class_id,
            said.c.version,
        )
        .select_from(said)
        .join(pupil_cards, pupil_cards.c.class_id == said.c.class_id)
        .where(
            pupil_cards.c.left_on.is_(None),
            or_(said.c.pupil_ids.is_(None), pupil_cards.c.pupil_id == func.any(said.c.pupil_ids)),
            whom,
        )
    )


_TELL: Final = tell_pupils(_kept, literal_column("true"))

_WITHDRAW: Final = text(
    """
    WITH gone AS (
      UPDATE class_notice c SET withdrawn = true, version = g.version
      FROM unnest(:classes, :things, :versions) AS g (class_id, about_id, version)
      WHERE c.class_id = g.class_id AND c.about_id = g.about_id AND c.version < g.version
      RETURNING c.class_id, c.about_id, c.version
    ), notices AS (
      UPDATE notice n SET kind = :kind, template_version = :template_version, version = gone.version, closed = true
      FROM gone WHERE n.about_id = gone.about_id AND n.class_id = gone.class_id AND n.version < gone.version
      RETURNING n.id
    ), unheard AS (
      UPDATE notice_copy c SET state = 'withdrawn', changed_at = :now
      FROM notices WHERE c.notice_id = notices.id AND c.state = 'unread'
    )
    UPDATE notice_copy c SET state = 'unread', seq = DEFAULT, arrived_at = :now, changed_at = :now
    FROM notices WHERE c.notice_id = notices.id AND c.state = 'read'
    """
).bindparams(
    bindparam("classes", type_=ARRAY(Uuid)),
    bindparam("things", type_=ARRAY(Uuid)),
    bindparam("versions", type_=ARRAY(Integer)),
    bindparam("kind", type_=Text),
    bindparam("template_version", type_=SmallInteger),
    bindparam("now", type_=TIMESTAMP(timezone=True)),
)


@dataclass(frozen=True, slots=True)
class SaidToClass:
    """A version of what a class is told."""

    class_id: UUID
    about_id: UUID
    version: int
    kind: Kind
    occurred_at: datetime
    values: dict[str, Any]
    """Of the kind's template."""
    circle: Circle
    section: str | None = None
    """Of the diary, for trusted persons."""
    pupil_ids: Sequence[UUID] | None = None
    useful_until: date | None = None
    """Who comes to the class up to this day is told as well."""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What a class is told no more."""

    class_id: UUID
    about_id: UUID
    version: int


async def tell_classes(tx: Tx, said: Sequence[SaidToClass]) -> None:
    """Tell whole classes, of each thing its newest version: one statement."""
    newest_of = {(one.class_id, one.about_id): one for one in sorted(said, key=lambda one: one.version)}
    rows = [
        {
            "class_id": str(one.class_id),
            "about_id": str(one.about_id),
            "version": one.version,
            "kind": one.kind,
            "category": CATEGORY[one.kind],
            "circle": one.circle,
            "section": one.section,
            "pupil_ids": None if one.pupil_ids is None else [str(pupil_id) for pupil_id in one.pupil_ids],
            "template_version": newest(one.kind),
            "shown": one.values,
            "occurred_at": one.occurred_at.isoformat(),
            "useful_until": None if one.useful_until is None else one.useful_until.isoformat(),
        }
        for one in newest_of.values()
    ]
    await tx.session.execute(_TELL, {"said": rows, "now": tx.now})


async def take_back(tx: Tx, kind: Kind, gone: Sequence[TakenBack]) -> None:
    """Withdraw what nobody has read; the item of who has read it says that it is off. One statement.

    Args:
        tx: Of the handler.
        kind: What the items become; its template shows the values that they have.
        gone: What is taken back.
    """
    await tx.session.execute(
        _WITHDRAW,
        {
            "classes": [one.class_id for one in gone],
            "things": [one.about_id for one in gone],
            "versions": [one.version for one in gone],
            "kind": kind,
            "template_version": newest(kind),
            "now": tx.now,
        },
    )
