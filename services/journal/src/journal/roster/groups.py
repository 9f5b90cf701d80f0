"""Parts of a class that learn a subject apart (J-4): who is in them, and whom a lesson or a task of one concerns.

What has no group is the whole class's. A pupil who left the class is in none of its groups, whichever was heard first.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Row,
    Uuid,
    any_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    text,
)
from sqlalchemy.ext.asyncio import AsyncSession

from journal.roster.tables import group_members

Members = Mapping[UUID, frozenset[UUID]]
"""Group → its pupils."""


@dataclass(frozen=True, slots=True)
class Group:
    """A part of a class: the first English group."""

    school_id: UUID
    group_id: UUID
    class_id: UUID
    subject_id: UUID
    source_id: str
    title: str
    ended: bool
    pupil_ids: frozenset[UUID]
    """Those who are in it now."""


async def groups_of_class(session: AsyncSession, school_id: UUID, class_id: UUID) -> list[Group]:
    """The groups of a class with their pupils, those that have ended too; one query."""
    rows = await session.execute(_GROUPS, {"school": school_id, "class": class_id, "groups": None})
    return [_group(row) for row in rows]


async def find_group(session: AsyncSession, school_id: UUID, group_id: UUID) -> Group | None:
    """The group of an id."""
    row = (await session.execute(_GROUPS, {"school": school_id, "class": None, "groups": [group_id]})).first()
    return _group(row) if row else None


async def groups_of_school(session: AsyncSession, school_id: UUID) -> list[Group]:
    """All groups of a school with their pupils: a thousand classes' worth is still one query."""
    rows = await session.execute(_GROUPS, {"school": school_id, "class": None, "groups": None})
    return [_group(row) for row in rows]


async def members_of(session: AsyncSession, school_id: UUID, group_ids: Collection[UUID | None]) -> Members:
    """The pupils who are in some groups now; without groups nothing is asked."""
    groups = {group_id for group_id in group_ids if group_id is not None}
    if not groups:
        return {}
    rows = await session.execute(_GROUPS, {"school": school_id, "class": None, "groups": list(groups)})
    return {row.group_id: frozenset(row.pupil_ids) for row in rows}


def pupils_of(members: Members, group_id: UUID | None) -> tuple[UUID, ...] | None:
    """Whom something of this group concerns, as events name them; None: the whole class."""
    return None if group_id is None else tuple(sorted(members.get(group_id, ())))


Spans = Mapping[tuple[UUID, UUID], tuple[date | None, date | None]]
"""Group and pupil → since which day, and up to which without it."""


async def spans_of(session: AsyncSession, school_id: UUID, group_ids: Collection[UUID | None]) -> Spans:
    """Who has ever been in some groups, and when."""
    groups = list({group_id for group_id in group_ids if group_id is not None})
    found = await session.execute(
        select(group_members).where(
            group_members.c.school_id == school_id, group_members.c.group_id == any_(literal(groups, ARRAY(Uuid)))
        )
    )
    return {(row.group_id, row.pupil_id): (row.since, row.left_on) for row in found}


async def was_any_in_group(
    session: AsyncSession, school_id: UUID, pupil_ids: Collection[UUID], group_id: UUID, day: date
) -> bool:
    """Whether one of some pupils was in a group on a day."""
    spans = await spans_of(session, school_id, {group_id})
    return any(is_within(spans.get((group_id, pupil_id)), day) for pupil_id in pupil_ids)


def is_within(span: tuple[date | None, date | None] | None, day: date) -> bool:
    """Whether somebody with this span (None: never a member) was in the group on a day."""
    if span is None:
        return False
    since, left_on = span
    return (since is None or since <= day) and (left_on is None or day < left_on)


def concerns_sql(group: str, day: str, school: str, pupil: str) -> str:
    """In SQL: whether what has this group concerns a pupil of the class. Members are looked up only where one is set.

    Args:
        group: the column of the group.
        day: the day it is about.
        school: column or parameter.
        pupil: column or parameter.
    """
    return (
        f"({group} IS NULL OR EXISTS (SELECT FROM group_members gm"
        f" WHERE gm.school_id = {school} AND gm.group_id = {group} AND gm.pupil_id = {pupil}"
        f" AND coalesce(gm.since <= {day}, true) AND coalesce({day} < gm.left_on, true)))"
    )


def concerns(
    group: ColumnElement[UUID], day: ColumnElement[date], school_id: Any, pupil_id: Any
) -> ColumnElement[bool]:
    """The same for a built statement."""
    return or_(group.is_(None), is_in(group, day, school_id, pupil_id))


def is_in(group: Any, day: Any, school_id: Any, pupil_id: Any) -> ColumnElement[bool]:
    """Whether a pupil is in a group on a day; each a column, parameter or value."""
    return exists().where(
        group_members.c.school_id == school_id,
        group_members.c.group_id == group,
        group_members.c.pupil_id == pupil_id,
        func.coalesce(group_members.c.since <= day, True),
        func.coalesce(group_members.c.left_on > day, True),
    )


def _group(row: Row[Any]) -> Group:
    return Group(
        row.school_id,
        row.group_id,
        row.class_id,
        row.subject_id,
        row.source_id,
        row.title,
        row.ended_on is not None,
        frozenset(row.pupil_ids),
    )


_GROUPS = text(
    """
    SELECT g.*, array(
      SELECT m.pupil_id FROM group_members m
      JOIN pupils p ON p.school_id = m.school_id AND p.pupil_id = m.pupil_id
        AND p.class_id = g.class_id AND p.left_on IS NULL
      WHERE m.school_id = g.school_id AND m.group_id = g.group_id AND m.left_on IS NULL
    ) AS pupil_ids
    FROM class_groups g
    WHERE g.school_id = :school AND (:class IS NULL OR g.class_id = :class)
      AND (:groups IS NULL OR g.group_id = ANY (:groups))
    ORDER BY g.title, g.group_id
    """
).bindparams(bindparam("school", type_=Uuid), bindparam("class", type_=Uuid), bindparam("groups", type_=ARRAY(Uuid)))
