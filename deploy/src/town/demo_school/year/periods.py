"""Marks of the quarters that are over, and of the year: as the marks propose, now and then otherwise with a reason."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from journal.attestation.rules import MarkOfPeriod, propose, propose_year
from town.demo_school.model import Person, Teaching
from town.demo_school.subjects import HOMEROOM
from town.demo_school.year.calendar import quarter_of, quarters
from town.demo_school.year.course import FIRST_GRADE_WITH_MARKS, full_name
from town.demo_school.year.entries import Entries, Row

COLUMNS = (
    "class_source_id", "subject_source_id", "pupil", "period", "value", "reason", "author_source_id", "set_on",
)  # fmt: skip
WEIGHTS: dict[str, MarkOfPeriod] = {
    "Контрольная работа": MarkOfPeriod("", 5, "control"),
    "Диктант": MarkOfPeriod("", 5, "control"),
    "Самостоятельная работа": MarkOfPeriod("", 3, "class"),
    "Лабораторная работа": MarkOfPeriod("", 3, "class"),
    "Ответ на уроке": MarkOfPeriod("", 3, "class"),
    "Работа на уроке": MarkOfPeriod("", 2, "class"),
    "Домашняя работа": MarkOfPeriod("", 1, "home"),
}
"""The control forms that a new school has."""

_BETTER = (
    "Победа на школьном этапе олимпиады",
    "Заметный рост к концу четверти",
    "Пересдал обе контрольные, работал на консультациях",
    "Средний балл на границе, контрольная написана лучше",
)
_WORSE = ("Итоговая контрольная написана слабее текущих", "Нет работ за последний месяц четверти")
_DIFFERS = 0.015


def period_marks(entries: Entries) -> Iterator[Row]:
    """Every subject of every class with marks, for each quarter that ended before the year so far does."""
    course = entries.course
    rng = course.rng("period marks")
    days = quarters(course.school.week.year)
    marks = _marks(entries)
    over = [place for place, (_, last) in enumerate(days) if last < course.until]
    for teaching in course.school.teachings:
        if teaching.school_class.grade < FIRST_GRADE_WITH_MARKS or teaching.subject is HOMEROOM:
            continue
        for pupil in teaching.pupils:
            place = (teaching.school_class.source_id, teaching.subject.source_id, full_name(pupil))
            set_: list[str] = []
            for quarter in over:
                given = [
                    MarkOfPeriod(value, weight.weight, weight.category) for value, weight in marks[*place, quarter]
                ]
                value, reason = _choose(entries, teaching, pupil, given, rng)
                set_.append(value)
                on = days[quarter][1] - timedelta(days=rng.randint(2, 5))
                yield _row(teaching, pupil, str(quarter + 1), value, reason, on)
            if len(over) == len(days):
                mean = propose_year(set_).proposed
                exempt = set_.count("осв") == len(set_)
                year = "осв" if exempt else "н/а" if mean is None else str(mean)
                yield _row(teaching, pupil, "", year, "", days[-1][1])


def _marks(entries: Entries) -> "defaultdict[tuple[str, str, str, int], list[tuple[str, MarkOfPeriod]]]":
    """By class, subject, pupil and quarter."""
    found: defaultdict[tuple[str, str, str, int], list[tuple[str, MarkOfPeriod]]] = defaultdict(list)
    year = entries.course.school.week.year
    known: dict[str, int | None] = {}
    for row in entries.rows:
        if form := row.control_form:
            day = row.date
            if day not in known:
                known[day] = quarter_of(date.fromisoformat(day), year)
            quarter = known[day]
            assert quarter is not None
            place = (row.class_source_id, row.subject_source_id, row.pupil, quarter)
            found[place].append((row.value, WEIGHTS[form]))
    return found


def _choose(
    entries: Entries, teaching: Teaching, pupil: Person, given: list[MarkOfPeriod], rng: Random
) -> tuple[str, str]:
    if teaching.subject.key == "pe" and pupil.source_id in entries.absences.exempt:
        return "осв", ""
    proposals = propose(given)
    average, priority = proposals.by_average.proposed, proposals.by_priority.proposed
    if average is None or priority is None or not proposals.enough:
        return "н/а", "Отметок недостаточно: много пропусков" if proposals.values else ""
    if rng.random() < _DIFFERS:
        worse = rng.random() < 0.2
        other = min(average, priority) - 1 if worse else max(average, priority) + 1
        if 2 < other <= 5:
            return str(other), rng.choice(_WORSE if worse else _BETTER)
    # Where the proposals differ, teachers rather go by the average.
    return str(average if rng.random() < 0.7 else priority), ""


def _row(teaching: Teaching, pupil: Person, period: str, value: str, reason: str, on: date) -> Row:
    return {
        "class_source_id": teaching.school_class.source_id,
        "subject_source_id": teaching.subject.source_id,
        "pupil": full_name(pupil),
        "period": period,
        "value": value,
        "reason": reason,
        "author_source_id": teaching.teacher.source_id,
        "set_on": on.isoformat(),
    }
