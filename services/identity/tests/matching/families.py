"""Synthetic families of one school, seeded: people as the school wrote them down.

Surnames, given names and patronymics come with their frequencies from the open lists of `russiannames`, so that
namesakes and names that differ by a letter are as frequent as in a real city. Contacts and numbers are invented.
"""

import csv
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from io import StringIO
from pathlib import Path

import duckdb
import iuliia
import russiannames

from identity.matching.given_names import are_variants
from identity.matching.two_files import ACCOUNT_COLUMNS, PEOPLE_COLUMNS
from shared.contacts import snils_check_number
from shared.names import comparable_name

Row = dict[str, str]

DOMAINS = ("mail.ru", "yandex.ru", "gmail.com", "bk.ru", "rambler.ru", "ya.ru", "zvonok.example")
TWO_NAMES = (("Анна", "Мария"), ("Карл", "Густав"), ("Ева", "Лотта"), ("Ян", "Матей"))


@dataclass(frozen=True)
class Names:
    """Frequent and rare ones, each with its weight."""

    surnames: Sequence[tuple[str, str]]
    """As men and as women bear it."""
    surname_weights: Sequence[int]
    given: dict[str, Sequence[str]]
    given_weights: dict[str, Sequence[int]]
    patronymics: dict[tuple[str, str], str]
    """By the father's given name and the sex of the child."""

    @classmethod
    @cache
    def load(cls) -> "Names":
        """The 2,000 most frequent surnames and 1,000 rare ones; given names that have both patronymics."""
        data = Path(russiannames.__file__).parent / "data"
        with duckdb.connect() as lists:
            common = f"FROM '{data}/surnames.parquet' WHERE gender = 'm' AND f_form IS NOT NULL AND count > 1"
            surnames = lists.sql(
                f"(SELECT text, f_form, count {common} ORDER BY count DESC, text LIMIT 2000) UNION ALL"
                f" (SELECT text, f_form, 20 {common} AND count < 100 ORDER BY md5(text) LIMIT 1000)"
            ).fetchall()
            patronymics = lists.sql(
                f"SELECT fname, gender, arg_max(text, count) FROM '{data}/midnames.parquet'"  # noqa: S608 -- our file
                " WHERE fname IS NOT NULL AND count > 200 GROUP BY 1, 2 ORDER BY 1, 2"
            ).fetchall()
            given = lists.sql(
                f"SELECT text, gender, count FROM '{data}/names.parquet'"  # noqa: S608 -- our file
                " WHERE count > 400 AND length(text) > 2 ORDER BY count DESC, text LIMIT 400"
            ).fetchall()
        surnames = [row for row in surnames if _is_cyrillic(row[0]) and _is_cyrillic(row[1])]
        return cls(
            surnames=[(man, woman) for man, woman, _ in surnames],
            surname_weights=[count for *_, count in surnames],
            given={sex: [text for text, its, _ in given if its == sex] for sex in "mf"},
            given_weights={sex: [count for _, its, count in given if its == sex] for sex in "mf"},
            patronymics={(father, sex): text for father, sex, text in patronymics},
        )


@dataclass
class Person:
    """Somebody on a school's list."""

    id: str
    role: str
    sex: str
    surname: str
    given_name: str
    patronymic: str
    birth_date: str
    phone: str
    email: str
    snils: str
    family: int

    def row(self) -> Row:
        return {column: getattr(self, column) for column in PEOPLE_COLUMNS}


