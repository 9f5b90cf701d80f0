"""What a new password may be (I-7): long enough, not one of the first guesses, not the owner's own data.

«Digits and letters» of the source text is a hint, not a rule: a long phrase is as good. Pure, no I/O.
"""

import re
from collections.abc import Iterable
from functools import cache

import iuliia
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from identity.accounts.passwords import comparable_password
from identity.errors import PasswordUnacceptable, Weakness

SHORTEST = 8
"""Characters."""
LONGEST_BYTES = 256
OWN_PART_LEFT = 5
"""What is more than one's own data must have as many characters, digits at its ends not counted."""

_SERVICE_WORDS = ("дневник", "dnevnik", "звонок", "zvonok")
_SHORTEST_OWN_WORD = 3
_PHONE_DIGITS = 7
_TRIVIAL_TAIL = re.compile(r"[\d!@#$%*?.,_\-+=]{1,4}")
_TRIVIAL_ENDS = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_LAYOUT = str.maketrans("йцукенгшщзхъфывапролджэячсмитьбюё", "qwertyuiop[]asdfghjkl;'zxcvbnm,.`")
"""Russian letters → what the same keys give in the Latin layout: «пароль» stands in the lists as gfhjkm."""


def require_acceptable_password(password: str, own: Iterable[str | None] = (), *, field: str = "password") -> None:
    """Refuse a password that is easily guessed.

    Args:
        password: as it was typed.
        own: the owner's names, phone and e-mail, as far as they are known.
        field: what the errors call the field of the request.

    Raises:
        PasswordUnacceptable: with every reason.
    """
    found = weaknesses(password, own)
    if found:
        raise PasswordUnacceptable(field, found)


def weaknesses(password: str, own: Iterable[str | None] = ()) -> tuple[Weakness, ...]:
    """All reasons against a password; none if it is good."""
    typed = comparable_password(password)
    found: list[Weakness] = []
    if len(typed) < SHORTEST:
        found.append("password_too_short")
    if len(typed.encode()) > LONGEST_BYTES:
        found.append("password_too_long")
        return tuple(found)  # the rest is not looked at: nobody pays for comparing a novel
    lowered = typed.lower()
    if _is_common(lowered):
        found.append("password_common")
    if _is_own(lowered, own):
        found.append("password_own_data")
    return tuple(found)


@cache
def _common() -> frozenset[str]:
    return frozenset(FREQUENCY_LISTS["passwords"])


def _is_common(lowered: str) -> bool:
    """Whether it is a common password, or one with a trivial tail: dragon2026, qwerty123456."""
    if len(set(lowered)) == 1:
        return True
    return any(_starts_common(spelled) for spelled in {lowered, lowered.translate(_LAYOUT)})


def _starts_common(spelled: str) -> bool:
    common = _common()
    for cut in range(len(spelled), 2, -1):
        head, tail = spelled[:cut], spelled[cut:]
        trivial = not tail or _TRIVIAL_TAIL.fullmatch(tail) or (tail.isdigit() and tail in common)
        if trivial and head in common:
            return True
    return False


def _is_own(lowered: str, own: Iterable[str | None]) -> bool:
    """Whether hardly anything is left when the owner's words are taken out."""
    left = lowered
    for word in sorted(_own_words(own), key=len, reverse=True):
        left = left.replace(word, " ")
    return left != lowered and len(_TRIVIAL_ENDS.sub("", left)) < OWN_PART_LEFT


def _own_words(own: Iterable[str | None]) -> set[str]:
    words = set(_SERVICE_WORDS)
    for written in filter(None, own):
        value = written.lower()
        digits = re.sub(r"\D", "", value)
        if len(digits) >= _PHONE_DIGITS:
            words |= {digits, digits[-10:], digits[-_PHONE_DIGITS:]}
        words |= {value, value.partition("@")[0], *re.split(r"[\W\d_]+", value)}
    cyrillic = {word for word in words if not word.isascii()}
    for word in cyrillic:
        words |= {schema.translate(word) for schema in (iuliia.ICAO_DOC_9303, iuliia.WIKIPEDIA)}
        words.add(word.translate(_LAYOUT))
    return {word for word in words if len(word) >= _SHORTEST_OWN_WORD}
