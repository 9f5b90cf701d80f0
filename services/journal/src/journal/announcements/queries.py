"""Reads of announcements."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Integer, Row, Text, Uuid, bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from journal.announcements.rules import Audience
from journal.announcements.tables import announcement_classes, announcement_pupils, announcements
from journal.roster.names import full_name


@dataclass(frozen=True, slots=True)
class Listener:
    """A pupil whose announcements an account reads, and which of them."""

    school_id: UUID
    class_id: UUID
    pupil_id: UUID
    audiences: frozenset[Audience]


@dataclass(frozen=True, slots=True)
class Announcement:
    """An announcement as one reader has it."""

    announcement_id: UUID
    audience: Audience
    title: str
    text: str
    author_name: str
    posted_at: datetime
    edited_at: datetime
    version: int
    pupil_ids: list[UUID]
    """The reader's own pupils that it concerns."""
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class OfClass:
    """An announcement as the teachers of a class have it."""

    announcement_id: UUID
    audience: Audience
    title: str
    text: str
    author_id: UUID
    author_name: str
    posted_at: datetime
    edited_at: datetime
    version: int
    group_title: str | None
    """The group that it was said to."""
    read_by: int
    """Accounts of the class's pupils and families that have read it."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Whether a pupil, and whether somebody of the pupil's family has read an announcement."""

    pupil_id: UUID
    pupil: str
    read_by_pupil: datetime | None
    read_by_family: datetime | None
    """When the first of the representatives did."""


@dataclass(frozen=True, slots=True)
class Receipts:
    """Of one announcement in one class."""

    audience: Audience
    pupils: list[Receipt]
    """Those whom it is for, by surname."""


@dataclass(frozen=True, slots=True)
class Held:
    """An announcement that nobody else changes until the transaction ends."""

    school_id: UUID
    announcement_id: UUID
    author_id: UUID
    audience: Audience
    title: str
    text: str
    posted_at: datetime
    version: int


