"""Tell a class, some of its pupils, or a parallel something (J-26)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert

from journal.access.actions import ANNOUNCE, ANNOUNCE_TO_SCHOOL
from journal.access.check import may
from journal.announcements.rules import Audience
from journal.announcements.tables import announcement_classes, announcement_pupils, announcements
from journal.errors import GroupUnknown, NotYoursToAnnounce, PupilNotInClass, SchoolClassNotFound, SchoolNotFound
from journal.roster.groups import find_group
from journal.roster.queries import (
    SchoolClass,
    Teacher,
    classes_of_school,
    find_class,
    find_pupils,
    staff_of_account,
)
from shared.access import Object
from shared.contracts.journal import AnnouncementPosted
from shared.db import Tx, UnitOfWork
from shared.http import Caller


@dataclass(frozen=True, slots=True)
class Words:
    """What is announced, and to whom of the family."""

    audience: Audience
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Posted:
    """An announcement that stands."""

    announcement_id: UUID
    posted_at: datetime
    class_ids: tuple[UUID, ...]
    version: int = 1


async def announce_to_class(
    uow: UnitOfWork,
    caller: Caller,
    class_id: UUID,
    pupil_ids: Sequence[UUID],
    words: Words,
    group_id: UUID | None = None,
) -> Posted:
    """Tell a class, or only the named pupils of it, or those who are in a group of it now; and their families.

    Raises:
        SchoolClassNotFound, NotYoursToAnnounce: not the caller's class.
        PupilNotInClass: somebody of the named ones is not in the class.
        GroupUnknown: not a group of this class, it has ended, or nobody is in it.
    """
    async with uow.begin() as tx:
        school_class = await find_class(tx.session, class_id)
        teacher = await _teacher_at(tx, caller, school_class.school_id) if school_class else None
        if school_class is None or teacher is None:
            raise SchoolClassNotFound
        if not await may(tx.session, caller.account_id, ANNOUNCE, school_class.as_object(), tx.now):
            raise NotYoursToAnnounce
        if pupil_ids:
            known = await find_pupils(tx.session, pupil_ids)
            if any((one := known.get(id_)) is None or one.class_id != class_id or one.left_on for id_ in pupil_ids):
                raise PupilNotInClass
        if group_id is not None:
            group = await find_group(tx.session, school_class.school_id, group_id)
            if group is None or group.class_id != class_id or group.ended or not group.pupil_ids:
                raise GroupUnknown
            pupil_ids = sorted(group.pupil_ids)
        return await _post(tx, teacher, [school_class], pupil_ids, words, group_id)


async def announce_to_parallel(
    uow: UnitOfWork, caller: Caller, school_id: UUID, grade: int | None, words: Words
) -> Posted:
    """Tell all classes of a grade, or of the whole school; for deputies and the director.

    Raises:
        SchoolNotFound, NotYoursToAnnounce: not the caller's school.
        SchoolClassNotFound: the school has no class of this grade.
    """
    async with uow.begin() as tx:
        teacher = await _teacher_at(tx, caller, school_id)
        if teacher is None:
            raise SchoolNotFound
        if not await may(tx.session, caller.account_id, ANNOUNCE_TO_SCHOOL, Object("school", school_id), tx.now):
            raise NotYoursToAnnounce
        classes = await classes_of_school(tx.session, school_id, grade)
        if not classes:
            raise SchoolClassNotFound
        return await _post(tx, teacher, classes, (), words)


async def _teacher_at(tx: Tx, caller: Caller, school_id: UUID) -> Teacher | None:
    people = await staff_of_account(tx.session, caller.account_id)
    return next((one for one in people if one.school_id == school_id), None)


async def _post(
    tx: Tx,
    teacher: Teacher,
    classes: Sequence[SchoolClass],
    pupil_ids: Sequence[UUID],
    words: Words,
    group_id: UUID | None = None,
) -> Posted:
    announcement_id, school_id = tx.new_id(), teacher.school_id
    key = {"school_id": school_id, "announcement_id": announcement_id}
    await tx.session.execute(
        insert(announcements).values(
            **key,
            audience=words.audience,
            title=words.title,
            text=words.text,
            group_id=group_id,
            author_id=teacher.person_id,
            posted_at=tx.now,
            edited_at=tx.now,
        )
    )
    await tx.session.execute(insert(announcement_classes).values([key | {"class_id": one.class_id} for one in classes]))
    if pupil_ids:
        rows = [key | {"pupil_id": pupil_id} for pupil_id in dict.fromkeys(pupil_ids)]
        await tx.session.execute(insert(announcement_pupils).values(rows))
    for one in classes:
        tx.emit(told(one.class_id, announcement_id, teacher, pupil_ids, words, 1, tx.now))
    return Posted(announcement_id, tx.now, tuple(one.class_id for one in classes))


def told(
    class_id: UUID,
    announcement_id: UUID,
    teacher: Teacher,
    pupil_ids: Sequence[UUID],
    words: Words,
    version: int,
    edited_at: datetime,
) -> AnnouncementPosted:
    """The announcement as one class's stream tells it."""
    return AnnouncementPosted(
        school_id=teacher.school_id,
        class_id=class_id,
        announcement_id=announcement_id,
        audience=words.audience,
        pupil_ids=tuple(pupil_ids) or None,
        title=words.title,
        text=words.text,
        teacher_name=teacher.name,
        announcement_version=version,
        edited_at=edited_at,
    )
