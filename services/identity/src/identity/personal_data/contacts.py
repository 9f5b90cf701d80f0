"""Phone, e-mail and СНИЛС: what is accepted, how it is written down, what may be shown (I-4)."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from email_validator import EmailNotValidError, validate_email

from shared.contacts import UnacceptableContact, phone_number, snils

IdentifierKind = Literal["phone", "email", "snils", "username"]
"""What a person can sign in by. A user name exists only in access that a school has issued (I-6)."""

_GMAIL = frozenset({"gmail.com", "googlemail.com"})

_YANDEX = frozenset({"ya.ru", "yandex.ru", "yandex.by", "yandex.com", "yandex.kz", "yandex.ua"})
"""The domains under which Yandex Mail gives everybody the same mailbox. A closed list: whoever owns some other
`yandex.…` could prove any mailbox there."""

_USERNAME = re.compile(r"[0-9a-zа-яё][0-9a-zа-яё._@+\-]{2,63}")


@dataclass(frozen=True, slots=True)
class Identifier:
    """A normal form under which an account is looked up."""

    kind: IdentifierKind
    value: str = field(repr=False)


def email_address(written: str) -> str:
    """A mailbox as one writes to it; nothing is asked of DNS.

    Raises:
        UnacceptableContact: malformed, or letters outside ASCII before the @.
    """
    try:
        checked = validate_email(written.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise UnacceptableContact("email") from None
    return checked.ascii_email or checked.normalized


def username(written: str) -> str:
    """The normal form of a login on an access slip: small letters, digits, `. _ - @ +`; 3 to 64.

    Raises:
        UnacceptableContact: anything else.
    """
    normal = written.strip().lower()
    if not _USERNAME.fullmatch(normal):
        raise UnacceptableContact("username")
    return normal


def comparable_email(address: str) -> str:
    """The form in which two mailboxes are compared; never one to write to (I-18). Takes what `email_address` gives.

    Domain in IDNA lower case, local part lower case. Of two providers more is known: Gmail has one mailbox for all
    spellings with dots and tags; Yandex has one for all its domains, drops tags and takes a dot for a dash. Nobody
    else is guessed about: elsewhere `a.b` and `ab` are two people.
    """
    local, _, domain = address.lower().rpartition("@")
    if domain in _GMAIL:
        return f"{_untagged(local).replace('.', '') or local}@gmail.com"
    if domain in _YANDEX:
        return f"{_untagged(local).replace('.', '-')}@yandex.ru"
    return f"{local}@{domain}"


def _untagged(local: str) -> str:
    return local.partition("+")[0] or local


def identifiers_meant(login: str) -> tuple[Identifier, ...]:
    """All that a sign-in field may mean, likeliest first: eleven digits can be a phone as well as a СНИЛС.

    Never empty: what is nothing at all is still looked up, so that it takes the same path (I-3).
    """
    found: list[Identifier] = []
    normal_forms: tuple[tuple[IdentifierKind, Callable[[str], str]], ...] = (
        ("email", lambda written: comparable_email(email_address(written))),
        ("phone", phone_number),
        ("snils", snils),
        ("username", username),
    )
    for kind, normal_form in normal_forms:
        try:
            found.append(Identifier(kind, normal_form(login)))
        except UnacceptableContact:
            continue
    return tuple(found) or (Identifier("username", login.strip().lower()),)


def masked_email(address: str) -> str:
    """«i***@example.org»."""
    local, _, domain = address.partition("@")
    return f"{local[:1]}***@{domain}"
