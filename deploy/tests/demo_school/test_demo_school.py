"""The demo school is one that could be: valid numbers, real families, a timetable that can be taught."""

import csv
import io
import zipfile
from collections import Counter, defaultdict
from datetime import date
from itertools import pairwise
from pathlib import Path

import phonenumbers
import pytest

from town.demo_school.civil import snils
from town.demo_school.model import Week
from town.demo_school.names import PATRONYMICS, patronymic, surname
from town.demo_school.oneroster import COLUMNS
from town.demo_school.people import (
    CLASS_SOURCE_ID,
    DEMO_PASSWORD,
    FATHER,
    GRANDMOTHER,
    KNOWN_PEOPLE,
    MOTHER,
    PUPIL,
    SUBJECT_SOURCE_ID,
    TEACHER,
)
from town.demo_school.write import TIMETABLE_COLUMNS, write_demo_school

WEEK = Week.parse("2026-W48")
Rows = list[dict[str, str]]


class Written:
    """The files as a reader sees them."""

    def __init__(self, bundle: Path, timetable: Path) -> None:
        self.bytes = bundle.read_bytes() + timetable.read_bytes()
        with zipfile.ZipFile(bundle) as zipped:
            self.texts = {name: zipped.read(name).decode() for name in zipped.namelist()}
        self.rows = {name: list(csv.DictReader(io.StringIO(text))) for name, text in self.texts.items()}
        self.users = {row["sourcedId"]: row for row in self.rows["users.csv"]}
        self.roles = {row["userSourcedId"]: row for row in self.rows["roles.csv"]}
        self.lessons: Rows = list(csv.DictReader(io.StringIO(timetable.read_text(encoding="utf-8"))))

    def having_role(self, role: str) -> Rows:
        return [user for key, user in self.users.items() if self.roles[key]["role"] == role]


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return Written(*write_demo_school(tmp_path_factory.mktemp("school"), week=WEEK))


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return Written(*write_demo_school(tmp_path_factory.mktemp("tiny"), week=WEEK, size="tiny"))


def test_same_seed_and_week_give_the_same_bytes(school: Written, tmp_path: Path) -> None:
    assert Written(*write_demo_school(tmp_path / "new", week=WEEK)).bytes == school.bytes
    assert Written(*write_demo_school(tmp_path / "other", week=WEEK, seed=2)).bytes != school.bytes


def test_the_school_has_its_size(school: Written, tiny: Written) -> None:
    homerooms = [row for row in school.rows["classes.csv"] if row["classType"] == "homeroom"]
    assert Counter(row["grades"] for row in homerooms) == {f"{grade:02}": 2 for grade in range(1, 12)}
    assert 560 <= len(school.having_role("student")) <= 640
    known = {row["sourcedId"] for row in homerooms}
    enrolled = [r["classSourcedId"] for r in school.rows["enrollments.csv"] if r["role"] == "student"]
    sizes = Counter(school_class for school_class in enrolled if school_class in known)
    assert all(25 <= size <= 29 for size in sizes.values())
    assert len(tiny.having_role("student")) == 5
    assert {lesson["class_source_id"] for lesson in tiny.lessons} == {CLASS_SOURCE_ID}


def test_headers_are_the_ones_of_the_binding(school: Written) -> None:
    assert set(school.texts) == set(COLUMNS)
    for name, text in school.texts.items():
        assert tuple(next(csv.reader(io.StringIO(text)))) == COLUMNS[name]
    assert tuple(school.lessons[0]) == TIMETABLE_COLUMNS


@pytest.mark.parametrize(
    ("file", "column", "target"),
    [
        ("classes.csv", "courseSourcedId", "courses.csv"),
        ("classes.csv", "schoolSourcedId", "orgs.csv"),
        ("classes.csv", "metadata.homeroomSourcedId", "classes.csv"),
        ("classes.csv", "termSourcedIds", "academicSessions.csv"),
        ("courses.csv", "schoolYearSourcedId", "academicSessions.csv"),
        ("enrollments.csv", "classSourcedId", "classes.csv"),
        ("enrollments.csv", "userSourcedId", "users.csv"),
        ("roles.csv", "userSourcedId", "users.csv"),
        ("users.csv", "agentSourcedIds", "users.csv"),
        ("demographics.csv", "sourcedId", "users.csv"),
    ],
)
def test_references_lead_somewhere(school: Written, file: str, column: str, target: str) -> None:
    known = {row["sourcedId"] for row in school.rows[target]}
    named = {key for row in school.rows[file] for key in row[column].split(",") if key}
    assert named
    assert named <= known


