"""Keep the curricula of a school (J-7): deputies and the director."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Table, delete, insert, update

from journal.access.actions import PLAN_YEAR
from journal.calendar.authority import hold_school
from journal.curricula.queries import curricula_of_school, titles_of_subjects_of
from journal.curricula.rules import Curriculum, CurriculumPlan, faults_of
from journal.curricula.tables import curricula, curriculum_classes, curriculum_subjects
from journal.errors import CurriculumNotFound, CurriculumRefused, StaleVersion
from journal.roster.queries import classes_of_school
from shared.db import Tx, UnitOfWork
from shared.http import Caller


async def add_curriculum(uow: UnitOfWork, caller: Caller, school_id: UUID, plan: CurriculumPlan) -> Curriculum:
    """Add a curriculum.

    Raises:
        SchoolNotFound, NotYoursToPlan: not the caller's.
        CurriculumRefused: it contradicts the school or itself; all faults are named.
    """
    async with uow.begin() as tx:
        await hold_school(tx, caller, school_id, PLAN_YEAR)
        await _check(tx, school_id, plan)
        curriculum = Curriculum(school_id, tx.new_id(), 1, plan)
        await tx.session.execute(insert(curricula).values(_head(curriculum)))
        await _write_parts(tx, curriculum)
        return curriculum


async def change_curriculum(
    uow: UnitOfWork, caller: Caller, school_id: UUID, curriculum_id: UUID, version: int, plan: CurriculumPlan
) -> Curriculum:
    """Replace a curriculum.

    Raises:
        SchoolNotFound, NotYoursToPlan, CurriculumNotFound: not there, or not the caller's.
        StaleVersion: somebody changed it in between.
        CurriculumRefused: see `add_curriculum`.
    """
    async with uow.begin() as tx:
        await hold_school(tx, caller, school_id, PLAN_YEAR)
        await _refuse_stale(tx, school_id, curriculum_id, version)
        await _check(tx, school_id, plan)
        curriculum = Curriculum(school_id, curriculum_id, version + 1, plan)
        await tx.session.execute(
            update(curricula)
            .where(curricula.c.school_id == school_id, curricula.c.curriculum_id == curriculum_id)
            .values(_head(curriculum))
        )
        for table in (curriculum_classes, curriculum_subjects):
            await tx.session.execute(
                delete(table).where(table.c.school_id == school_id, table.c.curriculum_id == curriculum_id)
            )
        await _write_parts(tx, curriculum)
        return curriculum


async def remove_curriculum(
    uow: UnitOfWork, caller: Caller, school_id: UUID, curriculum_id: UUID, version: int
) -> None:
    """Remove a curriculum.

    Raises:
        SchoolNotFound, NotYoursToPlan, CurriculumNotFound: not there, or not the caller's.
        StaleVersion: somebody changed it in between.
    """
    async with uow.begin() as tx:
        await hold_school(tx, caller, school_id, PLAN_YEAR)
        await _refuse_stale(tx, school_id, curriculum_id, version)
        await tx.session.execute(
            delete(curricula).where(curricula.c.school_id == school_id, curricula.c.curriculum_id == curriculum_id)
        )


async def _refuse_stale(tx: Tx, school_id: UUID, curriculum_id: UUID, version: int) -> None:
    """Nobody else plans meanwhile: the school is held."""
    for one in await curricula_of_school(tx.session, school_id):
        if one.curriculum_id == curriculum_id:
            if one.version != version:
                raise StaleVersion(base=version, current=one.version)
            return
    raise CurriculumNotFound


async def _check(tx: Tx, school_id: UUID, plan: CurriculumPlan) -> None:
    of_grade = {one.class_id for one in await classes_of_school(tx.session, school_id, plan.grade)}
    faults = list(faults_of(plan, of_grade, await titles_of_subjects_of(tx.session, school_id)))
    if faults:
        raise CurriculumRefused(faults)


def _head(curriculum: Curriculum) -> dict[str, object]:
    plan = curriculum.plan
    return {
        "school_id": curriculum.school_id,
        "curriculum_id": curriculum.curriculum_id,
        "grade": plan.grade,
        "name": plan.name,
        "description": plan.description,
        "profile": plan.profile,
        "version": curriculum.version,
    }


async def _write_parts(tx: Tx, curriculum: Curriculum) -> None:
    key: dict[str, object] = {"school_id": curriculum.school_id, "curriculum_id": curriculum.curriculum_id}
    parts: Sequence[tuple[Table, list[dict[str, object]]]] = (
        (curriculum_classes, [key | {"class_id": one} for one in dict.fromkeys(curriculum.plan.class_ids)]),
        (
            curriculum_subjects,
            [
                key | {"position": position, "subject_id": one.subject_id, "hours": one.hours}
                for position, one in enumerate(curriculum.plan.subjects)
            ],
        ),
    )
    for table, rows in parts:
        if rows:
            await tx.session.execute(insert(table).values(rows))
