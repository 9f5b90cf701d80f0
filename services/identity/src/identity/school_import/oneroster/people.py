"""People with their contacts, and the accounts to hand out."""

import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Literal

from identity.personal_data import contacts
from identity.personal_data.person_name import PersonName
from identity.school_import.roster import IssuedAccess, PersonEntry, PersonKind
from identity.sheets import Line
from shared.contacts import phone_number
from shared.contacts import snils as snils_digits
from shared.names import name_as_written, patronymic_as_written

_EARLIEST_BIRTH = date(1900, 1, 1)
_PASSWORD_BYTES = 256
_PASSWORD_CHARACTERS = 8

Births = dict[str, tuple[date | None, Literal["male", "female"] | None]]
"""Source id → birth date and sex."""


def read_births(demographics: dict[str, Line], users: dict[str, Line], today: date) -> Births:
    """Birth dates and sexes; a day in the future is a mistake."""
    births: Births = {}
    for source_id, line in demographics.items():
        line.reference("sourcedId", "users.csv", users)
        born = line.day("birthDate")
        if born and not _EARLIEST_BIRTH <= born <= today:
            line.complain("birthDate", "birth_date")
        sex = line.choice("sex", ("male", "female", "unspecified", "other"), default="unspecified")
        births[source_id] = (born, "male" if sex == "male" else "female" if sex == "female" else None)
    return births


def read_people(users: dict[str, Line], kinds: dict[str, PersonKind], births: Births) -> tuple[PersonEntry, ...]:
    """Everybody who has a name and a role."""
    people: list[PersonEntry] = []
    taken: dict[tuple[str, str], int] = {}
    for source_id, line in users.items():
        surname = _required(line, "familyName", "name", name_as_written)
        given_name = _required(line, "givenName", "name", name_as_written)
        patronymic = line.checked("middleName", "name", patronymic_as_written)
        phone = line.checked("phone", "phone", phone_number)
        email = line.checked("email", "email", contacts.email_address)
        snils = line.checked("metadata.snils", "snils", snils_digits)
        access = _access(line, phone, email, taken)
        born, sex = births.get(source_id, (None, None))
        if surname and given_name and source_id in kinds:
            name = PersonName(surname, given_name, patronymic)
            people.append(PersonEntry(source_id, kinds[source_id], name, sex, born, phone, email, snils, access))
    return tuple(people)


def _access(line: Line, phone: str | None, email: str | None, taken: dict[tuple[str, str], int]) -> IssuedAccess | None:
    """The account to hand out, where an initial password is given."""
    proved: set[contacts.IdentifierKind] = set()
    if line.flag("metadata.phoneProved") and phone:
        proved.add("phone")
    if line.flag("metadata.emailProved") and email:
        proved.add("email")
    password = unicodedata.normalize("NFC", line.raw("metadata.initialPassword"))
    if not password:
        return None
    if len(password) < _PASSWORD_CHARACTERS or len(password.encode()) > _PASSWORD_BYTES:
        line.complain("metadata.initialPassword", "password")
    username = _required(line, "username", "username", contacts.username)
    for column, rule, value in (
        ("username", "id_repeated", username),
        ("phone", "contact_taken", phone if "phone" in proved else None),
        ("email", "contact_taken", contacts.comparable_email(email) if email and "email" in proved else None),
    ):
        if value is None:
            continue
        first_line = taken.setdefault((column, value), line.number)
        if first_line != line.number:
            line.complain(column, rule, first_line=first_line)
    return IssuedAccess(password, frozenset(proved), username, line.number)


def _required(line: Line, column: str, rule: str, check: Callable[[str], str]) -> str | None:
    if not line.raw(column):
        line.complain(column, "required")
        return None
    return line.checked(column, rule, check)
