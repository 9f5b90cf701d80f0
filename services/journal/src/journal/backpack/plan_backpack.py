"""Say what to bring to a lesson (J-25): the subject teacher, the whole list at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, insert
from sqlalchemy.dialects.postgresql import insert as upsert

from journal.access.actions import PLAN_BACKPACK
from journal.backpack.queries import things_for_lesson, version_of_list
from journal.backpack.rules import Weight, weight_of
from journal.backpack.tables import backpack_lists, backpack_things
from journal.errors import StaleVersion
from journal.roster.queries import SchoolClass
from journal.timetable.authority import lesson_to_keep
from shared.db import Tx, UnitOfWork
from shared.http import Caller


@dataclass(frozen=True, slots=True)
class Planned:
    """The list's version, and what the class's bag of that day now weighs."""

    version: int
    weight: Weight


async def plan_backpack(
    uow: UnitOfWork, caller: Caller, lesson_id: UUID, version: int, things: Sequence[tuple[str, int]]
) -> Planned:
    """Replace the list of a lesson by `things`, each a title and its weight in grams.

    Raises:
        LessonNotFound, NotYourLesson: not the caller's to keep.
        StaleVersion: somebody wrote the list in between.
    """
    async with uow.begin() as tx:
        lesson, teacher = await lesson_to_keep(tx, caller, lesson_id, PLAN_BACKPACK)
        await _next_version(tx, lesson.school_id, lesson_id, teacher.person_id, version)
        await tx.session.execute(
            delete(backpack_things).where(
                backpack_things.c.school_id == lesson.school_id, backpack_things.c.lesson_id == lesson_id
            )
        )
        if things:
            rows = [
                {
                    "school_id": lesson.school_id,
                    "lesson_id": lesson_id,
                    "position": position,
                    "title": title,
                    "grams": grams,
                }
                for position, (title, grams) in enumerate(things)
            ]
            await tx.session.execute(insert(backpack_things).values(rows))
        school_class = SchoolClass(lesson.school_id, lesson.class_id, lesson.grade, lesson.class_name)
        bag = await things_for_lesson(tx.session, school_class, lesson.date, lesson.group_id)
        return Planned(version + 1, weight_of(lesson.grade, bag))


async def _next_version(tx: Tx, school_id: UUID, lesson_id: UUID, author_id: UUID, version: int) -> None:
    """Whoever writes first at the same moment wins: the row's lock decides, the other finds a newer version."""
    current = await version_of_list(tx.session, school_id, lesson_id)
    if current != version:
        raise StaleVersion(base=version, current=current)
    statement = upsert(backpack_lists).values(
        school_id=school_id, lesson_id=lesson_id, author_id=author_id, written_at=tx.now, version=version + 1
    )
    written = await tx.session.scalar(
        statement.on_conflict_do_update(
            index_elements=("school_id", "lesson_id"),
            set_={name: statement.excluded[name] for name in ("author_id", "written_at", "version")},
            where=backpack_lists.c.version == version,
        ).returning(backpack_lists.c.version)
    )
    if written is None:
        raise StaleVersion(base=version, current=await version_of_list(tx.session, school_id, lesson_id))
