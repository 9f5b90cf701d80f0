"""The year so far: the same for a seed, taught on school days only, and such that no teacher would laugh."""

import csv
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import pytest

from journal.attestation.rules import MarkOfPeriod, propose, reason_is_needed
from journal.history.import_history import read_history
from journal.marks.consumers import DEFAULT_FORMS
from town.demo_school.model import Week
from town.demo_school.people import CLASS_SOURCE_ID
from town.demo_school.write import HISTORY, write_demo_school, write_year
from town.demo_school.year.periods import WEIGHTS

WEEK, THURSDAY = Week.parse("2026-W48"), date(2026, 11, 26)
PLACE = ("date", "lesson_number", "class_source_id", "subject_source_id")
Rows = list[dict[str, str]]


def rows(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def place(row: dict[str, str]) -> tuple[str, ...]:
    return tuple(row[name] for name in PLACE)


class Year:
    """All files of a school, by their names."""

    def __init__(self, folder: Path, size: str = "full", week: Week = WEEK, until: date | None = THURSDAY) -> None:
        marks = 60_000 if size == "full" else 600
        paths = write_year(folder, week=week, size=size, marks=marks, until=until)  # type: ignore[arg-type] # a Size
        paths += write_demo_school(folder, week=week, size=size, until=until)  # type: ignore[arg-type]
        self.paths = {path.name: path for path in paths}
        self.of = {path.stem: rows(path) for path in paths if path.suffix == ".csv"}
        self.marks = [row for row in self.of["entries"] if row["value"] not in {"н", "оп"}]


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    return Year(tmp_path_factory.mktemp("year"))


def test_the_same_seed_is_the_same_year(tmp_path: Path) -> None:
    first = write_year(tmp_path / "first", week=WEEK, size="tiny", marks=500, until=THURSDAY)
    again = write_year(tmp_path / "again", week=WEEK, size="tiny", marks=500, until=THURSDAY)
    other = write_year(tmp_path / "other", week=WEEK, size="tiny", marks=500, until=THURSDAY, seed=2)
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in again]
    entries = [path.name for path in first].index("entries.csv")
    assert first[entries].read_bytes() != other[entries].read_bytes()


def test_journal_can_read_every_file_of_the_year(year: Year) -> None:
    for name in HISTORY:
        read = read_history(name, year.paths[name].read_bytes())
        assert read.sheet is not None
        assert (name, read.mistakes) == (name, ())
        assert len(read.rows) == len(year.of[name.removesuffix(".csv")]) > 0


def test_lessons_are_on_school_days_and_all_that_is_said_is_of_a_lesson(year: Year) -> None:
    """No lesson in holidays, nothing of Thursday or later but what was planned, no mark of grade 1."""
    past = year.of["past-timetable"]
    days = {date.fromisoformat(lesson["date"]) for lesson in past}
    assert (min(days), max(days)) == (date(2026, 9, 1), date(2026, 11, 20))
    assert not days & {date(2026, 10, 28), date(2026, 11, 4), date(2026, 11, 22)}
    held = {place(lesson) for lesson in past + year.of["timetable"]}
    cancelled = {place(row) for row in year.of["substitutions"] if row["cancelled_because"]}
    for name in ("entries", "registers", "points", "substitutions", "homework", "backpack"):
        assert {place(row) for row in year.of[name]} <= held, name
        assert name == "substitutions" or not {place(row) for row in year.of[name]} & cancelled, name
    for name in ("entries", "registers"):
        assert max(row["date"] for row in year.of[name]) == "2026-11-25"
    assert not any(row["class_source_id"].startswith("cls-01") for row in year.marks)


def test_no_mark_stands_beside_an_absence_without_a_reason(year: Year) -> None:
    """J-13"""
    absent = {(place(row), row["pupil"]) for row in year.of["entries"] if row["value"] == "н"}
    beside = [row for row in year.marks if (place(row), row["pupil"]) in absent]
    assert beside
    assert all(row["reason"] and row["posted_on"] > row["date"] for row in beside)


def test_there_are_about_as_many_marks_as_asked_for_and_of_all_forms(year: Year) -> None:
    assert 54_000 < len(year.marks) < 68_000
    forms = Counter(row["control_form"] for row in year.marks)
    assert set(forms) == {name for name, *_ in DEFAULT_FORMS}
    values = Counter(row["value"] for row in year.marks)
    assert {"5", "4", "3", "2", "зачёт", "незачёт", "осв"} == set(values)
    assert values["4"] > values["5"] > values["2"] > 0