class School:
    """Families until there are enough people."""

    def __init__(self, seed: int, people: int) -> None:
        self.random = random.Random(seed)
        self.names = Names.load()
        self.people: list[Person] = []
        self._family = 0
        while len(self.people) < people:
            self._family += 1
            self._settle_family()

    @cached_property
    def shared(self) -> Counter[str]:
        """How many records each contact stands on."""
        return Counter(value for person in self.people for value in (person.phone, person.email) if value)

    @cached_property
    def families(self) -> dict[int, list[Person]]:
        """The people of each family."""
        found: dict[int, list[Person]] = {}
        for person in self.people:
            found.setdefault(person.family, []).append(person)
        return found

    def stranger(self, sex: str) -> tuple[str, str, str]:
        """Surname, given name, patronymic of anybody."""
        man, woman = self._surname()
        given_name, patronymic = self._given_name(sex), self._patronymic(sex, self._given_name("m"))
        return (man if sex == "m" else woman), given_name, patronymic

    def phone(self) -> str:
        return f"+790{self.random.randrange(10**8):08d}"

    def email(self, surname: str) -> str:
        word = iuliia.GOST_52535.translate(surname).lower().replace("'", "").replace(" ", "-")
        mark = f"{self.random.choice('abdeikmnops')}{self.random.choice('.-')}"
        return f"{mark}{word}{self.random.randrange(10**6)}@{self.random.choice(DOMAINS)}"

    def snils(self) -> str:
        nine = f"{self.random.randrange(1_002_000, 10**9):09d}"
        return nine + snils_check_number(nine)

    def birth_date(self, years: range) -> str:
        return f"{self.random.choice(years)}-{self.random.randint(1, 12):02d}-{self.random.randint(1, 28):02d}"

    def _settle_family(self) -> None:
        man, woman = self._surname()
        father_name, mother_name = self._given_name("m"), self._given_name("f")
        father_of_father, father_of_mother = self._given_name("m"), self._given_name("m")
        if self.random.random() < 0.03:  # Иван Иванович, whose son will be Иван Иванович too
            father_of_father = father_name
        if self.random.random() < 0.08:  # both surnames
            woman = f"{self._surname()[1]}-{woman}"
        adults = [
            self._person("representative", "m", man, father_name, self._patronymic("m", father_of_father)),
            self._person("representative", "f", woman, mother_name, self._patronymic("f", father_of_mother)),
        ]
        self._share(adults)
        children = list(self._children(man, woman.rpartition("-")[2], father_name, adults[1]))
        kept = [adult for adult in adults if self.random.random() < 0.9]  # some schools know one parent only
        for person in (*kept, *children):
            person.id = f"r{len(self.people)}"
            self.people.append(person)

    def _share(self, adults: list[Person]) -> None:
        father, mother = adults
        if self.random.random() < 0.25:
            father.phone = mother.phone
        if self.random.random() < 0.2:
            father.email = mother.email
        for adult in adults:
            if self.random.random() < 0.1:
                adult.email = ""
            if self.random.random() < 0.03:
                adult.phone = ""

    def _children(self, man: str, woman: str, father_name: str, mother: Person) -> Iterator[Person]:
        names: set[str] = set()
        born = self.birth_date(range(2008, 2019))
        for number in range(self.random.choice((1, 1, 2, 2, 2, 3, 4))):
            sex = self.random.choice("mf")
            given_name = self._given_name(sex)
            if number == 0 and sex == "m" and self.random.random() < 0.05:
                given_name = father_name
            if any(is_one_name(given_name, other) for other in names):
                continue
            names.add(given_name)
            if self.random.random() > 0.06:  # else a twin of the one before
                born = self.birth_date(range(2008, 2019))
            surname = man if sex == "m" else woman
            child = self._person("pupil", sex, surname, given_name, self._patronymic(sex, father_name))
            child.birth_date = born
            recorded = self.random.random()
            if recorded < 0.5:
                child.phone = mother.phone
            if recorded < 0.35:
                child.email = mother.email
            if recorded > 0.9:
                child.email = ""
            yield child

    def _person(self, role: str, sex: str, surname: str, given_name: str, patronymic: str) -> Person:
        if self.random.random() < 0.02:
            patronymic = ""
        if self.random.random() < 0.01:
            given_name = " ".join(self.random.choice(TWO_NAMES))
        return Person(
            id="",
            role=role,
            sex=sex,
            surname=surname,
            given_name=given_name,
            patronymic=patronymic,
            birth_date=self.birth_date(range(1970, 1995)) if self.random.random() < 0.6 else "",
            phone=self.phone(),
            email=self.email(surname),
            snils=self.snils() if self.random.random() < 0.5 else "",
            family=self._family,
        )

    def _surname(self) -> tuple[str, str]:
        return self.random.choices(self.names.surnames, self.names.surname_weights)[0]

    def _given_name(self, sex: str) -> str:
        while True:
            name = self.random.choices(self.names.given[sex], self.names.given_weights[sex])[0]
            if sex == "f" or all((name, of) in self.names.patronymics for of in "mf"):
                return name

    def _patronymic(self, sex: str, father: str) -> str:
        return self.names.patronymics[father, sex]


def is_one_name(one: str, other: str) -> bool:
    """Whether parents would not call two children so: «Пётр» and «Петр», «Данил» and «Данила»."""
    one, other = comparable_name(one), comparable_name(other)
    return one == other or are_variants(one, other)


def people_csv(rows: Sequence[Row]) -> bytes:
    """The school's file."""
    return _csv(PEOPLE_COLUMNS, rows)


def accounts_csv(rows: Sequence[Row]) -> bytes:
    """The accounts' file."""
    return _csv(ACCOUNT_COLUMNS, rows)


def _csv(columns: Sequence[str], rows: Sequence[Row]) -> bytes:
    text = StringIO(newline="")
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _is_cyrillic(word: str) -> bool:
    return bool(word) and all("а" <= letter <= "я" or letter in "ё-" for letter in word.lower())