# For each listener its class's announcements, and of those the ones that are for everybody or name the pupil.
_FOR_LISTENERS = text(
    """
    WITH listener AS (
      SELECT school_id, class_id, pupil_id, audience
      FROM unnest(:schools, :classes, :pupils, :audiences) AS l (school_id, class_id, pupil_id, audience)
    ), meant AS (
      SELECT c.school_id, c.announcement_id, array_agg(DISTINCT l.pupil_id) AS pupil_ids
      FROM listener l
      JOIN announcement_classes c ON c.school_id = l.school_id AND c.class_id = l.class_id
      JOIN announcements a ON a.school_id = c.school_id AND a.announcement_id = c.announcement_id
      WHERE (:before_id IS NULL OR c.announcement_id < :before_id)
        AND (:only IS NULL OR c.announcement_id = :only) AND a.withdrawn_at IS NULL
        AND a.audience = l.audience
        AND (EXISTS (SELECT FROM announcement_pupils p WHERE p.school_id = c.school_id
                     AND p.announcement_id = c.announcement_id AND p.pupil_id = l.pupil_id)
             OR NOT EXISTS (SELECT FROM announcement_pupils p WHERE p.school_id = c.school_id
                            AND p.announcement_id = c.announcement_id))
      GROUP BY c.school_id, c.announcement_id
      ORDER BY c.announcement_id DESC LIMIT :enough
    )
    SELECT a.announcement_id, a.audience, a.title, a.text, a.posted_at, a.edited_at, a.version,
           s.surname, s.given_name, s.patronymic, m.pupil_ids, r.read_at
    FROM meant m
    JOIN announcements a ON a.school_id = m.school_id AND a.announcement_id = m.announcement_id
    JOIN staff s ON s.school_id = a.school_id AND s.person_id = a.author_id
    LEFT JOIN announcement_reads r ON r.school_id = a.school_id AND r.announcement_id = a.announcement_id
      AND r.account_id = :account
    ORDER BY a.announcement_id DESC
    """
).bindparams(
    bindparam("schools", type_=ARRAY(Uuid)),
    bindparam("classes", type_=ARRAY(Uuid)),
    bindparam("pupils", type_=ARRAY(Uuid)),
    bindparam("audiences", type_=ARRAY(Text)),
    bindparam("account", type_=Uuid),
    bindparam("before_id", type_=Uuid),
    bindparam("only", type_=Uuid),
    bindparam("enough", type_=Integer),
)
# Readers of this class alone: what the whole school was told is read by others too.
_OF_CLASS = text(
    """
    WITH people AS MATERIALIZED (
      SELECT DISTINCT e.account_id
      FROM pupils p
      JOIN access_edge e ON e.object_type = 'pupil' AND e.object_id = p.pupil_id AND e.state = 'active'
        AND e.relation IN ('self', 'representative')
      WHERE p.school_id = :school AND p.class_id = :class AND p.left_on IS NULL
    )
    SELECT a.announcement_id, a.audience, a.title, a.text, a.author_id, a.posted_at, a.edited_at, a.version,
           s.surname, s.given_name, s.patronymic, g.title AS group_title,
           (SELECT count(*) FROM people JOIN announcement_reads r ON r.account_id = people.account_id
            WHERE r.school_id = a.school_id AND r.announcement_id = a.announcement_id) AS read_by
    FROM announcement_classes c
    JOIN announcements a ON a.school_id = c.school_id AND a.announcement_id = c.announcement_id
    JOIN staff s ON s.school_id = a.school_id AND s.person_id = a.author_id
    LEFT JOIN class_groups g ON g.school_id = a.school_id AND g.group_id = a.group_id
    WHERE c.school_id = :school AND c.class_id = :class AND a.withdrawn_at IS NULL
      AND (:before_id IS NULL OR c.announcement_id < :before_id)
    ORDER BY c.announcement_id DESC LIMIT :enough
    """
).bindparams(
    bindparam("school", type_=Uuid),
    bindparam("class", type_=Uuid),
    bindparam("before_id", type_=Uuid),
    bindparam("enough", type_=Integer),
)

_RECEIPTS = text(
    """
    SELECT a.audience, p.pupil_id, p.surname, p.given_name, p.patronymic,
           min(r.read_at) FILTER (WHERE e.relation = 'self') AS read_by_pupil,
           min(r.read_at) FILTER (WHERE e.relation = 'representative') AS read_by_family
    FROM announcement_classes c
    JOIN announcements a ON a.school_id = c.school_id AND a.announcement_id = c.announcement_id
      AND a.withdrawn_at IS NULL
    LEFT JOIN pupils p ON p.school_id = c.school_id AND p.class_id = c.class_id AND p.left_on IS NULL
      AND (EXISTS (SELECT FROM announcement_pupils n WHERE n.school_id = c.school_id
                   AND n.announcement_id = c.announcement_id AND n.pupil_id = p.pupil_id)
           OR NOT EXISTS (SELECT FROM announcement_pupils n WHERE n.school_id = c.school_id
                          AND n.announcement_id = c.announcement_id))
    LEFT JOIN access_edge e ON e.object_type = 'pupil' AND e.object_id = p.pupil_id AND e.state = 'active'
    LEFT JOIN announcement_reads r ON r.school_id = c.school_id AND r.announcement_id = c.announcement_id
      AND r.account_id = e.account_id
    WHERE c.school_id = :school AND c.class_id = :class AND c.announcement_id = :announcement
    GROUP BY a.audience, p.pupil_id, p.surname, p.given_name, p.patronymic
    ORDER BY p.surname, p.given_name, p.pupil_id
    """
).bindparams(bindparam("school", type_=Uuid), bindparam("class", type_=Uuid), bindparam("announcement", type_=Uuid))


