"""What is taught in which grade and for how many lessons a week.

Sums stay within the weekly maximum of a five-day week (СанПиН 1.2.3685-21, table 6.6): 21 lessons in grade 1,
23 in grades 2–4, then 29, 30, 32, 33, 33, 34, 34.
"""

from collections.abc import Mapping
from dataclasses import dataclass

FIRST_GRADE, LAST_PRIMARY_GRADE, LAST_GRADE = 1, 4, 11
HOMEROOM_COURSE = "crs-homeroom"


@dataclass(frozen=True, slots=True)
class Subject:
    """One course; `hours` are lessons a week by grade.

    `primary_by_specialist`: not taught by the class's own teacher even in grades 2–4.
    `in_groups`: from grade 5 on in two groups at the same time, each with a teacher of its own.
    """

    key: str
    title: str
    hours: Mapping[int, int]
    primary_by_specialist: bool = False
    in_groups: bool = False

    @property
    def source_id(self) -> str:
        return f"crs-{self.key}"

    def parts(self, grade: int) -> tuple[int, ...]:
        """The groups that a class of a grade learns it in; 0: all of it together."""
        return (1, 2) if self.in_groups and grade > LAST_PRIMARY_GRADE else (0,)


def _hours(**ranges: int) -> dict[int, int]:
    """`_hours(g1=4, g2_4=5)` → {1: 4, 2: 5, 3: 5, 4: 5}."""
    table: dict[int, int] = {}
    for name, lessons in ranges.items():
        first, _, last = name.removeprefix("g").partition("_")
        table.update(dict.fromkeys(range(int(first), int(last or first) + 1), lessons))
    return table


SUBJECTS = (
    Subject("russian", "Русский язык", _hours(g1_4=5, g5=5, g6=6, g7=4, g8_9=3, g10_11=2)),
    Subject("literature", "Литература", _hours(g1_4=4, g5_6=3, g7_8=2, g9_11=3)),
    Subject("math", "Математика", _hours(g1_4=4, g5_6=5, g7_9=6, g10_11=8)),
    Subject("english", "Английский язык", _hours(g2_4=2, g5_11=3),
            primary_by_specialist=True, in_groups=True),
    Subject("world", "Окружающий мир", _hours(g1_4=2)),
    Subject("history", "История", _hours(g5_9=2, g10_11=3)),
    Subject("society", "Обществознание", _hours(g6_9=1, g10_11=2)),
    Subject("geography", "География", _hours(g5_6=1, g7_9=2, g10_11=1)),
    Subject("biology", "Биология", _hours(g5_7=1, g8_9=2, g10_11=1)),
    Subject("physics", "Физика", _hours(g7_8=2, g9_11=3)),
    Subject("chemistry", "Химия", _hours(g8_9=2, g10_11=2)),
    Subject("informatics", "Информатика", _hours(g5_9=1, g10_11=2)),
    Subject("music", "Музыка", _hours(g1_8=1), primary_by_specialist=True),
    Subject("art", "Изобразительное искусство", _hours(g1_7=1), primary_by_specialist=True),
    Subject("technology", "Труд (технология)", _hours(g1_4=1, g5_7=2, g8_9=1)),
    Subject("pe", "Физическая культура", _hours(g1_4=2, g5_11=2), primary_by_specialist=True),
    Subject("safety", "Основы безопасности и защиты Родины", _hours(g8_11=1)),
)  # fmt: skip

HOMEROOM = Subject("homeroom", "Классный час", _hours(g1_11=1))
"""The class teacher's own lesson, each Monday first."""


def weekly_lessons(grade: int) -> int:
    """Lessons of a week in a grade, homeroom lesson included."""
    return sum(subject.hours.get(grade, 0) for subject in (*SUBJECTS, HOMEROOM))
