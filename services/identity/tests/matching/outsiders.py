"""People who have no record on the list: whatever they open is somebody else's."""

from .cases import NAME_FIELDS, NEVER_ACCEPT, PASS_DATA, Deserved, outsider, review
from .families import is_one_name


@outsider
def former_owner_of_the_number(_random, school, person, account):
    """The number was somebody else's before; the mailbox is the stranger's own."""
    sex = _random.choice("mf")
    names = dict(zip(NAME_FIELDS, school.stranger(sex), strict=True))
    if not person.phone or names["given_name"] == person.given_name:
        return None
    return account | names | {"email": school.email("Новикова"), "snils": "", "birth_date": ""}, NEVER_ACCEPT


@outsider
def namesake(_random, school, _person, account):
    """Same names, own contacts."""
    own = {"phone": school.phone(), "email": school.email("Новикова"), "snils": "", "birth_date": ""}
    return account | own, PASS_DATA


@outsider
def namesake_with_the_number(_random, school, person, account):
    """Same names, and the number of the record by chance: the mailbox tells that it is another person."""
    if not (person.phone and person.email):
        return None
    return account | {"email": school.email("Новикова"), "snils": "", "birth_date": ""}, review("email")


@outsider
def namesake_with_another_snils(_random, school, person, account):
    """The same, where the school has no mailbox but a СНИЛС."""
    if not person.phone or person.email or not person.snils:
        return None
    return account | {"snils": school.snils(), "birth_date": ""}, review("snils")


@outsider
def squatter(_random, school, person, account):
    """Knows all about the person and has proved a mailbox of the own."""
    if not person.phone:
        return None
    return account | {"phone_proved": "0", "email": school.email("Новикова")}, PASS_DATA


@outsider
def claims_a_snils(_random, school, person, account):
    """Types a СНИЛС that nobody vouches for."""
    if not person.snils:
        return None
    return account | {"phone": school.phone(), "email": school.email("Новикова")}, PASS_DATA


@outsider
def sibling(random, school, person, account):
    """A brother or sister in no school of the list, with the family's contacts, whatever the given name."""
    given_name = random.choice(school.names.given[person.sex])
    family = (person, *school.families[person.family])
    if person.role != "pupil" or any(is_one_name(given_name, other.given_name) for other in family):
        return None
    return account | {"given_name": given_name, "snils": "", "birth_date": ""}, NEVER_ACCEPT


@outsider
def twin(random, school, person, account):
    """The same with the birth date too."""
    typed = sibling(random, school, person, account)
    return typed and (typed[0] | {"birth_date": person.birth_date}, NEVER_ACCEPT)


@outsider
def parent_with_a_childs_record(random, school, person, account):
    """A father called like his son, with the family's contacts; the school has no record of him."""
    parents = {other.given_name for other in school.families[person.family] if other.role == "representative"}
    if person.role != "pupil" or person.given_name in parents:
        return None
    return account | {"role": "representative", "birth_date": "", "snils": ""}, NEVER_ACCEPT


@outsider
def spouse(_random, school, person, account):
    """Husband or wife without a record, with the family's contacts."""
    parents = [other for other in school.families[person.family] if other.role == "representative"]
    if parents != [person]:
        return None
    sex = "m" if person.sex == "f" else "f"
    _, given_name, patronymic = school.stranger(sex)
    return account | {"given_name": given_name, "patronymic": patronymic, "snils": "", "birth_date": ""}, NEVER_ACCEPT


@outsider
def mailbox_that_looks_alike(random, school, person, account):
    """A namesake whose mailbox differs by what only some providers ignore."""
    local, _, domain = person.email.partition("@")
    if domain not in {"mail.ru", "bk.ru", "rambler.ru", "yandex.ru"}:
        return None
    alike = random.choice([f"{local}@yandex.example", f"{local.replace('.', '').replace('-', '')}@{domain}"])
    if domain != "yandex.ru" and random.random() < 0.5:
        alike = f"{local}+1@{domain}"
    return account | {"email": alike, "phone": school.phone(), "snils": "", "birth_date": ""}, PASS_DATA


@outsider
def nothing_proved(_random, _school, _person, account):
    """Knows all about the person and has proved nothing."""
    return account | {"phone_proved": "0", "email_proved": "0"}, Deserved(frozenset({"contact_not_proved"}))
