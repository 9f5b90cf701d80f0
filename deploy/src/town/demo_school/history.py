"""A lived-in year: the lessons since the first of September, and what stands in the journal of them.

Everything is drawn from one seed. A pupil has an own ability in every subject, so performance tables look like
somebody's; an illness takes several days; control works come every eighth lesson and are written by all.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from town.demo_school.bells import bells
from town.demo_school.model import Lesson, Person, School
from town.demo_school.subjects import HOMEROOM

COLUMNS = (
    "date", "lesson_number", "class_source_id", "subject_source_id", "pupil", "value", "control_form",
    "absence_reason", "comment",
)  # fmt: skip

_CONTROL_EVERY = 8
_CONTROL_FORMS = {"russian": "Диктант"}
_CLASS_FORMS = ("Ответ на уроке", "Работа на уроке", "Самостоятельная работа", "Лабораторная работа")
_COMMENTS = ("Молодец!", "Не забудь тетрадь", "Ответил у доски", "Есть недочёты в оформлении")
_FALLS_ILL = 0.006
_MISSES_A_DAY = 0.006
_FIRST_GRADE_WITH_MARKS = 2


def quarters(year: int) -> tuple[tuple[date, date], ...]:
    """First and last days of the four quarters of the school year that begins in `year`."""
    return (
        (date(year, 9, 1), date(year, 10, 25)),
        (date(year, 11, 2), date(year, 12, 30)),
        (date(year + 1, 1, 11), date(year + 1, 3, 21)),
        (date(year + 1, 3, 29), date(year + 1, 5, 31)),
    )


def past_lessons(school: School, week: list[Lesson], rng: Random) -> list[Lesson]:
    """The lessons before the school's week: the same timetable every week, none in holidays."""
    by_weekday: dict[int, list[Lesson]] = {}
    for lesson in week:
        by_weekday.setdefault(lesson.day.weekday(), []).append(lesson)
    found: list[Lesson] = []
    day = school.week.year_starts
    while day < school.week.monday:
        if _is_taught(day, school.week.year):
            found += (_on(lesson, day, rng) for lesson in by_weekday.get(day.weekday(), ()))
        day += timedelta(days=1)
    return found


def _is_taught(day: date, year: int) -> bool:
    unity_day = (day.month, day.day) == (11, 4)
    return not unity_day and any(first <= day <= last for first, last in quarters(year))


def _on(lesson: Lesson, day: date, rng: Random) -> Lesson:
    starts_at, ends_at = bells(lesson.teaching.school_class.grade, day)[lesson.number - 1]
    topics = lesson.teaching.subject.topics if lesson.topic else ()
    return replace(lesson, day=day, starts_at=starts_at, ends_at=ends_at, topic=rng.choice(topics) if topics else "")


def history(school: School, past: list[Lesson], *, seed: int, marks: int) -> Iterator[dict[str, str]]:
    """About `marks` marks, and the absences, as rows of a file for `journal import-history`."""
    rng = Random(f"demo history {seed}")
    away = _absences(school, rng)
    taught = [lesson for lesson in past if lesson.teaching.subject is not HOMEROOM]
    marked = [one for one in taught if one.teaching.school_class.grade >= _FIRST_GRADE_WITH_MARKS]
    places = sum(len(one.teaching.school_class.pupils) for one in marked)
    # An eighth of the lessons is written by everybody; the rest of the marks spreads over the others.
    share = max(0.0, (marks - places * 0.93 / _CONTROL_EVERY) / (places * (1 - 1 / _CONTROL_EVERY) * 0.97))
    counts: dict[str, int] = {}
    for lesson in taught:
        turn = counts[lesson.teaching.source_id] = counts.get(lesson.teaching.source_id, 0) + 1
        for pupil in _distinct(lesson.teaching.school_class.pupils):
            reason = away.get((pupil.source_id, lesson.day))
            if reason is not None:
                yield _row(lesson, pupil, value="н", absence_reason=reason)
            elif lesson.teaching.school_class.grade >= _FIRST_GRADE_WITH_MARKS:
                yield from _marks(lesson, pupil, rng, share, control=turn % _CONTROL_EVERY == 0, seed=seed)


def _distinct(pupils: tuple[Person, ...]) -> list[Person]:
    """Those whose name nobody else in the class has: the file names pupils by their names."""
    names = [_name(pupil) for pupil in pupils]
    return [pupil for pupil, name in zip(pupils, names, strict=True) if names.count(name) == 1]


def _absences(school: School, rng: Random) -> dict[tuple[str, date], str]:
    found: dict[tuple[str, date], str] = {}
    for pupil in school.pupils:
        day = school.week.year_starts
        while day < school.week.monday:
            if rng.random() < _FALLS_ILL:
                for _ in range(rng.randint(3, 8)):
                    found[pupil.source_id, day] = "б"
                    day += timedelta(days=1)
            elif rng.random() < _MISSES_A_DAY:
                found[pupil.source_id, day] = rng.choice(("у", "у", "нп", ""))
            day += timedelta(days=1)
    return found


def _marks(
    lesson: Lesson, pupil: Person, rng: Random, share: float, *, control: bool, seed: int
) -> Iterator[dict[str, str]]:
    ability = Random(f"{seed} {pupil.source_id} {lesson.teaching.subject.key}").gauss(3.9, 0.55)
    if control:
        form = _CONTROL_FORMS.get(lesson.teaching.subject.key, "Контрольная работа")
        yield _row(lesson, pupil, value=_value(ability - 0.2, rng), control_form=form)
        return
    several, rest = divmod(share, 1)
    for _ in range(int(several) + (rng.random() < rest)):
        form = "Домашняя работа" if rng.random() < 0.35 else rng.choice(_CLASS_FORMS)
        comment = rng.choice(_COMMENTS) if rng.random() < 0.03 else ""
        yield _row(lesson, pupil, value=_value(ability + 0.1, rng), control_form=form, comment=comment)


def _value(ability: float, rng: Random) -> str:
    return str(min(5, max(2, round(rng.gauss(ability, 0.6)))))


def _row(lesson: Lesson, pupil: Person, **cells: str) -> dict[str, str]:
    return {
        "date": lesson.day.isoformat(),
        "lesson_number": str(lesson.number),
        "class_source_id": lesson.teaching.school_class.source_id,
        "subject_source_id": lesson.teaching.subject.source_id,
        "pupil": _name(pupil),
    } | cells


def _name(pupil: Person) -> str:
    return " ".join(filter(None, (pupil.surname, pupil.given_name, pupil.patronymic)))
