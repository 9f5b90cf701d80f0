"""Puts the school together: staff, classes, families."""

from dataclasses import replace
from random import Random
from typing import Literal

from town.demo_school.civil import Registry
from town.demo_school.families import Families
from town.demo_school.model import School, SchoolClass, Week
from town.demo_school.staff import Staff
from town.demo_school.subjects import FIRST_GRADE, LAST_GRADE

Size = Literal["full", "tiny", "large"]


def found_school(*, week: Week, seed: int, size: Size = "full") -> School:
    """The school of a seed; the week decides the school year, and so birth dates.

    `full`: 22 classes of 25–29 pupils. `tiny`: 7А with five pupils and everybody they need. `large`: 55 classes,
    some 1,500 pupils, to measure with.
    """
    rng = Random(f"demo school {seed}")
    registry = Registry(rng, school_year=week.year)
    sizes = {(7, "А"): 5}
    if size != "tiny":
        letters = "АБ" if size == "full" else "АБВГД"
        sizes = {
            (grade, letter): rng.randint(25, 29) for grade in range(FIRST_GRADE, LAST_GRADE + 1) for letter in letters
        }
    staff = Staff(registry, rng, sizes)
    families = Families(registry, rng, sizes)
    classes = tuple(
        SchoolClass(grade, letter, staff.class_teachers[grade, letter], tuple(families.pupils[grade, letter]))
        for grade, letter in sizes
    )
    teachings = tuple(staff.teachings(classes))
    school = School(week, tuple(staff.people), classes, tuple(families.representatives), teachings)
    return replace(school, rooms=_rooms(school))


def _rooms(school: School) -> dict[str, str]:
    """One room per teacher, sports halls for sport: a clash of rooms is then a clash of teachers."""
    rooms: dict[str, str] = {}
    halls = 0
    for teaching in school.teachings:
        teacher = teaching.teacher.source_id
        if teacher in rooms:
            continue
        if teaching.subject.key == "pe" and teaching.teacher is not teaching.school_class.teacher:
            halls += 1
            rooms[teacher] = f"Спортзал {halls}"
        else:
            number = len(rooms) - halls
            rooms[teacher] = f"{number // 16 + 1}{number % 16 + 1:02}"
    return rooms
