"""Topics of thematic plans into lessons (J-7): four statements, however many lessons.

What belongs where is reckoned here and not in the database: PostgreSQL knows nothing of how many rows a numbering of
topics has, and was seen to compare each lesson with each hour of all plans.
"""

from collections import defaultdict
from uuid import UUID

from sqlalchemy import ARRAY, Boolean, ColumnElement, Text, Uuid, and_, bindparam, select, text

from journal.curricula.rules import HeldLesson, NewTopic, Topic, new_topics
from journal.curricula.tables import thematic_plans, thematic_topics
from journal.roster.queries import School
from journal.timetable.tables import lessons
from shared.db import Tx

# A lesson that somebody wrote into meanwhile is left alone.
_WRITE = text(
    """
    UPDATE lessons l SET topic = new.topic, topic_from_plan = true
    FROM unnest(:lessons, :topics, :before, :planned) AS new (lesson_id, topic, before, planned)
    WHERE l.school_id = :school AND l.lesson_id = new.lesson_id
      AND l.topic = new.before AND l.topic_from_plan = new.planned
    """
).bindparams(
    bindparam("school", type_=Uuid),
    bindparam("lessons", type_=ARRAY(Uuid)),
    bindparam("topics", type_=ARRAY(Text)),
    bindparam("before", type_=ARRAY(Text)),
    bindparam("planned", type_=ARRAY(Boolean)),
)


async def topics_to_give(
    tx: Tx, school: School, class_id: UUID | None = None, subject_id: UUID | None = None
) -> list[NewTopic]:
    """Which lessons of the present year are to have another topic.

    Args:
        tx: an open transaction.
        school: whose lessons.
        class_id: of this class alone.
        subject_id: of this subject alone.
    """
    scope: list[ColumnElement[bool]] = [thematic_plans.c.school_id == school.school_id]
    scope += [thematic_plans.c.class_id == class_id] if class_id else []
    scope += [thematic_plans.c.subject_id == subject_id] if subject_id else []
    topics: dict[tuple[UUID, UUID], list[Topic]] = defaultdict(list)
    of_plan = and_(
        thematic_topics.c.school_id == thematic_plans.c.school_id,
        thematic_topics.c.class_id == thematic_plans.c.class_id,
        thematic_topics.c.subject_id == thematic_plans.c.subject_id,
    )
    query = select(
        thematic_topics.c.class_id, thematic_topics.c.subject_id, thematic_topics.c.title, thematic_topics.c.hours
    )
    query = query.join(thematic_plans, of_plan).where(*scope).order_by(thematic_topics.c.position)
    for row in await tx.session.execute(query):
        topics[row.class_id, row.subject_id].append(Topic(row.title, row.hours))
    held = (
        select(
            lessons.c.class_id,
            lessons.c.subject_id,
            lessons.c.lesson_id,
            lessons.c.date,
            lessons.c.topic,
            lessons.c.topic_from_plan,
            lessons.c.group_id,
        )
        .join(
            thematic_plans,
            and_(
                thematic_plans.c.school_id == lessons.c.school_id,
                thematic_plans.c.class_id == lessons.c.class_id,
                thematic_plans.c.subject_id == lessons.c.subject_id,
            ),
        )
        .where(
            *scope,
            lessons.c.date.between(school.year_starts_on, school.year_ends_on),
            lessons.c.cancelled_at.is_(None),
        )
        .order_by(lessons.c.date, lessons.c.number)
    )
    found = [HeldLesson(*tuple(row)) for row in await tx.session.execute(held)]
    return new_topics(found, topics, school.today(tx.now))


async def write_topics(tx: Tx, school: School, given: list[NewTopic]) -> None:
    """Write topics into their lessons."""
    if not given:
        return
    await tx.session.execute(
        _WRITE,
        {
            "school": school.school_id,
            "lessons": [one.lesson.lesson_id for one in given],
            "topics": [one.topic for one in given],
            "before": [one.lesson.topic for one in given],
            "planned": [one.lesson.from_plan for one in given],
        },
    )
