"""Marks, «н» and lateness of the lessons that were held, and the points that came of them.

A lesson has one plan, as a teacher has: a control work is written by all, another work by nearly all, home work is
collected, or some few answer. A pupil has an own ability in every subject, so performance tables look like somebody's.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from town.demo_school.model import Person
from town.demo_school.people import PUPIL
from town.demo_school.subjects import HOMEROOM
from town.demo_school.year.absences import Absences
from town.demo_school.year.calendar import quarters
from town.demo_school.year.course import FIRST_GRADE_WITH_MARKS, PLACE, Course, Held, Key, full_name

Row = dict[str, str]


class Entry(NamedTuple):
    """A row of the file of entries; a million of them stand in a large school's."""

    date: str
    lesson_number: str
    class_source_id: str
    subject_source_id: str
    group_source_id: str
    pupil: str
    value: str
    control_form: str = ""
    absence_reason: str = ""
    comment: str = ""
    minutes: str = ""
    reason: str = ""
    posted_on: str = ""


COLUMNS = Entry._fields
POINT_COLUMNS = (
    *PLACE, "pupil", "kind", "control_form", "due_on",
    "comment", "set_on",
)  # fmt: skip

_WEIGHT_OF_LESSON = {1: 1.7, 2: 1.25, 3: 1.0}
"""How much more often there are marks where lessons are few, by lessons a week; 0.85 from four on."""
_LABORATORY = frozenset({"physics", "chemistry", "biology"})
_WITHOUT_HOME_WORK = frozenset({"pe", "music", "art", "technology", "safety"})
_ORAL = 0.14
_WRITTEN = 0.92
_COLLECTED = 0.7
_ENOUGH = 3
"""Marks without which nobody is attested; teachers see to it before a quarter ends."""
_COMMENTS = {
    "5": ("Молодец!", "Отличный ответ у доски", "Самостоятельное решение"),
    "4": ("Есть недочёты в оформлении", "Хорошо, но не уверенно", "Одна вычислительная ошибка"),
    "3": ("Повтори правило", "Работа не закончена", "Нужно больше читать"),
    "2": ("Не готов к уроку", "Жду на консультации", "Работа не сдана"),
}