def test_source_ids_are_unique(school: Written) -> None:
    for name, rows in school.rows.items():
        if name != "manifest.csv":
            assert max(Counter(row["sourcedId"] for row in rows).values()) == 1, name


def test_numbers_and_contacts_are_valid_and_nobody_shares_them(school: Written) -> None:
    for column in ("metadata.snils", "phone", "email"):
        given = [user[column] for user in school.users.values() if user[column]]
        assert len(given) == len(set(given)) > 500
    for user in school.users.values():
        if user["metadata.snils"]:
            number = user["metadata.snils"][:11].replace("-", "")
            assert int(number) > 1_001_998
            assert user["metadata.snils"] == snils(int(number))
        if user["phone"]:
            assert user["phone"].startswith("+7900")
            assert phonenumbers.is_valid_number(phonenumbers.parse(user["phone"]))
        assert user["email"].endswith("@zvonok.example") or not user["email"]


@pytest.mark.parametrize("published", ["112-233-445 95", "087-654-303 00", "116-973-385 89"])
def test_snils_checksum_agrees_with_published_examples(published: str) -> None:
    """I-4"""
    assert snils(int(published[:11].replace("-", ""))) == published


def test_families_are_families(school: Written) -> None:
    """Surname by sex, patronymic from the father's given name, one or two representatives, some shared."""
    sex = {row["sourcedId"]: row["sex"] for row in school.rows["demographics.csv"]}
    children: dict[str, Rows] = defaultdict(list)
    for pupil in school.having_role("student"):
        agents = [school.users[key] for key in pupil["agentSourcedIds"].split(",")]
        assert 1 <= len(agents) <= 2
        children[pupil["agentSourcedIds"]].append(pupil)
        for agent in agents:
            if sex[agent["sourcedId"]] == "male":
                assert pupil["middleName"] == patronymic(agent["givenName"], sex[pupil["sourcedId"]])
                assert surname(agent["familyName"], sex[pupil["sourcedId"]]) == pupil["familyName"]
    shared = [family for family in children.values() if len(family) > 1]
    assert len(shared) > 50
    for family in shared:
        assert len({child["grades"] for child in family}) == len(family)
        fathers = {name for child in family for name, forms in PATRONYMICS.items() if child["middleName"] in forms}
        assert len(fathers) == 1


@pytest.mark.parametrize(
    ("man", "woman"),
    [("Иванов", "Иванова"), ("Покровский", "Покровская"), ("Лесной", "Лесная"), ("Черных", "Черных"),
     ("Шевченко", "Шевченко"), ("Киселёв", "Киселёва"), ("Ильин", "Ильина")],
)  # fmt: skip
def test_surnames_show_the_sex(man: str, woman: str) -> None:
    assert surname(man, "female") == woman
    assert surname(man, "male") == man


def test_birth_years_fit_the_grades(school: Written) -> None:
    births = {row["sourcedId"]: date.fromisoformat(row["birthDate"]) for row in school.rows["demographics.csv"]}
    for pupil in school.having_role("student"):
        assert births[pupil["sourcedId"]].year == 2026 - 6 - int(pupil["grades"])
        for agent in pupil["agentSourcedIds"].split(","):
            assert births[agent].year <= births[pupil["sourcedId"]].year - 13


@pytest.mark.parametrize("size", ["school", "tiny"])
def test_known_people_are_who_they_are(request: pytest.FixtureRequest, size: str) -> None:
    written: Written = request.getfixturevalue(size)
    assert {key for key, user in written.users.items() if user["metadata.initialPassword"]} == {
        person.source_id for person in KNOWN_PEOPLE
    }
    for person in KNOWN_PEOPLE:
        user = written.users[person.source_id]
        assert (user["familyName"], user["givenName"], user["middleName"], user["email"], user["phone"]) == (
            person.surname, person.given_name, person.patronymic, person.login, person.phone,
        )  # fmt: skip
        assert user["metadata.initialPassword"] == DEMO_PASSWORD
        assert user["metadata.emailProved"] == user["metadata.phoneProved"] == "1"
    assert written.users[PUPIL.source_id]["agentSourcedIds"].split(",") == [MOTHER.source_id, FATHER.source_id]
    assert written.roles[GRANDMOTHER.source_id]["role"] == "guardian"
    assert not [u for u in written.users.values() if GRANDMOTHER.source_id in u["agentSourcedIds"]]
    enrolled = {(r["classSourcedId"], r["userSourcedId"]): r for r in written.rows["enrollments.csv"]}
    assert enrolled[CLASS_SOURCE_ID, TEACHER.source_id]["primary"] == "true"
    assert (CLASS_SOURCE_ID, PUPIL.source_id) in enrolled
    own = [r for r in written.lessons if r["teacher_source_id"] == TEACHER.source_id]
    assert {(CLASS_SOURCE_ID, SUBJECT_SOURCE_ID)} <= {(r["class_source_id"], r["subject_source_id"]) for r in own}


