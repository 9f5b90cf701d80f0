"""Reads of curricula and thematic plans."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Uuid, and_, bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from journal.curricula.rules import Curriculum, CurriculumPlan, Hours, ThematicPlan, Topic
from journal.curricula.tables import (
    curricula,
    curriculum_classes,
    curriculum_subjects,
    thematic_plans,
    thematic_topics,
)
from journal.roster.queries import School
from journal.roster.tables import subjects


async def curricula_of_school(session: AsyncSession, school_id: UUID) -> list[Curriculum]:
    """All curricula of a school, by grade and name: three queries."""
    return await _curricula(session, school_id, curricula.c.school_id == school_id)


async def curricula_of_class(session: AsyncSession, school_id: UUID, class_id: UUID) -> list[Curriculum]:
    """The curricula that a class learns by."""
    of_class = select(curriculum_classes.c.curriculum_id).where(
        curriculum_classes.c.school_id == school_id, curriculum_classes.c.class_id == class_id
    )
    return await _curricula(
        session, school_id, and_(curricula.c.school_id == school_id, curricula.c.curriculum_id.in_(of_class))
    )


async def _curricula(session: AsyncSession, school_id: UUID, condition: ColumnElement[bool]) -> list[Curriculum]:
    heads = (
        await session.execute(select(curricula).where(condition).order_by(curricula.c.grade, curricula.c.name))
    ).all()
    ids = select(curricula.c.curriculum_id).where(condition)
    classes: dict[UUID, list[UUID]] = defaultdict(list)
    for row in await session.execute(
        select(curriculum_classes.c.curriculum_id, curriculum_classes.c.class_id)
        .where(curriculum_classes.c.school_id == school_id, curriculum_classes.c.curriculum_id.in_(ids))
        .order_by(curriculum_classes.c.class_id)
    ):
        classes[row.curriculum_id].append(row.class_id)
    hours: dict[UUID, list[Hours]] = defaultdict(list)
    for row in await session.execute(
        select(curriculum_subjects)
        .where(curriculum_subjects.c.school_id == school_id, curriculum_subjects.c.curriculum_id.in_(ids))
        .order_by(curriculum_subjects.c.position)
    ):
        hours[row.curriculum_id].append(Hours(row.subject_id, row.hours))
    return [
        Curriculum(
            school_id,
            head.curriculum_id,
            head.version,
            CurriculumPlan(
                head.grade,
                head.name,
                head.description,
                head.profile,
                tuple(classes[head.curriculum_id]),
                tuple(hours[head.curriculum_id]),
            ),
        )
        for head in heads
    ]


# A lesson has passed when its last bell has rung; what was cancelled never does. Groups learn side by side: of those of
# a subject the one that has had most counts.
_PASSED = text(
    """
    SELECT subject_id, sum(whole) + max(of_group) AS hours FROM (
      SELECT l.subject_id, l.group_id, count(*) FILTER (WHERE l.group_id IS NULL) AS whole,
             count(*) FILTER (WHERE l.group_id IS NOT NULL) AS of_group
      FROM lessons l
      WHERE l.school_id = :school AND l.class_id = :class AND l.date BETWEEN :first AND :today
        AND l.cancelled_at IS NULL AND (l.date < :today OR l.ends_at <= :wall)
      GROUP BY l.subject_id, l.group_id
    ) counted
    GROUP BY subject_id
    """
).bindparams(bindparam("school", type_=Uuid), bindparam("class", type_=Uuid))


async def hours_passed(session: AsyncSession, school: School, class_id: UUID, now: datetime) -> dict[UUID, int]:
    """By subject: how many lessons the class has had this school year; one query."""
    local = now.astimezone(ZoneInfo(school.time_zone))
    asked = {
        "school": school.school_id,
        "class": class_id,
        "first": school.year_starts_on,
        "today": min(local.date(), school.year_ends_on),
        "wall": local.time() if local.date() <= school.year_ends_on else local.time().max,
    }
    return {row.subject_id: int(row.hours) for row in await session.execute(_PASSED, asked)}


async def titles_of_subjects_of(session: AsyncSession, school_id: UUID) -> dict[UUID, str]:
    """The titles of all subjects of a school."""
    found = await session.execute(
        select(subjects.c.subject_id, subjects.c.title).where(subjects.c.school_id == school_id)
    )
    return {row.subject_id: row.title for row in found}


async def thematic_plan_of(session: AsyncSession, school_id: UUID, class_id: UUID, subject_id: UUID) -> ThematicPlan:
    """The topics of one subject in one class."""
    of_page = {"school_id": school_id, "class_id": class_id, "subject_id": subject_id}
    version = await session.scalar(select(thematic_plans.c.version).filter_by(**of_page))
    topics = await session.execute(
        select(thematic_topics.c.title, thematic_topics.c.hours)
        .filter_by(**of_page)
        .order_by(thematic_topics.c.position)
    )
    return ThematicPlan(version or 0, tuple(Topic(row.title, row.hours) for row in topics))
