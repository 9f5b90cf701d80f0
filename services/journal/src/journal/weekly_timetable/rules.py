"""What lessons a weekly timetable asks for, and what becomes of those that stand (J-4). Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID

from journal.bells.rules import BellSchedule, bells_of
from journal.calendar.rules import Holiday, is_school_day
from journal.timetable.clashes import Key, Planned


@dataclass(frozen=True, slots=True)
class WeeklyLesson:
    """A lesson of each week; weekday 1 is Monday."""

    weekday: int
    number: int
    subject_id: UUID
    teacher_id: UUID
    room: str
    group_id: UUID | None = None
    """The part of the class that it is for; None: all of it."""
    group_title: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class WeekPlan:
    """The week of a class from a day to a day."""

    shift: int
    starts_on: date
    ends_on: date
    lessons: tuple[WeeklyLesson, ...]


@dataclass(frozen=True, slots=True)
class WeeklyTimetable:
    """A weekly timetable that a class has."""

    school_id: UUID
    weekly_timetable_id: UUID
    class_id: UUID
    class_name: str
    grade: int
    version: int
    plan: WeekPlan


@dataclass(frozen=True, slots=True)
class WantedLesson:
    """A lesson that a weekly timetable asks for."""

    weekly_timetable_id: UUID
    subject_id: UUID
    planned: Planned

    @property
    def key(self) -> Key:
        return self.planned.key


@dataclass(frozen=True, slots=True)
class GeneratedLesson:
    """A lesson that stands, as making lessons finds it."""

    lesson_id: UUID
    subject_id: UUID
    generated: bool
    """From a weekly timetable; others come from files, which are the school's word for single days."""
    in_use: bool
    """Somebody wrote into it, gave homework for it, put a substitute in or cancelled it."""
    cancelled: bool
    planned: Planned
    held: Planned

    @property
    def key(self) -> Key:
        return self.planned.key


@dataclass(frozen=True, slots=True)
class Making:
    """What making lessons does."""

    added: tuple[WantedLesson, ...]
    changed: tuple[tuple[GeneratedLesson, WantedLesson], ...]
    removed: tuple[GeneratedLesson, ...]
    kept: int
    """Lessons that stand otherwise than the timetable asks, because of what is in them, or that are over."""
    unchanged: int

    def to_be_checked(self, standing: Iterable[GeneratedLesson]) -> list[Planned]:
        """The new lessons, numbered, among all that will be held: what must not clash."""
        new = [*self.added, *(wanted for _, wanted in self.changed)]
        gone = {one.lesson_id for one in self.removed} | {one.lesson_id for one, _ in self.changed}
        others = [one.held for one in standing if not one.cancelled and one.lesson_id not in gone]
        return [replace(one.planned, line=place) for place, one in enumerate(new, 1)] + others


def wanted_lessons(
    timetables: Sequence[WeeklyTimetable],
    bells: Sequence[BellSchedule],
    school_holidays: Sequence[Holiday],
    first: date,
    last: date,
) -> tuple[list[WantedLesson], list[tuple[date, str, int, int]]]:
    """The lessons from `first` to `last`; and what has no bells: first such day, class, shift, number."""
    wanted: list[WantedLesson] = []
    missing: dict[tuple[str, int, int], date] = {}
    for timetable in timetables:
        plan = timetable.plan
        for day in _days(max(first, plan.starts_on), min(last, plan.ends_on)):
            of_day = [one for one in plan.lessons if one.weekday == day.isoweekday()]
            if not of_day or not is_school_day(timetable.grade, day, school_holidays):
                continue
            schedule = bells_of(bells, timetable.grade, plan.shift, day)
            rings = {ring.number: ring for ring in schedule.plan.rings} if schedule else {}
            for lesson in of_day:
                ring = rings.get(lesson.number)
                if ring is None:
                    missing.setdefault((timetable.class_name, plan.shift, lesson.number), day)
                    continue
                planned = Planned(
                    line=None,
                    class_id=timetable.class_id,
                    class_name=timetable.class_name,
                    teacher_id=lesson.teacher_id,
                    room=lesson.room,
                    date=day,
                    number=lesson.number,
                    starts_at=ring.starts_at,
                    ends_at=ring.ends_at,
                    group_id=lesson.group_id,
                    group_title=lesson.group_title,
                )
                wanted.append(WantedLesson(timetable.weekly_timetable_id, lesson.subject_id, planned))
    return wanted, [(day, *place) for place, day in missing.items()]


def make(wanted: Sequence[WantedLesson], standing: Mapping[Key, GeneratedLesson], today: date) -> Making:
    """What is to be done so that the lessons are as wanted, without touching what people put into them.

    Missing lessons are added, also of days that are over. Only lessons of today and later that were made from a
    timetable and that nobody uses are changed or removed.
    """
    added: list[WantedLesson] = []
    changed: list[tuple[GeneratedLesson, WantedLesson]] = []
    kept = unchanged = 0
    for one in wanted:
        stands = standing.get(one.key)
        if stands is None:
            added.append(one)
        elif (stands.planned, stands.subject_id) == (one.planned, one.subject_id):
            unchanged += 1
        elif _is_ours(stands, today):
            changed.append((stands, one))
        else:
            kept += 1
    asked = {one.key for one in wanted}
    surplus = [one for key, one in standing.items() if key not in asked and one.generated]
    removed = tuple(one for one in surplus if _is_ours(one, today))
    return Making(tuple(added), tuple(changed), removed, kept + len(surplus) - len(removed), unchanged)


def _is_ours(lesson: GeneratedLesson, today: date) -> bool:
    return lesson.generated and not lesson.in_use and lesson.planned.date >= today


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=offset) for offset in range((last - first).days + 1))
