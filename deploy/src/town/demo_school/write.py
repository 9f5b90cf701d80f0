"""Writes the files of the demo school."""

from pathlib import Path
from random import Random

from town.demo_school.history import COLUMNS as HISTORY_COLUMNS
from town.demo_school.history import history, past_lessons
from town.demo_school.model import Lesson, Week
from town.demo_school.oneroster import to_csv, write_bundle
from town.demo_school.school import Size, found_school
from town.demo_school.timetable import make_timetable

TIMETABLE_COLUMNS = (
    "date", "lesson_number", "starts_at", "ends_at", "class_source_id", "subject_source_id", "teacher_source_id",
    "room", "topic",
)  # fmt: skip


def write_demo_school(out: Path, *, week: Week, seed: int = 1, size: Size = "full") -> tuple[Path, Path]:
    """Write `school.zip` and `timetable.csv` into `out`, which is made if need be; returns their paths."""
    school = found_school(week=week, seed=seed, size=size)
    lessons = make_timetable(school, Random(f"demo timetable {seed}"))
    out.mkdir(parents=True, exist_ok=True)
    bundle, timetable = out / "school.zip", out / "timetable.csv"
    write_bundle(school, bundle)
    timetable.write_bytes(to_csv(TIMETABLE_COLUMNS, map(_row, lessons)))
    return bundle, timetable


def write_history(
    out: Path, *, week: Week, seed: int = 1, size: Size = "full", marks: int = 60_000
) -> tuple[Path, Path]:
    """Write `past-timetable.csv` and `history.csv`, the year before the week, for the school of the same arguments."""
    school = found_school(week=week, seed=seed, size=size)
    lessons = make_timetable(school, Random(f"demo timetable {seed}"))
    past = past_lessons(school, lessons, Random(f"demo topics {seed}"))
    out.mkdir(parents=True, exist_ok=True)
    timetable, journal = out / "past-timetable.csv", out / "history.csv"
    timetable.write_bytes(to_csv(TIMETABLE_COLUMNS, map(_row, past)))
    journal.write_bytes(to_csv(HISTORY_COLUMNS, history(school, past, seed=seed, marks=marks)))
    return timetable, journal


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
    }
