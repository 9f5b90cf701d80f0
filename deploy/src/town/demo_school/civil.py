"""The registry office of the demo school: hands out names, birth dates, СНИЛС, phones and mail addresses."""

from datetime import date, timedelta
from random import Random

from town.demo_school.model import Person, Role
from town.demo_school.names import GIVEN_NAMES, SURNAMES, Sex, patronymic, surname
from town.demo_school.people import KNOWN_PEOPLE, KnownPerson

_PREFIX: dict[Role, str] = {
    "pupil": "p",
    "parent": "r",
    "guardian": "r",
    "teacher": "t",
    "director": "t",
    "deputy": "t",
    "school_administrator": "t",
}


def snils(number: int) -> str:
    """A СНИЛС with its checksum: Σdᵢ·(10−i), i=1..9, mod 101, 100 → 00 (I-4).

    `number` has nine digits and lies above 001-001-998, below which no checksum was used.
    """
    digits = f"{number:09}"
    check = sum(int(digit) * (9 - place) for place, digit in enumerate(digits)) % 101 % 100
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:]} {check:02}"


class Registry:
    """Gives every person something of its own: no СНИЛС, phone or address is handed out twice."""

    def __init__(self, rng: Random, *, school_year: int) -> None:
        self.rng = rng
        self.school_year = school_year
        self._snils = rng.sample(range(100_000_000, 999_999_999), 4_000)
        self._phones = rng.sample(range(1_000_000, 9_999_999), 4_000)
        self._counters: dict[str, int] = {}

    def known(self, person: KnownPerson, role: Role, *, agents: tuple[str, ...] = ()) -> Person:
        """One of the known people; the same for every seed."""
        return Person(
            source_id=person.source_id,
            role=role,
            surname=person.surname,
            given_name=person.given_name,
            patronymic=person.patronymic,
            sex=person.sex,
            birth_date=person.birth_date,
            snils=snils(90_000_001 + KNOWN_PEOPLE.index(person)),
            email=person.login,
            phone=person.phone,
            agents=agents,
            known=person,
        )

    def adult(
        self,
        role: Role,
        *,
        woman: bool = True,
        family: str | None = None,
        given_name: str | None = None,
        age: tuple[int, int] = (27, 62),
    ) -> Person:
        """A grown-up; `family` is the surname in the man's form."""
        sex: Sex = "female" if woman else "male"
        source_id = self._next_id(role)
        contacts = self.rng.random()
        return Person(
            source_id=source_id,
            role=role,
            surname=surname(family or self.rng.choice(SURNAMES), sex),
            given_name=given_name or self.rng.choice(GIVEN_NAMES[sex]["adult"]),
            patronymic=patronymic(self.rng.choice(GIVEN_NAMES["male"]["elder"]), sex),
            sex=sex,
            birth_date=self._birth_date(self.school_year - self.rng.randint(*age)),
            snils=snils(self._snils.pop()) if self.rng.random() < 0.9 else "",
            email=self._email(source_id) if contacts < 0.85 else "",
            phone=self._phone() if contacts > 0.04 else "",
        )

    def child(self, *, grade: int, family: str, father: str, agents: tuple[str, ...]) -> Person:
        """A pupil, born in the year that its grade asks for; the elder ones have a phone of their own."""
        sex: Sex = self.rng.choice(("male", "female"))
        source_id = self._next_id("pupil")
        return Person(
            source_id=source_id,
            role="pupil",
            surname=surname(family, sex),
            given_name=self.rng.choice(GIVEN_NAMES[sex]["pupil"]),
            patronymic=patronymic(father, sex),
            sex=sex,
            birth_date=self._birth_date(self.school_year - 6 - grade),
            snils=snils(self._snils.pop()),
            email=self._email(source_id) if grade >= 7 and self.rng.random() < 0.6 else "",
            phone=self._phone() if grade >= 5 and self.rng.random() < 0.6 else "",
            agents=agents,
        )

    def _next_id(self, role: Role) -> str:
        prefix = _PREFIX[role]
        self._counters[prefix] = self._counters.get(prefix, 0) + 1
        return f"usr-{prefix}-{self._counters[prefix]:04}"

    def _birth_date(self, year: int) -> date:
        return date(year, 1, 1) + timedelta(days=self.rng.randrange(365))

    def _phone(self) -> str:
        return f"+7900{self._phones.pop():07}"

    @staticmethod
    def _email(source_id: str) -> str:
        return f"{source_id.removeprefix('usr-')}@zvonok.example"
