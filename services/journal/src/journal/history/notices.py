"""Families' notices of absence (J-21)."""

from collections.abc import Iterator, Sequence
from datetime import date, time
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select

from journal.attendance.comments import KeptComment
from journal.attendance.rules import MOST_DAYS_OF_NOTICE, NoticeReason
from journal.attendance.tables import absence_notices
from journal.history.desk import DAY_TO_COME, OUTSIDE_YEAR, Brought, Desk
from journal.history.sheet import Column, Fault, Sheet, a_date, a_word
from journal.mistakes import FileRule
from shared.http import Text

WRONG_DAYS = FileRule(
    "notice_days",
    Text(
        ru="Последний день не раньше первого, всего не больше 92 дней",
        en="The last day is not before the first, at most 92 days in all",
    ),
)
GIVEN_LATE = FileRule(
    "notice_given_late",
    Text(ru="Заявление подают не позже первого дня", en="A notice is given on its first day at the latest"),
)
_REASONS: dict[str, NoticeReason] = {"у": "у", "б": "б", "осв": "осв"}
_BEFORE_THE_BELL = time(7, 30)


class Notice(NamedTuple):
    """A child will be absent."""

    line: int
    class_source_id: str
    pupil: str
    first_day: date
    last_day: date
    reason: NoticeReason
    comment: str | None
    given_on: date | None


def _check(row: Notice) -> Iterator[Fault]:
    if not 0 <= (row.last_day - row.first_day).days < MOST_DAYS_OF_NOTICE:
        yield "last_day", WRONG_DAYS
    if row.given_on and row.given_on > row.first_day:
        yield "given_on", GIVEN_LATE


SHEET = Sheet(
    Notice,
    (
        Column("class_source_id"),
        Column("pupil"),
        Column("first_day", a_date),
        Column("last_day", a_date),
        Column("reason", a_word(_REASONS)),
        Column("comment", needed=False, longest=500),
        Column("given_on", a_date, needed=False),
    ),
    _check,
)


async def bring(desk: Desk, rows: Sequence[Notice]) -> Brought:
    """Write them. Who gave them only the system that they come from knows: here they are nobody's."""
    known: list[tuple[Notice, UUID]] = []
    for row in rows:
        pupil_id = desk.pupil(row)
        if not desk.school.has_in_year(row.first_day):
            first, last = desk.school.year_starts_on, desk.school.year_ends_on
            desk.fault(row.line, "first_day", OUTSIDE_YEAR, first=first, last=last)
        if (row.given_on or row.first_day) > desk.today:
            desk.fault(row.line, "given_on", DAY_TO_COME)
        if pupil_id is not None:
            known.append((row, pupil_id))
    desk.once(((row.line, _key(row, pupil_id)) for row, pupil_id in known), "first_day")
    if desk.mistakes:
        return Brought(0, 0)
    await desk.hold_pupils(pupil_id for _, pupil_id in known)
    stand = await desk.tx.session.execute(
        select(
            absence_notices.c.pupil_id,
            absence_notices.c.first_day,
            absence_notices.c.last_day,
            absence_notices.c.reason,
        ).where(absence_notices.c.school_id == desk.school_id, absence_notices.c.withdrawn_at.is_(None))
    )
    standing = {tuple(row) for row in stand}
    new = [(row, pupil_id) for row, pupil_id in known if _key(row, pupil_id) not in standing]
    await desk.copy(
        absence_notices,
        ("notice_id", "pupil_id", "first_day", "last_day", "reason", "given_at", "data_key", "comment"),
        (_record(desk, row, pupil_id) for row, pupil_id in new),
    )
    return Brought(len(new), len(known) - len(new))


def _record(desk: Desk, row: Notice, pupil_id: UUID) -> tuple[Any, ...]:
    notice_id, given_at = desk.tx.new_id(), desk.at(row.given_on or row.first_day, _BEFORE_THE_BELL)
    kept = KeptComment.of(desk.vault, notice_id, row.comment)
    return notice_id, *_key(row, pupil_id), given_at, kept.data_key, kept.comment


def _key(row: Notice, pupil_id: UUID) -> tuple[UUID, date, date, str]:
    return pupil_id, row.first_day, row.last_day, row.reason
