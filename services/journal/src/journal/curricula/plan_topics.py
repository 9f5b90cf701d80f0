"""The calendar-thematic plan of one subject in one class, and its topics in lessons (J-7)."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, insert
from sqlalchemy.dialects.postgresql import insert as upsert

from journal.access.actions import KEEP_THEMATIC_PLAN
from journal.curricula.give_topics import topics_to_give, write_topics
from journal.curricula.queries import thematic_plan_of
from journal.curricula.rules import ThematicPlan, Topic
from journal.curricula.tables import thematic_plans, thematic_topics
from journal.errors import StaleVersion, SubjectUnknown
from journal.pages.touch_columns import touch_columns
from journal.roster.queries import find_school, find_subject
from journal.timetable.authority import class_to_keep
from shared.db import UnitOfWork
from shared.http import Caller


async def plan_topics(
    uow: UnitOfWork, caller: Caller, class_id: UUID, subject_id: UUID, version: int, topics: Sequence[Topic]
) -> ThematicPlan:
    """Write the topics of one subject in one class; lessons get them by `apply_topics`, or when they are made.

    Raises:
        SchoolClassNotFound, NotYourLesson: not the caller's.
        SubjectUnknown: the school does not teach it.
        StaleVersion: somebody wrote the plan in between.
    """
    async with uow.begin() as tx:
        school_class, author = await class_to_keep(tx, caller, class_id, subject_id, KEEP_THEMATIC_PLAN)
        school_id = school_class.school_id
        if await find_subject(tx.session, school_id, subject_id) is None:
            raise SubjectUnknown
        key = {"school_id": school_id, "class_id": class_id, "subject_id": subject_id}
        current = (await thematic_plan_of(tx.session, **key)).version
        if current != version:
            raise StaleVersion(base=version, current=current)
        statement = upsert(thematic_plans).values(
            **key, version=version + 1, written_by=author.person_id, written_at=tx.now
        )
        written = await tx.session.scalar(
            statement.on_conflict_do_update(
                index_elements=list(key),
                set_={name: statement.excluded[name] for name in ("version", "written_by", "written_at")},
                where=thematic_plans.c.version == version,
            ).returning(thematic_plans.c.version)
        )
        if written is None:  # another was quicker: its row was locked until now
            raise StaleVersion(base=version, current=(await thematic_plan_of(tx.session, **key)).version)
        await tx.session.execute(delete(thematic_topics).filter_by(**key))
        rows = [
            key | {"position": position, "title": topic.title, "hours": topic.hours}
            for position, topic in enumerate(topics)
        ]
        if rows:
            await tx.session.execute(insert(thematic_topics).values(rows))
        return ThematicPlan(version + 1, tuple(topics))


async def apply_topics(uow: UnitOfWork, caller: Caller, class_id: UUID, subject_id: UUID) -> int:
    """Give the lessons of the subject their topics; answers how many lessons have another topic now.

    Raises:
        SchoolClassNotFound, NotYourLesson: not the caller's.
    """
    async with uow.begin() as tx:
        school_class, _ = await class_to_keep(tx, caller, class_id, subject_id, KEEP_THEMATIC_PLAN)
        school = await find_school(tx.session, school_class.school_id)
        given = await topics_to_give(tx, school, class_id, subject_id) if school else []
        if school and given:
            # Before the lessons: whoever writes a first mark holds the page when it comes to the lesson, too.
            columns = [(class_id, subject_id, one.lesson.lesson_id) for one in given]
            await touch_columns(tx, school_class.school_id, columns, written=False)
            await write_topics(tx, school, given)
        return len(given)
