"""Say how a pupil behaved in a week (J-24): a subject teacher in the own subject, the class teacher of the week."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.dialects.postgresql import insert

from journal.access.actions import LEAD_CLASS, NOTE_BEHAVIOUR
from journal.behaviour.rules import Rating
from journal.behaviour.tables import behaviour_notes
from journal.errors import DateOutsideYear, PupilNotInClass, StaleVersion
from journal.roster.queries import SchoolClass, Teacher, find_school, hold_pupil
from journal.timetable.authority import class_to_keep
from journal.weeks import Week
from shared.db import Tx, UnitOfWork
from shared.http import Caller


@dataclass(frozen=True, slots=True)
class Place:
    """Whose behaviour, when, and in which subject (None: the whole week, said by the class teacher)."""

    class_id: UUID
    pupil_id: UUID
    week: Week
    subject_id: UUID | None


async def write_note(
    uow: UnitOfWork, caller: Caller, place: Place, rating: Rating, note: str | None, version: int
) -> int:
    """Write the note of a place, or write it anew; answers its version.

    Args:
        uow: of this service.
        caller: the teacher.
        place: where the note stands.
        rating: in words.
        note: what else there is to say.
        version: of the note that was seen; 0: there was none.

    Raises:
        SchoolClassNotFound, NotYourLesson: not the caller's to say.
        PupilNotInClass: the pupil is not in this class.
        DateOutsideYear: no day of the week is within the school year.
        StaleVersion: somebody wrote in between.
    """
    async with uow.begin() as tx:
        school_class, teacher = await _to_keep(tx, caller, place)
        pupil = await hold_pupil(tx.session, school_class.school_id, place.pupil_id)
        if pupil is None or pupil.class_id != place.class_id or pupil.left_on is not None:
            raise PupilNotInClass
        school = await find_school(tx.session, school_class.school_id)
        if school is not None and not any(map(school.has_in_year, place.week.days)):
            raise DateOutsideYear(first=school.year_starts_on.isoformat(), last=school.year_ends_on.isoformat())
        await _must_be(tx, school_class, place, version)
        row = {
            "school_id": school_class.school_id,
            "note_id": tx.new_id(),
            "pupil_id": place.pupil_id,
            "class_id": place.class_id,
            "monday": place.week.monday,
            "subject_id": place.subject_id,
            "rating": rating,
            "note": note,
            "author_id": teacher.person_id,
            "written_at": tx.now,
            "version": version + 1,
        }
        statement = insert(behaviour_notes).values(row)
        replaced = ("class_id", "rating", "note", "author_id", "written_at", "version")
        await tx.session.execute(
            statement.on_conflict_do_update(
                index_elements=("school_id", "pupil_id", "monday", "subject_id"),
                set_={name: statement.excluded[name] for name in replaced},
            )
        )
        return version + 1


async def erase_note(uow: UnitOfWork, caller: Caller, place: Place, version: int) -> None:
    """Take a note back; there was none: nothing happens.

    Raises:
        SchoolClassNotFound, NotYourLesson: not the caller's to say.
        StaleVersion: somebody wrote in between.
    """
    async with uow.begin() as tx:
        school_class, _ = await _to_keep(tx, caller, place)
        await hold_pupil(tx.session, school_class.school_id, place.pupil_id)
        await _must_be(tx, school_class, place, version)
        await tx.session.execute(delete(behaviour_notes).where(*_at(school_class, place)))


async def _to_keep(tx: Tx, caller: Caller, place: Place) -> tuple[SchoolClass, Teacher]:
    action = LEAD_CLASS if place.subject_id is None else NOTE_BEHAVIOUR
    return await class_to_keep(tx, caller, place.class_id, place.subject_id, action)


async def _must_be(tx: Tx, school_class: SchoolClass, place: Place, version: int) -> None:
    """The pupil's row is held: nobody writes another note meanwhile."""
    current = await tx.session.scalar(select(behaviour_notes.c.version).where(*_at(school_class, place))) or 0
    if current != version:
        raise StaleVersion(base=version, current=current)


def _at(school_class: SchoolClass, place: Place) -> tuple[ColumnElement[bool], ...]:
    return (
        behaviour_notes.c.school_id == school_class.school_id,
        behaviour_notes.c.pupil_id == place.pupil_id,
        behaviour_notes.c.monday == place.week.monday,
        behaviour_notes.c.subject_id.is_not_distinct_from(place.subject_id),
    )