def test_no_class_writes_two_control_works_a_day_and_none_in_sport(year: Year) -> None:
    """J-33: what a deputy would be warned of."""
    works = defaultdict(set)
    for row in year.marks:
        if row["control_form"] in {"Контрольная работа", "Диктант"}:
            works[row["date"], row["class_source_id"]].add(row["subject_source_id"])
    assert works
    assert all(len(subjects) == 1 for subjects in works.values())
    assert not set().union(*works.values()) & {"crs-pe", "crs-music", "crs-art", "crs-technology"}


def test_quarter_marks_are_those_that_a_teacher_may_set(year: Year) -> None:
    """J-17: every pupil and subject; as proposed, or with a reason; by the weights that a new school has."""
    assert {name: (one.category, one.weight) for name, one in WEIGHTS.items()} == {
        name: (category, weight) for name, category, weight in DEFAULT_FORMS
    }
    given = defaultdict(list)
    for row in year.marks:
        if row["date"] <= "2026-10-25":
            weight = WEIGHTS[row["control_form"]]
            mark = MarkOfPeriod(row["value"], weight.weight, weight.category)
            given[row["class_source_id"], row["subject_source_id"], row["pupil"]].append(mark)
    differing = 0
    for row in year.of["period-marks"]:
        proposals = propose(given[row["class_source_id"], row["subject_source_id"], row["pupil"]])
        assert row["period"] == "1"
        assert proposals.enough or not row["value"].isdecimal()
        differs = reason_is_needed(row["value"], proposals.values)
        assert bool(row["reason"]) >= differs
        differing += differs
    taught = {(row["class_source_id"], row["subject_source_id"]) for row in year.marks}
    assert {(row["class_source_id"], row["subject_source_id"]) for row in year.of["period-marks"]} == taught
    assert 0 < differing < len(year.of["period-marks"]) / 20


def test_substitutes_teach_nobody_else_then(year: Year) -> None:
    lessons = {place(row): row for row in year.of["past-timetable"] + year.of["timetable"]}
    changed = {place(row): row for row in year.of["substitutions"]}
    this_week = [row for row in changed.values() if row["date"] >= "2026-11-23"]
    assert any(row["class_source_id"] == CLASS_SOURCE_ID for row in this_week)
    busy = Counter()
    for key, lesson in lessons.items():
        change = changed.get(key)
        if change is None or not change["cancelled_because"]:
            teacher = (change and change["teacher_source_id"]) or lesson["teacher_source_id"]
            busy[teacher, lesson["date"], lesson["starts_at"]] += 1
    assert max(busy.values()) == 1


def test_topics_follow_each_other(year: Year) -> None:
    topics = [row["topic"] for row in year.of["past-timetable"] if row["class_source_id"] == CLASS_SOURCE_ID]
    unwritten = sum(not topic for topic in topics)
    assert 0 < unwritten < len(topics) / 20
    maths = [
        row["topic"].split(".")[0]
        for row in year.of["past-timetable"]
        if place(row)[2:] == (CLASS_SOURCE_ID, "crs-math") and row["topic"] and ": " not in row["topic"]
    ]
    assert [topic for number, topic in enumerate(maths) if number == 0 or maths[number - 1] != topic] == [
        "Числовые и алгебраические выражения",
        "Уравнения с одной переменной",
        "Начальные геометрические сведения",
        "Степень с натуральным показателем",
    ]


@pytest.mark.parametrize(
    ("week", "until", "periods"),
    [
        ("2026-W36", date(2026, 9, 1), set()),
        ("2026-W44", date(2026, 10, 28), {"1"}),
        ("2027-W02", date(2027, 1, 13), {"1", "2"}),
        ("2027-W28", date(2027, 7, 14), {"1", "2", "3", "4", ""}),
    ],
)
def test_a_year_can_be_told_on_any_day(week: str, until: date, periods: set[str], tmp_path: Path) -> None:
    """The first of September, holidays, the new year, and summer: then the year's marks stand too (J-18)."""
    told = Year(tmp_path, "tiny", Week.parse(week), until)
    assert {row["period"] for row in told.of["period-marks"]} == periods
    assert all(row["date"] < until.isoformat() for row in told.of["entries"])
    for name in HISTORY:
        assert read_history(name, told.paths[name].read_bytes()).mistakes == ()