async def announcements_for(
    session: AsyncSession,
    account_id: UUID,
    listeners: Collection[Listener],
    *,
    before_id: UUID | None = None,
    only: UUID | None = None,
    enough: int = 1,
) -> list[Announcement]:
    """What concerns an account's pupils, newest first: one query, however many children and announcements."""
    pairs = [(one, audience) for one in listeners for audience in sorted(one.audiences)]
    found = await session.execute(
        _FOR_LISTENERS,
        {
            "schools": [one.school_id for one, _ in pairs],
            "classes": [one.class_id for one, _ in pairs],
            "pupils": [one.pupil_id for one, _ in pairs],
            "audiences": [audience for _, audience in pairs],
            "account": account_id,
            "before_id": before_id,
            "only": only,
            "enough": enough,
        },
    )
    return [
        Announcement(
            announcement_id=row.announcement_id,
            audience=row.audience,
            title=row.title,
            text=row.text,
            author_name=full_name(row.surname, row.given_name, row.patronymic),
            posted_at=row.posted_at,
            edited_at=row.edited_at,
            version=row.version,
            pupil_ids=list(row.pupil_ids),
            read_at=row.read_at,
        )
        for row in found
    ]


async def announcements_of_class(
    session: AsyncSession, school_id: UUID, class_id: UUID, before_id: UUID | None, enough: int
) -> list[OfClass]:
    """What a class was told, newest first, and how many accounts have read it."""
    found = await session.execute(
        _OF_CLASS, {"school": school_id, "class": class_id, "before_id": before_id, "enough": enough}
    )
    return [_of_class(row) for row in found]


async def receipts_of_class(
    session: AsyncSession, school_id: UUID, class_id: UUID, announcement_id: UUID
) -> Receipts | None:
    """Who of a class has read an announcement; None if the class was not told it."""
    wanted = {"school": school_id, "class": class_id, "announcement": announcement_id}
    rows = (await session.execute(_RECEIPTS, wanted)).all()
    if not rows:
        return None
    return Receipts(
        audience=rows[0].audience,
        pupils=[
            Receipt(
                pupil_id=row.pupil_id,
                pupil=full_name(row.surname, row.given_name, row.patronymic),
                read_by_pupil=row.read_by_pupil,
                read_by_family=row.read_by_family,
            )
            for row in rows
            if row.pupil_id is not None
        ],
    )


async def hold_announcement(session: AsyncSession, announcement_id: UUID) -> Held | None:
    """The announcement of an id, for changing it."""
    query = select(
        announcements.c.school_id,
        announcements.c.announcement_id,
        announcements.c.author_id,
        announcements.c.audience,
        announcements.c.title,
        announcements.c.text,
        announcements.c.posted_at,
        announcements.c.version,
    ).where(announcements.c.announcement_id == announcement_id, announcements.c.withdrawn_at.is_(None))
    found = (await session.execute(query.with_for_update(key_share=True))).first()
    return Held(*found) if found else None


async def targets_of(session: AsyncSession, held: Held) -> tuple[list[UUID], list[UUID]]:
    """The classes that an announcement is for, and the pupils it is narrowed to."""
    of_classes = select(announcement_classes.c.class_id).where(
        announcement_classes.c.school_id == held.school_id,
        announcement_classes.c.announcement_id == held.announcement_id,
    )
    of_pupils = select(announcement_pupils.c.pupil_id).where(
        announcement_pupils.c.school_id == held.school_id,
        announcement_pupils.c.announcement_id == held.announcement_id,
    )
    return list((await session.scalars(of_classes)).all()), list((await session.scalars(of_pupils)).all())


def _of_class(row: Row[Any]) -> OfClass:
    return OfClass(
        announcement_id=row.announcement_id,
        audience=row.audience,
        title=row.title,
        text=row.text,
        author_id=row.author_id,
        author_name=full_name(row.surname, row.given_name, row.patronymic),
        posted_at=row.posted_at,
        edited_at=row.edited_at,
        version=row.version,
        group_title=row.group_title,
        read_by=row.read_by,
    )
