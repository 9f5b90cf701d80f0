"""The year so far: the same for a seed, taught on school days only, and told by names that journal can find."""

import csv
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

from town.demo_school.model import Week
from town.demo_school.write import write_history

WEEK = Week.parse("2026-W48")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_same_seed_is_the_same_year(tmp_path: Path) -> None:
    first = write_history(tmp_path / "first", week=WEEK, size="tiny", marks=500)
    again = write_history(tmp_path / "again", week=WEEK, size="tiny", marks=500)
    other = write_history(tmp_path / "other", week=WEEK, size="tiny", marks=500, seed=2)
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in again]
    assert first[1].read_bytes() != other[1].read_bytes()


def test_the_year_is_one_that_could_be(tmp_path: Path) -> None:
    """No lesson in holidays, every mark in a lesson, no mark beside «н», control works of whole classes."""
    timetable, journal = write_history(tmp_path, week=WEEK, marks=60_000)
    lessons, entries = rows(timetable), rows(journal)
    days = {date.fromisoformat(lesson["date"]) for lesson in lessons}
    assert (min(days), max(days)) == (date(2026, 9, 1), date(2026, 11, 20))
    assert not days & {date(2026, 10, 28), date(2026, 11, 4), date(2026, 11, 22)}
    place = ("date", "lesson_number", "class_source_id", "subject_source_id")
    held = {tuple(lesson[name] for name in place) for lesson in lessons}
    assert all(tuple(entry[name] for name in place) in held for entry in entries)
    kinds = defaultdict(set)
    for entry in entries:
        kinds[*(entry[name] for name in place), entry["pupil"]].add(entry["value"] == "н")
    assert all(len(found) == 1 for found in kinds.values())
    marks = Counter(entry["control_form"] for entry in entries if entry["value"] != "н")
    assert 54_000 < marks.total() < 66_000
    assert {"Контрольная работа", "Диктант", "Ответ на уроке", "Домашняя работа"} <= marks.keys()
    assert not any(entry["class_source_id"].startswith("cls-01") for entry in entries if entry["value"] != "н")
