"""Phone and СНИЛС: what is accepted, in which one form they are compared, what of them may be shown (I-4).

Both sides of a keyed hash stand here: identity hashes what an account has proved, delegation what an inviter typed.
"""

import re

import phonenumbers

from shared.names import one_line

_PHONE = re.compile(r"\+?[0-9()\s.\-]{7,40}")
_SNILS = re.compile(r"[0-9]{3}[-\s]?[0-9]{3}[-\s]?[0-9]{3}[-\s]?[0-9]{2}")
_SNILS_CHECKED_ABOVE = 1_001_998
"""Numbers up to 001-001-998 were given out before check digits existed."""


class UnacceptableContact(ValueError):
    """The value is not a phone number or СНИЛС. Never carries the value itself."""


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
    if number > _SNILS_CHECKED_ABOVE and snils_check_number(digits[:9]) != digits[9:]:
        raise UnacceptableContact("snils")
    return digits


def snils_check_number(nine_digits: str) -> str:
    """The two check digits of the first nine."""
    total = sum(int(digit) * weight for digit, weight in zip(nine_digits, range(9, 0, -1), strict=True))
    return f"{total % 101 % 100:02d}"


def masked_phone(e164: str) -> str:
    """«+7 *** ***-45-67»: enough to recognise the own number by, never the number."""
    country = str(phonenumbers.parse(e164).country_code)
    return f"+{country} *** ***-{e164[-4:-2]}-{e164[-2:]}"


def masked_snils(digits: str) -> str:
    """«***-***-*45 95»."""
    return f"***-***-*{digits[7:9]} {digits[9:]}"
