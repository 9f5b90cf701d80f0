"""Topics of thematic plans into lessons (J-7): one statement, however many lessons."""

from uuid import UUID

from sqlalchemy import Uuid, bindparam, text

from journal.roster.queries import School
from shared.db import Tx

# The n-th hour of the plan belongs to the n-th lesson of the year that is held. Lessons that are over, and topics that
# a teacher wrote, stay as they are; an empty topic is always filled.
_GIVE = text(
    """
    WITH hour AS (
      SELECT t.class_id, t.subject_id, t.title,
        row_number() OVER (PARTITION BY t.class_id, t.subject_id ORDER BY t.position, h) AS n
      FROM thematic_topics t CROSS JOIN generate_series(1, t.hours) h
      WHERE t.school_id = :school AND coalesce(t.class_id = :class, true) AND coalesce(t.subject_id = :subject, true)
    ), plan AS (
      SELECT class_id, subject_id FROM thematic_plans
      WHERE school_id = :school AND coalesce(class_id = :class, true) AND coalesce(subject_id = :subject, true)
    ), held AS (
      SELECT l.lesson_id, l.class_id, l.subject_id,
        row_number() OVER (PARTITION BY l.class_id, l.subject_id ORDER BY l.date, l.number) AS n
      FROM plan JOIN lessons l ON l.school_id = :school AND l.class_id = plan.class_id
        AND l.subject_id = plan.subject_id AND l.date BETWEEN :first AND :last
      WHERE l.cancelled_at IS NULL
    )
    UPDATE lessons l SET topic = coalesce(hour.title, ''), topic_from_plan = true
    FROM held LEFT JOIN hour USING (class_id, subject_id, n)
    WHERE l.school_id = :school AND l.lesson_id = held.lesson_id
      AND (l.topic = '' OR (l.topic_from_plan AND l.date >= :today))
      AND l.topic <> coalesce(hour.title, '')
    RETURNING l.class_id, l.subject_id, l.lesson_id
    """
).bindparams(bindparam("school", type_=Uuid), bindparam("class", type_=Uuid), bindparam("subject", type_=Uuid))


async def give_topics(
    tx: Tx, school: School, class_id: UUID | None = None, subject_id: UUID | None = None
) -> list[tuple[UUID, UUID, UUID]]:
    """Give lessons of the present year their topics; answers class, subject and id of those that have another now.

    Args:
        tx: an open transaction.
        school: whose lessons.
        class_id: of this class alone.
        subject_id: of this subject alone.
    """
    asked = {
        "school": school.school_id,
        "class": class_id,
        "subject": subject_id,
        "first": school.year_starts_on,
        "last": school.year_ends_on,
        "today": school.today(tx.now),
    }
    return [(row.class_id, row.subject_id, row.lesson_id) for row in await tx.session.execute(_GIVE, asked)]
