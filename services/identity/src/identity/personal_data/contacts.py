"""Phone, e-mail and СНИЛС: what is accepted, how it is written down, what may be shown (I-4)."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from identity.personal_data.text import one_line

IdentifierKind = Literal["phone", "email", "snils", "username"]
"""What a person can sign in by. A user name exists only in access that a school has issued (I-6)."""

_PHONE = re.compile(r"\+?[0-9()\s.\-]{7,40}")
_SNILS = re.compile(r"[0-9]{3}[-\s]?[0-9]{3}[-\s]?[0-9]{3}[-\s]?[0-9]{2}")
_USERNAME = re.compile(r"[0-9a-zа-яё][0-9a-zа-яё._@+\-]{2,63}")
_SNILS_CHECKED_ABOVE = 1_001_998
"""Numbers up to 001-001-998 were given out before check digits existed."""


class UnacceptableContact(ValueError):
    """The value is not a phone number, mailbox or СНИЛС. Never carries the value itself."""


@dataclass(frozen=True, slots=True)
class Identifier:
    """A normal form under which an account is looked up."""

    kind: IdentifierKind
    value: str = field(repr=False)


def phone_number(written: str) -> str:
    """E.164 of a phone as people write it: `8…`, `+7…`, `7…`, ten digits, brackets, spaces, dashes.

    Raises:
        UnacceptableContact: no valid number; letters and extensions are refused too.
    """
    written = one_line(written).replace("–", "-").replace("—", "-")
    if not _PHONE.fullmatch(written):
        raise UnacceptableContact("phone")
    try:
        number = phonenumbers.parse(written, "RU")
    except phonenumbers.NumberParseException:
        raise UnacceptableContact("phone") from None
    if not phonenumbers.is_valid_number(number):
        raise UnacceptableContact("phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


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


def snils(written: str) -> str:
    """Eleven digits of an insurance number with a right check number.

    Σ dᵢ·(10−i) over the first nine digits, modulo 101, 100 counts as 00; checked above 001-001-998.

    Raises:
        UnacceptableContact: other characters, another length, a wrong check number, all zeros.
    """
    written = one_line(written).replace("–", "-").replace("—", "-")
    if not _SNILS.fullmatch(written):
        raise UnacceptableContact("snils")
    digits = re.sub(r"[-\s]", "", written)
    number = int(digits[:9])
    if number == 0:
        raise UnacceptableContact("snils")
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(9, 0, -1), strict=False))
    if number > _SNILS_CHECKED_ABOVE and total % 101 % 100 != int(digits[9:]):
        raise UnacceptableContact("snils")
    return digits


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
    """The form in which two mailboxes are compared: domain in IDNA lower case, local part lower case."""
    return address.lower()


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


def masked_phone(e164: str) -> str:
    """«+7 *** ***-45-67»: enough to recognise the own number by, never the number."""
    country = str(phonenumbers.parse(e164).country_code)
    return f"+{country} *** ***-{e164[-4:-2]}-{e164[-2:]}"


def masked_email(address: str) -> str:
    """«i***@example.org»."""
    local, _, domain = address.partition("@")
    return f"{local[:1]}***@{domain}"


def masked_snils(digits: str) -> str:
    """«***-***-*44 95»."""
    return f"***-***-*{digits[7:9]} {digits[9:]}"
