"""Names of people: kept as written, compared in the one normal form of the town (I-17).

Identity hashes surnames in this form and delegation looks them up by it: were there two forms, an invitation
would wait for ever. Pure functions, no I/O.
"""

import re
import unicodedata

LOOKALIKE_CAPITALS = str.maketrans("ABCEHKMOPTXY", "АВСЕНКМОРТХУ")
"""Latin capitals that look like Cyrillic ones. Capitals and small letters have tables of their own: `B` is «В»,
but `b` is nothing alike."""

LOOKALIKE_SMALL = str.maketrans("aceopxyk", "асеорхук")
"""Latin small letters that look like Cyrillic ones."""

LONGEST_NAME = 100
"""Characters of one name."""

NO_PATRONYMIC = frozenset({"нет", "отсутствует", "не указано", "б/о", ""})
"""What clerks write instead of nothing, in normal form; a lone dash becomes the empty one."""

_APOSTROPHES = str.maketrans(dict.fromkeys("`´ʹʼ‘’′＇", "'"))
_DASHES = re.compile(r"[\u00ad\u058a\u2010-\u2015\u2212\ufe58\ufe63\uff0d-]")
_NOT_TYPED_ON_PURPOSE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


class UnacceptableName(ValueError):
    """Empty, too long, or with characters that no name has. Never carries the name itself."""


def is_cyrillic(char: str) -> bool:
    """Whether the character is of the Cyrillic block."""
    return "Ѐ" <= char <= "ӿ"


def one_line(value: str) -> str:
    """Trim, and make every run of white space (also no-break spaces) one plain space."""
    return " ".join(value.split())


def has_control_characters(value: str) -> bool:
    """Whether a value holds characters that nobody types on purpose: controls, bidi marks, surrogates."""
    return any(unicodedata.category(char) in _NOT_TYPED_ON_PURPOSE for char in value)


def name_as_written(written: str) -> str:
    """A name trimmed, otherwise as written (I-4).

    Raises:
        UnacceptableName: it cannot be a name.
    """
    name = unicodedata.normalize("NFC", one_line(written))
    if not name or len(name) > LONGEST_NAME or has_control_characters(name) or not any(map(str.isalpha, name)):
        raise UnacceptableName
    return name


def comparable_name(written: str) -> str:
    """Normal form: NFKC, dashes to spaces, one apostrophe, Latin look-alikes in Cyrillic words, small letters, ё=е,
    one space.
    """
    spaced = _DASHES.sub(" ", unicodedata.normalize("NFKC", written.translate(_APOSTROPHES)))
    words = (
        word.translate(LOOKALIKE_CAPITALS).translate(LOOKALIKE_SMALL) if any(map(is_cyrillic, word)) else word
        for word in spaced.split()
    )
    normal = " ".join(words).lower().replace("ё", "е")
    # What is now a Cyrillic letter may compose with an accent that follows it.
    return normal if unicodedata.is_normalized("NFKC", normal) else comparable_name(normal)


def comparable_patronymic(written: str | None) -> str | None:
    """The normal form of a patronymic; None for nothing and for what stands for nothing («нет», «б/о», «-»)."""
    normal = comparable_name(written or "")
    return None if normal in NO_PATRONYMIC else normal


def patronymic_as_written(written: str) -> str | None:
    """A patronymic, or None for nothing and for what stands for nothing.

    Raises:
        UnacceptableName: it cannot be a name.
    """
    return None if comparable_patronymic(written) is None else name_as_written(written)
