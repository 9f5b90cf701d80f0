"""The two files of a report: people of a school, and accounts (I-23)."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import count
from typing import TypeVar

from identity.accounts.role import Role
from identity.matching.evidence import OwnFacts, RecordFacts
from identity.mistakes import Mistakes
from identity.personal_data.contacts import comparable_email, email_address
from identity.personal_data.person_name import PersonName
from identity.sheets import LONGEST_ID, Line, calendar_day, read_sheet
from shared.contacts import phone_number, snils
from shared.names import one_line

PEOPLE_COLUMNS = (
    "id",
    "role",
    "surname",
    "given_name",
    "patronymic",
    "birth_date",
    "email",
    "phone",
    "snils",
)
"""Columns of the school's file; `school` may be there too, when one file holds several schools."""

ACCOUNT_COLUMNS = (*PEOPLE_COLUMNS, "email_proved", "phone_proved", "snils_asserted")

DELIMITERS = ",;"
"""A Russian Excel saves CSV with semicolons."""

ROLES: tuple[Role, ...] = ("pupil", "representative")

Key = TypeVar("Key", bound=Hashable)
T = TypeVar("T")

Progress = Callable[[int, int], None]
"""Told how many rows are done, of how many."""

_EVERY = 500
"""Rows between two words of progress."""


@dataclass(slots=True)
class Unreadable:
    """Values that are no phone, mailbox, СНИЛС or date: they count as absent (I-18), and the clerk is told how many."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By file and column."""
    first_lines: dict[tuple[str, str], int] = field(default_factory=dict)

    def note(self, file: str, column: str, line: int) -> None:
        """One more."""
        self.counts[file, column] += 1
        self.first_lines.setdefault((file, column), line)


@dataclass(frozen=True, slots=True)
class Account:
    """A row of the accounts' file."""

    own: OwnFacts[str]
    school: str | None
    """None: any school of the file."""


def read_people(
    name: str, content: bytes, mistakes: Mistakes, unreadable: Unreadable, progress: Progress
) -> list[RecordFacts[str]]:
    """The records of the school's file. An id is unique within its school."""
    seen: dict[tuple[str | None, str], int] = {}
    records: list[RecordFacts[str]] = []
    for line in _lines(name, content, PEOPLE_COLUMNS, mistakes, progress):
        record_id, school, role = line.text("id", LONGEST_ID), line.optional("school"), _role(line)
        if record_id is None or role is None or _is_repeated(line, (school, record_id), seen):
            continue
        values = _Values(line, unreadable)
        records.append(
            RecordFacts(
                record_id=record_id,
                school_id=school,
                role=role,
                name=values.name(),
                birth_date=values.birth_date(),
                phone=values.checked("phone", _phone),
                email=values.checked("email", _email),
                snils=values.checked("snils", snils),
            )
        )
    return records


def read_accounts(
    name: str, content: bytes, mistakes: Mistakes, unreadable: Unreadable, progress: Progress
) -> list[Account]:
    """The rows of the accounts' file."""
    seen: dict[str, int] = {}
    accounts: list[Account] = []
    for line in _lines(name, content, ACCOUNT_COLUMNS, mistakes, progress):
        account_id, role = line.text("id", LONGEST_ID), _role(line)
        phone_proved, email_proved, snils_asserted = map(line.flag, ("phone_proved", "email_proved", "snils_asserted"))
        if account_id is None or role is None or _is_repeated(line, account_id, seen):
            continue
        values = _Values(line, unreadable)
        own = OwnFacts(
            account_id=account_id,
            name=values.name(),
            role=role,
            birth_date=values.birth_date(),
            phone=values.checked("phone", _phone),
            email=values.checked("email", _email),
            snils=values.checked("snils", snils),
            phone_proved=phone_proved,
            email_proved=email_proved,
            snils_asserted=snils_asserted,
        )
        accounts.append(Account(own, line.optional("school")))
    return accounts


def _lines(
    name: str, content: bytes, columns: tuple[str, ...], mistakes: Mistakes, progress: Progress
) -> Iterator[Line]:
    lines = read_sheet(name, content, columns, mistakes, delimiters=DELIMITERS).lines
    for done, line in zip(count(), lines, strict=False):
        if done % _EVERY == 0:
            progress(done, len(lines))
        yield line
    progress(len(lines), len(lines))


def _role(line: Line) -> Role | None:
    said = line.choice("role", ROLES)
    return next((role for role in ROLES if role == said), None)


def _is_repeated(line: Line, key: Key, seen: dict[Key, int]) -> bool:
    first_line = seen.setdefault(key, line.number)
    if first_line != line.number:
        line.complain("id", "id_repeated", first_line=first_line)
    return first_line != line.number


@dataclass(frozen=True, slots=True)
class _Values:
    """The fields of a line in the forms in which they are compared."""

    line: Line
    unreadable: Unreadable

    def name(self) -> PersonName:
        surname, given_name, patronymic = (one_line(self.line.raw(column)) for column in PersonName._fields)
        return PersonName(surname, given_name, patronymic or None)

    def birth_date(self) -> date | None:
        return self.checked("birth_date", calendar_day)

    def checked(self, column: str, check: Callable[[str], T]) -> T | None:
        written = self.line.raw(column)
        if written:
            with suppress(ValueError):
                return check(written)
            self.unreadable.note(self.line.file, column, self.line.number)
        return None


@lru_cache(maxsize=50_000)
def _phone(written: str) -> str:
    return phone_number(written)


@lru_cache(maxsize=50_000)
def _email(written: str) -> str:
    return comparable_email(email_address(written))
