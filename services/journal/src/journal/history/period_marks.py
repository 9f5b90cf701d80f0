"""Marks of periods and of the year (J-17, J-18), held against what the marks propose as in the journal itself."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Date, Uuid, bindparam, select, text

from journal.attestation.page import thresholds_of
from journal.attestation.rules import (
    VALUES,
    PeriodMarkValue,
    Proposals,
    Tally,
    propose_of,
    propose_year,
    reason_is_needed,
)
from journal.attestation.tables import attestation_marks
from journal.calendar.queries import Period, settings_of_school
from journal.history.desk import DAY_TO_COME, PERIOD_CLOSED, STANDS_OTHERWISE, Brought, Desk
from journal.history.sheet import Column, Sheet, a_date, a_number, a_word
from journal.mistakes import FileRule
from shared.http import Text

UNKNOWN_PERIOD = FileRule(
    "unknown_period", Text(ru="У этого класса нет такого периода", en="The class has no such period")
)
NOT_YET = FileRule("period_to_come", Text(ru="Период «{title}» ещё не начался", en="“{title}” has not begun yet"))
REASON_TO_DIFFER = FileRule(
    "reason_to_differ",
    Text(ru="По отметкам предлагается {proposed}: укажите причину", en="The marks propose {proposed}: give a reason"),
)
TOO_FEW = FileRule(
    "too_few_marks",
    Text(ru="Отметок всего {count}: укажите причину", en="There are {count} marks only: give a reason"),
)
_AFTER_LESSONS = time(15)


class PeriodMark(NamedTuple):
    """The mark of one pupil in one subject."""

    line: int
    class_source_id: str
    subject_source_id: str
    pupil: str
    period: int | None
    value: PeriodMarkValue
    reason: str | None
    author_source_id: str
    set_on: date | None


SHEET = Sheet(
    PeriodMark,
    (
        Column("class_source_id"),
        Column("subject_source_id"),
        Column("pupil"),
        # The number of the period; empty: the year.
        Column("period", a_number(1, 6), needed=False),
        Column("value", a_word({value: value for value in VALUES})),
        Column("reason", needed=False, longest=500),
        Column("author_source_id"),
        Column("set_on", a_date, needed=False),
    ),
)


@dataclass(frozen=True, slots=True)
class _Known:
    row: PeriodMark
    period: Period | None
    class_id: UUID
    subject_id: UUID
    pupil_id: UUID
    author_id: UUID

    @property
    def place(self) -> tuple[UUID, UUID, UUID | None]:
        return self.pupil_id, self.subject_id, self.period.period_id if self.period else None


# What each pupil's marks in each subject add up to in some days, by category: one pass over a period's marks.
_TALLIES = text(
    """
    SELECT m.pupil_id, m.subject_id, f.category, sum(m.value::int * f.weight) AS products, sum(f.weight) AS weights,
           sum(m.value::int) AS total, count(*) AS count
    FROM marks m
    JOIN control_forms f ON f.school_id = m.school_id AND f.control_form_id = m.control_form_id
    WHERE m.school_id = :school AND m.pupil_id = ANY (:pupils) AND m.date BETWEEN :first AND :last
      AND m.removed_at IS NULL AND m.value ~ '^[1-5]$'
    GROUP BY m.pupil_id, m.subject_id, f.category
    """
).bindparams(
    bindparam("school", type_=Uuid),
    bindparam("pupils", type_=ARRAY(Uuid)),
    bindparam("first", type_=Date),
    bindparam("last", type_=Date),
)


async def bring(desk: Desk, rows: Sequence[PeriodMark]) -> Brought:
    """Write them; those of the year are held against those of the periods."""
    known = [one for row in rows if (one := _understand(desk, row)) is not None]
    desk.once(((one.row.line, one.place) for one in known), "pupil")
    if desk.mistakes:
        return Brought(0, 0)
    await desk.hold_pupils(one.pupil_id for one in known)
    standing = await _standing(desk)
    for one in known:
        if one.place in standing and standing[one.place] != one.row.value:
            desk.fault(one.row.line, "value", STANDS_OTHERWISE)
    new = [one for one in known if one.place not in standing]
    for one in new:
        if one.period is not None and one.period.closed:
            desk.fault(one.row.line, "period", PERIOD_CLOSED, title=one.period.title)
    records = await _of_periods(desk, new) + _of_year(desk, new, standing)
    if desk.mistakes:
        return Brought(0, 0)
    await desk.copy(attestation_marks, _COLUMNS, records)
    return Brought(len(new), len(known) - len(new))


async def _of_periods(desk: Desk, new: Sequence[_Known]) -> list[tuple[Any, ...]]:
    records = []
    for period in {one.period.period_id: one.period for one in new if one.period}.values():
        here = [one for one in new if one.period == period]
        proposals = await _proposals(desk, period, {one.pupil_id for one in here})
        for one in here:
            proposed = proposals[one.pupil_id, one.subject_id]
            _judge(desk, one, proposed)
            records.append(_record(desk, one, proposed.by_average.proposed, proposed.by_priority.proposed))
    return records


def _of_year(
    desk: Desk, new: Sequence[_Known], standing: Mapping[tuple[UUID, UUID, UUID | None], str | None]
) -> list[tuple[Any, ...]]:
    of_periods: dict[tuple[UUID, UUID], list[str]] = defaultdict(list)
    set_now = {one.place: one.row.value for one in new}
    for (pupil_id, subject_id, period_id), value in {**standing, **set_now}.items():
        if period_id is not None and value is not None:
            of_periods[pupil_id, subject_id].append(value)
    records = []
    for one in new:
        if one.period is None:
            mean = propose_year(of_periods[one.pupil_id, one.subject_id]).proposed
            _reason(desk, one, frozenset() if mean is None else frozenset({str(mean)}))
            records.append(_record(desk, one, mean, None))
    return records


_COLUMNS = (
    "attestation_mark_id", "pupil_id", "class_id", "subject_id", "year_starts_on", "period_id", "value", "reason",
    "by_average", "by_priority", "author_id", "set_at",
)  # fmt: skip


def _understand(desk: Desk, row: PeriodMark) -> _Known | None:
    before = len(desk.mistakes)
    pupil_id = desk.pupil(row)
    subject_id = desk.subject(row.line, row.subject_source_id)
    author_id = desk.person(row.line, "author_source_id", row.author_source_id)
    school_class = desk.classes.get(row.class_source_id)
    period = None
    if school_class is not None:
        desk.must_have_marks(row.line, "value", school_class.grade)
        period = _period(desk, row, school_class.grade)
    if row.set_on and row.set_on > desk.today:
        desk.fault(row.line, "set_on", DAY_TO_COME)
    if school_class is None or pupil_id is None or subject_id is None or author_id is None:
        return None
    if len(desk.mistakes) > before:
        return None
    return _Known(row, period, school_class.class_id, subject_id, pupil_id, author_id)


def _period(desk: Desk, row: PeriodMark, grade: int) -> Period | None:
    if row.period is None:
        return None
    for period in desk.periods:
        if period.number == row.period and period.first_grade <= grade <= period.last_grade:
            if period.starts_on > desk.today:
                desk.fault(row.line, "period", NOT_YET, title=period.title)
            return period
    desk.fault(row.line, "period", UNKNOWN_PERIOD)
    return None


async def _standing(desk: Desk) -> dict[tuple[UUID, UUID, UUID | None], str | None]:
    """What was set this year, and taken back (None): its versions go on where it stands."""
    marks = attestation_marks.c
    found = await desk.tx.session.execute(
        select(marks.pupil_id, marks.subject_id, marks.period_id, marks.value).where(
            marks.school_id == desk.school_id, marks.year_starts_on == desk.school.year_starts_on
        )
    )
    return {(row.pupil_id, row.subject_id, row.period_id): row.value for row in found}


async def _proposals(desk: Desk, period: Period, pupil_ids: set[UUID]) -> "defaultdict[tuple[UUID, UUID], Proposals]":
    """What is proposed for a period, by pupil and subject."""
    settings = await settings_of_school(desk.tx.session, desk.school_id)
    thresholds, minimum = thresholds_of(settings), settings.minimum_marks
    values = {"school": desk.school_id, "pupils": sorted(pupil_ids)}
    sums: dict[tuple[UUID, UUID], dict[str, Any]] = defaultdict(dict)
    for row in await desk.tx.session.execute(_TALLIES, {**values, "first": period.starts_on, "last": period.ends_on}):
        sums[row.pupil_id, row.subject_id][row.category] = row
    found = defaultdict(lambda: propose_of(Tally(), thresholds, minimum))
    for place, by_category in sums.items():
        found[place] = propose_of(_tally(by_category), thresholds, minimum)
    return found


def _tally(by_category: dict[str, Any]) -> Tally:
    of = {name: (int(row.total), int(row.count)) for name, row in by_category.items()}
    nothing = (0, 0)
    return Tally(
        products=sum(int(row.products) for row in by_category.values()),
        weights=sum(int(row.weights) for row in by_category.values()),
        control=of.get("control", nothing),
        class_=of.get("class", nothing),
        home=of.get("home", nothing),
    )


def _judge(desk: Desk, one: _Known, proposals: Proposals) -> None:
    if one.row.value.isdecimal() and not proposals.enough and one.row.reason is None:
        desk.fault(one.row.line, "reason", TOO_FEW, count=proposals.marks_count)
    else:
        _reason(desk, one, proposals.values)


def _reason(desk: Desk, one: _Known, proposed: frozenset[str]) -> None:
    if one.row.reason is None and reason_is_needed(one.row.value, proposed):
        desk.fault(one.row.line, "reason", REASON_TO_DIFFER, proposed=", ".join(sorted(proposed)))


def _record(desk: Desk, one: _Known, by_average: int | None, by_priority: int | None) -> tuple[Any, ...]:
    last = max((period.ends_on for period in desk.periods), default=desk.today)
    set_on = one.row.set_on or (one.period.ends_on if one.period else last)
    place = (desk.tx.new_id(), one.pupil_id, one.class_id, one.subject_id, desk.school.year_starts_on, one.place[2])
    said = (one.row.value, one.row.reason, by_average, by_priority)
    return (*place, *said, one.author_id, desk.at(set_on, _AFTER_LESSONS))
