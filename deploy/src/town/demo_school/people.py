"""The known people: whoever tries the demo signs in as one of them, so they are the same for every seed."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

DEMO_PASSWORD = "Zvonok-demo-2026"  # noqa: S105 -- printed by `make up`, opens invented people only
"""Sign-in password of every known person. Nobody else of the demo school has an account."""

CLASS_TITLE = "7А"
"""The class all known people have to do with."""

CLASS_SOURCE_ID = "cls-07a"
SUBJECT_SOURCE_ID = "crs-math"
"""The subject that the known teacher teaches in `CLASS_TITLE`."""


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """One person with an account; `login` is a proved e-mail address, `phone` (E.164) is proved too."""

    source_id: str
    role: Literal["class_teacher", "mother", "father", "pupil", "grandmother", "director"]
    surname: str
    given_name: str
    patronymic: str
    sex: Literal["male", "female"]
    birth_date: date
    login: str
    phone: str

    @property
    def full_name(self) -> str:
        return f"{self.surname} {self.given_name} {self.patronymic}"


TEACHER = KnownPerson(
    "usr-t-orlova", "class_teacher", "Орлова", "Марина", "Сергеевна", "female", date(1984, 3, 14),
    "orlova@zvonok.example", "+79000000001",
)  # fmt: skip
MOTHER = KnownPerson(
    "usr-r-sokolova", "mother", "Соколова", "Анна", "Викторовна", "female", date(1986, 7, 2),
    "sokolova@zvonok.example", "+79000000002",
)  # fmt: skip
FATHER = KnownPerson(
    "usr-r-sokolov", "father", "Соколов", "Дмитрий", "Андреевич", "male", date(1984, 11, 23),
    "sokolov@zvonok.example", "+79000000003",
)  # fmt: skip
PUPIL = KnownPerson(
    "usr-p-sokolov", "pupil", "Соколов", "Михаил", "Дмитриевич", "male", date(2013, 5, 19),
    "misha@zvonok.example", "+79000000004",
)  # fmt: skip
GRANDMOTHER = KnownPerson(
    "usr-r-belova", "grandmother", "Белова", "Галина", "Петровна", "female", date(1958, 1, 30),
    "belova@zvonok.example", "+79000000005",
)  # fmt: skip
DIRECTOR = KnownPerson(
    "usr-t-gromov", "director", "Громов", "Павел", "Николаевич", "male", date(1971, 9, 8),
    "gromov@zvonok.example", "+79000000006",
)  # fmt: skip

KNOWN_PEOPLE = (TEACHER, MOTHER, FATHER, PUPIL, GRANDMOTHER, DIRECTOR)
