"""What people type when they register, class by class: each account with the outcome that it deserves.

A class says exactly when it applies, so that what it expects is certain: where it does not apply it makes no case.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from identity.matching.given_names import are_variants, spellings_of
from identity.matching.transliteration import SCHEMAS
from shared.names import LOOKALIKE_CAPITALS, LOOKALIKE_SMALL, comparable_name

from .families import Person, Row, School, is_one_name

NAME_FIELDS = ("surname", "given_name", "patronymic")
LETTERS = "абвгдежзийклмнопрстуфхцчшщьыэюя"
LATIN_OF = {chr(theirs): chr(ours) for table in (LOOKALIKE_CAPITALS, LOOKALIKE_SMALL) for ours, theirs in table.items()}
KEYBOARD = str.maketrans(
    "йцукенгшщзхъфывапролджэячсмитьбюЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ",
    "qwertyuiop[]asdfghjkl;'zxcvbnm,.QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>",
)


@dataclass(frozen=True)
class Deserved:
    """What must be said to an account."""

    outcomes: frozenset[str]
    """Any of these is right."""
    differing: str | None = None
    """The attribute that has to be named."""


ACCEPT = Deserved(frozenset({"accept"}))
PASS_DATA = Deserved(frozenset({"pass_data_to_teacher"}))
NEVER_ACCEPT = Deserved(frozenset({"pass_data_to_teacher", "review"}))


def review(differing: str) -> Deserved:
    return Deserved(frozenset({"review"}), differing)


@dataclass(frozen=True)
class Case:
    """An account, the record that is really its own (None: it has none), and what it deserves."""

    kind: str
    account: Row
    own_record: str | None
    deserved: Deserved


Typed = tuple[Row, Deserved]
Maker = Callable[[Random, School, Person, Row], Typed | None]
_OWNERS: dict[str, Maker] = {}
_OUTSIDERS: dict[str, Maker] = {}

WRITTEN_DIFFERENTLY = (
    "as recorded", "letter case", "yo", "look-alikes", "dashes and spaces", "phone format", "mailbox spelling",
    "snils format", "another alphabet", "fields in disorder", "one field", "no patronymic", "variant of given name",
    "one proof", "school lacks a contact", "family contacts", "asserted snils",
)  # fmt: skip
"""Classes whose accounts have to be let in."""


def owner(maker: Maker) -> Maker:
    """A class of accounts whose own record is on the list."""
    _OWNERS[_kind(maker)] = maker
    return maker


def outsider(maker: Maker) -> Maker:
    """A class of accounts that have no record on the list: whatever they open is somebody else's."""
    _OUTSIDERS[_kind(maker)] = maker
    return maker


def register(school: School, each: int) -> Iterator[Case]:
    """Up to `each` accounts of every class."""
    random = school.random
    for makers, has_record in ((_OWNERS, True), (_OUTSIDERS, False)):
        for kind, maker in makers.items():
            made = 0
            for person in random.sample(school.people, len(school.people)):
                if made == each:
                    break
                typed = maker(random, school, person, account_of(random, person, f"a-{kind}-{made}"))
                if typed is not None:
                    made += 1
                    yield Case(kind, typed[0], person.id if has_record else None, typed[1])


def account_of(random: Random, person: Person, account_id: str) -> Row:
    """A person who types the very values that the school has, and the mailbox or phone that it lacks."""
    digits = random.randrange(10**8)
    return person.row() | {
        "id": account_id,
        "phone": person.phone or f"+791{digits:08d}",
        "email": person.email or f"own{digits}@zvonok.example",
        "phone_proved": "1",
        "email_proved": "1",
        "snils_asserted": "0",
    }


def reached_alone(school: School, person: Person) -> bool:
    """Whether a contact of the record stands on no other one."""
    return any(value and school.shared[value] == 1 for value in (person.phone, person.email))


def _kind(maker: Maker) -> str:
    return maker.__name__.replace("_", " ").replace("look alikes", "look-alikes")


def _names(account: Row) -> list[str]:
    return [field for field in NAME_FIELDS if account[field]]


# Written differently.


@owner
def as_recorded(_random, _school, person, account):
    return (account, ACCEPT) if person.phone or person.email else None


@owner
def letter_case(random, _school, person, account):
    if not (person.phone or person.email):
        return None
    change = random.choice([str.upper, str.lower, str.swapcase])
    return account | {field: change(account[field]) for field in NAME_FIELDS}, ACCEPT


@owner
def yo(random, _school, person, account):
    field = random.choice(_names(account))
    places = [place for place, letter in enumerate(account[field]) if letter == "е"]
    if not places or not (person.phone or person.email):
        return None
    place = random.choice(places)
    return account | {field: f"{account[field][:place]}ё{account[field][place + 1 :]}"}, ACCEPT


