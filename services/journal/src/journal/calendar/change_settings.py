"""Set by what a school keeps its journal (J-11, J-15 … J-18): deputies and the director."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from journal.access.actions import PLAN_YEAR
from journal.calendar.authority import hold_school, person_of
from journal.calendar.queries import settings_of_school, version_of_settings
from journal.calendar.rules import SchoolSettings
from journal.calendar.tables import school_settings
from journal.errors import StaleVersion, SubjectUnknown, ThresholdsOutOfOrder
from journal.roster.queries import titles_of_subjects
from shared.db import UnitOfWork
from shared.http import Caller


async def change_settings(
    uow: UnitOfWork, caller: Caller, school_id: UUID, version: int, changes: dict[str, Any]
) -> tuple[SchoolSettings, int]:
    """Change some settings; answers all of them and their version.

    Args:
        uow: of this service.
        caller: a deputy or the director.
        school_id: which school.
        version: of the settings that were seen; 0: the defaults.
        changes: fields of `SchoolSettings` by name.

    Raises:
        SchoolNotFound, NotYoursToPlan: not the caller's.
        StaleVersion: somebody changed them in between.
        ThresholdsOutOfOrder: a 5 needs more than a 4, a 4 more than a 3.
        SubjectUnknown: of the subjects without marks the school does not teach one.
    """
    async with uow.begin() as tx:
        await hold_school(tx, caller, school_id, PLAN_YEAR)
        current = await version_of_settings(tx.session, school_id)
        if current != version:
            raise StaleVersion(base=version, current=current)
        after = replace(await settings_of_school(tx.session, school_id), **changes)
        if not 1 <= after.threshold_three < after.threshold_four < after.threshold_five <= 5:
            raise ThresholdsOutOfOrder
        unmarked = set(changes.get("unmarked_subjects", ()))
        if len(await titles_of_subjects(tx.session, school_id, unmarked)) < len(unmarked):
            raise SubjectUnknown
        row = {
            "school_id": school_id,
            "edit_window_days": after.edit_window_days,
            "threshold_five": after.threshold_five,
            "threshold_four": after.threshold_four,
            "threshold_three": after.threshold_three,
            "minimum_marks": after.minimum_marks,
            "point_reminder_days": after.point_reminder_days,
            "unmarked_subjects": after.unmarked_subjects,
            "version": version + 1,
            "changed_at": tx.now,
            "changed_by": await person_of(tx, caller, school_id),
        }
        statement = insert(school_settings).values(row)
        written = {name: statement.excluded[name] for name in row if name != "school_id"}
        await tx.session.execute(statement.on_conflict_do_update(index_elements=("school_id",), set_=written))
        return after, version + 1
