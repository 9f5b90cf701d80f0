"""What an account and one record of a school say about each other (I-18).

All values but names are opaque: in the service they are keyed hashes, in a report on two files normal forms in clear.
They are compared for equality and never read. An invalid value counts as absent: whoever builds the facts leaves it
out.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

from identity.accounts.role import Role
from identity.matching.names import NameLikeness, compare
from identity.personal_data.person_name import PersonName
from shared.names import comparable_name, comparable_patronymic

Id = TypeVar("Id", bound=Hashable)

Attribute = Literal["surname", "given_name", "patronymic", "birth_date", "snils", "phone", "email"]
"""In the order in which people are told of them."""

Value = Literal["proved", "equal", "differs", "absent"]
"""Both have it and it is the same, and the account has proved it · the same, not proved · another · one has none.

A СНИЛС is proved when an external identity provider asserted it; a birth date never is."""


@dataclass(frozen=True, slots=True)
class OwnFacts(Generic[Id]):
    """The account."""

    account_id: Id
    name: PersonName
    role: Role | None = None
    """None if nobody has said what the account is: then no pupil's record is its own but by an equal birth date."""
    birth_date: Hashable | None = field(default=None, repr=False)
    phone: Hashable | None = field(default=None, repr=False)
    email: Hashable | None = field(default=None, repr=False)
    snils: Hashable | None = field(default=None, repr=False)
    phone_proved: bool = False
    email_proved: bool = False
    snils_asserted: bool = False


@dataclass(frozen=True, slots=True)
class RecordFacts(Generic[Id]):
    """One record of a school."""

    record_id: Id
    school_id: Id | None
    """None where there is but one school."""
    role: Role
    name: PersonName
    birth_date: Hashable | None = field(default=None, repr=False)
    phone: Hashable | None = field(default=None, repr=False)
    email: Hashable | None = field(default=None, repr=False)
    snils: Hashable | None = field(default=None, repr=False)
    bound_to: Id | None = None
    """The account whose record this is already."""
    phone_shared: bool = False
    """The phone stands on more than one record of this school, whatever their roles and names."""
    email_shared: bool = False
    birth_date_shared: bool = False
    """Another record of this school has this birth date, surname and patronymic (`may_be_twins`)."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """How an account and a record compare, value by value."""

    names: NameLikeness
    phone: Value
    email: Value
    snils: Value
    birth_date: Value

    @property
    def reaches(self) -> bool:
        """Whether something that the account has proved leads to this record; a name never does."""
        return "proved" in {self.phone, self.email, self.snils}

    def differing(self) -> tuple[Attribute, ...]:
        """What the two sides say differently; of the names also what only one side says."""
        values: tuple[tuple[Attribute, Value], ...] = (
            ("birth_date", self.birth_date),
            ("snils", self.snils),
            ("phone", self.phone),
            ("email", self.email),
        )
        return (*self.names.differing, *(attribute for attribute, value in values if value == "differs"))


def weigh(own: OwnFacts[Id], record: RecordFacts[Id]) -> Evidence:
    """Compare an account with a record."""
    return Evidence(
        names=compare(own.name, record.name),
        phone=_value(own.phone, record.phone, proved=own.phone_proved),
        email=_value(own.email, record.email, proved=own.email_proved),
        snils=_value(own.snils, record.snils, proved=own.snils_asserted),
        birth_date=_value(own.birth_date, record.birth_date, proved=False),
    )


def is_reached(own: OwnFacts[Id], record: RecordFacts[Id]) -> bool:
    """Whether a proved value leads from the account to the record: quicker than weighing all of it."""
    return (
        (own.phone_proved and own.phone is not None and own.phone == record.phone)
        or (own.email_proved and own.email is not None and own.email == record.email)
        or (own.snils_asserted and own.snils is not None and own.snils == record.snils)
    )


def is_of_role(own: OwnFacts[Id], record: RecordFacts[Id]) -> bool:
    """Whether a record may be the account's own as far as roles go (I-19).

    A parent may bear the child's surname and given name, and the parent's phone stands on the child's record: whoever
    has not said to be a pupil is one only where the birth date says so too.
    """
    if own.role is not None:
        return own.role == record.role
    return record.role == "representative" or (own.birth_date is not None and own.birth_date == record.birth_date)


def may_be_twins(one: PersonName, other: PersonName) -> bool:
    """Whether two people born on one day may be taken for each other when a given name is misspelt: same surname,
    and no different patronymics.
    """
    patronymics = {comparable_patronymic(one.patronymic), comparable_patronymic(other.patronymic)} - {None}
    return comparable_name(one.surname) == comparable_name(other.surname) and len(patronymics) < 2


def _value(own: Hashable | None, at_school: Hashable | None, *, proved: bool) -> Value:
    if own is None or at_school is None:
        return "absent"
    if own != at_school:
        return "differs"
    return "proved" if proved else "equal"
