"""Who of the staff may act for whom: a class teacher for the own class, the leading ones for the whole school.

The one place of this decision: contacts (I-14), access slips (I-6), the review queue (I-22), applications, admissions
and imports ask here.
An assignment counts on the days that it names, by the calendar of the school (I-15).
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    TIMESTAMP,
    ColumnElement,
    CompoundSelect,
    Date,
    and_,
    cast,
    func,
    literal,
    or_,
    select,
    true,
    union,
)
from sqlalchemy.ext.asyncio import AsyncSession

from identity.bulk import among
from identity.errors import PersonNotFound
from identity.registry.tables import enrolments, guardianships, people, schools, staff_assignments

ADMINISTRATING = frozenset({"director", "school_administrator"})
LEADING = ADMINISTRATING | {"deputy"}


@dataclass(frozen=True, slots=True)
class Authority:
    """What an account may look after in one school today. Pure; nobody's by default."""

    school_id: UUID
    leads_school: bool = False
    """Deputy, director or administrator of the school."""
    administrates_school: bool = False
    """Director or administrator: admits staff, imports the school."""
    class_ids: frozenset[UUID] = frozenset()
    """The classes of which it is the class teacher."""

    def __bool__(self) -> bool:
        return self.leads_school or bool(self.class_ids)

    def over_class(self, class_id: UUID) -> bool:
        """Whether it may act for a class."""
        return self.leads_school or class_id in self.class_ids

    def over_person(self, person: "Standing") -> bool:
        """Whether it may act for a pupil or a representative. Staff is the leading ones' affair."""
        return self.leads_school or (person.kind != "staff" and not self.class_ids.isdisjoint(person.class_ids))


@dataclass(frozen=True, slots=True)
class Standing:
    """A person of a school, as far as authority asks."""

    person_id: UUID
    kind: str
    """pupil, representative or staff."""
    class_ids: frozenset[UUID]
    """The pupil's own class; for a representative the classes of all the pupils answered for."""


async def authority_in_school(session: AsyncSession, account_id: UUID, school_id: UUID, now: datetime) -> Authority:
    """What an account may look after in a school at this instant; one query."""
    duty = staff_assignments.c
    rows = (
        await session.execute(
            select(duty.role, duty.class_id)
            .join(schools, schools.c.school_id == duty.school_id)
            .where(
                duty.account_id == account_id,
                duty.school_id == school_id,
                duty.role.in_((*LEADING, "class_teacher")),
                in_force(now),
            )
        )
    ).all()
    return Authority(
        school_id,
        leads_school=any(row.role in LEADING for row in rows),
        administrates_school=any(row.role in ADMINISTRATING for row in rows),
        class_ids=frozenset(row.class_id for row in rows if row.class_id is not None),
    )


async def require_authority_over_person(
    session: AsyncSession, account_id: UUID, school_id: UUID, person_id: UUID, now: datetime
) -> Standing:
    """Answer how a person stands in the school, for whoever may act for that person.

    Raises:
        PersonNotFound: no such person is there, or is no affair of this account: nobody learns which.
    """
    person = await standing_of(session, school_id, person_id)
    if person is None:
        raise PersonNotFound
    authority = await authority_in_school(session, account_id, school_id, now)
    if not authority.over_person(person):
        raise PersonNotFound
    return person


async def standing_of(session: AsyncSession, school_id: UUID, person_id: UUID) -> Standing | None:
    """How a person who is present stands in a school; one query."""
    of_person = who_learns_where(school_id, [person_id]).subquery()
    rows = (
        await session.execute(
            select(people.c.kind, of_person.c.class_id)
            .outerjoin(of_person, true())
            .where(people.c.school_id == school_id, people.c.person_id == person_id, people.c.present)
        )
    ).all()
    if not rows:
        return None
    return Standing(person_id, rows[0].kind, frozenset(row.class_id for row in rows if row.class_id is not None))


async def class_teachers_of(
    session: AsyncSession, school_id: UUID, person_ids: Collection[UUID], now: datetime
) -> dict[UUID, frozenset[UUID]]:
    """Accounts of the class teachers of each person (of the pupils, for a representative); one query."""
    learns = who_learns_where(school_id, person_ids).subquery()
    duty = staff_assignments.c
    rows = await session.execute(
        select(learns.c.person_id, duty.account_id)
        .distinct()
        .join(
            staff_assignments,
            (duty.school_id == school_id) & (duty.class_id == learns.c.class_id) & (duty.role == "class_teacher"),
        )
        .join(schools, schools.c.school_id == duty.school_id)
        .where(duty.account_id.is_not(None), in_force(now))
    )
    teachers: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for row in rows:
        teachers[row.person_id].add(row.account_id)
    return {person_id: frozenset(account_ids) for person_id, account_ids in teachers.items()}


def who_learns_where(school_id: UUID, person_ids: Collection[UUID] | None = None) -> CompoundSelect[UUID, UUID]:
    """Pairs (person_id, class_id): pupils, and representatives by the pupils they answer for, as it is now.

    Args:
        school_id: the school.
        person_ids: only these people; all without it.
    """
    learns = enrolments.c
    pupils = select(learns.pupil_id.label("person_id"), learns.class_id).where(
        learns.school_id == school_id, learns.left_on.is_(None)
    )
    representatives = (
        select(guardianships.c.representative_id.label("person_id"), learns.class_id)
        .join(
            enrolments, (learns.school_id == guardianships.c.school_id) & (learns.pupil_id == guardianships.c.pupil_id)
        )
        .where(guardianships.c.school_id == school_id, guardianships.c.ended_on.is_(None), learns.left_on.is_(None))
    )
    if person_ids is not None:
        ids = list(person_ids)
        pupils = pupils.where(among(learns.pupil_id, ids))
        representatives = representatives.where(among(guardianships.c.representative_id, ids))
    return union(pupils, representatives)


def in_force(now: datetime) -> ColumnElement[bool]:
    """Whether an assignment counts at an instant; the statement has to join the assignment's `schools`."""
    today = cast(func.timezone(schools.c.time_zone, literal(now, TIMESTAMP(timezone=True))), Date)
    duty = staff_assignments.c
    return and_(
        duty.released_on.is_(None),
        duty.valid_from <= today,
        or_(duty.valid_until.is_(None), duty.valid_until >= today),
    )
