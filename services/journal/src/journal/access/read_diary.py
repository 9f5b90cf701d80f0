"""Opens a diary for reading: who calls, whose diary, as what, in one statement, and the look is noted (J-1, J-2)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from journal.access.actions import OPEN_DIARY
from journal.access.first_step import first_step, take_first_step
from journal.access.open_diary import OpenDiary, open_diary
from journal.access.terms import BEFORE_IT_IS_TOLD
from journal.container import Container
from journal.errors import PupilNotFound
from journal.roster.queries import Pupil
from shared.access import decide
from shared.db import driver_of
from shared.http import Caller, VerifiedToken

OPEN = first_step(
    """p.school_id AS pupil_school_id, p.pupil_id, p.class_id, p.surname, p.given_name, p.patronymic, p.left_on,
           c.name AS class_name, c.grade, s.name AS school_name, s.time_zone, s.year_starts_on, s.year_ends_on""",
    # Of a pupil who changed schools, the place where the pupil is now.
    """LEFT JOIN LATERAL (
      SELECT * FROM pupils WHERE pupil_id = $4 ORDER BY left_on DESC NULLS FIRST, since DESC LIMIT 1
    ) p ON true
    LEFT JOIN classes c ON c.school_id = p.school_id AND c.class_id = p.class_id
    LEFT JOIN schools s ON s.school_id = p.school_id""",
    edges_on={"pupil": "p.pupil_id", "class": "p.class_id", "school": "p.school_id"},
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A diary in the hands of who may read it, and the connection to read it by."""

    connection: Any
    """The driver's: statements with `$1`."""
    diary: OpenDiary
    grade: int | None
    """Of the class as it is now; None until it was heard of."""
    year_starts_on: date | None
    """Of the school's present year."""
    year_ends_on: date | None
    today: date
    """Where the school is."""


@asynccontextmanager
async def reading(wired: Container, token: VerifiedToken, pupil_id: UUID) -> AsyncIterator[Reading]:
    """Open one diary for reading, and note the look.

    Raises:
        TokenInvalid: the session was ended.
        PupilNotFound: there is no such pupil, or not for this account.
    """
    async with wired.database.driver() as connection:
        opened = await _open(connection, token, pupil_id, wired.database.clock())
        pupil, decision = opened.diary.pupil, opened.diary.decision
        await wired.views.note(connection, pupil.school_id, pupil_id, token.caller.account_id, decision.relation)
        yield opened


async def read_diary(session: AsyncSession, wired: Container, caller: Caller, pupil_id: UUID) -> OpenDiary:
    """The same for routes that read through a session of `Database.read`.

    Raises:
        PupilNotFound: there is no such pupil, or not for this account.
    """
    diary = await open_diary(session, caller.account_id, pupil_id, wired.database.clock())
    connection = await driver_of(session)
    relation = diary.decision.relation
    await wired.views.note(connection, diary.pupil.school_id, pupil_id, caller.account_id, relation)
    return diary


async def _open(connection: Any, token: VerifiedToken, pupil_id: UUID, now: datetime) -> Reading:
    row, edges = await take_first_step(connection, OPEN, token, pupil_id)
    if row["pupil_id"] is None:
        raise PupilNotFound
    pupil = Pupil(
        school_id=row["pupil_school_id"],
        pupil_id=row["pupil_id"],
        class_id=row["class_id"],
        surname=row["surname"],
        given_name=row["given_name"],
        patronymic=row["patronymic"],
        left_on=row["left_on"],
        class_name=row["class_name"],
        school_name=row["school_name"],
    )
    decision = decide(edges, OPEN_DIARY, pupil.as_object(), now)
    if not decision:
        raise PupilNotFound
    return Reading(
        connection=connection,
        diary=OpenDiary(pupil, decision, edges, now),
        grade=row["grade"],
        year_starts_on=row["year_starts_on"],
        year_ends_on=row["year_ends_on"],
        today=now.astimezone(ZoneInfo(row["time_zone"] or BEFORE_IT_IS_TOLD)).date(),
    )
