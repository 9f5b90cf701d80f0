"""Names are kept as written and compared in a normal form (I-17)."""

import re
import unicodedata
from typing import NamedTuple

from identity.personal_data.text import (
    LOOKALIKE_CAPITALS,
    LOOKALIKE_SMALL,
    has_control_characters,
    is_cyrillic,
    one_line,
)

LONGEST_NAME = 100
_DASHES = re.compile(r"[\u00ad\u058a\u2010-\u2015\u2212\ufe58\ufe63\uff0d-]")
_NO_PATRONYMIC = {"нет", "отсутствует", "не указано", "б/о", ""}


class UnacceptableName(ValueError):
    """Empty, too long, or with characters that no name has."""


class PersonName(NamedTuple):
    """Surname, given name and, where there is one, patronymic."""

    surname: str
    given_name: str
    patronymic: str | None = None


def name_as_written(written: str) -> str:
    """A name trimmed, otherwise as written.

    Raises:
        UnacceptableName: it cannot be a name.
    """
    name = unicodedata.normalize("NFC", one_line(written))
    if not name or len(name) > LONGEST_NAME or has_control_characters(name) or not any(map(str.isalpha, name)):
        raise UnacceptableName(written[:0])
    return name


def comparable_name(written: str) -> str:
    """Normal form: NFKC, dashes to spaces, Latin look-alikes in Cyrillic words, small letters, ё=е, one space."""
    spaced = _DASHES.sub(" ", unicodedata.normalize("NFKC", written))
    words = (
        word.translate(LOOKALIKE_CAPITALS).translate(LOOKALIKE_SMALL) if any(map(is_cyrillic, word)) else word
        for word in spaced.split()
    )
    return " ".join(words).lower().replace("ё", "е")


def patronymic_as_written(written: str) -> str | None:
    """A patronymic, or None for nothing and for what clerks write instead of nothing («нет», «б/о», «-»).

    Raises:
        UnacceptableName: it cannot be a name.
    """
    if comparable_name(written) in _NO_PATRONYMIC:
        return None
    return name_as_written(written)
