"""Their own data, written in another way: they are let in."""

from identity.matching.given_names import spellings_of
from identity.matching.transliteration import SCHEMAS
from shared.names import comparable_name

from .cases import ACCEPT, LATIN_OF, NAME_FIELDS, names_of, owner, reached_alone


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
    field = random.choice(names_of(account))
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
    whole = " ".join(account[field] for field in random.sample(names_of(account), len(names_of(account))))
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
