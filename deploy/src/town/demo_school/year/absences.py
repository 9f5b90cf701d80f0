"""Who was not there, why, and what the family had said before; who came late."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from random import Random

from town.demo_school.model import Person
from town.demo_school.people import PUPIL
from town.demo_school.year.calendar import days_from
from town.demo_school.year.course import Course, Held, full_name

COLUMNS = ("class_source_id", "pupil", "first_day", "last_day", "reason", "comment", "given_on")

_FALLS_ILL = 0.005
_MISSES_A_DAY = 0.006
_SKIPS_A_LESSON = 0.0006
_IS_LATE = 0.009
_EXEMPT_FROM_PE = 0.02
_LONG_ILLNESS = 0.004
_UNKNOWN_YET = timedelta(days=3)
"""So long it takes until a certificate comes."""

_ILL = ("Простуда, вызвали врача", "ОРВИ", "Температура, остаёмся дома", "Болит горло", "")
_AWAY = ("Приём у врача", "Семейные обстоятельства", "Соревнования по плаванию", "Олимпиада", "Поездка к родственникам")


@dataclass(frozen=True, slots=True)
class Spell:
    """Some days without a pupil."""

    class_source_id: str
    pupil: Person
    first: date
    last: date
    reason: str
    comment: str = ""
    given_on: date | None = None
    """When the family gave notice; None: it did not."""


@dataclass(frozen=True)
class Absences:
    """Of all pupils of a course."""

    course: Course
    spells: tuple[Spell, ...]
    exempt: frozenset[str]
    """Pupils who take no part in sport."""

    @cached_property
    def _by_day(self) -> dict[tuple[str, date], Spell]:
        return {
            (spell.pupil.source_id, day): spell
            for spell in self.spells
            for day in days_from(spell.first, spell.last + timedelta(days=1))
        }

    @cached_property
    def _rng(self) -> Random:
        return self.course.rng("lessons missed")

    def away(self, pupil: Person, day: date) -> bool:
        return (pupil.source_id, day) in self._by_day

    def cell(self, held: Held, pupil: Person) -> dict[str, str] | None:
        """«н» or «оп» of a pupil in a lesson, as a file has it. Asked once for each, in the order of lessons."""
        spell = self._by_day.get((pupil.source_id, held.day))
        if spell is not None:
            # The notice says why; without one the certificate does, later.
            told = "" if spell.given_on or self.course.until - held.day <= _UNKNOWN_YET else spell.reason
            return {"value": "н", "absence_reason": told}
        if pupil.source_id == PUPIL.source_id:
            return _of_known_pupil(held)
        draw = self._rng.random()
        if draw < _SKIPS_A_LESSON:
            return {"value": "н", "absence_reason": self._rng.choice(("нп", "нп", "у", ""))}
        if held.lesson.number == 1 and draw > 1 - _IS_LATE:
            return {"value": "оп", "minutes": str(self._rng.choice((3, 5, 5, 7, 10, 15)))}
        return None

    def notices(self) -> Iterator[dict[str, str]]:
        """Rows of the families' notices, by day."""
        for spell in sorted(self.spells, key=lambda one: (one.first, one.class_source_id, one.pupil.source_id)):
            if spell.given_on is not None:
                yield {
                    "class_source_id": spell.class_source_id,
                    "pupil": full_name(spell.pupil),
                    "first_day": spell.first.isoformat(),
                    "last_day": spell.last.isoformat(),
                    "reason": spell.reason,
                    "comment": spell.comment,
                    "given_on": spell.given_on.isoformat(),
                }


def draw_absences(course: Course) -> Absences:
    """Illnesses of some days, single days, and one long illness here and there."""
    rng = course.rng("absences")
    spells: list[Spell] = []
    exempt: set[str] = set()
    for school_class in course.school.classes:
        for pupil in school_class.pupils:
            # Drawn for everybody, so that the known pupil does not move the others.
            drawn = list(_spells(course, school_class.source_id, pupil, rng))
            free = rng.random() < _EXEMPT_FROM_PE
            if pupil.source_id == PUPIL.source_id:
                drawn, free = list(_of_misha(course, school_class.source_id, pupil)), False
            spells += drawn
            exempt |= {pupil.source_id} if free else set()
    return Absences(course, tuple(spells), frozenset(exempt))


def _spells(course: Course, class_source_id: str, pupil: Person, rng: Random) -> Iterator[Spell]:
    starts = course.school.week.year_starts
    day = starts
    if rng.random() < _LONG_ILLNESS:
        day = starts + timedelta(days=rng.randint(7, 20))
        last = min(day + timedelta(days=rng.randint(35, 45)), course.until - timedelta(days=1))
        if day <= last:
            yield Spell(class_source_id, pupil, day, last, "б", "Больница, справка будет", day)
        day = last + timedelta(days=1)
    while day < course.until:
        if rng.random() < _FALLS_ILL:
            last = min(day + timedelta(days=rng.randint(2, 8)), course.until - timedelta(days=1))
            given = day if rng.random() < 0.8 else None
            yield Spell(class_source_id, pupil, day, last, "б", rng.choice(_ILL), given)
            day = last
        elif rng.random() < _MISSES_A_DAY:
            reason = rng.choice(("у", "у", "у", "нп", ""))
            given = day - timedelta(days=rng.randint(0, 3)) if reason == "у" and rng.random() < 0.75 else None
            yield Spell(class_source_id, pupil, day, day, reason, rng.choice(_AWAY), given)
        day += timedelta(days=1)


def _of_misha(course: Course, class_source_id: str, pupil: Person) -> Iterator[Spell]:
    """A cold five weeks ago, and a day at the doctor's a fortnight ago; his mother gave notice of both."""
    monday = course.school.week.monday
    for first, days, reason, comment in (
        (monday - timedelta(days=33), 3, "б", "ОРВИ, вызвали врача"),
        (monday - timedelta(days=13), 1, "у", "Приём у ортодонта"),
    ):
        if first >= course.school.week.year_starts:
            yield Spell(class_source_id, pupil, first, first + timedelta(days=days - 1), reason, comment, first)


def _of_known_pupil(held: Held) -> dict[str, str] | None:
    """Once in a while he oversleeps, on Tuesdays."""
    oversleeps = held.lesson.number == 1 and held.day.weekday() == 1 and held.day.isocalendar().week % 4 == 3
    return {"value": "оп", "minutes": "7"} if oversleeps else None