def test_every_class_has_one_class_teacher(school: Written) -> None:
    primary = [r for r in school.rows["enrollments.csv"] if r["role"] == "teacher" and r["primary"] == "true"]
    assert len(primary) == 22
    assert len({r["userSourcedId"] for r in primary}) == 22


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_timetable_has_no_clash(seed: int, tmp_path: Path) -> None:
    """No teacher, room or class is in two lessons at overlapping times; groups of a class learn side by side."""
    written = Written(*write_demo_school(tmp_path, week=WEEK, seed=seed))
    for who in ("teacher_source_id", "room", "class_source_id"):
        busy: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        for row in written.lessons:
            if who != "class_source_id" or not row["group_source_id"].endswith("-2"):
                busy[row["date"], row[who]].append((row["starts_at"], row["ends_at"]))
        for times in busy.values():
            for (_, ends), (starts, _) in pairwise(sorted(times)):
                assert ends <= starts, who


def test_the_timetable_is_the_week_without_gaps(school: Written) -> None:
    assert {lesson["date"] for lesson in school.lessons} == {day.isoformat() for day in WEEK.days}
    numbers: dict[tuple[str, str], list[int]] = defaultdict(list)
    for lesson in school.lessons:
        if not lesson["group_source_id"].endswith("-2"):
            numbers[lesson["class_source_id"], lesson["date"]].append(int(lesson["lesson_number"]))
    assert len(numbers) == 22 * 5
    for day in numbers.values():
        assert sorted(day) == list(range(1, len(day) + 1))
        assert 4 <= len(day) <= 7


def test_english_is_learned_in_two_groups_at_the_same_time_from_grade_5_on(school: Written) -> None:
    of_place: dict[tuple[str, str, str], list[dict[str, str]]] = defaultdict(list)
    for row in school.lessons:
        if row["subject_source_id"] == "crs-english":
            of_place[row["class_source_id"], row["date"], row["lesson_number"]].append(row)
    for (school_class, _, _), rows in of_place.items():
        groups = [row["group_source_id"] for row in rows]
        upper = int(school_class[4:6]) >= 5
        assert groups == ([f"{school_class}-english-1", f"{school_class}-english-2"] if upper else [""])
        assert len({row["teacher_source_id"] for row in rows}) == len(rows)
    members = defaultdict(set)
    for row in school.rows["enrollments.csv"]:
        if row["role"] == "student":
            members[row["classSourcedId"]].add(row["userSourcedId"])
    grouped = {school_class for (school_class, _, _), rows in of_place.items() if len(rows) == 2}
    assert len(grouped) == 14
    for school_class in grouped:
        first, second = (members[f"{school_class}-english-{part}"] for part in (1, 2))
        assert not first & second
        assert first | second == members[school_class]


def test_lessons_are_given_by_the_teacher_of_the_class_and_subject(school: Written) -> None:
    homerooms = {}
    for row in school.rows["classes.csv"]:
        homerooms[row["sourcedId"]] = (row["metadata.homeroomSourcedId"] or row["sourcedId"], row["courseSourcedId"])
    teaches = {
        (*homerooms[row["classSourcedId"]], row["userSourcedId"])
        for row in school.rows["enrollments.csv"]
        if row["role"] == "teacher"
    }
    for row in school.lessons:
        assert (row["class_source_id"], row["subject_source_id"], row["teacher_source_id"]) in teaches


@pytest.mark.parametrize(
    ("week", "days", "year"),
    [("2026-W36", 4, "2027"), ("2026-W35", 5, "2026"), ("2027-W01", 5, "2027"), ("2027-W28", 5, "2027")],
)
def test_every_week_lies_in_its_school_year(week: str, days: int, year: str, tmp_path: Path) -> None:
    """Also the week of the first of September, and summer."""
    written = Written(*write_demo_school(tmp_path, week=Week.parse(week), size="tiny"))
    dates = {lesson["date"] for lesson in written.lessons}
    assert len(dates) == days
    session = written.rows["academicSessions.csv"][0]
    assert session["schoolYear"] == year
    assert session["startDate"] <= min(dates) <= max(dates) <= session["endDate"]


def test_a_wrong_week_is_named() -> None:
    with pytest.raises(ValueError, match="2026-W48"):
        Week.parse("48/2026")
