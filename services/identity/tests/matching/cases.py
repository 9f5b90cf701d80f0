"""What people type when they register, class by class: each account with the outcome that it deserves.

A class says exactly when it applies, so that what it expects is certain: where it does not apply it makes no case.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from shared.names import LOOKALIKE_CAPITALS, LOOKALIKE_SMALL

from .families import Person, Row, School

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


def names_of(account: Row) -> list[str]:
    return [field for field in NAME_FIELDS if account[field]]