@owner
def look_alikes(random, _school, person, account):
    def typed(value: str) -> str:
        changed = "".join(LATIN_OF.get(letter, letter) if random.random() < 0.5 else letter for letter in value)
        words = zip(value.split(), changed.split(), strict=True)
        return " ".join(new if any(letter >= "А" for letter in new) else old for old, new in words)

    changed = account | {field: typed(account[field]) for field in NAME_FIELDS}
    return (changed, ACCEPT) if changed != account and (person.phone or person.email) else None


@owner
def dashes_and_spaces(random, _school, person, account):
    if "-" not in person.surname and " " not in person.given_name:
        return None
    between = random.choice(["–", "—", "‑", " ", "\u00a0", "−"])
    changed = {field: account[field].replace("-", between).replace(" ", between) for field in NAME_FIELDS}
    return (account | changed, ACCEPT) if person.phone or person.email else None


@owner
def phone_format(random, _school, person, account):
    ten = person.phone[2:]
    if not ten:
        return None
    a, b, c, d = ten[:3], ten[3:6], ten[6:8], ten[8:]
    forms = (f"8{ten}", f"7{ten}", ten, f"8 ({a}) {b}-{c}-{d}", f"+7 {a} {b} {c} {d}", f"8-{a}-{b}–{c}–{d}")
    return account | {"phone": random.choice(forms)}, ACCEPT


@owner
def mailbox_spelling(random, _school, person, account):
    local, _, domain = person.email.partition("@")
    if not domain:
        return None
    local = "".join(random.choice([letter, letter.upper()]) for letter in local)
    if domain in {"yandex.ru", "ya.ru"}:
        local = local.replace(".", "#").replace("-", ".").replace("#", "-") + random.choice(["", "+school"])
        domain = random.choice(["ya.ru", "yandex.ru", "yandex.com", "Yandex.KZ"])
    elif domain == "gmail.com":
        local, domain = (
            f"{local[:1]}.{local[1:].replace('.', '')}+school",
            random.choice(["googlemail.com", "gmail.com"]),
        )
    return account | {"email": f"{local}@{domain.upper() if random.random() < 0.2 else domain}"}, ACCEPT


@owner
def snils_format(random, _school, person, account):
    s = person.snils
    if not s or not (person.phone or person.email):
        return None
    form = random.choice((f"{s[:3]}-{s[3:6]}-{s[6:9]} {s[9:]}", f"{s[:3]} {s[3:6]} {s[6:9]} {s[9:]}"))
    return account | {"snils": form}, ACCEPT


@owner
def another_alphabet(random, _school, person, account):
    if not (person.phone or person.email):
        return None
    schema = random.choice(SCHEMAS)
    return account | {field: schema.translate(account[field]) for field in NAME_FIELDS}, ACCEPT


@owner
def fields_in_disorder(random, _school, person, account):
    if not (person.phone or person.email):
        return None
    values = [account[field] for field in NAME_FIELDS]
    random.shuffle(values)
    return account | dict(zip(NAME_FIELDS, values, strict=True)), ACCEPT


@owner
def one_field(random, _school, person, account):
    if not (person.phone or person.email):
        return None
    whole = " ".join(account[field] for field in random.sample(_names(account), len(_names(account))))
    return account | {"surname": whole, "given_name": "", "patronymic": ""}, ACCEPT


@owner
def no_patronymic(random, school, person, account):
    """On one side only, and a contact that is nobody else's."""
    if not person.patronymic or not reached_alone(school, person):
        return None
    return account | {"patronymic": random.choice(["", "нет", "-", "не указано", "Б/О"])}, ACCEPT


@owner
def variant_of_given_name(random, school, person, account):
    spellings = spellings_of(comparable_name(person.given_name))
    if not spellings or not reached_alone(school, person):
        return None
    return account | {"given_name": random.choice(spellings).title()}, ACCEPT


@owner
def one_proof(random, _school, person, account):
    if not (person.phone and person.email):
        return None
    return account | {random.choice(["phone_proved", "email_proved"]): "0"}, ACCEPT


@owner
def school_lacks_a_contact(_random, _school, person, account):
    return (account, ACCEPT) if bool(person.phone) != bool(person.email) else None


@owner
def family_contacts(_random, school, person, account):
    """All contacts of the record stand on others too."""
    if not (person.phone or person.email) or reached_alone(school, person):
        return None
    return account, ACCEPT


@owner
def asserted_snils(random, school, person, account):
    """An identity provider vouches for the person; both contacts of the school are out of date."""
    if not person.snils:
        return None
    return account | {"phone": school.phone(), "email": school.email("Новикова"), "snils_asserted": "1"}, ACCEPT


# Slips and changes: a teacher has to look.


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
def one_of_two_given_names(random, _school, person, account):
    if " " not in person.given_name:
        return None
    return account | {"given_name": random.choice(person.given_name.split())}, NEVER_ACCEPT


@owner
def wrong_keyboard_layout(_random, _school, person, account):
    return account | {field: account[field].translate(KEYBOARD) for field in NAME_FIELDS}, NEVER_ACCEPT


# Outsiders.


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