@dataclass
class Entries:
    """What stands in the cells."""

    course: Course
    absences: Absences
    cancelled: frozenset[Key]
    marks: int
    """About so many in all."""
    rows: list[Entry] = field(default_factory=list)
    points: list[Row] = field(default_factory=list)
    _names: dict[str, str] = field(default_factory=dict)
    _abilities: dict[tuple[str, str], float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._rng = self.course.rng("history")
        self._base = self._share()
        for lessons in self.course.of_teaching.values():
            held = [one for one in lessons if self.course.is_over(one) and one.key not in self.cancelled]
            self._of_teaching(held)
        self.rows.sort(key=lambda row: (row.date, row.class_source_id, row.lesson_number, row.subject_source_id))
        self._plan_works()
        order = ("date", "class_source_id", "lesson_number", "subject_source_id")
        self.points.sort(key=lambda row: tuple(row[name] for name in order))

    def _share(self) -> float:
        """Marks of a pupil and lesson besides control works, so that all marks together are as many as asked for."""
        written = places = 0.0
        for held in self.course.lessons:
            if self.course.is_over(held) and _has_marks(held):
                if held.control or _is_norm(held):
                    written += len(held.pupils) * 0.93
                else:
                    places += len(held.pupils) * _weight(held) * 0.93
        return max(0.0, self.marks - written) / places if places else 0.0

    def _of_teaching(self, lessons: list[Held]) -> None:
        """A class in a subject, from lesson to lesson."""
        counts: dict[tuple[str, int | None], int] = {}
        left = {quarter: sum(one.quarter == quarter for one in lessons) for quarter in range(4)}
        over = {place for place, (_, last) in enumerate(quarters(self.course.school.week.year)) if last < self._until}
        for held in lessons:
            assert held.quarter is not None
            plan = self._plan(held) if _has_marks(held) else None
            for pupil in held.pupils:
                cell = self.absences.cell(held, pupil)
                if cell is not None:
                    self._add(held, pupil, None, **cell)
                if plan is None:
                    continue
                if cell is not None and cell["value"] == "н":
                    self._missed_work(held, pupil)
                    continue
                if held.teaching.subject.key == "pe" and pupil.source_id in self.absences.exempt:
                    if plan.norm:
                        self._add(held, pupil, None, value="осв", control_form="Работа на уроке")
                    continue
                given = sum(self._put(held, pupil, plan))
                count = counts.get((pupil.source_id, held.quarter), 0) + given
                if not given and held.quarter in over and count + left[held.quarter] <= _ENOUGH + 1:
                    count += self._mark(held, pupil, "Ответ на уроке", 0.2)
                counts[pupil.source_id, held.quarter] = count
            left[held.quarter] -= 1

    @property
    def _until(self) -> date:
        return self.course.until

    def _plan(self, held: Held) -> "_Plan":
        key = held.teaching.subject.key
        if held.control:
            return _Plan(held.control, 1.0, -0.2, control=True)
        share = self._base * _weight(held)
        if _is_norm(held):
            return _Plan("Работа на уроке", 0.9, 0.3, norm=True)
        several, rest = divmod(share, 1.0)
        if key in _WITHOUT_HOME_WORK:
            return self._plan_of_doing(rest, int(several))
        # The rest is divided among lessons in which all write, home work is collected, or some few answer.
        whole = min(1.0, max(0.0, (rest - _ORAL) / 0.67))
        draw = self._rng.random()
        if draw >= whole:
            form = self._rng.choice(("Ответ на уроке", "Ответ на уроке", "Работа на уроке"))
            return _Plan(form, min(rest, _ORAL), 0.1, several=int(several))
        if draw < whole * 0.4:
            laboratory = key in _LABORATORY and self._rng.random() < 0.5
            form = "Лабораторная работа" if laboratory else "Самостоятельная работа"
            return _Plan(form, _WRITTEN, -0.05, several=int(several))
        return _Plan("Домашняя работа", _COLLECTED, 0.2, several=int(several))

    def _plan_of_doing(self, rest: float, several: int) -> "_Plan":
        """Where things are made, sung or run: everybody's work is looked at in some lessons."""
        all_shown = 0.5 * rest
        if self._rng.random() < all_shown:
            return _Plan("Работа на уроке", _WRITTEN, 0.2, several=several)
        return _Plan("Работа на уроке", (rest - all_shown * _WRITTEN) / (1 - all_shown), 0.1, several=several)

    def _put(self, held: Held, pupil: Person, plan: "_Plan") -> Iterator[int]:
        """The marks of one present pupil; answers 1 for each that has a number."""
        if plan.norm:
            if self._rng.random() < plan.share:
                value = "зачёт" if self._rng.random() < 0.94 else "незачёт"
                self._add(held, pupil, None, value=value, control_form=plan.form)
            return
        for _ in range(plan.several):
            yield self._mark(held, pupil, "Работа на уроке", 0.1)
        if self._rng.random() >= plan.share:
            if plan.form == "Домашняя работа" and self._rng.random() < 0.02:
                self._owes(held, pupil, "debt", plan.form, held.day, 5, "Сдать тетрадь с домашней работой")
            return
        posted_on = self._posted_on(held) if plan.control else held.day
        value = self._value(held, pupil, plan.bias)
        self._add(held, pupil, posted_on, **self._said(value, plan.form))
        yield 1
        if plan.control and value == "2" and self._rng.random() < 0.6:
            due = self._owes(held, pupil, "retake", plan.form, posted_on, self._rng.randint(6, 10), "Пересдать работу")
            on = posted_on + timedelta(days=self._rng.randint(2, 6))
            if on <= due and on < self._until and self._rng.random() < 0.75:
                better = self._rng.choice(("3", "3", "4"))
                self._add(held, pupil, on, value=better, control_form=plan.form, comment="Пересдача")

    def _missed_work(self, held: Held, pupil: Person) -> None:
        """Who was ill when a control work was written owes it, and writes it after."""
        if not held.control:
            return
        due = self._owes(held, pupil, "debt", held.control, held.day, 14, "Написать работу, пропущенную по болезни")
        back = next((day for day in _days(held.day, due) if not self.absences.away(pupil, day)), None)
        on = back + timedelta(days=self._rng.randint(1, 4)) if back else due
        if back and on <= due and on < self._until and self._rng.random() < 0.8:
            value = self._value(held, pupil, -0.2)
            reason = (
                "Написал позже: отсутствовал на уроке" if pupil.sex == "male" else "Написала позже: не была на уроке"
            )
            self._add(held, pupil, on, value=value, control_form=held.control, reason=reason)

    def _owes(self, held: Held, pupil: Person, kind: str, form: str, set_on: date, days: int, comment: str) -> date:
        """A point; its due date stays within the quarter, whose end is the end of it anyway (J-15)."""
        assert held.quarter is not None
        ends = quarters(self.course.school.week.year)[held.quarter][1]
        due = max(set_on, min(_school_day(set_on + timedelta(days=days)), ends))
        dates = {"due_on": due.isoformat(), "set_on": set_on.isoformat()}
        named = held.named | {"pupil": full_name(pupil)}
        self.points.append(named | {"kind": kind, "control_form": form, "comment": comment} | dates)
        return due

    def _plan_works(self) -> None:
        """Control works that are still to be written this week stand in the cells as planned, since last Friday."""
        since = self.course.school.week.monday - timedelta(days=3)
        for held in self.course.lessons:
            if held.day < self._until or not held.control or held.quarter is None or held.key in self.cancelled:
                continue
            words = {"kind": "planned", "control_form": held.control, "comment": held.lesson.topic}
            dates = {"due_on": held.day.isoformat(), "set_on": since.isoformat()}
            self.points += (held.named | {"pupil": full_name(pupil)} | words | dates for pupil in held.pupils)

    def _posted_on(self, held: Held) -> date:
        """Works are marked at home."""
        return max(held.day, min(held.day + timedelta(days=self._rng.randint(0, 2)), self._until - timedelta(days=1)))

    def _mark(self, held: Held, pupil: Person, form: str, bias: float) -> int:
        self._add(held, pupil, None, **self._said(self._value(held, pupil, bias), form))
        return 1

    def _said(self, value: str, form: str) -> Row:
        comment = self._rng.choice(_COMMENTS[value]) if self._rng.random() < 0.04 else ""
        return {"value": value, "control_form": form, "comment": comment}

    def _value(self, held: Held, pupil: Person, bias: float) -> str:
        key = (pupil.source_id, held.teaching.subject.key)
        if key not in self._abilities:
            self._abilities[key] = self._ability(pupil, key[1])
        return str(min(5, max(2, round(self._rng.gauss(self._abilities[key] + bias, 0.55)))))

    def _ability(self, pupil: Person, subject: str) -> float:
        """Somebody good at one thing is rather good at others; sport, music and crafts are kind to all."""
        if pupil.source_id == PUPIL.source_id:
            return {"math": 4.5, "physics": 4.4, "informatics": 4.8, "russian": 3.6, "literature": 3.9}.get(
                subject, 4.2
            )
        general = Random(f"{self.course.seed} {pupil.source_id}").gauss(3.95, 0.4)
        kind = 0.6 if subject in _WITHOUT_HOME_WORK else 0.0
        return Random(f"{self.course.seed} {pupil.source_id} {subject}").gauss(general + kind, 0.35)

    def _add(self, held: Held, pupil: Person, posted_on: date | None, **cells: str) -> None:
        if posted_on is not None and posted_on != held.day:
            cells["posted_on"] = posted_on.isoformat()
        name = self._names.setdefault(pupil.source_id, full_name(pupil))
        self.rows.append(Entry(*held.place, name, **cells))


@dataclass(frozen=True, slots=True)
class _Plan:
    """What one lesson has marks for."""

    form: str
    share: float
    """Of the present pupils."""
    bias: float
    several: int = 0
    """Marks that everybody gets besides."""
    control: bool = False
    norm: bool = False
    """Зачёт or незачёт."""


def _has_marks(held: Held) -> bool:
    return held.teaching.school_class.grade >= FIRST_GRADE_WITH_MARKS and held.teaching.subject is not HOMEROOM


def _is_norm(held: Held) -> bool:
    """Whether a sports norm is taken, зачёт or незачёт."""
    return held.teaching.subject.key == "pe" and held.turn % 4 == 3


def _weight(held: Held) -> float:
    return _WEIGHT_OF_LESSON.get(held.teaching.subject.hours[held.teaching.school_class.grade], 0.85)


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=offset) for offset in range((last - first).days + 1))


def _school_day(day: date) -> date:
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
