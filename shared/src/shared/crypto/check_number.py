"""Numbers people dictate over the phone: YY-NNNNNN-C with a check digit (I-25).

Verhoeff and not Luhn: it catches every single wrong digit and every swap of neighbours, 09↔90 included.
"""

import re

from stdnum import verhoeff

_FORM = re.compile(r"(\d{2})[-\s]?(\d{6})[-\s]?(\d)", re.ASCII)
_MAX = 999_999


class InvalidNumber(ValueError):
    """Not of the form YY-NNNNNN-C, or the check digit does not fit."""


def check_number(year: int, counter: int) -> str:
    """Write a number.

    Args:
        year: full year; its last two digits are written.
        counter: 0 … 999,999 within the year.
    """
    if not 0 <= counter <= _MAX:
        raise ValueError(f"a year has numbers 0 … {_MAX}, got {counter}")
    digits = f"{year % 100:02}{counter:06}"
    return f"{digits[:2]}-{digits[2:]}-{verhoeff.calc_check_digit(digits)}"


def parse_check_number(text: str) -> str:
    """Answer the number in its written form; dashes may be missing or spaces.

    Raises:
        InvalidNumber: wrong form or wrong check digit.
    """
    found = _FORM.fullmatch(text.strip())
    if found is None or not verhoeff.is_valid("".join(found.groups())):
        raise InvalidNumber("not a number of the form YY-NNNNNN-C")
    return "-".join(found.groups())
