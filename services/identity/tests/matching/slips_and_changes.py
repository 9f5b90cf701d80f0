"""Slips and changes: a teacher has to look."""

from random import Random

from identity.matching.given_names import are_variants
from shared.names import comparable_name

from .cases import KEYBOARD, LETTERS, NAME_FIELDS, NEVER_ACCEPT, PASS_DATA, Typed, owner, reached_alone, review
from .families import Person, Row, School


def _slip(random: Random, school: School, person: Person, account: Row, field: str) -> Typed | None:
    """One wrong, missing or superfluous letter in a field of four letters or more."""
    value = account[field]
    if len(value) < 4 or not (person.phone or person.email):
        return None
    place = random.randrange(len(value))
    letter = random.choice(LETTERS)
    typed = random.choice([
        value[:place] + letter + value[place:],
        value[:place] + letter + value[place + 1 :],
        value[:place] + value[place + 1 :],
    ])  # fmt: skip
    old, new = comparable_name(value), comparable_name(typed)
    if old == new or are_variants(old, new) or not new:
        return None
    return account | {field: typed}, review(field)


@owner
def slip_in_surname(random, school, person, account):
    return _slip(random, school, person, account, "surname")


@owner
def slip_in_given_name(random, school, person, account):
    return _slip(random, school, person, account, "given_name")


@owner
def slip_in_patronymic(random, school, person, account):
    return _slip(random, school, person, account, "patronymic")


@owner
def maiden_name(_random, school, person, account):
    """Another surname, and a patronymic that shows who it is."""
    if person.sex != "f" or not person.patronymic or not (person.phone or person.email):
        return None
    surname = school.stranger("f")[0]
    return None if surname in person.surname else (account | {"surname": surname}, review("surname"))


@owner
def stale_phone(_random, school, person, account):
    if not (person.phone and person.email):
        return None
    return account | {"phone": school.phone()}, review("phone")


@owner
def stale_mailbox(_random, school, person, account):
    if not (person.phone and person.email):
        return None
    return account | {"email": school.email("Новикова")}, review("email")


@owner
def slip_in_birth_date(random, school, person, account):
    if not person.birth_date or not (person.phone or person.email):
        return None
    other = school.birth_date(range(1970, 2019))
    return None if other == person.birth_date else (account | {"birth_date": other}, review("birth_date"))


@owner
def another_snils(_random, school, person, account):
    if not person.snils or not (person.phone or person.email):
        return None
    return account | {"snils": school.snils()}, review("snils")


@owner
def no_patronymic_and_family_contacts(_random, school, person, account):
    """Nothing of the own: this could be a sister."""
    if not person.patronymic or not (person.phone or person.email) or reached_alone(school, person):
        return None
    return account | {"patronymic": "", "birth_date": ""}, review("patronymic")


# Nothing that is proved leads to the record, or the names say too little.


@owner
def both_contacts_stale(_random, school, person, account):
    return account | {"phone": school.phone(), "email": school.email("Новикова")}, PASS_DATA


@owner
def school_lacks_both_contacts(_random, school, person, account):
    if person.phone:
        return None
    return account | {"email": school.email("Новикова")}, PASS_DATA


@owner
def proved_the_other_one(_random, school, person, account):
    """The school has the phone, the account has proved the mailbox alone."""
    if not person.phone:
        return None
    return account | {"phone_proved": "0", "email": school.email("Новикова")}, PASS_DATA


@owner
def maiden_name_without_patronymic(_random, school, person, account):
    typed = maiden_name(_random, school, person, account)
    if typed is None:
        return None
    return typed[0] | {"patronymic": ""}, NEVER_ACCEPT


@owner
def initials(random, _school, person, account):
    dot = random.choice([".", ""])
    changed = {field: account[field][:1] + dot for field in ("given_name", "patronymic") if account[field]}
    return account | changed, NEVER_ACCEPT


@owner
def one_of_two_givennames_of(random, _school, person, account):
    if " " not in person.given_name:
        return None
    return account | {"given_name": random.choice(person.given_name.split())}, NEVER_ACCEPT


@owner
def wrong_keyboard_layout(_random, _school, person, account):
    return account | {field: account[field].translate(KEYBOARD) for field in NAME_FIELDS}, NEVER_ACCEPT
