"""Writes the files of the demo school."""

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from random import Random

from town.demo_school.model import Lesson, Week
from town.demo_school.oneroster import to_csv, write_bundle
from town.demo_school.school import Size, found_school
from town.demo_school.timetable import make_timetable
from town.demo_school.year import absences, behaviour, city, entries, homework, periods, registers, substitutions
from town.demo_school.year.course import Course, run_course

TIMETABLE_COLUMNS = (
    "date", "lesson_number", "starts_at", "ends_at", "class_source_id", "subject_source_id", "teacher_source_id",
    "room", "topic", "group_source_id",
)  # fmt: skip

HISTORY = (
    "substitutions.csv", "notices.csv", "entries.csv", "registers.csv", "points.csv", "period-marks.csv",
    "homework.csv", "behaviour.csv", "backpack.csv",
)  # fmt: skip
"""The files for `journal import-history`."""


def write_demo_school(
    out: Path, *, week: Week, seed: int = 1, size: Size = "full", until: date | None = None
) -> tuple[Path, Path]:
    """Write `school.zip` and `timetable.csv` into `out`, which is made if need be; returns their paths."""
    course = _course(week, seed, size, until)
    out.mkdir(parents=True, exist_ok=True)
    bundle, timetable = out / "school.zip", out / "timetable.csv"
    write_bundle(course.school, bundle)
    timetable.write_bytes(to_csv(TIMETABLE_COLUMNS, _lessons(course, lambda day: day >= week.monday)))
    return bundle, timetable


def write_year(
    out: Path, *, week: Week, seed: int = 1, size: Size = "full", marks: int = 60_000, until: date | None = None
) -> tuple[Path, ...]:
    """Write the year so far of the school of the same arguments, up to `until` (the week's Monday if not given).

    Returns the paths of `past-timetable.csv`, `city-events.csv` and those of `HISTORY`.
    """
    course = _course(week, seed, size, until)
    changed = substitutions.draw_substitutions(course)
    away = absences.draw_absences(course)
    cells = entries.Entries(course, away, changed.cancelled, marks)
    out.mkdir(parents=True, exist_ok=True)

    def written(name: str, columns: tuple[str, ...], rows: Iterable[dict[str, str]]) -> Path:
        path = out / name
        path.write_bytes(to_csv(columns, (dict.fromkeys(columns, "") | row for row in rows)))
        return path

    return (
        written("past-timetable.csv", TIMETABLE_COLUMNS, _lessons(course, lambda day: day < week.monday)),
        written("city-events.csv", city.COLUMNS, city.city_events(course)),
        written("substitutions.csv", substitutions.COLUMNS, changed.rows),
        written("notices.csv", absences.COLUMNS, away.notices()),
        written("entries.csv", entries.COLUMNS, (entry._asdict() for entry in cells.rows)),
        written("registers.csv", registers.COLUMNS, registers.registers(course, changed.cancelled)),
        written("points.csv", entries.POINT_COLUMNS, cells.points),
        written("period-marks.csv", periods.COLUMNS, periods.period_marks(cells)),
        written("homework.csv", homework.COLUMNS, homework.homework(course, changed.cancelled)),
        written("behaviour.csv", behaviour.COLUMNS, behaviour.behaviour(course, away)),
        written("backpack.csv", homework.BACKPACK_COLUMNS, homework.backpack(course, changed.cancelled)),
    )


def _course(week: Week, seed: int, size: Size, until: date | None) -> Course:
    school = found_school(week=week, seed=seed, size=size)
    lessons = make_timetable(school, Random(f"demo timetable {seed}"))
    return run_course(school, lessons, seed=seed, until=until or week.monday)


def _lessons(course: Course, wanted: Callable[[date], bool]) -> Iterable[dict[str, str]]:
    return (_row(held.lesson) for held in course.lessons if wanted(held.day))


def _row(lesson: Lesson) -> dict[str, str]:
    return {
        "date": lesson.day.isoformat(),
        "lesson_number": str(lesson.number),
        "starts_at": lesson.starts_at.isoformat("minutes"),
        "ends_at": lesson.ends_at.isoformat("minutes"),
        "class_source_id": lesson.teaching.school_class.source_id,
        "subject_source_id": lesson.teaching.subject.source_id,
        "teacher_source_id": lesson.teaching.teacher.source_id,
        "room": lesson.room,
        "topic": lesson.topic,
        "group_source_id": lesson.teaching.group_source_id,
    }
